using System.Numerics;

namespace Diagnostics.Engine.Competencies;

/// <summary>Deficit levels (п. 3.4 Положения); the scale holds their labels.</summary>
public enum DeficitLevel
{
    High,
    Medium,
    Low,
    Minimal,
}

/// <summary>Earned points out of the maximum as an exact fraction, never rounded before a comparison.</summary>
public readonly record struct ResultShare(Points Earned, Points Maximum)
{
    /// <summary>The exact sign of the result minus <paramref name="percent"/>.</summary>
    /// <exception cref="InvalidOperationException">The maximum is 0, so there is no result to compare.</exception>
    public int CompareToPercent(decimal percent)
    {
        if (Maximum <= Points.Zero)
            throw new InvalidOperationException("A share of no points is undefined.");
        // Compares earned / maximum with percent / 100 in whole numbers, which is possible because percent has only a
        // few decimal places.
        return ((Int128)Earned.Thousandths * 100_000_000).CompareTo((Int128)(percent * 1_000_000m) * Maximum.Thousandths);
    }

    /// <summary>
    /// Whether this result exceeds the other by at least the given number of percentage points, computed exactly.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of the maxima is 0.</exception>
    public bool IsBetterBy(ResultShare other, decimal percent)
    {
        if (Maximum <= Points.Zero || other.Maximum <= Points.Zero)
            throw new InvalidOperationException("A share of no points is undefined.");
        var (own, others) = (new BigInteger(Maximum.Thousandths), new BigInteger(other.Maximum.Thousandths));
        var gain = (Earned.Thousandths * others) - (other.Earned.Thousandths * own);
        return gain * 100_000_000 >= new BigInteger(percent * 1_000_000m) * own * others;
    }

    /// <summary>
    /// The percentage to two decimal places, cut and not rounded, so that the number shown never lies across a level
    /// boundary from the exact result (59.996 % is shown as 59.99 and is a high deficit).
    /// </summary>
    public decimal Percent => Cut(100);

    /// <summary>The whole percentage, cut and not rounded: the number of the route form (макет ИОМ, блок 4).</summary>
    public int WholePercent => (int)Cut(1);

    private decimal Cut(int perPercent) =>
        Maximum == Points.Zero ? 0m : (decimal)((Int128)Earned.Thousandths * 100 * perPercent / Maximum.Thousandths) / perPercent;
}

/// <param name="FromPercent">Lowest result of the level, inclusive; the level ends where the next begins.</param>
/// <param name="Label">The label for people, for example «Высокий».</param>
/// <param name="Recommendation">How to remove the deficit (table in clause 3.4).</param>
public sealed record ScaleLevel(DeficitLevel Code, decimal FromPercent, string Label, string Recommendation);

/// <summary>A range of results that the printed table of clause 3.4 leaves between its rows.</summary>
/// <param name="FromInclusive">Whether the gap includes its lower end: true for the gap at 60 %, a value in no row of
/// the table; false for the gap at 80 %, a value that a row already contains.</param>
public sealed record BoundaryGap(decimal FromPercent, bool FromInclusive, decimal ToPercent)
{
    internal bool Contains(Func<decimal, int> compareToPercent)
    {
        var from = compareToPercent(FromPercent);
        return (FromInclusive ? from >= 0 : from > 0) && compareToPercent(ToPercent) < 0;
    }
}

/// <summary>
/// The evidence that an element or a competency needs for a level; with less evidence there is only a signal.
/// </summary>
public sealed record EvidenceRule(int MinItems, Points MinPoints);

/// <summary>
/// Maps a result to a deficit level. The scale is a policy: campaigns pin its versions, and a version never changes.
/// </summary>
/// <param name="Levels">From the lowest result up; three or four levels.</param>
/// <param name="Gaps">Ranges of results whose level is a boundary case.</param>
/// <param name="Blocks">Levels of blocks whose scale differs from <paramref name="Levels"/>.</param>
/// <param name="Notice">The notice, shown in every profile, that no sanctions may rest on the profile.</param>
public sealed record LevelScale(
    IReadOnlyList<ScaleLevel> Levels,
    IReadOnlyList<BoundaryGap> Gaps,
    IReadOnlyDictionary<string, IReadOnlyList<ScaleLevel>> Blocks,
    EvidenceRule Evidence,
    string Notice
)
{
    private const int MaxLabel = 100;

    /// <summary>The levels of a block if it has its own, otherwise the common ones.</summary>
    public IReadOnlyList<ScaleLevel> LevelsOf(string? block) => block is not null && Blocks.TryGetValue(block, out var own) ? own : Levels;

    public ScaleLevel LevelOf(ResultShare share, string? block = null) => LevelBy(share.CompareToPercent, block);

    /// <param name="compareToPercent">The exact sign of the result minus a percentage.</param>
    internal ScaleLevel LevelBy(Func<decimal, int> compareToPercent, string? block) =>
        LevelsOf(block).Last(level => compareToPercent(level.FromPercent) >= 0);

    public bool IsBoundaryCase(ResultShare share) => IsBoundaryBy(share.CompareToPercent);

    /// <param name="compareToPercent">The exact sign of the result minus a percentage.</param>
    internal bool IsBoundaryBy(Func<decimal, int> compareToPercent) => Gaps.Any(gap => gap.Contains(compareToPercent));

    /// <summary>Faults of the document; empty when there are none.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, levels) in Blocks.Select(pair => ($"блок {pair.Key}", pair.Value)).Prepend(("общая шкала", Levels)))
        {
            if (levels.Count is < 2 or > 4)
                yield return $"{name}: уровней должно быть от двух до четырёх.";
            if (levels.Count > 0 && levels[0].FromPercent != 0m)
                yield return $"{name}: первый уровень начинается не с нуля.";
            if (
                levels
                    .Zip(levels.Skip(1))
                    .Any(pair => pair.Second.FromPercent <= pair.First.FromPercent || pair.Second.Code <= pair.First.Code)
            )
                yield return $"{name}: границы и уровни должны идти по возрастанию результата.";
            if (levels.Any(level => level.FromPercent is < 0m or > 100m))
                yield return $"{name}: граница вне 0–100 %.";
        }
        if (Gaps.Any(gap => gap.FromPercent >= gap.ToPercent))
            yield return "Пограничный промежуток пуст.";
        foreach (var level in Blocks.Values.Append(Levels).SelectMany(levels => levels))
        {
            if (DocumentText.Fault("label", level.Label, MaxLabel) is { } label)
                yield return label;
            if (DocumentText.Fault("recommendation", level.Recommendation) is { } recommendation)
                yield return recommendation;
        }
        if (Gaps.Any(gap => gap.FromPercent < 0m || gap.ToPercent > 100m))
            yield return "Пограничный промежуток выходит за 0–100 %.";
        if (Evidence.MinItems < 1 || Evidence.MinPoints <= Points.Zero)
            yield return "Для уровня по элементу нужно хотя бы одно задание и больше нуля баллов.";
        if (DocumentText.Fault("notice", Notice) is { } notice)
            yield return notice;
    }
}
