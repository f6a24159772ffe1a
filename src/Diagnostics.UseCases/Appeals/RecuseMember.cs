using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A member steps aside for a reason that the service cannot know. Who has marked the script is recused without asking.</summary>
internal static class RecuseMember
{
    internal static void Map(IEndpointRouteBuilder appeals) => appeals.MapPost("/{appealId:guid}/recusal", Recuse)
        .WithName("RecuseFromAppeal").WithSummary("Заявить самоотвод").AllowedTo(AppealRights.Members).Idempotent();

    private static Task<Results<NoContent, ProblemHttpResult>> Recuse(Guid appealId, ReasonRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (TextRules.Check("reason", request.Reason, AppealRights.MaxText) is { } wrong) return wrong;
            if ((await Sitting.Of(db, appealId, caller)).Refused(out var refusal, out var own)) return refusal;
            if (!own.Appeal.Standing.IsLive()) return Refusal.Conflict("appeal-state", "Апелляция уже закрыта.").With("state", own.Appeal.Standing);
            if (await VoteStore.HasVoted(db, appealId, own.Appeal.Proposal, caller.AccountId))
                return Refusal.Conflict("vote-given", "Вы уже голосовали по этому предложению: самоотвод заявляют до голосования.");
            var now = clock.GetCurrentInstant();
            if (!await VoteStore.Recuse(db, appealId, new RecusalRow { MemberId = caller.AccountId, Reason = request.Reason.Trim(), DeclaredAt = now })) return AppealRights.Changed;
            await AppealLog.Add(db, appealId, "recused", now, caller.Id);
            return default(Done);
        }).NoContent();
}
