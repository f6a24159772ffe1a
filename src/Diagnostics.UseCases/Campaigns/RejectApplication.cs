using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="Reason">Why; the person reads it.</param>
public sealed record RejectionRequest(string Reason);

internal static class RejectApplication
{
    internal const int MaxReason = 2000;

    internal static void Map(IEndpointRouteBuilder applications) => applications.MapPost("/{applicationId:guid}/rejection", Reject)
        .WithName("RejectApplication")
        .WithSummary("Отклонить заявление с указанием причины")
        .AllowedTo(AccessRule.Of(Role.Operator))
        .Idempotent();

    private static Task<Results<Ok<ApplicationView>, ProblemHttpResult>> Reject(
        Guid applicationId, RejectionRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<ApplicationView>>(async db =>
        {
            if (TextRules.Check("reason", request.Reason, MaxReason) is { } noReason) return noReason;
            if (await ApplicationStore.Find(db, applicationId) is not { } application || !caller.OperatesCampaign(application.CampaignId)) return CampaignRefusals.NoApplication;
            if (application.State.Reject().Refused(out var refusal, out var next)) return refusal;
            var now = clock.GetCurrentInstant();
            if (!await ApplicationStore.Decide(db, applicationId, application.State, next, now, caller.Id, request.Reason.Trim()))
                return Refusal.Conflict("application-changed", "Заявление только что изменилось; прочитайте его и повторите.");
            await AuditStore.Append(db, now, caller.Id, "application.rejected", $"application:{applicationId:D}");
            return await ApplicationView.Read(db, applicationId);
        }).Ok();
}
