namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// Agreement of more than two raters on unordered categories, with the same number of raters for each unit.
/// </summary>
/// <param name="NullStandardError">Standard error under the hypothesis of no agreement; undefined when everybody used
/// one category.</param>
/// <param name="StandardError">Standard error by the jackknife over units; undefined with fewer than two units or when
/// no unit shows a disagreement.</param>
/// <remarks>
/// Fleiss (1971), Psychol. Bull. 76, 378–382; null standard error: Fleiss, Nee and Landis (1979), Psychol. Bull. 86,
/// 974–977 (irr::kappam.fleiss); jackknife: Fleiss and Davies (1982), Appl. Statist. 31, 14–20.
/// </remarks>
public sealed record FleissKappa(double Value, double NullStandardError, Estimate<double> StandardError, int Units, int Raters)
{
    public double Z => Value / NullStandardError;

    /// <summary>The interval value ± z · jackknife standard error; its upper bound is at most 1.</summary>
    public Estimate<Interval> Interval(double level = 0.95)
    {
        var z = Tails.Normal(level);
        return StandardError.IsDefined
            ? Estimate<Interval>.Of(new Interval(Value - z * StandardError.Value, Math.Min(1, Value + z * StandardError.Value)))
            : Estimate<Interval>.None(StandardError.Reason!.Value);
    }

    /// <param name="counts">Units × categories: the number of raters who put the unit in the category.</param>
    /// <exception cref="BadDataException">A count is negative, or units have different numbers of raters.</exception>
    public static Estimate<FleissKappa> Of(int[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (units, categories) = (counts.GetLength(0), counts.GetLength(1));
        var raters = 0;
        var totals = new double[categories];
        var agreeing = new double[units];
        for (var unit = 0; unit < units; unit++)
        {
            var marks = 0;
            for (var category = 0; category < categories; category++)
            {
                var count = counts[unit, category];
                if (count < 0)
                    throw new BadDataException($"The count of unit {unit} in category {category} is negative.", unit, category);
                marks += count;
                totals[category] += count;
                agreeing[unit] += (double)count * (count - 1);
            }
            if (unit == 0)
                raters = marks;
            if (marks != raters)
                throw new BadDataException(
                    $"Unit {unit} has {marks} raters, unit 0 has {raters}; use Krippendorff's alpha for a varying number.",
                    unit,
                    null
                );
        }
        if (units == 0)
            return Estimate<FleissKappa>.None(Undefined.NoCommonUnits);
        if (raters < 2)
            return Estimate<FleissKappa>.None(Undefined.TooFewRaters);
        var pairs = (double)raters * (raters - 1);
        var (observed, chance) = (agreeing.Sum() / (units * pairs), totals.Sum(total => Square(total / ((double)units * raters))));
        if (totals.Count(total => total > 0) == 1)
            return Estimate<FleissKappa>.None(Undefined.NoVariance);
        var value = (observed - chance) / (1 - chance);
        var (spread, skew) = (0.0, 0.0);
        foreach (var total in totals)
        {
            var share = total / ((double)units * raters);
            spread += share * (1 - share);
            skew += share * (1 - share) * (1 - 2 * share);
        }
        var nullError = Math.Sqrt(2 * (spread * spread - skew) / (units * pairs)) / spread;
        return Estimate<FleissKappa>.Of(new FleissKappa(value, nullError, Jackknife(counts, totals, agreeing, raters), units, raters));
    }

    private static Estimate<double> Jackknife(int[,] counts, double[] totals, double[] agreeing, int raters)
    {
        var units = agreeing.Length;
        if (units < 2)
            return Estimate<double>.None(Undefined.TooFewPersons);
        var pairs = (double)raters * (raters - 1);
        var sum = agreeing.Sum();
        if (sum == units * pairs)
            return Estimate<double>.None(Undefined.PerfectAgreement);
        var without = new double[units];
        for (var unit = 0; unit < units; unit++)
        {
            var chance = 0.0;
            for (var category = 0; category < totals.Length; category++)
                chance += Square((totals[category] - counts[unit, category]) / ((units - 1.0) * raters));
            if (chance >= 1)
                return Estimate<double>.None(Undefined.NoVariance);
            without[unit] = ((sum - agreeing[unit]) / ((units - 1) * pairs) - chance) / (1 - chance);
        }
        var mean = without.Average();
        return Estimate<double>.Of(Math.Sqrt((units - 1.0) / units * without.Sum(value => Square(value - mean))));
    }

    private static double Square(double value) => value * value;
}
