namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>The ability that a raw score stands for, when only the raw score is reported.</summary>
/// <param name="Expected">The expected share of persons with this score, 0…1.</param>
/// <param name="Ability">Mean and deviation of the posterior given the score; undefined where the score has probability
/// 0.</param>
public readonly record struct SumScoreAbility(int Score, Estimate<Ability> Ability, double Expected);

/// <summary>The distribution of raw scores under a model.</summary>
/// <remarks>
/// Lord, F. M. and Wingersky, M. S. (1984), APM, 8, 453–461; for polytomous items and posterior means given the sum,
/// Thissen, D., Pommerich, M., Billeaud, K. and Williams, V. S. L. (1995), APM, 19, 39–49.
/// </remarks>
public static class SumScores
{
    /// <summary>P(raw score = 0…maximum | θ).</summary>
    public static double[] Probabilities(IReadOnlyList<ItemParameters> curves, double ability)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return LordWingersky.Distribution([.. curves.Select(curve => curve.Probabilities(ability))]);
    }

    /// <summary>One ability for each raw score from 0 to the maximum.</summary>
    public static IReadOnlyList<SumScoreAbility> Abilities(IReadOnlyList<ItemParameters> curves, AbilityDistribution? abilities = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        abilities ??= new();
        var quadrature = new Quadrature(200);
        var size = curves.Sum(curve => curve.MaximumScore) + 1;
        var (masses, firsts, seconds) = (new double[size], new double[size], new double[size]);
        for (var node = 0; node < quadrature.Count; node++)
        {
            var (ability, weight) = (abilities.Mean + abilities.Deviation * quadrature.Nodes[node], Math.Exp(quadrature.LogWeights[node]));
            var probabilities = Probabilities(curves, ability);
            SpanMath.AddScaled(masses, weight, probabilities);
            SpanMath.AddScaled(firsts, weight * ability, probabilities);
            SpanMath.AddScaled(seconds, weight * ability * ability, probabilities);
        }
        return
        [
            .. masses.Select(
                (mass, score) =>
                {
                    if (mass == 0)
                        return new SumScoreAbility(score, Estimate<Ability>.None(Undefined.EmptyCategory), 0);
                    var mean = firsts[score] / mass;
                    return new(score, Estimate<Ability>.Of(new(mean, Math.Sqrt(Math.Max(0, seconds[score] / mass - mean * mean)))), mass);
                }
            ),
        ];
    }
}
