using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <param name="ApplicationIds">1–500, all of this campaign.</param>
public sealed record ApprovalsRequest(IReadOnlyList<Guid> ApplicationIds);

/// <summary>What became of one application.</summary>
/// <param name="Approved">Whether it was approved now.</param>
/// <param name="SessionId">Of the session that it got.</param>
/// <param name="Code">Why it was not approved, as the code of a problem.</param>
/// <param name="Detail">The same for people.</param>
public sealed record ApprovalOutcome(Guid ApplicationId, bool Approved, Guid? SessionId, string? Code, string? Detail);

/// <summary>Approving gives the person a seat, a variant and a scheduled session, in one transaction.</summary>
internal sealed class ApproveApplications(Transactions transactions, IClock clock)
{
    private const int MaxAtOnce = 500;

    internal static void Map(IEndpointRouteBuilder campaigns, IEndpointRouteBuilder applications)
    {
        applications.MapPost("/{applicationId:guid}/approval", ApproveOne)
            .WithName("ApproveApplication").WithSummary("Одобрить заявление: назначаются место, вариант и сеанс").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
        campaigns.MapPost("/{campaignId:guid}/applications/approvals", ApproveMany)
            .WithName("ApproveApplications").WithSummary("Одобрить много заявлений; каждое — само по себе, с ответом по каждому").AllowedTo(AccessRule.Of(Role.Operator)).Idempotent();
    }

    private static Task<Results<Ok<ApplicationView>, ProblemHttpResult>> ApproveOne(Guid applicationId, Caller caller, ApproveApplications useCase) =>
        useCase.Run(applicationId, caller).Ok();

    private static Task<Results<Ok<IReadOnlyList<ApprovalOutcome>>, ProblemHttpResult>> ApproveMany(
        Guid campaignId, ApprovalsRequest request, Caller caller, ApproveApplications useCase) => useCase.RunMany(campaignId, request.ApplicationIds, caller).Ok();

    private async Task<Result<IReadOnlyList<ApprovalOutcome>>> RunMany(Guid campaignId, IReadOnlyList<Guid> ids, Caller caller)
    {
        if (ids.Count is 0 or > MaxAtOnce) return Refusal.Invalid("too-many-applications", $"applicationIds — от 1 до {MaxAtOnce} заявлений.").With("field", "applicationIds");
        if (await transactions.Read(db => CampaignStore.Find(db, campaignId)) is null) return CampaignRefusals.NoCampaign;
        if (!caller.OperatesCampaign(campaignId)) return CampaignRefusals.NotYours;
        var outcomes = new List<ApprovalOutcome>(ids.Count);
        // A transaction each: five hundred draws in one would hold up the answers that people are saving meanwhile.
        foreach (var id in ids.Distinct())
        {
            outcomes.Add((await Run(id, caller, campaignId)).Refused(out var refusal, out var approved)
                ? new(id, false, null, refusal.Code, refusal.Detail)
                : new(id, true, approved.SessionId, null, null));
        }
        return outcomes;
    }

    private Task<Result<ApplicationView>> Run(Guid applicationId, Caller caller, Guid? ofCampaign = null) => transactions.Write<Result<ApplicationView>>(async db =>
    {
        if (await ApplicationStore.Find(db, applicationId) is not { } application || (ofCampaign is { } id && application.CampaignId != id)) return CampaignRefusals.NoApplication;
        if (!caller.OperatesCampaign(application.CampaignId)) return CampaignRefusals.NoApplication;
        return await Approve(db, application, caller.Id);
    });

    private async Task<Result<ApplicationView>> Approve(Db db, ApplicationRow application, string actor)
    {
        var now = clock.GetCurrentInstant();
        var campaign = (await CampaignStore.Find(db, application.CampaignId))!;
        if (application.State.Approve().Refused(out var refusal, out var next)) return refusal;
        if (campaign.State is not CampaignStatus.Published || now >= campaign.SittingTo)
            return Refusal.Conflict("sitting-over", "Срок проведения диагностики прошёл: одобрять заявления поздно.");
        if (!await ApplicationStore.Decide(db, application.Id, application.State, next, now, actor, reason: null))
            return Refusal.Conflict("application-changed", "Заявление только что изменилось; прочитайте его и повторите.");
        if ((await ScheduleSession.Run(db, campaign, application, now)).Refused(out var noSession, out var session)) return noSession;
        await AuditStore.Append(db, now, actor, "application.approved", $"application:{application.Id:D}", new { sessionId = session.Id, session.Seat, session.Variant });
        return await ApplicationView.Read(db, application.Id);
    }
}
