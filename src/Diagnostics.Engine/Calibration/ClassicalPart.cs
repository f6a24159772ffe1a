using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.Classification;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// Statistics that need only the scores, variant by variant. They assume no model, and a handful of people is enough.
/// </summary>
internal static class ClassicalPart
{
    internal static IReadOnlyList<ItemReport> Items(VariantScores variant)
    {
        var analysis = ItemAnalysis.Of(variant.Scores, variant.Maxima);
        var answered = new bool[variant.Persons.Count, variant.Items.Count];
        for (var person = 0; person < variant.Persons.Count; person++)
        for (var item = 0; item < variant.Items.Count; item++)
            answered[person, item] = variant.Persons[person].Answered[item];
        var omissions = Omissions.Of(answered);
        return variant.Items.Select((item, at) => Item(variant, item, at, analysis, omissions)).ToList();
    }

    private static ItemReport Item(
        VariantScores variant,
        CalibrationItem item,
        int at,
        Estimate<ItemAnalysisResult> analysis,
        Estimate<IReadOnlyList<OmissionStatistics>> omissions
    )
    {
        Figure Part(Func<ItemStatistics, Estimate<double>> part) => Figure.Of(analysis, all => part(all.Items[at]));
        var flags = new List<ItemFlag>();
        if (analysis.IsDefined)
            flags.AddRange(Flags.Of(analysis.Value.Items[at]));
        if (omissions.IsDefined)
            flags.AddRange(Flags.Of(omissions.Value[at]));
        var (options, suspects) = Options(variant, item, at);
        flags.AddRange(suspects);
        return new(
            Variant: item.Variant,
            Slot: item.Slot,
            Code: item.Code,
            Version: item.Version,
            Block: item.Block,
            Element: item.Element,
            Type: item.Type,
            Difficulty: item.Difficulty,
            Maximum: item.Maximum,
            Persons: variant.Persons.Count,
            Classical: new(
                Figure.Of(analysis, all => all.Items[at].Mean),
                Part(each => each.StandardDeviation),
                Part(each => each.Difficulty),
                Part(each => each.ItemRest),
                Part(each => each.UpperLower),
                Part(each => each.AlphaIfDeleted),
                Figure.Of(omissions, all => all[at].Omitted),
                Figure.Of(omissions, all => all[at].NotReached)
            ),
            Options: options,
            Model: null,
            Differential: [],
            Flags: flags.Select(flag => FlagWords.Of(flag, item)).ToList()
        );
    }

    /// <summary>
    /// Reports on every option. In a single choice, an option is compared with the other options; in a multiple choice,
    /// people who ticked it are compared with people who did not.
    /// </summary>
    private static (IReadOnlyList<OptionReport> Reports, IReadOnlyList<ItemFlag> Flags) Options(
        VariantScores variant,
        CalibrationItem item,
        int at
    )
    {
        if (item.Options.Count < 2)
            return ([], []);
        var (choices, points) = (variant.Persons.Select(person => person.Choices[at]).ToArray(), variant.Column(at));
        if (item.Type.ChoosesOne())
        {
            var statistics = Distractors.OfItem(at, choices, item.Keys[0], item.Options.Count, points, variant.Totals);
            return statistics.IsDefined
                ? (
                    statistics
                        .Value.Options.Select(option =>
                            Report(option.Option is { } place ? item.Options[place] : null, option.IsKey, option)
                        )
                        .ToList(),
                    Flags.Of(statistics.Value)
                )
                : ([], []);
        }
        var reports = new List<OptionReport>();
        for (var option = 0; option < item.Options.Count; option++)
        {
            var ticked = Array.ConvertAll(choices, choice => choice < 0 ? -1 : choice >> option & 1);
            var statistics = Distractors.OfItem(at, ticked, 1, 2, points, variant.Totals);
            if (statistics.IsDefined)
                reports.Add(Report(item.Options[option], item.Keys.Contains(option), statistics.Value.Options[1]));
        }
        return (reports, []);
    }

    private static OptionReport Report(string? option, bool isKey, OptionStatistics statistics) =>
        new(
            option,
            isKey,
            statistics.Count,
            Math.Round(statistics.Share, 6),
            Figure.Of(statistics.MeanTotal),
            Figure.Of(statistics.PointBiserialRest),
            statistics.Fifths.Select(share => Math.Round(share, 6)).ToList()
        );

    /// <param name="cuts">Level boundaries of the whole result, percent, without the lowest.</param>
    internal static VariantReport Variant(VariantScores variant, IReadOnlyList<decimal> cuts)
    {
        var reliability = Reliability.Of(variant.Scores);
        var omega = Omega.Of(variant.Scores);
        var points = cuts.Select(cut => (double)cut / 100 * variant.Maximum).ToList();
        var levels =
            reliability.IsDefined && reliability.Value.Alpha is { IsDefined: true, Value: > 0 and < 1 } && points.Count > 0
                ? LivingstonLewis.Of(
                    Array.ConvertAll(variant.Totals, total => (double)total),
                    0,
                    variant.Maximum,
                    reliability.Value.Alpha.Value,
                    points
                )
                : Estimate<LivingstonLewis>.None(reliability.Reason ?? reliability.Value.Alpha.Reason ?? Undefined.NoVariance);
        var errors = ConditionalError.CompoundMultinomial(variant.Scores, variant.Maxima);
        return new(
            Variant: variant.Variant,
            Persons: variant.Persons.Count,
            Items: variant.Items.Count,
            Maximum: variant.Maximum,
            Mean: Figure.Of(reliability, all => all.Mean),
            Deviation: Figure.Of(reliability, all => all.StandardDeviation),
            Alpha: Figure.Of(reliability, all => all.Alpha),
            AlphaFrom: Figure.Of(reliability, all => Bound(all.AlphaInterval, interval => interval.Lower)),
            AlphaTo: Figure.Of(reliability, all => Bound(all.AlphaInterval, interval => interval.Upper)),
            Omega: Figure.Of(omega, all => all.Total),
            SplitHalf: Figure.Of(reliability, all => all.SplitHalf),
            StandardError: Figure.Of(reliability, all => all.StandardError),
            Accuracy: Figure.Of(levels, all => all.Quality.Accuracy),
            Consistency: Figure.Of(levels, all => all.Quality.Consistency),
            Kappa: Figure.Of(levels, all => all.Quality.Kappa),
            Boundaries: cuts.Zip(points, (cut, at) => new BoundaryReport(cut, Math.Round(at, 3), Nearest(errors, at))).ToList(),
            Blocks: Blocks(variant),
            Information: []
        );
    }

    private static List<BlockReport> Blocks(VariantScores variant)
    {
        var blocks = variant.Items.Select(item => item.Block).Distinct().ToList();
        var composite = Composite.Of(variant.Scores, variant.Items.Select(item => blocks.IndexOf(item.Block)).ToList());
        return blocks
            .Select(
                (block, at) =>
                {
                    var items = variant.Items.Where(item => item.Block == block).ToList();
                    return new BlockReport(
                        block,
                        items.Count,
                        items.Sum(item => item.Maximum),
                        Figure.Of(composite, all => all.Blocks[at].Mean),
                        Figure.Of(composite, all => all.Blocks[at].StandardDeviation),
                        Figure.Of(composite, all => all.Blocks[at].Alpha),
                        Figure.Of(composite, all => all.Blocks[at].StandardError)
                    );
                }
            )
            .ToList();
    }

    // Takes the error at the score nearest to the boundary, because the boundary need not coincide with any score.
    private static Figure Nearest(Estimate<IReadOnlyList<ErrorAtScore>> errors, double points) =>
        Figure.Of(errors, all => all.MinBy(error => Math.Abs(error.Score - points))!.StandardError);

    private static Estimate<double> Bound(Estimate<Interval> interval, Func<Interval, double> part) =>
        interval.Reason is { } reason ? Estimate<double>.None(reason) : Estimate<double>.Of(part(interval.Value));
}
