using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Reason">The reason, which the person will read.</param>
/// <param name="Ground">The ground in the policy's list on which the statement actually rests; absent when the appeal
/// is refused because it is late.</param>
public sealed record AppealRefusalRequest(string Reason, AppealGround? Ground = null);

/// <summary>A step that the chair takes and whose only condition is that the appeal is in the right state.</summary>
internal abstract class MoveAppeal(Operation operation, Executor executor, string happened, Func<AppealState, Result<AppealState>> decide)
    : UseCase<Guid, AppealView>(operation, executor)
{
    protected override Task<Result<AppealView>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
                    return refusal;
                if (decide(own.Appeal.Standing).Refused(out var stands, out var next))
                    return stands;
                if (!await AppealStore.Move(db, own.Appeal, next))
                    return AppealRights.Changed;
                var now = Now;
                await AppealLog.Add(db, appealId, happened, now, caller.Id);
                return await AppealView.Read(db, appealId, now, anonymous: true);
            }
        );
}

/// <summary>
/// The chair admits a filed appeal, and, if the appeal is late, thereby accepts the cause of the delay.
/// </summary>
internal sealed class AdmitAppeal(Executor executor) : MoveAppeal(Operation, executor, "admitted", AppealMoves.Admit)
{
    internal static new readonly Operation Operation = new(nameof(AdmitAppeal), AppealRights.Chairs, Trail.Writes("appeal.admitted"))
    {
        Repetition = Repetition.GivesResultAgain,
    };
}

/// <summary>The chair opens the consideration of an admitted appeal.</summary>
internal sealed class ConsiderAppeal(Executor executor) : MoveAppeal(Operation, executor, "considered", AppealMoves.Consider)
{
    internal static new readonly Operation Operation = new(nameof(ConsiderAppeal), AppealRights.Chairs, Trail.Writes("appeal.considered"))
    {
        Repetition = Repetition.GivesResultAgain,
    };
}

/// <summary>
/// The chair refuses an appeal for one of two reasons. Either its matter may not be appealed, and the refusal names the
/// clause that excludes the matter; or the appeal is late, and the cause given does not excuse the delay.
/// </summary>
internal sealed class RefuseAppeal(Executor executor) : UseCase<RefuseAppeal.Request, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(RefuseAppeal), AppealRights.Chairs, Trail.Writes("appeal.refused"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <summary>
    /// The clause cited when a late appeal is refused. It says that a procedural appeal is filed on the day of the
    /// session.
    /// </summary>
    internal const string LateClause = "п. 7.1.3 Положения; о порядке проведения заявляют в день сеанса";

    internal static readonly Refusal GroundMissing = Refusal
        .Invalid("ground-missing", "Назовите основание из правил апелляций: без него отказывают только тому, кто подал её поздно.")
        .With("field", "ground");

    internal sealed record Request(Guid AppealId, AppealRefusalRequest Why);

    protected override Task<Result<AppealView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (appealId, why) = request;
                if (TextRules.Check("reason", why.Reason, AppealRights.MaxText) is { } wrong)
                    return wrong;
                if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
                    return refusal;
                if (own.Appeal.Standing.Refuse().Refused(out var stands, out var next))
                    return stands;
                if ((await ClauseOf(db, own.Appeal, why.Ground)).Refused(out var unfounded, out var clause))
                    return unfounded;
                var now = Now;
                var end = new AppealEnd(next) { Clause = clause, Reason = why.Reason.Trim() };
                if (!await AppealStore.Close(db, own.Appeal, end, caller.Id, now))
                    return AppealRights.Changed;
                await AppealLog.Add(db, appealId, "refused", now, caller.Id, new { why.Ground, clause });
                return await AppealView.Read(db, appealId, now, anonymous: true);
            }
        );

    private static async Task<Result<string>> ClauseOf(Db db, AppealRow appeal, AppealGround? ground)
    {
        if (ground is not { } named)
            return appeal.LateCause is null ? GroundMissing : LateClause;
        var (policy, _) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
        return policy.Excludes(named) is { } excluded
            ? excluded.Clause
            : Refusal
                .Invalid(
                    "ground-appealable",
                    "Правила апелляций этого мероприятия не исключают такого основания: апелляцию надо рассмотреть."
                )
                .With("field", "ground")
                .With("grounds", policy.NotAppealable.Select(each => each.Ground).ToList());
    }
}
