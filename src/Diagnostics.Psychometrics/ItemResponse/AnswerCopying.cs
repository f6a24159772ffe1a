namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// How many scores of one person equal those of another, beyond what the first person's ability explains.
/// </summary>
/// <param name="Copier">Row of the person suspected of copying.</param>
/// <param name="Source">Row of the person whose answers may have been copied.</param>
/// <param name="Answers">Items that both answered.</param>
/// <param name="Matches">Items with equal scores.</param>
/// <param name="Expected">Expected matches when the copier answers alone.</param>
/// <param name="Omega">Wollack's ω: the matches minus their expectation, divided by their standard deviation at a known
/// ability. Its variance is below 1, because the ability is estimated from the same answers.</param>
/// <param name="Z">ω standardised by the mean and the variance that it has because the ability is estimated; about N(0,
/// 1) without copying.</param>
/// <param name="P">Probability of a z this large or larger without copying, one-sided.</param>
public sealed record CopyingIndex(int Copier, int Source, int Answers, int Matches, double Expected, double Omega, double Z, double P);

/// <summary>
/// Wollack's ω for pairs of persons: do the answers of one agree with those of the other more often than the ability
/// of the first explains? The answers of the source count as given, so the source need not fit the model.
/// </summary>
/// <remarks>
/// Wollack, J. A. (1997), A nominal response model approach for detecting answer copying, Applied Psychological
/// Measurement, 21, 307–320, equations 3–5, with the probabilities of scores in place of options. The correction for
/// the estimated ability is that of Snijders, T. A. B. (2001), Psychometrika, 66, 331–342, for a sum of functions of
/// the answers: with c the covariance of the matches and the derivative of the log-likelihood, I the information and r
/// the part of the estimating equation S(θ) + r(θ) = 0, the variance loses c²/I and the mean moves by −c·r/I. Judge
/// many pairs together, by Holm's or Benjamini and Hochberg's procedure. The service does not use this class yet. It is
/// meant for the campaign report, for persons who had the same room and variant.
/// </remarks>
public static class AnswerCopying
{
    /// <param name="curves">One curve for each column; null leaves the item out.</param>
    /// <param name="method">How the abilities were estimated; the posterior's mean is not allowed.</param>
    /// <param name="abilities">One for each person.</param>
    /// <param name="pairs">Rows of the copier and of the source; a pair is named twice when either person may have
    /// copied from the other.</param>
    /// <param name="prior">Prior of the posterior's mode, N(0, 1) by default.</param>
    /// <returns>One for each pair. Undefined: without an ability of the copier; <see cref="Undefined.NoCommonUnits"/>
    /// without an item that both answered; <see cref="Undefined.NoVariance"/> where the copier's raw score fixes the
    /// matches.
    /// </returns>
    /// <exception cref="ArgumentException">The method is the posterior's mean, the number of abilities differs from
    /// that of persons, the prior has no deviation, a pair names a row that does not exist, or a pair names the same
    /// person twice.</exception>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<CopyingIndex>> Of(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        AbilityMethod method,
        IReadOnlyList<Estimate<Ability>> abilities,
        IReadOnlyList<(int Copier, int Source)> pairs,
        AbilityDistribution? prior = null
    )
    {
        ArgumentNullException.ThrowIfNull(abilities);
        ArgumentNullException.ThrowIfNull(pairs);
        var responses = new Responses(scores, curves);
        if (abilities.Count != scores.Persons)
            throw new ArgumentException($"{scores.Persons} persons need as many abilities, not {abilities.Count}.", nameof(abilities));
        PersonFit.CheckMethod(method);
        prior ??= new();
        PersonFit.CheckPrior(prior);
        foreach (var (copier, source) in pairs)
            if (copier < 0 || copier >= scores.Persons || source < 0 || source >= scores.Persons || copier == source)
                throw new ArgumentException($"{copier} and {source} are not two of {scores.Persons} persons.", nameof(pairs));
        var scratch = new double[responses.MostScores];
        return
        [
            .. pairs.Select(pair =>
                abilities[pair.Copier].Then(ability => One(responses, pair.Copier, pair.Source, ability.Value, method, prior, scratch))
            ),
        ];
    }

    private static Estimate<CopyingIndex> One(
        Responses responses,
        int copier,
        int source,
        double ability,
        AbilityMethod method,
        AbilityDistribution prior,
        double[] scratch
    )
    {
        var (answers, matches) = (0, 0);
        var (expected, variance, covariance, information, slope) = (0d, 0d, 0d, 0d, 0d);
        for (var item = 0; item < responses.Curves.Length; item++)
        {
            var own = responses.Score(copier, item);
            if (own < 0)
                continue;
            var curve = responses.Curves[item];
            var (mean, spread, third) = curve.Moments(ability, scratch);
            information += curve.Slope * curve.Slope * spread;
            slope += curve.Slope * curve.Slope * curve.Slope * third;
            var others = responses.Score(source, item);
            if (others < 0)
                continue;
            answers++;
            if (own == others)
                matches++;
            var match = scratch[others];
            expected += match;
            variance += match * (1 - match);
            covariance += curve.Slope * match * (others - mean);
        }
        if (answers == 0)
            return Estimate<CopyingIndex>.None(Undefined.NoCommonUnits);
        var left = variance - (information > 0 ? covariance * covariance / information : 0);
        if (!(information > 0) || !(left > 1e-9 * variance) || !(variance > 1e-12))
            return Estimate<CopyingIndex>.None(Undefined.NoVariance);
        var drawn = PersonFit.Drawn(method, prior, ability, information, slope);
        var z = (matches - expected + covariance / information * drawn) / Math.Sqrt(left);
        if (!double.IsFinite(z))
            return Estimate<CopyingIndex>.None(Undefined.NoVariance);
        return Estimate<CopyingIndex>.Of(
            new(
                copier,
                source,
                answers,
                matches,
                expected,
                (matches - expected) / Math.Sqrt(variance),
                z,
                z > 0 ? Tails.TwoSided(z) / 2 : 1 - Tails.TwoSided(z) / 2
            )
        );
    }
}
