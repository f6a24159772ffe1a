using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A line of the commission's list; nothing of the person.</summary>
/// <param name="RemindAt">From when it is on the list of reminders.</param>
/// <param name="DueAt">The first instant at which a decision is too late.</param>
/// <param name="Due">Absent when it is closed.</param>
public sealed record AppealSummary(
    Guid Id, AppealKind Kind, int? Slot, AppealGround Ground, AppealState State, Instant FiledAt, Instant RemindAt, Instant DueAt, DueState? Due, AppealOutcome? Outcome)
{
    internal static AppealSummary Of(AppealRow row, Instant now) => new(
        row.Id, row.AppealKind, row.Slot, Codes.Parse<AppealGround>(row.Ground), row.Standing, row.FiledAt, row.RemindAt, row.DueAt,
        AppealView.DueOf(row, now), Codes.Find<AppealOutcome>(row.Outcome));
}

/// <summary>Appeals for the person, the site, the commission and the operator.</summary>
internal static class ReadAppeals
{
    internal static void Map(IEndpointRouteBuilder appeals, IEndpointRouteBuilder campaigns)
    {
        appeals.MapGet("/", Mine).WithName("ListMyAppeals").WithSummary("Свои апелляции").AllowedTo(AppealRights.Person);
        appeals.MapGet("/{appealId:guid}", Read).WithName("GetAppeal").WithSummary("Апелляция; комиссия не видит, чья она").AllowedTo(AppealRights.Readers);
        campaigns.MapGet("/{campaignId:guid}/appeals", List)
            .WithName("ListAppeals").WithSummary("Апелляции мероприятия; due=reminder — скоро срок, due=overdue — срок прошёл").AllowedTo(AppealRights.Overseers);
    }

    private static Task<Ok<IReadOnlyList<AppealView>>> Mine(Caller caller, Transactions transactions, IClock clock) =>
        transactions.Read(async db =>
        {
            var views = new List<AppealView>();
            foreach (var row in caller.ParticipantId is { } person ? await AppealStore.OfParticipant(db, person) : [])
                views.Add(await AppealView.Read(db, row.Id, clock.GetCurrentInstant(), anonymous: false));
            return TypedResults.Ok<IReadOnlyList<AppealView>>(views);
        });

    // A write: the statement is the person's own words, and a look at them is noted.
    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Read(Guid appealId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealView>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if (await AppealStore.Find(db, appealId) is not { } row) return AppealRights.NotFound;
            if (row.ParticipantId == caller.ParticipantId) return await AppealView.Read(db, appealId, now, anonymous: false);
            var named = caller.OperatesCampaign(row.CampaignId) || await Filed(db, row, caller);
            if (!named && (await Sitting.Of(db, appealId, caller)).Refused(out var refusal, out _)) return refusal;
            await AppealLog.Audit(db, appealId, "viewed", now, caller.Id);
            return await AppealView.Read(db, appealId, now, anonymous: !named);
        }).Ok();

    private static async Task<Results<Ok<Page<AppealSummary>>, ProblemHttpResult>> List(
        Guid campaignId, Caller caller, Transactions transactions, IClock clock, string? kind, string? state, string? due, Guid? after, int? limit)
    {
        if ((Unknown<AppealKind>("kind", kind) ?? Unknown<AppealState>("state", state) ?? Unknown<DueState>("due", due)) is { } refusal) return Problems.From(refusal);
        return await transactions.Read<Result<Page<AppealSummary>>>(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is null) return CampaignRefusals.NoCampaign;
            if (!caller.OperatesCampaign(campaignId) && !AppealRights.Sits(caller, campaignId))
                return Refusal.Forbidden("not-your-campaign", "Апелляции видят оператор и конфликтная комиссия этого мероприятия.");
            var now = clock.GetCurrentInstant();
            var filter = new AppealFilter(Codes.Find<AppealKind>(kind), Codes.Find<AppealState>(state), Codes.Find<DueState>(due), now);
            var rows = await AppealStore.OfCampaign(db, campaignId, filter, after, Page<AppealSummary>.Take(limit));
            return Page<AppealSummary>.Of(rows.Select(row => AppealSummary.Of(row, now)).ToList(), limit, appeal => appeal.Id.ToString("D"));
        }).Ok();
    }

    /// <summary>The head of the site sees the procedural appeals of sessions sat there.</summary>
    private static async Task<bool> Filed(Db db, AppealRow row, Caller caller) =>
        row.AppealKind is AppealKind.Procedural && AppealRights.HeadsSite(caller, (await SessionStore.Find(db, row.SessionId))!.SiteId);

    private static Refusal? Unknown<T>(string field, string? code) where T : struct, Enum =>
        code is null || Codes.Find<T>(code) is not null ? null : Refusal.Invalid("unknown-filter", $"Значения «{code}» у {field} нет.").With("field", field);
}
