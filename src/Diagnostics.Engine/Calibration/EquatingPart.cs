using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Equating;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// Decides whether the variants are parallel. Each variant is compared with the first, as a whole and block by block,
/// in the random groups design. Profiles equate blocks; the whole result is then the sum of its blocks, so that the
/// numbers of a profile still add up.
/// </summary>
internal static class EquatingPart
{
    /// <summary>The variant in whose points all others are reported.</summary>
    internal const int Reference = 1;

    internal static (ParallelVariants Report, IReadOnlyList<EquatingTable> Tables) Compare(
        IReadOnlyList<VariantScores> variants,
        CancellationToken cancel
    )
    {
        var comparisons = new List<VariantComparison>();
        if (variants.FirstOrDefault(variant => variant.Variant == Reference) is { } reference)
        {
            foreach (var variant in variants.Where(variant => variant != reference))
            {
                cancel.ThrowIfCancellationRequested();
                comparisons.Add(One(null, variant, reference, scores => scores.Totals, scores => scores.Maximum));
                foreach (var block in reference.Items.Select(item => item.Block).Distinct())
                    comparisons.Add(
                        One(
                            block,
                            variant,
                            reference,
                            scores => scores.BlockTotals(block),
                            scores => scores.Items.Where(item => item.Block == block).Sum(item => item.Maximum)
                        )
                    );
            }
        }
        return (
            new(Overall(comparisons), Detail(comparisons), Assignment(variants), comparisons),
            comparisons.Where(each => each is { Block: not null, Verdict: not null }).SelectMany(Tables).ToList()
        );
    }

    private static VariantComparison One(
        string? block,
        VariantScores variant,
        VariantScores reference,
        Func<VariantScores, int[]> totals,
        Func<VariantScores, int> maximum
    )
    {
        var (most, mostOfReference) = (maximum(variant), maximum(reference));
        if (most != mostOfReference || most < 1)
            return Undefined(
                block,
                variant,
                reference,
                most,
                Psychometrics.Undefined.NoCommonUnits,
                $"Вариант {variant.Variant} и первый вариант стоят разного числа баллов: {most} и {mostOfReference}."
            );
        var (x, y) = (ScoreDistribution.Of(totals(variant), most), ScoreDistribution.Of(totals(reference), most));
        var compared = Comparability.Compare(x, y);
        if (compared.Reason is { } reason)
            return Undefined(
                block,
                variant,
                reference,
                most,
                reason,
                $"{Name(block, variant.Variant)}: сравнить с первым вариантом нельзя — {CalibrationWords.Why(reason)}."
            );
        var report = compared.Value;
        var shift = new EquatingMethod.Mean().Equate(x, y).Value;
        var linear = new EquatingMethod.Linear().Equate(x, y);
        return new(
            Block: block,
            Variant: variant.Variant,
            Reference: Reference,
            Maximum: most,
            Persons: variant.Persons.Count,
            ReferencePersons: reference.Persons.Count,
            MeanDifference: Figure.Of(report.MeanDifference),
            MeanError: Figure.Of(report.MeanError),
            DistributionProbability: Figure.Of(report.DistributionP),
            IdentityError: Figure.Of(report.IdentityError),
            EquatedError: Figure.Of(report.EquatedError),
            PowerToSee: Figure.Of(report.PowerToSee),
            Verdict: report.Verdict,
            Detail: Words(block, variant.Variant, report),
            Scores: report
                .Scores.Select(score => new EquatedScore(
                    score.Score,
                    Rounded(shift[score.Score]),
                    linear.IsDefined ? Rounded(linear.Value[score.Score]) : null,
                    Rounded(score.Equivalent),
                    Rounded(score.StandardError)
                ))
                .ToList()
        );
    }

    private static VariantComparison Undefined(
        string? block,
        VariantScores variant,
        VariantScores reference,
        int maximum,
        Undefined reason,
        string detail
    )
    {
        var none = Figure.None(reason);
        return new(
            Block: block,
            Variant: variant.Variant,
            Reference: Reference,
            Maximum: maximum,
            Persons: variant.Persons.Count,
            ReferencePersons: reference.Persons.Count,
            MeanDifference: none,
            MeanError: none,
            DistributionProbability: none,
            IdentityError: none,
            EquatedError: none,
            PowerToSee: none,
            Verdict: null,
            Detail: detail,
            Scores: []
        );
    }

    private static IEnumerable<EquatingTable> Tables(VariantComparison comparison)
    {
        EquatingTable Table(EquatingRule rule, Func<EquatedScore, double> equivalent) =>
            new(comparison.Variant, comparison.Block!, rule, comparison.Verdict!.Value, comparison.Scores.Select(equivalent).ToList());
        yield return Table(EquatingRule.Mean, score => score.Mean);
        if (comparison.Scores.All(score => score.Linear is not null))
            yield return Table(EquatingRule.Linear, score => score.Linear!.Value);
        yield return Table(EquatingRule.Equipercentile, score => score.Equipercentile);
    }

    /// <summary>
    /// The worst verdict among the comparisons of whole variants; null unless every whole variant could be compared.
    /// </summary>
    private static ParallelVerdict? Overall(List<VariantComparison> comparisons) =>
        comparisons.Where(each => each.Block is null).ToList() is { Count: > 0 } whole && whole.TrueForAll(each => each.Verdict is not null)
            ? whole.Max(each => each.Verdict)
            : null;

    private static string Detail(List<VariantComparison> comparisons) =>
        comparisons.Where(each => each.Block is null).ToList() switch
        {
            [] => "Сравнивать нечего: нужны участники первого варианта и хотя бы одного другого.",
            var whole => string.Join(" ", whole.Select(each => each.Detail)),
        };

    private static string Words(string? block, int variant, ComparabilityReport report)
    {
        var side = report.MeanDifference > 0 ? "труднее" : "легче";
        var size =
            $"средний балл отличается на {CalibrationWords.Number(Math.Abs(report.MeanDifference))} ± "
            + $"{CalibrationWords.Number(report.MeanError)} (вариант {side} первого)";
        return $"{Name(block, variant)}: "
            + report.Verdict switch
            {
                ParallelVerdict.Parallel =>
                    "можно считать параллельным первому: различий сверх случайных нет, а заметное различие было бы видно.",
                ParallelVerdict.KeepScores when report.PowerToSee > 0.5 && report.DistributionP >= 0.05 =>
                    "различие не доказано, но участников мало: при таком их числе видна лишь разница от "
                        + $"{CalibrationWords.Number(report.PowerToSee)} балла. Баллы остаются как есть.",
                ParallelVerdict.KeepScores => $"{size}, но выравнивание внесло бы не меньшую ошибку, чем сняло. Баллы остаются как есть.",
                ParallelVerdict.Equate => $"{size}; это больше случайного, баллы стоит выравнивать.",
                _ => throw new ArgumentOutOfRangeException(nameof(report), report.Verdict, null),
            };
    }

    private static string Name(string? block, int variant) => block is null ? $"Вариант {variant}" : $"Вариант {variant}, блок {block}";

    private static Figure Assignment(IReadOnlyList<VariantScores> variants)
    {
        var sites = variants
            .SelectMany(variant => variant.Persons)
            .Select(person => person.Site)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (variants.Count == 0)
            return Figure.None(Psychometrics.Undefined.TooFewPersons);
        if (sites.Count == 1 || variants.Count == 1)
            return Figure.None(Psychometrics.Undefined.NoCommonUnits) with
            {
                Why = "одна площадка или один вариант: сравнивать раздачу не с чем",
            };
        var counts = new int[sites.Count, variants.Count];
        for (var column = 0; column < variants.Count; column++)
            foreach (var person in variants[column].Persons)
                counts[sites.IndexOf(person.Site), column]++;
        return Figure.Of(Comparability.Assignment(counts), test => test.P);
    }

    private static double Rounded(double value) => Math.Round(value, 6);
}
