using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <summary>Compares one expert with the others on shared scripts; only independent marks count.</summary>
/// <param name="Scripts">Number of scripts marked by this expert, including third readings and second looks.</param>
/// <param name="Shared">Number of scripts that this expert and another have both marked independently.</param>
/// <param name="ThirdShare">Of the scripts that this expert marked independently, the share (0–1) for which a third
/// expert was called because of a discrepancy; absent when there are no such scripts.</param>
/// <param name="SecondLookShare">Of the same scripts, the share (0–1) called back because a control script had put an
/// expert's marks in doubt.</param>
/// <param name="Exact">Share of equal marks, 0–1. This value and the next are absent when there are no shared
/// scripts.</param>
/// <param name="WithinOne">Share of marks at most one point apart, 0–1.</param>
/// <param name="WeightedKappa">Kappa with quadratic weights (Fleiss and Cohen 1973), from −1 to 1; absent where it is
/// undefined.</param>
/// <param name="Severity">Mean difference from the other experts, in points; negative for a severe expert.</param>
/// <param name="SeverityFrom">Lower end of the 95 % interval of the severity; absent when there are fewer than two
/// shared scripts or no spread.</param>
/// <param name="SeverityTo">Upper end of that interval.</param>
/// <param name="Tendency"><c>severe</c> or <c>lenient</c>, beyond what chance explains; otherwise
/// <c>not_shown</c>.</param>
/// <param name="MedianSeconds">Median time from the claim to the marks, in seconds.</param>
public sealed record ExpertStatistics(
    Guid ExpertId,
    int Scripts,
    int Shared,
    double? ThirdShare,
    double? SecondLookShare,
    double? Exact,
    double? WithinOne,
    double? WeightedKappa,
    double? Severity,
    double? SeverityFrom,
    double? SeverityTo,
    Tendency Tendency,
    double? MedianSeconds
);

/// <param name="Counts">How many times experts gave each number of points.</param>
public sealed record CriterionDistribution(string ItemCode, int ItemVersion, string Criterion, IReadOnlyDictionary<string, int> Counts);

/// <summary>Statistics of the commission's marking.</summary>
/// <param name="ThirdShare">Share of scripts, 0–1, for which a third expert was called because of a discrepancy; absent
/// when there are no scripts.</param>
/// <param name="SecondLookShare">Share of scripts, 0–1, called back because a control script had put an expert's marks
/// in doubt.</param>
/// <param name="NoAnswers">Number of marks that state that the item was not attempted.</param>
/// <param name="Alpha">Krippendorff's alpha of the independent marks, with the interval metric; absent where it is
/// undefined.</param>
public sealed record MarkingStatisticsView(
    Guid CampaignId,
    int Scripts,
    double? ThirdShare,
    double? SecondLookShare,
    int NoAnswers,
    double? Alpha,
    IReadOnlyList<ExpertStatistics> Experts,
    IReadOnlyList<CriterionDistribution> Criteria
);

/// <summary>
/// Shows the chair statistics from the ledger: agreement, severity, third readings, second looks, speed and
/// distributions.
/// </summary>
internal sealed class GetMarkingStatistics(Executor executor) : UseCase<Guid, MarkingStatisticsView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetMarkingStatistics), MarkingRights.Leaders, Trail.None);

    protected override Task<Result<MarkingStatisticsView>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (!Reaches(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            var (rounds, times) = (await RoundStore.ByExperts(db, campaignId), await AssignmentStore.Times(db, campaignId));
            return Of(campaignId, policy, rounds, times, (await ProtocolStore.Counts(db, campaignId))!);
        });

    private static MarkingStatisticsView Of(
        Guid campaignId,
        MarkingPolicy policy,
        IReadOnlyList<MarkingRound> rounds,
        IReadOnlyList<MarkingTimeRow> times,
        LedgerCountsRow counts
    )
    {
        var independent = rounds.Where(round => round.Kind is RoundKind.Expert).ToList();
        var experts = rounds.Select(round => round.MarkedBy!.Value).Distinct().Order().ToList();
        var marks = Marks(independent, experts);
        var severities = independent.Count == 0 ? [] : RaterSeverity.Summarise(marks);
        var ofExpert = times.ToLookup(time => time.ExpertId);
        return new(
            campaignId,
            counts.Scripts,
            Share(counts.ScriptsWithThird, counts.Scripts),
            Share(counts.ScriptsWithSecondLook, counts.Scripts),
            rounds.Count(round => round.Outcome is Outcome.Blank),
            independent.Count == 0 ? null : Defined(KrippendorffAlpha.Of(marks, Metric.Interval)),
            experts
                .Select(
                    (id, rater) =>
                        Of(
                            id,
                            rater < severities.Count ? severities[rater] : null,
                            rater,
                            marks,
                            independent,
                            ofExpert[id].ToList(),
                            policy.Experts
                        )
                )
                .ToList(),
            Distributions(rounds)
        );
    }

    private static ExpertStatistics Of(
        Guid id,
        RaterSeverity? beside,
        int rater,
        RatingSet marks,
        List<MarkingRound> independent,
        List<MarkingTimeRow> times,
        int experts
    )
    {
        // A third expert gets only scripts with a discrepancy, so agreement is computed from independent marks alone.
        var first = times.Where(time => time.Place <= experts).ToList();
        var interval = beside?.Interval is { IsDefined: true } defined ? defined.Value : default(Interval?);
        return new(
            ExpertId: id,
            Scripts: times.Count,
            Shared: beside?.Units ?? 0,
            ThirdShare: Share(first.Count(time => time.Thirds > 0), first.Count),
            SecondLookShare: Share(first.Count(time => time.SecondLooks > 0), first.Count),
            Exact: beside?.Exact is { IsDefined: true } exact ? exact.Value.Value : null,
            WithinOne: beside?.Near is { IsDefined: true } near ? near.Value.Value : null,
            WeightedKappa: beside is { Units: > 0 } ? WeightedKappa(marks, rater, independent) : null,
            Severity: beside is null ? null : Defined(beside.MeanDifference),
            SeverityFrom: interval?.Lower,
            SeverityTo: interval?.Upper,
            Tendency: beside?.Tendency ?? Tendency.NotShown,
            MedianSeconds: Median(times.Select(time => (time.ClosedAt - time.ClaimedAt).TotalSeconds))
        );
    }

    private static RatingSet Marks(List<MarkingRound> independent, List<Guid> experts)
    {
        var scripts = independent
            .Select(round => (round.SessionId, round.Slot))
            .Distinct()
            .Select((script, number) => (script, number))
            .ToDictionary(pair => pair.script, pair => pair.number);
        var raters = experts.Select((id, number) => (id, number)).ToDictionary(pair => pair.id, pair => pair.number);
        return new(
            independent.Select(round => scripts[(round.SessionId, round.Slot)]).ToList(),
            independent.Select(round => raters[round.MarkedBy!.Value]).ToList(),
            independent.Select(round => (double)round.Points.ToDecimal()).ToList()
        );
    }

    // Kappa needs categories, and a rubric with fractions of points has no categories.
    private static double? WeightedKappa(RatingSet marks, int rater, List<MarkingRound> independent)
    {
        if (independent.Any(round => round.Points.Thousandths % 1000 != 0))
            return null;
        var categories = (int)independent.Max(round => round.Maximum).ToDecimal() + 1;
        var kappa = AgreementTable.AgainstOthers(marks, rater, categories).Kappa(KappaWeights.Quadratic);
        return kappa.IsDefined ? kappa.Value.Value : null;
    }

    private static List<CriterionDistribution> Distributions(IReadOnlyList<MarkingRound> rounds) =>
        rounds
            .SelectMany(round =>
                round.Criteria!.Select(mark => (round.ItemCode, round.ItemVersion, Criterion: mark.Key, Points: mark.Value))
            )
            .GroupBy(mark => (mark.ItemCode, mark.ItemVersion, mark.Criterion))
            .OrderBy(group => group.Key.ItemCode, StringComparer.Ordinal)
            .ThenBy(group => group.Key.ItemVersion)
            .ThenBy(group => group.Key.Criterion, StringComparer.Ordinal)
            .Select(group => new CriterionDistribution(
                group.Key.ItemCode,
                group.Key.ItemVersion,
                group.Key.Criterion,
                group
                    .GroupBy(mark => mark.Points)
                    .OrderBy(points => points.Key)
                    .ToDictionary(points => points.Key.ToString(), points => points.Count())
            ))
            .ToList();

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static double? Defined(Estimate<double> estimate) => estimate.IsDefined ? estimate.Value : null;

    private static double? Median(IEnumerable<double> seconds)
    {
        var all = seconds.Order().ToList();
        return all.Count == 0 ? null : (all[(all.Count - 1) / 2] + all[all.Count / 2]) / 2;
    }
}
