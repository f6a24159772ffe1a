using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A line of the commission's list, without data about the person.</summary>
/// <param name="RemindAt">The time from which the appeal is on the list of reminders.</param>
/// <param name="DueAt">The first moment at which a decision is too late.</param>
/// <param name="Due">How near <c>dueAt</c> is; absent when the appeal is closed.</param>
/// <param name="Late">Whether the appeal was filed late, with a cause that the chair may or may not accept.</param>
public sealed record AppealSummary(
    Guid Id,
    AppealKind Kind,
    int? Slot,
    AppealGround Ground,
    AppealState State,
    Instant FiledAt,
    Instant RemindAt,
    Instant DueAt,
    DueState? Due,
    AppealOutcome? Outcome,
    bool Late = false
)
{
    internal static AppealSummary Of(AppealRow row, Instant now) =>
        new(
            Id: row.Id,
            Kind: row.AppealKind,
            Slot: row.Slot,
            Ground: Codes.Parse<AppealGround>(row.Ground),
            State: row.Standing,
            FiledAt: row.FiledAt,
            RemindAt: row.RemindAt,
            DueAt: row.DueAt,
            Due: AppealView.DueOf(row, now),
            Outcome: Codes.Find<AppealOutcome>(row.Outcome),
            Late: row.LateCause is not null
        );
}

/// <summary>Lists the person's own appeals.</summary>
internal sealed class ListMyAppeals(Executor executor) : UseCase<Done, IReadOnlyList<AppealView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListMyAppeals), AppealRights.Person, Trail.Own);

    protected override Task<Result<IReadOnlyList<AppealView>>> Handle(Done request, Caller caller) =>
        Read(async db =>
        {
            var views = new List<AppealView>();
            foreach (var row in caller.ParticipantId is { } person ? await AppealStore.OfParticipant(db, person) : [])
                views.Add(await AppealView.Read(db, row.Id, Now, anonymous: false));
            return views;
        });
}

/// <summary>
/// Shows an appeal to the person, the head of the site and the operator, and to the commission without saying whose it
/// is.
/// </summary>
internal sealed class GetAppeal(Executor executor) : UseCase<Guid, AppealView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetAppeal), AppealRights.Readers, Trail.Shows("appeal.viewed"));

    // This needs a write transaction: the statement is in the person's own words, so every reading of it by somebody
    // else is recorded.
    protected override Task<Result<AppealView>> Handle(Guid appealId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var now = Now;
                if ((await SeenAppeal.Of(db, appealId, caller)).Refused(out var refusal, out var seen))
                    return refusal;
                await seen.Note(db, "viewed", now, caller);
                return await AppealView.Read(db, appealId, now, seen.Anonymous);
            }
        );
}

/// <summary>
/// Lists a campaign's appeals for its operator and its commission; the list can be filtered by how close the deadline
/// is.
/// </summary>
internal sealed class ListAppeals(Executor executor) : UseCase<ListAppeals.Request, Page<AppealSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListAppeals),
        AppealRights.Overseers,
        Trail.Look<ListAppeals.Request, Page<AppealSummary>>(
            "appeals.listed",
            (asked, page) => Looked.Rows($"campaign:{asked.CampaignId:D}", page.Items.Count)
        )
    );

    internal sealed record Request(Guid CampaignId, string? Kind, string? State, string? Due, Guid? After, int? Limit);

    protected override async Task<Result<Page<AppealSummary>>> Handle(Request request, Caller caller)
    {
        var (campaignId, kind, state, due, after, limit) = request;
        if ((Unknown<AppealKind>("kind", kind) ?? Unknown<AppealState>("state", state) ?? Unknown<DueState>("due", due)) is { } refusal)
            return refusal;
        return await Read(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is null)
                return CampaignRefusals.NoCampaign;
            if (!Reaches(caller, new Target { Campaign = campaignId }))
                return Refusal.Forbidden("not-your-campaign", "Апелляции видят оператор и конфликтная комиссия этого мероприятия.");
            var now = Now;
            var filter = new AppealFilter(Codes.Find<AppealKind>(kind), Codes.Find<AppealState>(state), Codes.Find<DueState>(due), now);
            var rows = await AppealStore.OfCampaign(db, campaignId, filter, after, Page<AppealSummary>.Take(limit));
            return Page<AppealSummary>.Of(
                rows.Select(row => AppealSummary.Of(row, now)).ToList(),
                limit,
                appeal => appeal.Id.ToString("D")
            );
        });
    }

    private static Refusal? Unknown<T>(string field, string? code)
        where T : struct, Enum =>
        code is null || Codes.Find<T>(code) is not null
            ? null
            : Refusal.Invalid("unknown-filter", $"Значения «{code}» у {field} нет.").With("field", field);
}
