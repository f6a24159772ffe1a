using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Appeals;

/// <summary>
/// Lets a member step aside for a reason that the service cannot know. A member who has marked the script is recused
/// automatically.
/// </summary>
internal sealed class RecuseFromAppeal(Executor executor) : UseCase<RecuseFromAppeal.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(RecuseFromAppeal), AppealRights.Members, Trail.Writes("appeal.recused"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AppealId, ReasonRequest Why);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (appealId, reason) = (request.AppealId, request.Why.Reason);
                if (TextRules.Check("reason", reason, AppealRights.MaxText) is { } wrong)
                    return wrong;
                if ((await Hearing.Of(db, appealId, caller)).Refused(out var refusal, out var own))
                    return refusal;
                if (!own.Appeal.Standing.IsLive())
                    return Refusal.Conflict("appeal-state", "Апелляция уже закрыта.").With("state", own.Appeal.Standing);
                if (await VoteStore.HasVoted(db, appealId, own.Appeal.Proposal, caller.AccountId))
                    return Refusal.Conflict("vote-given", "Вы уже голосовали по этому предложению: самоотвод заявляют до голосования.");
                var now = Now;
                var recusal = new RecusalRow
                {
                    MemberId = caller.AccountId,
                    Reason = reason.Trim(),
                    DeclaredAt = now,
                };
                if (!await VoteStore.Recuse(db, appealId, recusal))
                    return AppealRights.Changed;
                await AppealLog.Add(db, appealId, "recused", now, caller.Id);
                return default(Done);
            }
        );
}
