namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// Agreement of two raters beyond chance: 1 = complete agreement, 0 = as much agreement as chance would give.
/// </summary>
/// <param name="Observed">Weighted share of agreement.</param>
/// <param name="Expected">Weighted share of agreement that chance alone would give if each rater's totals stayed the
/// same.</param>
/// <param name="StandardError">Standard error for intervals. Undefined at complete agreement and at complete
/// disagreement, where the large-sample formula gives 0 and shows nothing about precision. Also undefined when a rater
/// used only one category, because kappa is then 0 whatever the other rater did. </param>
/// <param name="NullStandardError">Standard error under the hypothesis that kappa is 0, for the test only; undefined
/// where the raters' totals make it 0.</param>
/// <remarks>
/// Cohen (1960), Educ. Psychol. Meas. 20, 37–46; weights: Cohen (1968), Psychol. Bull. 70, 213–220. Standard errors:
/// Fleiss, Cohen and Everitt (1969), Psychol. Bull. 72, 323–327, as in vcd::Kappa; psych 2.2.9 prints a different
/// variance for weighted kappa, which is not credible.
/// </remarks>
public sealed record Kappa(
    double Value,
    double Observed,
    double Expected,
    Estimate<double> StandardError,
    Estimate<double> NullStandardError,
    int Units
)
{
    /// <summary>The interval value ± z · standard error, limited to the range from −1 to 1.</summary>
    public Estimate<Interval> Interval(double level = 0.95)
    {
        var z = Tails.Normal(level);
        return StandardError.IsDefined
            ? Estimate<Interval>.Of(
                new Interval(Math.Max(-1, Value - z * StandardError.Value), Math.Min(1, Value + z * StandardError.Value))
            )
            : Estimate<Interval>.None(StandardError.Reason!.Value);
    }

    /// <summary>Kappa divided by its standard error under the hypothesis that it is 0.</summary>
    public Estimate<double> Z => NullStandardError.IsDefined ? Estimate<double>.Of(Value / NullStandardError.Value) : NullStandardError;

    internal static Estimate<Kappa> Of(AgreementTable table, KappaWeights weighting)
    {
        if (table.Total == 0)
            return Estimate<Kappa>.None(Undefined.NoCommonUnits);
        var size = table.Categories;
        var (inRow, inColumn) = (new int[size], new int[size]);
        var agreeing = 0;
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            inRow[row] += table[row, column];
            inColumn[column] += table[row, column];
            if (row == column)
                agreeing += table[row, column];
        }
        var oneCategory = inRow.Contains(table.Total) || inColumn.Contains(table.Total);
        var disagreeing = agreeing < table.Total;
        if (oneCategory && !disagreeing)
            return Estimate<Kappa>.None(Undefined.NoVariance);
        var (rows, columns) = (
            Array.ConvertAll(inRow, count => (double)count / table.Total),
            Array.ConvertAll(inColumn, count => (double)count / table.Total)
        );
        // For each category, its mean weight when the other rater's categories are weighted by their shares.
        var (ofRow, ofColumn) = (new double[size], new double[size]);
        var (observed, expected) = (0.0, 0.0);
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            var weight = Weight(weighting, row, column, size);
            ofRow[row] += weight * columns[column];
            ofColumn[column] += weight * rows[row];
            observed += weight * table[row, column] / table.Total;
            expected += weight * rows[row] * columns[column];
        }
        var value =
            !disagreeing ? 1
            : oneCategory ? 0
            : (observed - expected) / (1 - expected);
        var (spread, underNull) = (0.0, 0.0);
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            var weight = Weight(weighting, row, column, size);
            var means = ofRow[row] + ofColumn[column];
            var term = weight - means * (1 - value);
            spread += (double)table[row, column] / table.Total * term * term;
            underNull += rows[row] * columns[column] * (weight - means) * (weight - means);
        }
        var centre = value - expected * (1 - value);
        var scale = (1 - expected) * (1 - expected) * table.Total;
        return Estimate<Kappa>.Of(
            new Kappa(
                value,
                observed,
                expected,
                oneCategory ? Estimate<double>.None(Undefined.NoVariance)
                    : !disagreeing ? Estimate<double>.None(Undefined.PerfectAgreement)
                    : Error(spread, centre),
                oneCategory ? Estimate<double>.None(Undefined.NoVariance) : Error(underNull, expected),
                table.Total
            )
        );

        // Rounding errors between equal numbers must not count as variance.
        Estimate<double> Error(double square, double mean) =>
            square - mean * mean > 1e-14 * square && scale > 0
                ? Estimate<double>.Of(Math.Sqrt((square - mean * mean) / scale))
                : Estimate<double>.None(Undefined.NoVariance);
    }

    private static double Weight(KappaWeights weighting, int row, int column, int size)
    {
        var distance = Math.Abs(row - column) / (double)(size - 1);
        return weighting switch
        {
            KappaWeights.None => row == column ? 1 : 0,
            KappaWeights.Linear => 1 - distance,
            KappaWeights.Quadratic => 1 - distance * distance,
            _ => throw new ArgumentOutOfRangeException(nameof(weighting), weighting, "Unknown weights."),
        };
    }
}
