namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Fisher information of items and of a test, and the reliabilities that follow from it.</summary>
/// <remarks>For these models I(θ) = a²·Var(X | θ): Muraki, E. (1993), APM, 17, 351–363, equation 8.</remarks>
public static class Information
{
    public static double OfItem(ItemParameters curve, double ability)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return curve.Slope * curve.Slope * curve.Moments(ability, new double[curve.MaximumScore + 1]).Variance;
    }

    /// <summary>
    /// The test information I is the sum of the items' information. The standard error of a maximum likelihood estimate
    /// at this ability is 1/√I.
    /// </summary>
    public static double OfTest(IEnumerable<ItemParameters> curves, double ability) => curves.Sum(curve => OfItem(curve, ability));

    /// <summary>
    /// The integral of I/(I + 1/σ²) over the distribution of abilities. Green, Bock, Humphreys, Linn and Reckase
    /// (1984), Journal of Educational Measurement, 21, 347–360; computed as in mirt's <c>marginal_rxx</c>.
    /// </summary>
    public static double MarginalReliability(IReadOnlyCollection<ItemParameters> curves, AbilityDistribution? abilities = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        abilities ??= new();
        var quadrature = new Quadrature(200);
        var sum = 0d;
        for (var node = 0; node < quadrature.Count; node++)
        {
            var information = OfTest(curves, abilities.Mean + abilities.Deviation * quadrature.Nodes[node]);
            sum += Math.Exp(quadrature.LogWeights[node]) * information / (information + 1 / abilities.Deviation / abilities.Deviation);
        }
        return sum;
    }

    /// <summary>
    /// Variance of the estimates divided by the sum of that variance and the mean squared error, as in mirt's
    /// <c>empirical_rxx</c> for EAP. Undefined with fewer than two estimates, or when they do not vary.
    /// </summary>
    public static Estimate<double> EmpiricalReliability(IEnumerable<Estimate<Ability>> estimates)
    {
        var defined = estimates.Where(estimate => estimate.IsDefined).Select(estimate => estimate.Value).ToArray();
        if (defined.Length < 2)
            return Estimate<double>.None(Undefined.TooFewPersons);
        var mean = defined.Average(ability => ability.Value);
        var variance = defined.Sum(ability => (ability.Value - mean) * (ability.Value - mean)) / (defined.Length - 1);
        if (variance == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        return Estimate<double>.Of(variance / (variance + defined.Average(ability => ability.Error * ability.Error)));
    }
}
