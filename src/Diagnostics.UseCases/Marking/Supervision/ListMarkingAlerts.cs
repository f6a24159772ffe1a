using Diagnostics.Engine;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>An alert: an expert was paused after marking a control script outside the tolerance.</summary>
/// <param name="AssignmentId">The assignment in which the expert marked the control script.</param>
/// <param name="Given">The expert's marks, before the gate is applied.</param>
/// <param name="Agreed">The benchmark's agreed marks, before the gate is applied.</param>
/// <param name="Distance">Distance between the given and the agreed marks, summed over all criteria after the gate is
/// applied.</param>
/// <param name="SecondLooks">Number of scripts that were called back for another reading.</param>
/// <param name="Answered">Whether the chair has since decided on this expert's admission.</param>
public sealed record MarkingAlert(
    Guid AssignmentId,
    Guid ExpertId,
    string ItemCode,
    Instant At,
    Guid BenchmarkId,
    IReadOnlyDictionary<string, Points> Given,
    bool NoAnswer,
    string? Comment,
    IReadOnlyDictionary<string, Points> Agreed,
    Points Distance,
    int SecondLooks,
    bool Answered
)
{
    internal static MarkingAlert Of(AlertRow row) =>
        new(
            AssignmentId: row.TrialId,
            ExpertId: row.ExpertId,
            ItemCode: row.ItemCode,
            At: row.At,
            BenchmarkId: row.BenchmarkId,
            Given: MarkTrial.MarksOf(row.Given),
            NoAnswer: row.NoAnswer,
            Comment: row.Comment,
            Agreed: MarkTrial.MarksOf(row.Agreed),
            Distance: row.Distance,
            SecondLooks: row.SecondLooks,
            Answered: row.Answered
        );
}

/// <summary>Lists, for people who lead marking, the experts who were paused because of a control script.</summary>
internal sealed class ListMarkingAlerts(Executor executor) : UseCase<ListMarkingAlerts.Request, Page<MarkingAlert>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListMarkingAlerts),
        MarkingRights.Leaders,
        Trail.Look<ListMarkingAlerts.Request, Page<MarkingAlert>>(
            "alerts.listed",
            (asked, page) => Looked.Rows($"campaign:{asked.CampaignId:D}", page.Items.Count)
        )
    );

    internal sealed record Request(Guid CampaignId, Guid? After, int? Limit);

    protected override Task<Result<Page<MarkingAlert>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (campaignId, after, limit) = request;
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var rows = await AdmissionStore.Alerts(db, campaignId, after, Page<AlertRow>.Take(limit));
            var page = Page<AlertRow>.Of(rows, limit, row => row.TrialId.ToString("D"));
            return new Page<MarkingAlert>(page.Items.Select(MarkingAlert.Of).ToList(), page.Next);
        });
}
