using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Ground">The ground of the policy's list that the statement in truth rests on.</param>
/// <param name="Reason">Why; the person reads it.</param>
public sealed record AppealRefusalRequest(AppealGround Ground, string Reason);

/// <summary>A step that the chair takes with an appeal and that needs nothing but the appeal to stand right for it.</summary>
internal abstract class MoveAppeal(Operation operation, Executor executor, string happened, Func<AppealState, Result<AppealState>> decide)
    : UseCase<Guid, AppealView>(operation, executor)
{
    protected override Task<Result<AppealView>> Handle(Guid appealId, Caller caller) => Write(caller, async db =>
    {
        if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
        if (decide(own.Appeal.Standing).Refused(out var stands, out var next)) return stands;
        if (!await AppealStore.Move(db, own.Appeal, next)) return AppealRights.Changed;
        var now = Now;
        await AppealLog.Add(db, appealId, happened, now, caller.Id);
        return await AppealView.Read(db, appealId, now, anonymous: true);
    });
}

/// <summary>The chair admits a filed appeal.</summary>
internal sealed class AdmitAppeal(Executor executor) : MoveAppeal(Operation, executor, "admitted", AppealMoves.Admit)
{
    internal static new readonly Operation Operation =
        new(nameof(AdmitAppeal), AppealRights.Chairs) { Repetition = Repetition.GivesResultAgain };
}

/// <summary>The chair opens the consideration of an admitted appeal.</summary>
internal sealed class ConsiderAppeal(Executor executor) : MoveAppeal(Operation, executor, "considered", AppealMoves.Consider)
{
    internal static new readonly Operation Operation =
        new(nameof(ConsiderAppeal), AppealRights.Chairs) { Repetition = Repetition.GivesResultAgain };
}

/// <summary>The chair refuses an appeal about what may not be appealed, with the clause that excludes it.</summary>
internal sealed class RefuseAppeal(Executor executor) : UseCase<RefuseAppeal.Request, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(RefuseAppeal), AppealRights.Chairs) { Repetition = Repetition.GivesResultAgain };

    internal sealed record Request(Guid AppealId, AppealRefusalRequest Why);

    protected override Task<Result<AppealView>> Handle(Request request, Caller caller) => Write(caller, async db =>
    {
        var (appealId, why) = request;
        if (TextRules.Check("reason", why.Reason, AppealRights.MaxText) is { } wrong) return wrong;
        if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
        if (own.Appeal.Standing.Refuse().Refused(out var stands, out var next)) return stands;
        var (policy, _) = await AppealRulebook.OfCampaign(db, own.Appeal.CampaignId);
        if (policy.Excludes(why.Ground) is not { } excluded)
            return Refusal
                .Invalid(
                    "ground-appealable",
                    "Правила апелляций этого мероприятия не исключают такого основания: апелляцию надо рассмотреть.")
                .With("field", "ground").With("grounds", policy.NotAppealable.Select(each => each.Ground).ToList());
        var now = Now;
        var end = new AppealEnd(next) { Clause = excluded.Clause, Reason = why.Reason.Trim() };
        if (!await AppealStore.Close(db, own.Appeal, end, caller.Id, now)) return AppealRights.Changed;
        await AppealLog.Add(db, appealId, "refused", now, caller.Id, new { why.Ground, excluded.Clause });
        return await AppealView.Read(db, appealId, now, anonymous: true);
    });
}
