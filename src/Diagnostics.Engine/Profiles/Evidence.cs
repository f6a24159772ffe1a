using Diagnostics.Engine.Competencies;
using NodaTime;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// One finding about a competency, in the form that all sources share: an item of a test, an answer to a questionnaire,
/// a result of pupils, a line in an observation record. The profile adds up its evidence and knows no source by name.
/// </summary>
/// <param name="Source">Code that the source gives to itself, e.g. <c>test</c>.</param>
/// <param name="At">When the finding was made.</param>
/// <param name="Earned">Points; for a rating, its distance from the lowest rating.</param>
/// <param name="Maximum">Points; for a rating, the distance from the lowest to the highest rating.</param>
/// <param name="Element">Null where only the competency is known.</param>
/// <param name="Difficulty">1–3 (clause 3.6.2); null where the source has none.</param>
/// <param name="Weight">How many times the finding counts; at least 1.</param>
/// <param name="Items">How many findings are added up in this one; at least 1.</param>
public sealed record Evidence(
    string Source,
    Instant At,
    string Block,
    string Competency,
    Points Earned,
    Points Maximum,
    string? Element = null,
    int? Difficulty = null,
    int Weight = 1,
    int Items = 1
)
{
    /// <summary>The code of the standardised test among the sources.</summary>
    public const string OfTest = "test";

    /// <summary>Turns a rating on a scale into points: 4 on a scale of 1…5 is three points out of four.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rating is outside its scale.</exception>
    public static Evidence Rated(
        string source,
        Instant at,
        string block,
        string competency,
        Points rating,
        (Points Lowest, Points Highest) scale,
        string? element = null,
        int weight = 1
    )
    {
        if (rating < scale.Lowest || rating > scale.Highest)
            throw new ArgumentOutOfRangeException(nameof(rating), rating, "A rating stands inside its scale.");
        return new(source, at, block, competency, rating - scale.Lowest, scale.Highest - scale.Lowest, Element: element, Weight: weight);
    }

    /// <summary>Turns the scores of a test's items into evidence.</summary>
    /// <param name="source">The code of the test among the sources.</param>
    /// <exception cref="ArgumentException">A result belongs to no block or element of the framework.</exception>
    public static IReadOnlyList<Evidence> Of(string source, Instant at, Framework framework, IReadOnlyList<SlotResult> results) =>
        results
            .Select(result =>
                framework.CompetencyOf(result.Element) is { } competency
                    ? new Evidence(
                        source,
                        at,
                        result.Block,
                        competency.Code,
                        result.Earned,
                        result.Maximum,
                        result.Element,
                        result.Difficulty
                    )
                    : throw new ArgumentException(
                        $"Slot {result.Slot}: framework {framework.Code}/{framework.Version} has no element {result.Element}.",
                        nameof(results)
                    )
            )
            .ToList();

    internal ResultShare Share =>
        new(Points.FromThousandths(Earned.Thousandths * Weight), Points.FromThousandths(Maximum.Thousandths * Weight));

    /// <summary>The fault of the evidence; null when it may be counted.</summary>
    internal string? FaultIn(Framework framework) =>
        Maximum <= Points.Zero || Earned < Points.Zero || Earned > Maximum || Weight < 1 || Items < 1
            ? $"{Earned} of {Maximum}, {Weight} times, is no result."
        : framework.FindBlock(Block)?.Competencies.FirstOrDefault(competency => competency.Code == Competency) is not { } home
            ? $"competency {Competency} does not stand in block {Block} of framework {framework.Code}/{framework.Version}."
        : Element is not null && home.Elements.All(element => element.Code != Element)
            ? $"element {Element} does not stand in competency {Competency} of framework {framework.Code}/{framework.Version}."
        : null;
}

/// <summary>Points and pieces of evidence of one unit: a block, a competency, an element or a difficulty.</summary>
internal readonly record struct Tally(int Items, ResultShare Share)
{
    internal static Tally Of(IEnumerable<Evidence> evidence)
    {
        var (items, earned, maximum) = (0, Points.Zero, Points.Zero);
        foreach (var one in evidence)
        {
            items += one.Items;
            var share = one.Share;
            (earned, maximum) = (earned + share.Earned, maximum + share.Maximum);
        }
        return new(items, new(earned, maximum));
    }

    internal bool IsEnough(EvidenceRule rule) => Items >= rule.MinItems && Share.Maximum >= rule.MinPoints;
}
