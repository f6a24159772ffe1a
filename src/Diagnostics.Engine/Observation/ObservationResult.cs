using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.Psychometrics.Raters;
using NodaTime;

namespace Diagnostics.Engine.Observation;

/// <summary>What the sheets of one observation say together.</summary>
/// <param name="Criteria">In the order of the sheet.</param>
/// <param name="Agreement">How far the experts agree; null where fewer than two rated.</param>
public sealed record ObservationResult(IReadOnlyList<CriterionResult> Criteria, ObservationAgreement? Agreement)
{
    /// <summary>The code of this source of evidence.</summary>
    public const string Source = "observation";

    /// <param name="filled">The sheets, each checked.</param>
    /// <param name="agreed">Code of a criterion → the rating on which the experts agreed.</param>
    /// <exception cref="ArgumentException">An agreed rating is not asked for, or is off the scale.</exception>
    public static ObservationResult Of(
        ObservationSheet sheet,
        IReadOnlyCollection<FilledSheet> filled,
        IReadOnlyDictionary<string, int> agreed
    )
    {
        var experts = filled.Where(one => one.Role is ObserverRole.Expert).OrderBy(one => one.Observer).ToList();
        var self = filled.SingleOrDefault(one => one.Role is ObserverRole.Self);
        var criteria = sheet.Criteria.Select(criterion => Joined(sheet, criterion, experts, self, agreed)).ToList();
        if (agreed.Keys.FirstOrDefault(code => criteria.All(one => one.Code != code || one.Agreed is null)) is { } odd)
            throw new ArgumentException($"Nobody asked for an agreed rating of {odd}.", nameof(agreed));
        return new(criteria, experts.Count < 2 ? null : ObservationAgreement.Of(criteria, experts));
    }

    /// <summary>Criteria whose ratings are so far apart that the experts have to agree on one.</summary>
    public IEnumerable<string> Open => Criteria.Where(criterion => criterion.AwaitsAgreement).Select(criterion => criterion.Code);

    /// <summary>One piece of evidence for each criterion that has a rating.</summary>
    /// <param name="at">When the observed event took place.</param>
    public IReadOnlyList<Evidence> Evidence(ObservationSheet sheet, Framework framework, Instant at) =>
        sheet
            .Criteria.Zip(Criteria)
            .Where(pair => pair.Second.Rating is not null)
            .Select(pair =>
                Profiles.Evidence.Rated(
                    Source,
                    at,
                    framework.BlockOfCompetency(pair.First.Competency)!.Code,
                    pair.First.Competency,
                    pair.Second.Rating!.Value,
                    (Points.From(sheet.Scale.Lowest()), Points.From(sheet.Scale.Highest())),
                    pair.First.Element,
                    pair.First.Weight
                )
            )
            .ToList();

    private static CriterionResult Joined(
        ObservationSheet sheet,
        SheetCriterion criterion,
        List<FilledSheet> experts,
        FilledSheet? self,
        IReadOnlyDictionary<string, int> agreed
    )
    {
        var rule = sheet.Reconciliation;
        var ratings = experts.Select(one => one.Ratings[criterion.Code]).OfType<int>().ToList();
        var own = self?.Ratings[criterion.Code];
        var difference = ratings.Count == 0 ? 0 : ratings.Max() - ratings.Min();
        var apart = ratings.Count > 1 && difference >= rule.DifferenceFrom;
        int? settled = apart && rule.Rule is ReconcileRule.Agreed && agreed.TryGetValue(criterion.Code, out var found) ? found : null;
        if (settled < sheet.Scale.Lowest() || settled > sheet.Scale.Highest())
            throw new ArgumentException($"{criterion.Code}: {settled} is off the scale.", nameof(agreed));
        var awaits = apart && rule.Rule is ReconcileRule.Agreed && settled is null;
        Points? rating =
            awaits ? null
            : settled is not null ? Points.From(settled.Value)
            : apart && rule.Rule is ReconcileRule.Lowest ? Points.From(ratings.Min())
            : ratings.Count > 0 ? Points.From(ratings.Sum()).Share(1, ratings.Count)
            : experts.Count == 0 && rule.SelfAlone && own is not null ? Points.From(own.Value)
            : null;
        return new(criterion.Code, ratings, own, difference, awaits, settled, rating);
    }
}

/// <param name="Experts">Ratings of the experts who saw the criterion.</param>
/// <param name="Self">The observed person's own rating, which is shown and never averaged with the experts'.</param>
/// <param name="Difference">Steps between the highest and the lowest rating of the experts.</param>
/// <param name="AwaitsAgreement">Whether the experts have yet to agree on a rating.</param>
/// <param name="Agreed">The rating on which they agreed.</param>
/// <param name="Rating">The joint rating, to a thousandth; null where nobody rated or the agreement is awaited.</param>
public sealed record CriterionResult(
    string Code,
    IReadOnlyList<int> Experts,
    int? Self,
    int Difference,
    bool AwaitsAgreement,
    int? Agreed,
    Points? Rating
);

/// <summary>Why there is no coefficient of agreement.</summary>
public enum NoAgreement
{
    /// <summary>No criterion was rated by two experts.</summary>
    NothingInCommon,

    /// <summary>All ratings are the same, so there is nothing about which to disagree.</summary>
    NoVariance,
}

/// <summary>How far two or more experts agree.</summary>
/// <param name="Criteria">Criteria that at least two of them rated.</param>
/// <param name="Same">Criteria on which their ratings are the same.</param>
/// <param name="OneStep">Criteria on which their ratings are one step apart.</param>
/// <param name="Alpha">Krippendorff's alpha on the ordinal scale; null where a reason is given.</param>
public sealed record ObservationAgreement(int Criteria, int Same, int OneStep, double? Alpha, NoAgreement? Reason)
{
    internal static ObservationAgreement Of(IReadOnlyList<CriterionResult> criteria, IReadOnlyList<FilledSheet> experts)
    {
        var common = criteria.Where(criterion => criterion.Experts.Count > 1).ToList();
        var (same, oneStep) = (common.Count(criterion => criterion.Difference == 0), common.Count(criterion => criterion.Difference == 1));
        if (common.Count == 0)
            return new(0, 0, 0, null, NoAgreement.NothingInCommon);
        var ratings = criteria
            .SelectMany((criterion, unit) => experts.Select((expert, rater) => (unit, rater, Rating: expert.Ratings[criterion.Code])))
            .Where(one => one.Rating is not null)
            .ToList();
        var alpha = KrippendorffAlpha.Of(
            new RatingSet(
                ratings.ConvertAll(one => one.unit),
                ratings.ConvertAll(one => one.rater),
                ratings.ConvertAll(one => (double)one.Rating!.Value)
            ),
            Metric.Ordinal
        );
        return new(common.Count, same, oneStep, alpha.IsDefined ? alpha.Value : null, alpha.IsDefined ? null : NoAgreement.NoVariance);
    }
}
