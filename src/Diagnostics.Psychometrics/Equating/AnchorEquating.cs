namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// How scores of form X become scores of form Y when two groups of different ability took one form each and a common
/// anchor.
/// </summary>
public enum AnchorMethod
{
    /// <summary>
    /// Converts X to the anchor in the group of X, then the anchor to Y in the group of Y, both by equal standardised
    /// scores.
    /// </summary>
    ChainedLinear,

    /// <summary>The regressions of the totals on the anchor are equal in both groups: Gulliksen, H. (1950), Theory of
    /// mental tests, pp. 299–301.</summary>
    Tucker,

    /// <summary>The regressions of true scores on the anchor's true score are equal in both groups: Levine, R. (1955),
    /// ETS RB-55-23.</summary>
    LevineObserved,

    /// <summary>
    /// Makes Levine's assumptions but equates true scores, so the result does not depend on the synthetic population.
    /// </summary>
    LevineTrue,

    /// <summary>
    /// Converts X to the anchor in the group of X, then the anchor to Y in the group of Y, both by equal percentile
    /// ranks: Angoff (1971), Educational measurement, p. 583.
    /// </summary>
    ChainedEquipercentile,

    /// <summary>The distributions of the totals given the anchor are equal in both groups: Angoff (1971), p. 581; Braun
    /// and Holland (1982).</summary>
    FrequencyEstimation,
}

/// <param name="WeightOfX">Share of the group of X in the synthetic population, 0…1; the chained methods and
/// <see cref="AnchorMethod.LevineTrue"/> do not use it.</param>
/// <param name="Internal">Whether the anchor counts in the totals; only Levine's methods use it.</param>
public sealed record AnchorOptions(double WeightOfX = 0.5, bool Internal = true);

/// <summary>
/// Equates forms with common items that groups of different ability took, such as last year's form and this year's with
/// the same anchor.
/// </summary>
/// <remarks>
/// Kolen, M. J. and Brennan, R. L. (2014), Test equating, scaling, and linking (3rd ed.), ch. 4 (linear methods) and
/// ch. 5 (equipercentile methods). Variances have the denominator n, as in the book. The service does not use this
/// class yet. It is meant for the form report of a campaign whose forms share items with an earlier campaign.
/// </remarks>
public static class AnchorEquating
{
    /// <returns>The equivalent on Y of each score 0…maximum of X, neither rounded nor cut. Undefined:
    /// <see cref="Undefined.NoVariance"/> where a total or an anchor does not vary, or where the two do not rise
    /// together; <see cref="Undefined.EmptyCategory"/> where an anchor score needed for frequency estimation occurs in
    /// one group only.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is outside 0…1.</exception>
    /// <exception cref="BadDataException">The anchors have different maxima.</exception>
    public static Estimate<double[]> Equate(AnchorMethod method, AnchoredScores x, AnchoredScores y, AnchorOptions? options = null)
    {
        options = Checked(x, y, options);
        return method switch
        {
            AnchorMethod.ChainedEquipercentile => ChainedEquipercentile(x, y),
            AnchorMethod.FrequencyEstimation => FrequencyEstimation(x, y, options.WeightOfX),
            _ => Line(method, x.Moments(), y.Moments(), options)
                .Then(line => Enumerable.Range(0, x.Totals.Maximum + 1).Select(score => line.At(score)).ToArray()),
        };
    }

    /// <summary>Standard errors of the linear methods at each score of X, by the delta method, points of Y.</summary>
    /// <remarks>
    /// Kolen, M. J. (1985), Standard errors of Tucker equating, Applied Psychological Measurement, 9, 209–223; Hanson,
    /// B. A., Zeng, L. and Kolen, M. J. (1993), Standard errors of Levine linear equating, 17, 225–237. Scores are not
    /// assumed to be normal. For the other methods use <see cref="Bootstrap"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">The method is not linear.</exception>
    /// <inheritdoc cref="Equate"/>
    public static Estimate<double[]> StandardErrors(AnchorMethod method, AnchoredScores x, AnchoredScores y, AnchorOptions? options = null)
    {
        options = Checked(x, y, options);
        if (method is AnchorMethod.ChainedEquipercentile or AnchorMethod.FrequencyEstimation)
            throw new ArgumentException("This method has no analytic error here.", nameof(method));
        var (momentsX, momentsY) = (x.Moments(), y.Moments());
        if (Line(method, momentsX, momentsY, options).Reason is { } reason)
            return Estimate<double[]>.None(reason);
        var scores = Enumerable.Range(0, x.Totals.Maximum + 1).ToArray();
        var variances = new double[scores.Length];
        Add(momentsX, x.MomentCovariance(momentsX), moved => Line(method, moved, momentsY, options));
        Add(momentsY, y.MomentCovariance(momentsY), moved => Line(method, momentsX, moved, options));
        return Array.TrueForAll(variances, double.IsFinite)
            ? Estimate<double[]>.Of(Array.ConvertAll(variances, variance => Math.Sqrt(Math.Max(0, variance))))
            : Estimate<double[]>.None(Undefined.NoVariance);

        void Add(AnchorMoments moments, double[,] covariance, Func<AnchorMoments, Estimate<EquatingLine>> line)
        {
            var slopes = new double[AnchorMoments.Count][];
            for (var at = 0; at < AnchorMoments.Count; at++)
            {
                // The coefficients of the lines are smooth functions of the moments, so central differences are
                // accurate to about nine digits.
                var step = 1e-5 * Math.Max(1e-3, Math.Abs(moments[at]));
                var (up, down) = (line(moments.Moved(at, step)), line(moments.Moved(at, -step)));
                slopes[at] = Array.ConvertAll(
                    scores,
                    score => up.IsDefined && down.IsDefined ? (up.Value.At(score) - down.Value.At(score)) / (2 * step) : double.NaN
                );
            }
            for (var score = 0; score < scores.Length; score++)
            for (var row = 0; row < AnchorMoments.Count; row++)
            for (var column = 0; column < AnchorMoments.Count; column++)
                variances[score] += covariance[row, column] * slopes[row][score] * slopes[column][score];
        }
    }

    /// <summary>Standard errors of any method, by resampling the persons of both groups many times.</summary>
    /// <param name="seed">The same seed gives the same errors on every machine.</param>
    /// <returns>Undefined when fewer than two replications gave equivalents.</returns>
    /// <inheritdoc cref="Equate"/>
    public static Estimate<BootstrapResult> Bootstrap(
        AnchorMethod method,
        AnchoredScores x,
        AnchoredScores y,
        ulong seed,
        int replications = 1000,
        AnchorOptions? options = null
    )
    {
        options = Checked(x, y, options);
        return EquatingBootstrap.Repeat(
            x.Cells,
            y.Cells,
            seed,
            replications,
            x.Totals.Maximum + 1,
            (cellsX, cellsY) => Equate(method, x.With(cellsX), y.With(cellsY), options)
        );
    }

    private static AnchorOptions Checked(AnchoredScores x, AnchoredScores y, AnchorOptions? options)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        options ??= new();
        if (options.WeightOfX is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.WeightOfX, "A weight lies in 0…1.");
        if (x.AnchorMaximum != y.AnchorMaximum)
            throw new BadDataException($"The anchor has {x.AnchorMaximum} points with X and {y.AnchorMaximum} with Y.", null, null);
        return options;
    }

    private readonly record struct EquatingLine(double Slope, double From, double To)
    {
        public double At(double score) => To + Slope * (score - From);
    }

    private static Estimate<EquatingLine> Line(AnchorMethod method, AnchorMoments x, AnchorMoments y, AnchorOptions options)
    {
        const double none = 1e-12;
        if (!(x.VarianceTotal > none && y.VarianceTotal > none && x.VarianceAnchor > none && y.VarianceAnchor > none))
            return Estimate<EquatingLine>.None(Undefined.NoVariance);
        // How many points of the total correspond to one point of the anchor, in each group.
        var (gammaX, gammaY) = (Gamma(method, x, options.Internal), Gamma(method, y, options.Internal));
        if (!double.IsFinite(gammaX) || !double.IsFinite(gammaY))
            return Estimate<EquatingLine>.None(Undefined.NoVariance);
        var apart = x.MeanAnchor - y.MeanAnchor;
        if (method is AnchorMethod.LevineTrue or AnchorMethod.ChainedLinear)
            return gammaX == 0
                ? Estimate<EquatingLine>.None(Undefined.NoVariance)
                : Estimate<EquatingLine>.Of(new(gammaY / gammaX, x.MeanTotal, y.MeanTotal + gammaY * apart));
        var (ofX, ofY) = (options.WeightOfX, 1 - options.WeightOfX);
        var spread = x.VarianceAnchor - y.VarianceAnchor;
        var between = ofX * ofY * apart * apart;
        var varianceX = x.VarianceTotal + gammaX * gammaX * (between - ofY * spread);
        var varianceY = y.VarianceTotal + gammaY * gammaY * (between + ofX * spread);
        return varianceX > none && varianceY > none
            ? Estimate<EquatingLine>.Of(
                new(Math.Sqrt(varianceY / varianceX), x.MeanTotal - ofY * gammaX * apart, y.MeanTotal + ofX * gammaY * apart)
            )
            : Estimate<EquatingLine>.None(Undefined.NoVariance);
    }

    private static double Gamma(AnchorMethod method, AnchorMoments moments, bool isInternal) =>
        method switch
        {
            AnchorMethod.Tucker => moments.Covariance / moments.VarianceAnchor,
            AnchorMethod.ChainedLinear => Math.Sqrt(moments.VarianceTotal / moments.VarianceAnchor),
            // Levine's methods need a total and an anchor that rise together.
            _ when moments.Covariance <= 1e-12 => double.NaN,
            _ when isInternal => moments.VarianceTotal / moments.Covariance,
            _ => (moments.VarianceTotal + moments.Covariance) / (moments.VarianceAnchor + moments.Covariance),
        };

    private static Estimate<double[]> ChainedEquipercentile(AnchoredScores x, AnchoredScores y) =>
        Estimate<double[]>.Of([
            .. Enumerable
                .Range(0, x.Totals.Maximum + 1)
                .Select(score => Equipercentile.Inverse(x.Anchors, x.Totals.PercentileRank(score)))
                .Select(anchor => Equipercentile.Inverse(y.Totals, y.Anchors.RankAt(anchor))),
        ]);

    private static Estimate<double[]> FrequencyEstimation(AnchoredScores x, AnchoredScores y, double weightOfX)
    {
        if (Synthetic(x, y.Anchors, 1 - weightOfX) is not { } ofX || Synthetic(y, x.Anchors, weightOfX) is not { } ofY)
            return Estimate<double[]>.None(Undefined.EmptyCategory);
        return new EquatingMethod.Equipercentile().Equate(ofX, ofY);
    }

    /// <summary>
    /// Shares of the totals when a part of the population has the other group's distribution of anchor scores; null
    /// when an anchor score of the other group does not occur in this one.
    /// </summary>
    private static ScoreDistribution? Synthetic(AnchoredScores own, ScoreDistribution others, double weightOfOthers)
    {
        var shares = new double[own.Totals.Maximum + 1];
        for (var anchor = 0; anchor <= own.AnchorMaximum; anchor++)
        {
            var expected = (1 - weightOfOthers) * own.Anchors.Density(anchor) + weightOfOthers * others.Density(anchor);
            if (expected == 0)
                continue;
            if (own.Anchors.Count(anchor) == 0)
                return null;
            for (var total = 0; total < shares.Length; total++)
                shares[total] += expected * own.Count(total, anchor) / own.Anchors.Count(anchor);
        }
        return ScoreDistribution.Unchecked(shares);
    }
}
