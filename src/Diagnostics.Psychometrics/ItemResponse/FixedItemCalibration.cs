namespace Diagnostics.Psychometrics.ItemResponse;

/// <param name="Model"><see cref="MarginalModel.PartialCredit"/>: every slope is 1, including those of the known items.
/// <see cref="MarginalModel.GeneralizedPartialCredit"/>: each new item has a slope of its own.</param>
public sealed record FixedItemOptions(MarginalModel Model = MarginalModel.GeneralizedPartialCredit, int MostIterations = 500);

/// <summary>New items on the scale of known ones.</summary>
/// <param name="Items">One for each column. Known items keep their parameters and have no errors; the errors of new
/// items take the known parameters as exact.</param>
/// <param name="Abilities">Distribution of abilities in this group, on the scale of the known items.</param>
/// <param name="MeanError">Standard error of the mean ability.</param>
/// <param name="DeviationError">Standard error of the deviation of abilities.</param>
/// <param name="LogLikelihood">Marginal log-likelihood.</param>
/// <param name="Parameters">Number of free parameters, including the mean and the deviation.</param>
/// <param name="Persons">Persons with at least one answer.</param>
public sealed record FixedItemFit(
    IReadOnlyList<Estimate<MarginalItem>> Items,
    AbilityDistribution Abilities,
    double MeanError,
    double DeviationError,
    double LogLikelihood,
    int Parameters,
    int Persons
)
{
    /// <summary>One curve for each item; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves => [.. Items.Select(item => item.IsDefined ? item.Value.Parameters : null)];

    /// <summary>For each column, the standard error of a new item's location; 0 for a known item.</summary>
    internal double[] LocationErrors { get; init; } = [];
}

/// <summary>
/// Calibrates new items on the scale of known ones: the known items are held at their parameters, and the mean and the
/// deviation of abilities are estimated together with the new items.
/// </summary>
/// <remarks>
/// Kim, S. (2006), A comparative study of IRT fixed parameter calibration methods, Journal of Educational Measurement,
/// 43, 355–381: the maximum that its method MWU-MEM approaches, with a normal distribution of abilities. Here that
/// maximum is reached by Newton steps: with θ = μ + σz a known item has the slope a·σ and the intercepts d_k + k·a·μ in
/// z, linear in μ and σ. The service does not use this class yet. It is meant for the form report of a campaign that
/// mixes new items with items of an earlier one.
/// </remarks>
public static class FixedItemCalibration
{
    /// <param name="known">For each column, the parameters of a known item; null for a new item.</param>
    /// <param name="cancel">Checked before every pass over the persons.</param>
    /// <returns>Undefined: <see cref="Undefined.NotLinked"/> when no known item has an answer,
    /// <see cref="Undefined.NoVariance"/> when persons do not differ, <see cref="Undefined.NotConverged"/>,
    /// <see cref="Undefined.Singular"/> (the information has no inverse).
    /// </returns>
    /// <exception cref="ArgumentException">The number of columns differs, the model is neither of the two partial
    /// credit models, or a known item has a slope other than 1 under partial credit.</exception>
    /// <exception cref="BadDataException">A score is above the maximum of a known item, or a parameter is not
    /// finite.</exception>
    public static Estimate<FixedItemFit> Fit(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> known,
        FixedItemOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new();
        if (options.Model is not (MarginalModel.PartialCredit or MarginalModel.GeneralizedPartialCredit))
            throw new ArgumentException("The model is partial credit or generalized partial credit.", nameof(options));
        // Called only because the constructor checks scores and parameters.
        _ = new Responses(scores, known);
        var commonSlope = options.Model == MarginalModel.PartialCredit;
        if (commonSlope && known.Any(item => item is not null && Math.Abs(item.Slope - 1) > 1e-9))
            throw new ArgumentException("Under partial credit a known item has the slope 1.", nameof(known));
        var data = MarginalData.Of(scores, commonSlope, [.. known.Select(item => item?.MaximumScore)]);
        var anchors = Array.ConvertAll(data.Usable.Columns, column => known[column]);
        if (Array.TrueForAll(anchors, item => item is null || item.Slope == 0))
            return Estimate<FixedItemFit>.None(Undefined.NotLinked);
        var layout = new MarginalLayout(options.Model, data.Usable);
        var likelihood = new MarginalLikelihood(data, layout);
        var maximizer = new MarginalMaximizer(likelihood, layout, null, cancel);
        var (map, start) = Map(layout, anchors, data.Usable);
        var climb = new ConstrainedMaximizer(maximizer, new(data, layout, likelihood), layout, map);
        return climb
            .Maximize(start, new(options.Model, MostIterations: options.MostIterations))
            .Then(found =>
                Math.Abs(found.Free[0]) < 1e-3
                    ? Estimate<FixedItemFit>.None(Undefined.NoVariance)
                    : Estimate<FixedItemFit>.Of(Report(data, layout, known, anchors, map, found))
            );
    }

    /// <summary>The free parameters: σ, μ, then the slopes and intercepts of the new items in z.</summary>
    private static (LinearMap Map, double[] Start) Map(MarginalLayout layout, ItemParameters?[] anchors, UsableItems usable)
    {
        var (constants, rows) = (new double[layout.Size], new (int, double)[layout.Size][]);
        var (start, inLayout) = (new List<double> { 1, 0 }, layout.StartOf(usable, item => anchors[item] is null));
        if (layout.HasCommonSlope)
            rows[0] = [(0, 1)];
        for (var item = 0; item < anchors.Length; item++)
        {
            if (anchors[item] is { } anchor)
            {
                if (!layout.HasCommonSlope)
                    rows[item] = [(0, anchor.Slope)];
                for (var score = 1; score <= layout.Steps(item); score++)
                {
                    constants[layout.Intercept(item, score)] = anchor.Intercepts[score - 1];
                    rows[layout.Intercept(item, score)] = [(1, score * anchor.Slope)];
                }
                continue;
            }
            if (!layout.HasCommonSlope)
            {
                rows[item] = [(start.Count, 1)];
                start.Add(1);
            }
            for (var score = 1; score <= layout.Steps(item); score++)
            {
                rows[layout.Intercept(item, score)] = [(start.Count, 1)];
                start.Add(inLayout[layout.Intercept(item, score)]);
            }
        }
        return (new(start.Count, constants, rows), [.. start]);
    }

    private static FixedItemFit Report(
        MarginalData data,
        MarginalLayout layout,
        IReadOnlyList<ItemParameters?> known,
        ItemParameters?[] anchors,
        LinearMap map,
        ConstrainedMaximizer.Found found
    )
    {
        var (sigma, mean, covariance) = (found.Free[0], found.Free[1], found.Covariance!);
        var items = Array.ConvertAll(data.Usable.Refused, reason => reason is { } why ? Estimate<MarginalItem>.None(why) : default);
        var locations = new double[items.Length];
        var next = 2;
        for (var item = 0; item < anchors.Length; item++)
        {
            var column = data.Usable.Columns[item];
            if (anchors[item] is { } anchor)
            {
                items[column] = Estimate<MarginalItem>.Of(new(anchor, null));
                continue;
            }
            // With α and δ in z: a = α/σ, d_k = δ_k − k·a·μ, b_k = μ − σ(δ_k − δ_k−1)/α.
            var (slopeAt, first) = layout.HasCommonSlope ? (0, next) : (next, next + 1);
            var steps = layout.Steps(item);
            next = first + steps;
            var alpha = found.Free[slopeAt];
            var slope = alpha / sigma;
            var (intercepts, ofIntercepts, ofSteps) = (new double[steps], new double[steps], new double[steps]);
            var ofLocation = new double[map.Free];
            for (var score = 1; score <= steps; score++)
            {
                var (at, delta) = (first + score - 1, found.Free[first + score - 1]);
                var before = score == 1 ? 0 : found.Free[at - 1];
                intercepts[score - 1] = delta - score * slope * mean;
                var ofIntercept = new double[map.Free];
                var ofStep = new double[map.Free];
                ofIntercept[at] = 1;
                ofIntercept[1] = -score * slope;
                ofStep[at] = -sigma / alpha;
                if (score > 1)
                    ofStep[at - 1] = sigma / alpha;
                ofStep[1] = 1;
                // With a common slope, a = 1, and the item's parameters do not depend on σ.
                if (!layout.HasCommonSlope)
                {
                    ofIntercept[slopeAt] = -score * mean / sigma;
                    ofIntercept[0] = score * mean * slope / sigma;
                    ofStep[slopeAt] = sigma * (delta - before) / alpha / alpha;
                    ofStep[0] = -(delta - before) / alpha;
                }
                ofIntercepts[score - 1] = Error(ofIntercept);
                ofSteps[score - 1] = Error(ofStep);
                SpanMath.AddScaled(ofLocation, 1d / steps, ofStep);
            }
            var ofSlope = new double[map.Free];
            if (!layout.HasCommonSlope)
                (ofSlope[slopeAt], ofSlope[0]) = (1 / sigma, -slope / sigma);
            items[column] = Estimate<MarginalItem>.Of(new(new(slope, intercepts), new(Error(ofSlope), ofIntercepts, ofSteps)));
            locations[column] = Error(ofLocation);
        }
        return new(
            items,
            new(mean, Math.Abs(sigma)),
            Math.Sqrt(covariance[map.Free + 1]),
            Math.Sqrt(covariance[0]),
            found.Point.EStep.LogLikelihood,
            map.Free,
            data.Persons
        )
        {
            LocationErrors = locations,
        };

        double Error(double[] gradient)
        {
            var variance = 0d;
            for (var row = 0; row < map.Free; row++)
                variance += gradient[row] * SpanMath.Dot(covariance.AsSpan(row * map.Free, map.Free), gradient);
            return Math.Sqrt(Math.Max(0, variance));
        }
    }
}
