namespace Diagnostics.Psychometrics.Equating;

/// <summary>A rule that turns scores of form X into scores of form Y, when random groups took the forms.</summary>
/// <remarks>
/// Kolen, M. J. &amp; Brennan, R. L. (2014). Test equating, scaling, and linking (3rd ed.), chs. 2–3. Equivalents are
/// neither rounded nor cut to 0…maximum.
/// </remarks>
public abstract record EquatingMethod
{
    private EquatingMethod() { }

    /// <summary>The equivalent on Y of each score 0…maximum of X.</summary>
    public abstract Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y);

    /// <summary>
    /// Returns this equating as a function to be called with many samples of these two distributions; from one call to
    /// the next, the function may reuse what it has computed.
    /// </summary>
    internal virtual Func<ScoreDistribution, ScoreDistribution, Estimate<double[]>> Resampler(ScoreDistribution x, ScoreDistribution y) =>
        Equate;

    /// <summary>Scores stay as they are.</summary>
    public sealed record Identity : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y) => EachScore(x, score => score);
    }

    /// <summary>The forms differ by a constant (eq. 2.4).</summary>
    public sealed record Mean : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y)
        {
            var shift = y.Mean - x.Mean;
            return EachScore(x, score => score + shift);
        }
    }

    /// <summary>
    /// Scores with equal standardised values are equivalent (eq. 2.6), with sample standard deviations (n − 1) as in
    /// the equate package; Kolen &amp; Brennan use n.
    /// </summary>
    public sealed record Linear : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y)
        {
            if (x.StandardDeviation == 0)
                return Estimate<double[]>.None(Undefined.NoVariance);
            if (x.Persons <= 1 || y.Persons <= 1)
                return Estimate<double[]>.None(Undefined.TooFewPersons);
            var slope = y.StandardDeviation / x.StandardDeviation * Math.Sqrt(y.Persons / (y.Persons - 1) * (x.Persons - 1) / x.Persons);
            var (meanX, meanY) = (x.Mean, y.Mean);
            return EachScore(x, score => meanY + (slope * (score - meanX)));
        }
    }

    /// <summary>
    /// An arc through (0, 0), the two means and both maxima, for small groups. This is the simplified method of
    /// Livingston, S. A. &amp; Kim, S. (2009), Journal of Educational Measurement, 46, 330–343: the arc is added to the
    /// line between the end points.
    /// </summary>
    public sealed record CircleArc : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y)
        {
            double end = x.Maximum,
                slope = y.Maximum / end,
                middle = x.Mean;
            if (middle <= 0 || middle >= end)
                return Estimate<double[]>.None(Undefined.NoVariance);
            var bend = y.Mean - (slope * middle);
            if (bend == 0)
                return EachScore(x, score => slope * score);
            // Circle through (0, 0), (middle, bend), (end, 0).
            var centreX = end / 2;
            var centreY = ((middle * middle) + (bend * bend) - (end * middle)) / (2 * bend);
            var radius2 = (centreX * centreX) + (centreY * centreY);
            var side = bend > 0 ? 1 : -1;
            return EachScore(
                x,
                score => (slope * score) + centreY + (side * Math.Sqrt(Math.Max(0, radius2 - ((score - centreX) * (score - centreX)))))
            );
        }
    }

    /// <summary>Scores with equal percentile ranks in the observed distributions are equivalent.</summary>
    public sealed record Equipercentile : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y) =>
            EachScore(x, score => Equating.Equipercentile.Inverse(y, x.PercentileRank((int)score)));
    }

    /// <summary>Scores with equal percentile ranks after log-linear smoothing are equivalent.</summary>
    /// <param name="DegreeX">Number of moments of X that smoothing keeps; null lets AIC choose among 2…8.</param>
    /// <param name="DegreeY">Number of moments of Y that smoothing keeps; null lets AIC choose among 2…8.</param>
    public sealed record Smoothed(int? DegreeX = null, int? DegreeY = null) : EquatingMethod
    {
        public override Estimate<double[]> Equate(ScoreDistribution x, ScoreDistribution y)
        {
            var (smoothX, smoothY) = (Fit(x, DegreeX), Fit(y, DegreeY));
            if (smoothX.Reason is { } reasonX)
                return Estimate<double[]>.None(reasonX);
            if (smoothY.Reason is { } reasonY)
                return Estimate<double[]>.None(reasonY);
            return new Equipercentile().Equate(smoothX.Value.Smooth, smoothY.Value.Smooth);
        }

        internal override Func<ScoreDistribution, ScoreDistribution, Estimate<double[]>> Resampler(ScoreDistribution x, ScoreDistribution y)
        {
            // Without a given degree, each sample chooses its own degree, so that the result includes the error of that
            // choice; nothing can then be reused.
            if (DegreeX is not { } degreeX || DegreeY is not { } degreeY)
                return Equate;
            var (smootherX, smootherY) = (new LogLinearSmoother(x, degreeX), new LogLinearSmoother(y, degreeY));
            return (sampleX, sampleY) =>
            {
                if (LogLinear.TooFewScores(sampleX, degreeX) || LogLinear.TooFewScores(sampleY, degreeY))
                    return Estimate<double[]>.None(Undefined.EmptyCategory);
                var (sharesX, sharesY) = (new double[x.Maximum + 1], new double[y.Maximum + 1]);
                if (!smootherX.TrySmooth(sampleX, sharesX) || !smootherY.TrySmooth(sampleY, sharesY))
                    return Estimate<double[]>.None(Undefined.NotConverged);
                return new Equipercentile().Equate(ScoreDistribution.Unchecked(sharesX), ScoreDistribution.Unchecked(sharesY));
            };
        }

        private static Estimate<LogLinearFit> Fit(ScoreDistribution scores, int? degree) =>
            degree is { } known ? LogLinear.Fit(scores, known) : LogLinear.Choose(scores);
    }

    private static Estimate<double[]> EachScore(ScoreDistribution x, Func<double, double> equivalent) =>
        Estimate<double[]>.Of([.. Enumerable.Range(0, x.Maximum + 1).Select(score => equivalent(score))]);
}
