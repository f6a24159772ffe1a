namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Marginal maximum likelihood for the Rasch, rating scale, partial credit, 2PL and generalized partial credit models.
/// Dichotomous and polytomous items may be mixed, and items may be missing by design. Abilities are normal, and answers are assumed
/// missing at random given the observed answers. Variants without common items share a scale only because everybody is
/// assumed to come from one population, so assign variants at random or use common items.
/// </summary>
/// <remarks>
/// Bock, R. D. and Aitkin, M. (1981), Psychometrika, 46, 443–459; Muraki, E. (1992), APM 16, 159–176. Priors on slopes:
/// Mislevy, R. J. (1986), Psychometrika, 51, 177–195. Standard errors: exact observed information, Louis (1982).
/// </remarks>
public static class MarginalMaximumLikelihood
{
    /// <summary>The number of nodes in a first climb, which only shows how fine the integration must be.</summary>
    private const int CoarseNodes = 32;

    /// <param name="scores">The scores of every item start at 0. Persons without an answer are left out.</param>
    /// <param name="cancel">Checked before every pass over the persons.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> (no item is usable; with free slopes, fewer than three
    /// are, and two do not identify the slopes), <see cref="Undefined.NotConverged"/> (also where the likelihood has no
    /// finite maximum: the answers form a perfect scale, or the same item occurs twice),
    /// <see cref="Undefined.Singular"/> (the information has no inverse). </returns>
    /// <exception cref="ArgumentException">A prior is given for another model, or an option is out of
    /// range.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled the fit.</exception>
    public static Estimate<MarginalFit> Fit(ScoreMatrix scores, MarginalOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(scores);
        options ??= new();
        Check(options);
        var data = MarginalData.Of(scores, options.Model != MarginalModel.GeneralizedPartialCredit);
        var fewest = options.Model switch
        {
            MarginalModel.GeneralizedPartialCredit => 3,
            MarginalModel.PartialCredit or MarginalModel.RatingScale => 2,
            _ => 1,
        };
        if (data.Usable.Columns.Length < fewest)
            return Estimate<MarginalFit>.None(Undefined.TooFewItems);
        var layout = new MarginalLayout(options.Model, data.Usable);
        var likelihood = new MarginalLikelihood(data, layout);
        var maximizer = new MarginalMaximizer(likelihood, layout, options.Prior, cancel);
        if (options.Model == MarginalModel.RatingScale)
            return RatingScale(data, layout, likelihood, maximizer, options);
        if (Maximize(maximizer, layout, data.Usable, options) is not { } maximum || RunsAway(maximizer, layout, maximum))
            return Estimate<MarginalFit>.None(Undefined.NotConverged);
        var noVariance = WithoutVariance(maximizer, layout, maximum);
        maximum = noVariance ?? maximum;
        double[]? covariance = null;
        if (options.StandardErrors)
        {
            cancel.ThrowIfCancellationRequested();
            var observed = new ObservedInformation(data, layout, likelihood);
            if (Polish(maximizer, observed, layout, maximum, noVariance is not null) is not { } polished)
                return Estimate<MarginalFit>.None(Undefined.Singular);
            (maximum, covariance) = polished;
        }
        return Estimate<MarginalFit>.Of(MarginalReport.Of(data, layout, maximum, covariance, maximizer.Evaluations, layout.Size));
    }

    private static Estimate<MarginalFit> RatingScale(
        MarginalData data,
        MarginalLayout layout,
        MarginalLikelihood likelihood,
        MarginalMaximizer maximizer,
        MarginalOptions options
    )
    {
        var map = LinearMap.RatingScale(layout);
        var climb = new ConstrainedMaximizer(maximizer, new(data, layout, likelihood), layout, map);
        if (!climb.Maximize(map.Start(layout.Start(data.Usable)), options).Is(out var found, out var reason))
            return Estimate<MarginalFit>.None(reason);
        if (WithoutVariance(maximizer, layout, found.Point) is { } noVariance)
        {
            map = map.WithoutFirst();
            climb = new(maximizer, new(data, layout, likelihood), layout, map);
            if (!climb.Maximize(map.Start(noVariance.Parameters), options).Is(out found, out reason))
                return Estimate<MarginalFit>.None(reason);
        }
        if (RunsAway(maximizer, layout, found.Point))
            return Estimate<MarginalFit>.None(Undefined.NotConverged);
        return Estimate<MarginalFit>.Of(
            MarginalReport.Of(
                data,
                layout,
                found.Point,
                found.Covariance is null ? null : map.Spread(found.Covariance),
                maximizer.Evaluations,
                LinearMap.RatingScale(layout).Free
            )
        );
    }

    private static void Check(MarginalOptions options)
    {
        if (options.Prior is { } prior)
        {
            if (options.Model != MarginalModel.GeneralizedPartialCredit)
                throw new ArgumentException("Only free slopes have a prior.", nameof(options));
            if (!double.IsFinite(prior.LogMean) || prior.LogDeviation is not (> 0 and < double.PositiveInfinity))
                throw new ArgumentException("The prior needs a finite mean and a positive deviation.", nameof(options));
        }
        if (options.Nodes is < 8 or > 2000)
            throw new ArgumentException("Between 8 and 2000 nodes.", nameof(options));
        if (options.MostIterations < 1)
            throw new ArgumentException("At least one iteration.", nameof(options));
    }

    private static MarginalMaximizer.Point? Maximize(
        MarginalMaximizer maximizer,
        MarginalLayout layout,
        UsableItems usable,
        MarginalOptions options
    )
    {
        var most = options.MostIterations;
        const double finest = 1e-9;
        var quadrature = new Quadrature(options.Nodes ?? CoarseNodes);
        var point = maximizer.At(quadrature, layout.Start(usable));
        if (options.Nodes is not null)
            return maximizer.Climb(point, finest, most);
        for (var gain = 1d; ; gain = finest)
        {
            if (maximizer.Climb(point, gain, most) is not { } reached)
                return null;
            point = reached;
            var tables = point.EStep.Tables;
            var needed = Quadrature.Needed(tables.MostInformation(), tables.Slopes.Max(Math.Abs));
            if (needed > tables.Quadrature.Count)
                point = maximizer.At(new Quadrature(needed), point.Parameters);
            else if (gain == finest)
                return point;
        }
    }

    /// <summary>
    /// Whether the likelihood stays as high when the steepest items become twice as steep. If so, the likelihood rises
    /// for ever, and the climb ended only because rounding hides any further rise. At a finite maximum with slopes as
    /// steep as these, doubling them would lower the log-likelihood by more than a thousandth.
    /// </summary>
    private static bool RunsAway(MarginalMaximizer maximizer, MarginalLayout layout, MarginalMaximizer.Point maximum)
    {
        const double steep = 4;
        var twice = (double[])maximum.Parameters.Clone();
        var any = false;
        for (var slope = 0; slope < layout.Slopes; slope++)
        {
            if (Math.Abs(twice[slope]) < steep)
                continue;
            any = true;
            twice[slope] *= 2;
            foreach (var item in layout.ItemsOf(slope))
                for (var score = 1; score <= layout.Steps(item); score++)
                    twice[layout.Intercept(item, score)] *= 2;
        }
        if (!any)
            return false;
        var quadrature = new Quadrature(2 * maximum.EStep.Tables.Quadrature.Count);
        return maximizer.At(quadrature, twice).Value >= maximizer.At(quadrature, maximum.Parameters).Value - 1e-4;
    }

    /// <summary>
    /// The point where abilities have no variance, if the likelihood there is as high as at the maximum found. In that
    /// case the maximum lies on the boundary, where σ² has no normal error (Self, S. G. and Liang, K.-Y. (1987), JASA
    /// 82, 605–610). Null when the abilities of persons do differ.
    /// </summary>
    private static MarginalMaximizer.Point? WithoutVariance(
        MarginalMaximizer maximizer,
        MarginalLayout layout,
        MarginalMaximizer.Point maximum
    )
    {
        if (layout is not { HasCommonSlope: true, Slopes: 1 } || Math.Abs(maximum.Parameters[0]) > 0.05)
            return null;
        var without = (double[])maximum.Parameters.Clone();
        without[0] = 0;
        var point = maximizer.At(maximum.EStep.Tables.Quadrature, without);
        return point.Value >= maximum.Value - 1e-6 ? point : null;
    }

    /// <summary>
    /// Takes a Newton step with the exact information and returns its inverse for the standard errors; null when there
    /// is no inverse.
    /// </summary>
    /// <param name="firstFixed">Whether the first parameter, σ, is not changed by the step.</param>
    private static (MarginalMaximizer.Point Point, double[] Covariance)? Polish(
        MarginalMaximizer maximizer,
        ObservedInformation observed,
        MarginalLayout layout,
        MarginalMaximizer.Point maximum,
        bool firstFixed
    )
    {
        var information = observed.At(maximum.EStep);
        maximizer.AddPrior(maximum.Parameters, information);
        if (firstFixed)
        {
            for (var at = 0; at < layout.Size; at++)
                information[at] = information[at * layout.Size] = 0;
            information[0] = 1;
        }
        if (!PositiveDefinite.Factor(information, layout.Size))
            return null;
        var step = (double[])maximum.Gradient.Clone();
        if (firstFixed)
            step[0] = 0;
        PositiveDefinite.Solve(information, layout.Size, step);
        SpanMath.AddScaled(step, 1, maximum.Parameters);
        var polished = maximizer.At(maximum.EStep.Tables.Quadrature, step);
        var better = polished.Gradient.Max(Math.Abs) < maximum.Gradient.Max(Math.Abs) ? polished : maximum;
        return (better, PositiveDefinite.Inverse(information, layout.Size));
    }
}
