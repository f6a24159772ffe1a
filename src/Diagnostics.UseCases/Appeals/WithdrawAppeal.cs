using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>The person takes an appeal back, without a reason, at any time before the decision.</summary>
internal static class WithdrawAppeal
{
    internal static void Map(IEndpointRouteBuilder appeals) => appeals.MapPost("/{appealId:guid}/withdrawal", Withdraw)
        .WithName("WithdrawAppeal").WithSummary("Отозвать апелляцию, пока она не решена").AllowedTo(AppealRights.Person).Idempotent();

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Withdraw(Guid appealId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealView>>(async db =>
        {
            if (await AppealStore.Find(db, appealId) is not { } appeal || appeal.ParticipantId != caller.ParticipantId) return AppealRights.NotFound;
            if (appeal.Standing.Withdraw().Refused(out var refusal, out var next)) return refusal;
            var now = clock.GetCurrentInstant();
            if (!await AppealStore.Close(db, appeal, next, null, null, null, null, caller.Id, now)) return AppealRights.Changed;
            await AppealLog.Add(db, appealId, "withdrawn", now, caller.Id);
            return await AppealView.Read(db, appealId, now, anonymous: false);
        }).Ok();

    /// <summary>An erased person disputes nothing any more, and what they wrote goes with them; decisions stay.</summary>
    internal static async Task AfterErasure(Db db, Guid participantId, Instant now, string actor)
    {
        foreach (var appeal in await AppealStore.OfParticipant(db, participantId))
        {
            if (!appeal.Standing.Withdraw().Refused(out _, out var next) && await AppealStore.Close(db, appeal, next, null, null, null, null, actor, now))
                await AppealLog.Add(db, appeal.Id, "withdrawn", now, actor, new { cause = "person_erased" });
        }
        await AppealStore.EraseStatements(db, participantId);
    }
}
