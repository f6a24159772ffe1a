using Diagnostics.Psychometrics.Association;
using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.StandardSetting;

/// <summary>Reasons to look at a judge's work before the cut is adopted. A flag is not an accusation.</summary>
[Flags]
public enum JudgeFlags
{
    None = 0,

    /// <summary>
    /// The judge's cut is an outlier in the panel: the absolute value of its modified z-score is above 3.5; Iglewicz
    /// and Hoaglin (1993), ASQC vol. 16, p. 11.
    /// </summary>
    CutFarFromPanel = 1,

    /// <summary>
    /// The judge's order of the items is unrelated to the order of the other judges, or opposite to it: a correlation
    /// of 0 or less.
    /// </summary>
    OrdersItemsUnlikeOthers = 2,

    /// <summary>
    /// The judge gave every item the same share of its points, and so did not distinguish between the items.
    /// </summary>
    SameShareEverywhere = 4,
}

/// <summary>One judge of the panel.</summary>
/// <param name="Cut">The judge's cut: the sum of the ratings over the items, in points.</param>
/// <param name="WithOthers">Correlation over items between this judge's ratings and the others' mean ratings, both as
/// shares of the items' maxima; undefined without variance or with fewer than three items.</param>
/// <param name="ModifiedZ">0.6745 · (cut − median)/MAD; undefined when half of the panel has exactly the same
/// cut.</param>
/// <param name="PanelWithout">The panel's cut without this judge, in points; undefined for a panel of one.</param>
public sealed record AngoffJudge(
    int Judge,
    double Cut,
    Estimate<double> WithOthers,
    Estimate<double> ModifiedZ,
    Estimate<double> PanelWithout,
    JudgeFlags Flags
);

/// <summary>One item as the panel judged it.</summary>
/// <param name="Mean">Points that a borderline person is expected to get, averaged over judges.</param>
/// <param name="Deviation">Standard deviation between judges; undefined for a panel of one.</param>
public sealed record AngoffItem(int Item, double Mean, Estimate<double> Deviation, double Lowest, double Highest);

/// <summary>
/// A cut score from a panel's judgements. For each item a judge states the points that a person exactly on the border
/// of the level would get.
/// </summary>
/// <param name="Cut">Mean of the judges' cuts, in points.</param>
/// <param name="Median">Median of the judges' cuts. When it is far from the mean, a few judges pull the mean
/// away.</param>
/// <param name="Deviation">Standard deviation of the judges' cuts.</param>
/// <param name="ErrorOverJudges">Standard error if other judges rated the same items: deviation/√judges.</param>
/// <param name="ErrorOverJudgesAndItems">Standard error if other judges rated other items of the same kind.</param>
/// <param name="Interval">Interval for the cut, from the deviation between judges, by Student's t.</param>
/// <param name="SingleJudge">ICC(2,1) of the judges over the items: the reliability of one judge's ratings.</param>
/// <param name="Panel">ICC(2,k): the reliability of the panel's mean ratings. A low value need not mean disagreement:
/// it also occurs when the items are equally hard.</param>
/// <remarks>
/// Angoff (1971) in Thorndike, Educational Measurement, pp. 514–515; the yes/no form: Impara and Plake (1997), J. Educ.
/// Meas. 34, 353–366. Errors: Brennan and Lockwood (1980), Appl. Psychol. Meas. 4, 219–240, for judges crossed with
/// items; negative estimates of a variance count as 0.
/// </remarks>
public sealed record Angoff(
    double Cut,
    double Median,
    double Maximum,
    Estimate<double> Deviation,
    Estimate<double> ErrorOverJudges,
    Estimate<double> ErrorOverJudgesAndItems,
    Estimate<Interval> Interval,
    Estimate<Icc> SingleJudge,
    Estimate<Icc> Panel,
    IReadOnlyList<AngoffJudge> Judges,
    IReadOnlyList<AngoffItem> Items
)
{
    /// <param name="ratings">Judges × items: expected points of a borderline person, from 0 to the item's
    /// maximum.</param>
    /// <param name="maxima">Points of each item, above 0; null = 1 each, so that a rating is a probability.</param>
    /// <param name="level">Level of the interval, in (0, 1).</param>
    /// <returns>Undefined without judges or items.</returns>
    /// <exception cref="BadDataException">A rating is outside the item's range; row = judge, column = item.</exception>
    public static Estimate<Angoff> Of(double[,] ratings, IReadOnlyList<double>? maxima = null, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        var (judges, items) = (ratings.GetLength(0), ratings.GetLength(1));
        maxima ??= [.. Enumerable.Repeat(1.0, items)];
        if (maxima.Count != items)
            throw new BadDataException($"There are {items} items and {maxima.Count} maxima.", null, null);
        for (var item = 0; item < items; item++)
        {
            if (!(maxima[item] > 0) || !double.IsFinite(maxima[item]))
                throw new BadDataException($"The maximum of item {item} is not positive.", null, item);
            for (var judge = 0; judge < judges; judge++)
                if (!(ratings[judge, item] >= 0 && ratings[judge, item] <= maxima[item]))
                    throw new BadDataException($"Judge {judge} rates item {item} outside 0…{maxima[item]:R}.", judge, item);
        }
        if (judges == 0)
            return Estimate<Angoff>.None(Undefined.TooFewRaters);
        if (items == 0)
            return Estimate<Angoff>.None(Undefined.TooFewItems);
        var cuts = Enumerable.Range(0, judges).Select(judge => Enumerable.Range(0, items).Sum(item => ratings[judge, item])).ToArray();
        var (cut, median) = (cuts.Average(), MedianOf(cuts));
        var several = judges > 1;
        var deviation = several ? Math.Sqrt(cuts.Sum(own => (own - cut) * (own - cut)) / (judges - 1)) : 0;
        var error = deviation / Math.Sqrt(judges);
        var table = IntraclassCorrelation.Of(Transposed(ratings), level);
        return Estimate<Angoff>.Of(
            new Angoff(
                Cut: cut,
                Median: median,
                Maximum: maxima.Sum(),
                Deviation: several ? Estimate<double>.Of(deviation) : Estimate<double>.None(Undefined.TooFewRaters),
                ErrorOverJudges: several ? Estimate<double>.Of(error) : Estimate<double>.None(Undefined.TooFewRaters),
                ErrorOverJudgesAndItems: table.IsDefined
                    ? Estimate<double>.Of(OverJudgesAndItems(table.Value.MeanSquares, judges, items))
                    : Estimate<double>.None(table.Reason!.Value),
                Interval: several
                    ? Tails.Student(level, judges - 1).Then(t => Around(cut, t * error))
                    : Estimate<Interval>.None(Undefined.TooFewRaters),
                SingleJudge: table.IsDefined ? table.Value[IccForm.AgreementSingle] : Estimate<Icc>.None(table.Reason!.Value),
                Panel: table.IsDefined ? table.Value[IccForm.AgreementMean] : Estimate<Icc>.None(table.Reason!.Value),
                Judges: [.. Enumerable.Range(0, judges).Select(judge => Judge(judge, ratings, maxima, cuts, median))],
                Items: [.. Enumerable.Range(0, items).Select(item => Item(item, ratings))]
            )
        );
    }

    /// <summary>The yes/no form: would a borderline person solve the item?</summary>
    /// <param name="verdicts">Judges × items, 1 = yes, 0 = no.</param>
    /// <param name="points">Points of each item, all of which count for a yes; null = 1 each.</param>
    /// <exception cref="BadDataException">A verdict is neither 0 nor 1; row = judge, column = item.</exception>
    public static Estimate<Angoff> OfYesNo(int[,] verdicts, IReadOnlyList<double>? points = null, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        if (points is not null && points.Count != verdicts.GetLength(1))
            throw new BadDataException($"There are {verdicts.GetLength(1)} items and {points.Count} maxima.", null, null);
        var ratings = new double[verdicts.GetLength(0), verdicts.GetLength(1)];
        for (var judge = 0; judge < verdicts.GetLength(0); judge++)
        for (var item = 0; item < verdicts.GetLength(1); item++)
            ratings[judge, item] = verdicts[judge, item] is 0 or 1
                ? verdicts[judge, item] * (points?[item] ?? 1)
                : throw new BadDataException($"Judge {judge} says {verdicts[judge, item]} of item {item}; it is 1 or 0.", judge, item);
        return Of(ratings, points, level);
    }

    private static Interval Around(double centre, double half) => new(centre - half, centre + half);

    /// <summary>
    /// Standard error of the cut if other judges rated other items of the same kind: the number of items times the
    /// standard error of the mean rating.
    /// </summary>
    private static double OverJudgesAndItems((double Between, double Within, double Raters, double Error) squares, int judges, int items)
    {
        var ofItems = Math.Max(0, (squares.Between - squares.Error) / judges);
        var ofJudges = Math.Max(0, (squares.Raters - squares.Error) / items);
        return items * Math.Sqrt(ofJudges / judges + ofItems / items + squares.Error / ((double)judges * items));
    }

    private static AngoffJudge Judge(int judge, double[,] ratings, IReadOnlyList<double> maxima, double[] cuts, double median)
    {
        var (judges, items) = (cuts.Length, maxima.Count);
        double[] own = [.. maxima.Select((maximum, item) => ratings[judge, item] / maximum)];
        double[] others =
        [
            .. maxima.Select(
                (maximum, item) => Enumerable.Range(0, judges).Where(other => other != judge).Sum(other => ratings[other, item]) / maximum
            ),
        ];
        var withOthers = Correlation.Of(own, others);
        var spread = MedianOf([.. cuts.Select(cut => Math.Abs(cut - median))]);
        // Sums of equal decimals may differ by rounding, and that difference must not count as spread.
        var z =
            spread > 1e-9 * maxima.Sum()
                ? Estimate<double>.Of(0.6745 * (cuts[judge] - median) / spread)
                : Estimate<double>.None(Undefined.NoVariance);
        var flags =
            (z.IsDefined && Math.Abs(z.Value) > 3.5 ? JudgeFlags.CutFarFromPanel : JudgeFlags.None)
            | (withOthers.IsDefined && withOthers.Value <= 0 ? JudgeFlags.OrdersItemsUnlikeOthers : JudgeFlags.None)
            | (items > 1 && own.All(share => share == own[0]) ? JudgeFlags.SameShareEverywhere : JudgeFlags.None);
        return new AngoffJudge(
            judge,
            cuts[judge],
            withOthers,
            z,
            judges > 1 ? Estimate<double>.Of((cuts.Sum() - cuts[judge]) / (judges - 1)) : Estimate<double>.None(Undefined.TooFewRaters),
            flags
        );
    }

    private static AngoffItem Item(int item, double[,] ratings)
    {
        double[] own = [.. Enumerable.Range(0, ratings.GetLength(0)).Select(judge => ratings[judge, item])];
        var mean = own.Average();
        return new AngoffItem(
            item,
            mean,
            own.Length > 1
                ? Estimate<double>.Of(Math.Sqrt(own.Sum(rating => (rating - mean) * (rating - mean)) / (own.Length - 1)))
                : Estimate<double>.None(Undefined.TooFewRaters),
            own.Min(),
            own.Max()
        );
    }

    private static double[,] Transposed(double[,] ratings)
    {
        var turned = new double[ratings.GetLength(1), ratings.GetLength(0)];
        for (var judge = 0; judge < ratings.GetLength(0); judge++)
        for (var item = 0; item < ratings.GetLength(1); item++)
            turned[item, judge] = ratings[judge, item];
        return turned;
    }

    private static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
