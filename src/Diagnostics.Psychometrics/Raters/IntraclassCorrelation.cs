namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// How the raters were chosen, and how many raters are behind a score. The names are those of Shrout and Fleiss (1979),
/// with those of McGraw and Wong (1996) in brackets.
/// </summary>
public enum IccForm
{
    /// <summary>ICC(1,1): different raters for every unit; one rater's score.</summary>
    OneWaySingle,

    /// <summary>
    /// ICC(2,1) [A,1]: the same raters for all units, taken as a sample from many raters; severity counts as error; one
    /// rater's score.
    /// </summary>
    AgreementSingle,

    /// <summary>
    /// ICC(3,1) [C,1]: the same raters for all units, not taken as a sample; severity does not count as error; one
    /// rater's score.
    /// </summary>
    ConsistencySingle,

    /// <summary>ICC(1,k): raters as in ICC(1,1); the mean score of k raters.</summary>
    OneWayMean,

    /// <summary>ICC(2,k) [A,k]: raters as in ICC(2,1); the mean score of k raters.</summary>
    AgreementMean,

    /// <summary>ICC(3,k) [C,k]: raters as in ICC(3,1); the mean score of k raters.</summary>
    ConsistencyMean,
}

/// <param name="F">The F test of units against error: its degrees of freedom, and the probability of a ratio this large
/// or larger when the ICC is 0. Undefined when there is no error at all.</param>
/// <param name="Interval">Interval at the requested level; undefined when there is no error at all, and where the
/// approximate degrees of freedom give no quantile.</param>
public sealed record Icc(IccForm Form, double Value, Estimate<FTest> F, Estimate<Interval> Interval);

/// <param name="P">P(F ≥ ratio).</param>
public readonly record struct FTest(double Ratio, double Numerator, double Denominator, double P);

/// <summary>
/// Intraclass correlations of raters' scores in all six forms: the share of a score's variance that is due to the unit.
/// </summary>
/// <remarks>
/// Shrout and Fleiss (1979), Psychol. Bull. 86, 420–428: values on p. 423, intervals on pp. 424–425. Where packages
/// differ, this class follows psych::ICC: both forms of ICC(2) are tested with MSB/MSE, and the interval of ICC(2,k) is
/// that of ICC(2,1) stepped up by Spearman–Brown (irr uses McGraw and Wong's degrees of freedom for both).
/// </remarks>
public sealed class IntraclassCorrelation
{
    private readonly double between,
        within,
        raters,
        error;
    private readonly int n,
        k;
    private readonly double level;

    private IntraclassCorrelation(int n, int k, double between, double within, double raters, double error, double level) =>
        (this.n, this.k, this.between, this.within, this.raters, this.error, this.level) = (n, k, between, within, raters, error, level);

    /// <summary>
    /// The mean squares between units, within units and between raters, and the residual mean square.
    /// </summary>
    public (double Between, double Within, double Raters, double Error) MeanSquares => (between, within, raters, error);

    /// <param name="ratings">Units × raters, complete and finite.</param>
    /// <param name="level">Level of the intervals, in (0, 1).</param>
    /// <returns>Undefined with fewer than two units or raters, and when no two scores differ.</returns>
    /// <exception cref="BadDataException">A score is not a finite number.</exception>
    public static Estimate<IntraclassCorrelation> Of(double[,] ratings, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        _ = Tails.Normal(level);
        var (n, k) = (ratings.GetLength(0), ratings.GetLength(1));
        for (var unit = 0; unit < n; unit++)
        for (var rater = 0; rater < k; rater++)
            if (!double.IsFinite(ratings[unit, rater]))
                throw new BadDataException($"The score of unit {unit} by rater {rater} is not a finite number.", unit, rater);
        if (n < 2)
            return Estimate<IntraclassCorrelation>.None(Undefined.TooFewPersons);
        if (k < 2)
            return Estimate<IntraclassCorrelation>.None(Undefined.TooFewRaters);
        var (ofUnit, ofRater, grand) = (new double[n], new double[k], 0.0);
        for (var unit = 0; unit < n; unit++)
        for (var rater = 0; rater < k; rater++)
        {
            ofUnit[unit] += ratings[unit, rater] / k;
            ofRater[rater] += ratings[unit, rater] / n;
            grand += ratings[unit, rater] / (n * (double)k);
        }
        var (total, residual) = (0.0, 0.0);
        for (var unit = 0; unit < n; unit++)
        for (var rater = 0; rater < k; rater++)
        {
            total += Square(ratings[unit, rater] - grand);
            residual += Square(ratings[unit, rater] - ofUnit[unit] - ofRater[rater] + grand);
        }
        // Rounding errors between equal numbers must not count as variance.
        var negligible = 1e-24 * (total + n * (double)k * grand * grand);
        if (total <= negligible)
            return Estimate<IntraclassCorrelation>.None(Undefined.NoVariance);
        var betweenUnits = Clean(k * ofUnit.Sum(mean => Square(mean - grand)));
        var betweenRaters = Clean(n * ofRater.Sum(mean => Square(mean - grand)));
        residual = Clean(residual);
        return Estimate<IntraclassCorrelation>.Of(
            new IntraclassCorrelation(
                n,
                k,
                betweenUnits / (n - 1),
                (betweenRaters + residual) / (n * (k - 1.0)),
                betweenRaters / (k - 1),
                residual / ((n - 1.0) * (k - 1)),
                level
            )
        );

        double Clean(double sum) => sum <= negligible ? 0 : sum;
    }

    /// <returns>Undefined where the estimated variance of a score is not above 0. For the forms of a mean score, this
    /// happens when the units do not differ; for the agreement forms, when units and raters differ less than error
    /// alone would make them differ.</returns>
    public Estimate<Icc> this[IccForm form] =>
        form switch
        {
            IccForm.OneWaySingle => OneWay(form, single: true),
            IccForm.OneWayMean => OneWay(form, single: false),
            IccForm.ConsistencySingle => Consistency(form, single: true),
            IccForm.ConsistencyMean => Consistency(form, single: false),
            IccForm.AgreementSingle => Agreement(form, single: true),
            IccForm.AgreementMean => Agreement(form, single: false),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Unknown form."),
        };

    private Estimate<Icc> OneWay(IccForm form, bool single) => FromRatio(form, single, within, n * (k - 1.0));

    private Estimate<Icc> Consistency(IccForm form, bool single) => FromRatio(form, single, error, (n - 1.0) * (k - 1));

    private Estimate<Icc> FromRatio(IccForm form, bool single, double noise, double degrees)
    {
        var denominator = single ? between + (k - 1) * noise : between;
        if (!(denominator > Negligible))
            return Estimate<Icc>.None(Undefined.NoVariance);
        var value = (between - noise) / denominator;
        if (noise == 0)
            return Estimate<Icc>.Of(WithoutError(form, value));
        var ratio = between / noise;
        var interval = Quantiles(degrees).Then(quantiles => Finite(Bound(ratio / quantiles.Upper), Bound(ratio * quantiles.Lower)));
        return Estimate<Icc>.Of(new Icc(form, value, Test(ratio, degrees), interval));

        double Bound(double f) => single ? (f - 1) / (f + k - 1) : 1 - 1 / f;
    }

    private Estimate<Icc> Agreement(IccForm form, bool single)
    {
        var denominator = single ? between + (k - 1) * error + k * (raters - error) / n : between + (raters - error) / n;
        if (!(denominator > Negligible))
            return Estimate<Icc>.None(Undefined.NoVariance);
        var value = (between - error) / denominator;
        if (error == 0)
            return Estimate<Icc>.Of(WithoutError(form, value));
        var one = (between - error) / (between + (k - 1) * error + k * (raters - error) / n);
        // Satterthwaite's degrees of freedom, Shrout and Fleiss p. 424.
        var severity = raters / error;
        var mixed = n * (1 + (k - 1) * one) - k * one;
        var degrees =
            (k - 1.0)
            * (n - 1)
            * Square(k * one * severity + mixed)
            / ((n - 1.0) * k * k * one * one * severity * severity + mixed * mixed);
        var rest = k * raters + ((double)k * n - k - n) * error;
        var interval = Quantiles(degrees)
            .Then(quantiles =>
            {
                var (low, high) = (
                    n * (between - quantiles.Upper * error) / (quantiles.Upper * rest + n * between),
                    n * (quantiles.Lower * between - error) / (rest + n * quantiles.Lower * between)
                );
                return single ? Finite(low, high) : Finite(SteppedUp(low), SteppedUp(high));
            });
        return Estimate<Icc>.Of(new Icc(form, value, Test(between / error, (n - 1.0) * (k - 1)), interval));

        double SteppedUp(double bound) => k * bound / (1 + (k - 1) * bound);
    }

    /// <summary>Where mean squares cancel each other, a sum below this limit is only rounding error.</summary>
    private double Negligible => 1e-12 * (between + raters + error);

    /// <summary>
    /// Quantiles of F with units − 1 and the given degrees of freedom, and of F with these two numbers exchanged.
    /// </summary>
    private Estimate<(double Upper, double Lower)> Quantiles(double degrees) =>
        Tails
            .FQuantile((1 + level) / 2, n - 1, degrees)
            .Then(upper => Tails.FQuantile((1 + level) / 2, degrees, n - 1).Then(lower => (upper, lower)));

    /// <summary>
    /// The interval. It is undefined when a bound is not finite: with very few degrees of freedom, the quantiles
    /// overflow or a denominator is 0.
    /// </summary>
    private static Estimate<Interval> Finite(double low, double high) =>
        double.IsFinite(low) && double.IsFinite(high)
            ? Estimate<Interval>.Of(new Interval(low, high))
            : Estimate<Interval>.None(Undefined.NoVariance);

    private Estimate<FTest> Test(double ratio, double degrees) =>
        Tails.F(ratio, n - 1, degrees).Then(p => new FTest(ratio, n - 1, degrees, p));

    private static Icc WithoutError(IccForm form, double value) =>
        new(form, value, Estimate<FTest>.None(Undefined.PerfectAgreement), Estimate<Interval>.None(Undefined.PerfectAgreement));

    private static double Square(double value) => value * value;
}
