using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>Turns parameters and their covariance into items on the scale of the model.</summary>
internal sealed class BlockReport(BlockLayout layout, UsableItems usable, double[] parameters, double[]? covariance)
{
    public BlockFit Tell(int[] names, BlockSearch search)
    {
        var items = Array.ConvertAll(usable.Refused, reason => reason is { } why ? Estimate<MarginalItem>.None(why) : default);
        for (var item = 0; item < layout.Items; item++)
        {
            var slope = layout.HasFreeSlopes ? parameters[layout.Slope(item)] : 1;
            double[] intercepts = [.. Enumerable.Range(1, layout.Steps(item)).Select(score => parameters[layout.Intercept(item, score)])];
            items[usable.Columns[item]] = Estimate<MarginalItem>.Of(
                new(new(slope, intercepts), covariance is null ? null : Errors(item, slope))
            );
        }
        var count = layout.Count;
        var (matrix, correlations, errors) = (
            new double[count, count],
            new double[count, count],
            covariance is null ? null : new double[count, count]
        );
        for (var row = 0; row < count; row++)
        for (var column = 0; column < count; column++)
        {
            correlations[row, column] = row == column ? 1 : parameters[layout.Correlation(row, column)];
            matrix[row, column] = correlations[row, column] * Deviation(row) * Deviation(column);
            if (errors is not null && row != column)
                errors[row, column] = Error(layout.Correlation(row, column));
        }
        double[]? varianceErrors =
            covariance is null || layout.HasFreeSlopes
                ? null
                : [.. Enumerable.Range(0, count).Select(block => 2 * parameters[block] * Error(block))];
        return new(
            items,
            names,
            Covariance: matrix,
            Correlations: correlations,
            CorrelationErrors: errors,
            VarianceErrors: varianceErrors,
            LogLikelihood: search.LogLikelihood,
            Parameters: layout.Size,
            Persons: (int)Math.Round(search.Persons),
            Evaluations: search.Evaluations,
            LargestChange: search.LargestChange
        );
    }

    private double Deviation(int block) => layout.HasFreeSlopes ? 1 : parameters[block];

    private double Error(int place) => Math.Sqrt(covariance![place * layout.Size + place]);

    private ItemErrors Errors(int item, double slope)
    {
        var intercepts = Enumerable.Range(1, layout.Steps(item)).Select(score => layout.Intercept(item, score)).ToArray();
        var steps = new double[intercepts.Length];
        for (var step = 0; step < steps.Length; step++)
        {
            // b = −(d_k − d_k−1)/a, so its derivatives with respect to d_k, d_k−1 and a are −1/a, 1/a and −b/a.
            var difference = parameters[intercepts[step]] - (step == 0 ? 0 : parameters[intercepts[step - 1]]);
            List<(int Place, double Weight)> terms = [(intercepts[step], -1 / slope)];
            if (step > 0)
                terms.Add((intercepts[step - 1], 1 / slope));
            if (layout.HasFreeSlopes)
                terms.Add((layout.Slope(item), difference / slope / slope));
            steps[step] = Math.Sqrt(
                Math.Max(
                    0,
                    terms.Sum(left => terms.Sum(right => left.Weight * right.Weight * covariance![left.Place * layout.Size + right.Place]))
                )
            );
        }
        return new(layout.HasFreeSlopes ? Error(layout.Slope(item)) : 0, Array.ConvertAll(intercepts, Error), steps);
    }
}
