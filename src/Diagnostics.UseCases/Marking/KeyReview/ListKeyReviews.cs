using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// A group of equal short answers that match nothing in the item's key. It contains nothing about the people who gave
/// the answers.
/// </summary>
/// <param name="Stem">The task, in Markdown.</param>
/// <param name="Solution">The author's solution.</param>
/// <param name="MaxPoints">The points that acceptance gives.</param>
/// <param name="Normalised">The answer as it is compared with the key; a decision must name it.</param>
/// <param name="Answers">Number of people who gave this answer in this campaign.</param>
/// <param name="Samples">Up to five spellings, as typed.</param>
/// <param name="Decision">The decision in force; absent while there is none.</param>
/// <param name="Normalisation">The rule by which the answers are read, e.g. <c>ru-2</c>.</param>
public sealed record AnswerGroup(
    string ItemCode,
    int ItemVersion,
    string Stem,
    string Solution,
    Points MaxPoints,
    string Normalised,
    int Answers,
    IReadOnlyList<string> Samples,
    KeyDecision? Decision,
    string Normalisation
)
{
    internal GroupNamed Named => new(ItemCode, ItemVersion, Normalised, Normalisation);
}

/// <summary>Names all groups of a campaign, decided or not, for the pages that name them by their ids.</summary>
internal sealed class ListAnswerGroups(Executor executor)
{
    private static readonly bool[] OpenAndDecided = [false, true];

    internal async Task<Result<IReadOnlyList<GroupNamed>>> Run(Guid campaignId, Caller caller)
    {
        if (await executor.Refuses(MarkingRights.Leaders, caller) is { } refusal)
            return refusal;
        if (!MarkingRights.Leads(caller, campaignId))
            return MarkingRights.NotLeading;
        return await executor.Read(async db =>
        {
            var groups = new List<GroupNamed>();
            foreach (var decided in OpenAndDecided)
                groups.AddRange(
                    (await KeyReviewStore.OfCampaign(db, campaignId, decided, null, int.MaxValue)).Select(row => new GroupNamed(
                        row.ItemCode,
                        row.ItemVersion,
                        row.Normalised,
                        AnswerRule.OfScore(row.Rule).Name
                    ))
                );
            return (Result<IReadOnlyList<GroupNamed>>)groups;
        });
    }
}

/// <summary>Lists groups of answers that match no key, for people who decide on them.</summary>
internal sealed class ListKeyReviews(Executor executor) : UseCase<ListKeyReviews.Request, Page<AnswerGroup>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListKeyReviews),
        MarkingRights.Leaders,
        Trail.Look<ListKeyReviews.Request, Page<AnswerGroup>>(
            "answers.listed",
            (asked, page) => Looked.Rows($"campaign:{asked.CampaignId:D}", page.Items.Count)
        )
    );

    private const int SampleLimit = 5;

    /// <param name="Decided">Whether to list groups with a decision in force; otherwise groups that wait for a
    /// decision.</param>
    internal sealed record Request(Guid CampaignId, string? After, int? Limit, bool Decided);

    protected override Task<Result<Page<AnswerGroup>>> Handle(Request request, Caller caller)
    {
        var (campaignId, after, limit, decided) = request;
        return Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            if (ReadKey(after).Refused(out var refusal, out var last))
                return refusal;
            var rows = await KeyReviewStore.OfCampaign(db, campaignId, decided, last, Page<AnswerGroupRow>.Take(limit));
            var page = Page<AnswerGroupRow>.Of(rows, limit, KeyOf);
            var items = new Dictionary<(string, int), Item>();
            var groups = new List<AnswerGroup>();
            foreach (var row in page.Items)
            {
                var version = (row.ItemCode, row.ItemVersion);
                if (!items.TryGetValue(version, out var item))
                    items[version] = item = ItemJson.Read((await KeyReviewStore.Item(db, row.ItemCode, row.ItemVersion))!);
                var samples = (await KeyReviewStore.Samples(db, campaignId, row, SampleLimit))
                    .Select(TextOf)
                    .OfType<string>()
                    .Distinct()
                    .ToList();
                var decision = Codes.Find<KeyDecision>(row.Decision);
                groups.Add(
                    new(
                        ItemCode: row.ItemCode,
                        ItemVersion: row.ItemVersion,
                        Stem: item.Stem,
                        Solution: item.Solution,
                        MaxPoints: item.MaxPoints,
                        Normalised: row.Normalised,
                        Answers: row.Answers,
                        Samples: samples,
                        Decision: decision is KeyDecision.Revert ? null : decision,
                        Normalisation: AnswerRule.OfScore(row.Rule).Name
                    )
                );
            }
            return new Page<AnswerGroup>(groups, page.Next);
        });
    }

    private static string? TextOf(string content) =>
        (JsonSerializer.Deserialize<Response>(content, ItemJson.Options) as ShortAnswerResponse)?.Text;

    private static string KeyOf(AnswerGroupRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.ItemCode}|{row.ItemVersion}|{row.Normalised}");

    private static Result<AnswerGroupRow?> ReadKey(string? after)
    {
        if (after is null)
            return default(AnswerGroupRow);
        var parts = after.Split('|', 3);
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new AnswerGroupRow
            {
                ItemCode = parts[0],
                ItemVersion = version,
                Normalised = parts[2],
            }
            : Refusal.Invalid("unknown-cursor", "after — значение next предыдущей страницы.");
    }
}
