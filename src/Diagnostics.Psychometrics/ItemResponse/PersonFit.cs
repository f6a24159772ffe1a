namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Tests whether the estimated ability explains a person's pattern of answers. The statistic lz* corrects lz for the
/// fact that the ability is estimated.
/// </summary>
/// <remarks>
/// <para>Snijders, T. A. B. (2001), Asymptotic null distribution of person fit statistics with estimated person
/// parameter, Psychometrika, 66, 331–342; for items of several points, Sinharay, S. (2016), Psychometrika, 81,
/// 992–1013. Let the estimate solve S(θ) + r(θ) = 0, where S is the derivative of the log-likelihood l. Estimating θ
/// draws l towards its expectation, so l − E(l) has the variance Var(l) − Cov(l, S)²/I and the mean −r·Cov(l, S)/I,
/// where I is the test information.</para>
/// <para>The statistic is about N(0, 1) for tests of any length; for short tests, its tail on the side of implausible
/// patterns is somewhat heavier.</para>
/// </remarks>
public static class PersonFit
{
    /// <param name="curves">One curve for each column; null leaves the item out.</param>
    /// <param name="method">How the abilities were estimated: by maximum likelihood, by Warm's weighted likelihood, or
    /// as the posterior's mode. The posterior's mean is not allowed, because it does not solve an equation of the form
    /// S(θ) + r(θ) = 0.</param>
    /// <param name="abilities">One for each person.</param>
    /// <param name="prior">Prior of the posterior's mode, N(0, 1) by default.</param>
    /// <returns>One for each person, strongly negative for patterns that the ability does not explain. Undefined for a
    /// person without an ability or without answers (<see cref="Undefined.TooFewItems"/>), and
    /// <see cref="Undefined.NoVariance"/> where the raw score fixes the likelihood because the items are equal.
    /// </returns>
    /// <exception cref="ArgumentException">The method is the posterior's mean, the number of abilities differs from the
    /// number of persons, or the prior has no deviation.</exception>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<double>> Of(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        AbilityMethod method,
        IReadOnlyList<Estimate<Ability>> abilities,
        AbilityDistribution? prior = null
    )
    {
        ArgumentNullException.ThrowIfNull(abilities);
        var responses = new Responses(scores, curves);
        if (abilities.Count != scores.Persons)
            throw new ArgumentException($"{scores.Persons} persons need as many abilities, not {abilities.Count}.", nameof(abilities));
        CheckMethod(method);
        prior ??= new();
        CheckPrior(prior);
        var result = Array.ConvertAll([.. abilities], ability => Estimate<double>.None(ability.Reason ?? Undefined.TooFewItems));
        var scratch = new double[responses.MostScores];
        foreach (var booklet in responses.Booklets)
        foreach (var person in booklet.Persons)
            if (abilities[person].IsDefined)
                result[person] = One(responses, booklet.Items, person, abilities[person].Value.Value, method, prior, scratch);
        return result;
    }

    private static Estimate<double> One(
        Responses responses,
        int[] items,
        int person,
        double ability,
        AbilityMethod method,
        AbilityDistribution prior,
        double[] scratch
    )
    {
        var (excess, variance, covariance, information, slope) = (0d, 0d, 0d, 0d, 0d);
        foreach (var item in items)
        {
            var curve = responses.Curves[item];
            var (expected, spread, third) = curve.Moments(ability, scratch);
            var (mean, square, product) = (0d, 0d, 0d);
            for (var score = 0; score <= curve.MaximumScore; score++)
            {
                if (scratch[score] == 0)
                    continue;
                var log = Math.Log(scratch[score]);
                mean += scratch[score] * log;
                square += scratch[score] * log * log;
                product += scratch[score] * log * score;
            }
            // The fit is undefined when an answer is impossible under the model.
            if (scratch[responses.Score(person, item)] == 0)
                return Estimate<double>.None(Undefined.NotConverged);
            excess += Math.Log(scratch[responses.Score(person, item)]) - mean;
            variance += square - mean * mean;
            covariance += curve.Slope * (product - mean * expected);
            information += curve.Slope * curve.Slope * spread;
            slope += curve.Slope * curve.Slope * curve.Slope * third;
        }
        if (!(information > 0))
            return Estimate<double>.None(Undefined.NoVariance);
        var drawn = Drawn(method, prior, ability, information, slope);
        var left = variance - covariance * covariance / information;
        var value = (excess + covariance / information * drawn) / Math.Sqrt(left);
        return left > 1e-9 * variance && double.IsFinite(value) ? Estimate<double>.Of(value) : Estimate<double>.None(Undefined.NoVariance);
    }

    internal static void CheckMethod(AbilityMethod method)
    {
        if (method == AbilityMethod.ExpectedAPosteriori)
            throw new ArgumentException("The posterior's mean solves no equation of the likelihood.", nameof(method));
    }

    internal static void CheckPrior(AbilityDistribution prior)
    {
        if (!double.IsFinite(prior.Mean) || prior.Deviation is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentException("The prior needs a finite mean and a positive deviation.", nameof(prior));
    }

    /// <summary>The term r(θ) of the estimating equation S(θ) + r(θ) = 0.</summary>
    /// <param name="slope">Derivative of the information.</param>
    internal static double Drawn(AbilityMethod method, AbilityDistribution prior, double ability, double information, double slope) =>
        method switch
        {
            AbilityMethod.WeightedLikelihood => slope / information / 2,
            AbilityMethod.MaximumAPosteriori => (prior.Mean - ability) / prior.Deviation / prior.Deviation,
            _ => 0,
        };
}
