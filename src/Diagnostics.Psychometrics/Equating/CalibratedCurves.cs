using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Equating;

/// <summary>Curves of one calibration with the covariance of their parameters.</summary>
/// <param name="Curves">One curve for each item.</param>
/// <param name="Covariance">Square, in the order of the parameters: for each curve its slope, then its steps. A known
/// parameter has zeros. Guessing counts as known.</param>
public sealed record CalibratedCurves(IReadOnlyList<ItemCurve> Curves, double[,] Covariance)
{
    /// <param name="columns">The columns of the common items in the calibrated matrix, in the desired order.</param>
    /// <returns>Undefined: <see cref="Undefined.NotConverged"/> when the calibration has no standard errors; otherwise
    /// with the reason why a column was not calibrated.</returns>
    /// <exception cref="BadDataException">An item has a slope of 0 or less.</exception>
    public static Estimate<CalibratedCurves> Of(MarginalFit fit, IReadOnlyList<int> columns)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var column in columns)
            if (fit.Items[column].Reason is { } reason)
                return Estimate<CalibratedCurves>.None(reason);
        if (fit.Covariance is not { } covariance)
            return Estimate<CalibratedCurves>.None(Undefined.NotConverged);
        var layout = covariance.Layout;
        var curves = columns.Select(column => fit.Items[column].Value.Parameters).ToArray();
        var rows = new List<(int Place, double Weight)[]>();
        for (var at = 0; at < curves.Length; at++)
        {
            var (item, slope) = (Array.IndexOf(covariance.Columns, columns[at]), curves[at].Slope);
            int? free = layout.HasCommonSlope ? null : layout.SlopeOf(item);
            rows.Add(free is { } place ? [(place, 1)] : []);
            for (var score = 1; score <= layout.Steps(item); score++)
            {
                // b_k = −(d_k − d_k−1)/a.
                List<(int, double)> row = [(layout.Intercept(item, score), -1 / slope)];
                if (score > 1)
                    row.Add((layout.Intercept(item, score - 1), 1 / slope));
                if (free is { } own)
                    row.Add((own, -curves[at].Steps[score - 1] / slope));
                rows.Add([.. row]);
            }
        }
        var result = new double[rows.Count, rows.Count];
        for (var row = 0; row < rows.Count; row++)
        for (var other = 0; other < rows.Count; other++)
            foreach (var (left, leftWeight) in rows[row])
            foreach (var (right, rightWeight) in rows[other])
                result[row, other] += leftWeight * rightWeight * covariance.Matrix[left * layout.Size + right];
        return Estimate<CalibratedCurves>.Of(new([.. curves.Select(curve => new ItemCurve(curve.Slope, curve.Steps))], result));
    }
}

/// <summary>Standard errors of a <see cref="ScaleLink"/>.</summary>
/// <param name="Covariance">Covariance of multiplier and constant.</param>
public readonly record struct ScaleLinkErrors(double Multiplier, double Constant, double Covariance)
{
    /// <summary>Standard error of a linked ability, Multiplier·θ + Constant, where θ counts as known.</summary>
    public double At(double ability) =>
        Math.Sqrt(Math.Max(0, Multiplier * Multiplier * ability * ability + 2 * Covariance * ability + Constant * Constant));
}

/// <summary>How two calibrations are linked.</summary>
public enum LinkingMethod
{
    MeanMean,
    MeanSigma,
    Haebara,
    StockingLord,
}
