namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Turns parameters and their covariance into items on the scale of the model.</summary>
internal static class MarginalReport
{
    public static MarginalFit Of(
        MarginalData data,
        MarginalLayout layout,
        MarginalMaximizer.Point maximum,
        double[]? covariance,
        int evaluations,
        int freeParameters
    )
    {
        var parameters = maximum.Parameters;
        var items = Array.ConvertAll(data.Usable.Refused, reason => reason is { } why ? Estimate<MarginalItem>.None(why) : default);
        for (var item = 0; item < layout.Items; item++)
        {
            var slope = layout.HasCommonSlope ? 1 : parameters[item];
            items[data.Usable.Columns[item]] = Estimate<MarginalItem>.Of(
                new(
                    new(slope, layout.Intercepts(parameters, item)),
                    covariance is null ? null : Errors(layout, item, slope, parameters, covariance)
                )
            );
        }
        // Only σ² matters, so the sign of σ is arbitrary.
        var (variance, varianceError) = layout is { HasCommonSlope: true, Slopes: 1 }
            ? (
                parameters[0] * parameters[0],
                covariance is null || parameters[0] == 0 ? (double?)null : 2 * Math.Abs(parameters[0]) * Math.Sqrt(covariance[0])
            )
            : (1, null);
        return new(
            Items: items,
            Variance: variance,
            VarianceError: varianceError,
            LogLikelihood: maximum.EStep.LogLikelihood,
            Parameters: freeParameters,
            Persons: data.Persons,
            Nodes: maximum.EStep.Tables.Quadrature.Count,
            Evaluations: evaluations,
            LargestGradient: maximum.Gradient.Max(Math.Abs)
        )
        {
            Covariance = covariance is null ? null : new(covariance, layout, data.Usable.Columns),
        };
    }

    private static ItemErrors Errors(MarginalLayout layout, int item, double slope, double[] parameters, double[] covariance)
    {
        double Covariance(int left, int right) => covariance[left * layout.Size + right];
        var intercepts = Enumerable.Range(1, layout.Steps(item)).Select(score => layout.Intercept(item, score)).ToArray();
        int? free = layout.HasCommonSlope ? null : layout.SlopeOf(item);
        var steps = new double[intercepts.Length];
        for (var step = 0; step < steps.Length; step++)
        {
            // b = −(d_k − d_k−1)/a, so its derivatives with respect to d_k, d_k−1 and a are −1/a, 1/a and −b/a.
            var difference = parameters[intercepts[step]] - (step == 0 ? 0 : parameters[intercepts[step - 1]]);
            List<(int Place, double Weight)> terms = [(intercepts[step], -1 / slope)];
            if (step > 0)
                terms.Add((intercepts[step - 1], 1 / slope));
            if (free is { } place)
                terms.Add((place, difference / slope / slope));
            steps[step] = Math.Sqrt(
                Math.Max(0, terms.Sum(left => terms.Sum(right => left.Weight * right.Weight * Covariance(left.Place, right.Place))))
            );
        }
        return new(
            free is { } at ? Math.Sqrt(Covariance(at, at)) : 0,
            Array.ConvertAll(intercepts, place => Math.Sqrt(Covariance(place, place))),
            steps
        );
    }
}
