namespace Diagnostics.Engine.Calibration;

/// <summary>The result that a model expects of a person on a set of items.</summary>
/// <param name="Maximum">Largest possible points for the items; may exceed the maximum of the curves when nobody had
/// the highest score.</param>
public sealed record TestCurve(IReadOnlyList<PointsCurve> Items, int Maximum)
{
    private const double Farthest = 12;

    /// <summary>Expected share of the maximum, 0…1.</summary>
    public double Share(double ability) => Moments(ability).Mean / Maximum;

    /// <summary>Standard error of the points at an ability.</summary>
    public double PointsError(double ability) => Math.Sqrt(Moments(ability).Variance);

    /// <summary>
    /// The ability with this expected share; null when no ability has it, or when the share is not monotone in ability.
    /// </summary>
    public double? AbilityAt(double share)
    {
        if (Items.Any(item => item.Parameters.Slope <= 0))
            return null;
        var (low, high) = (-Farthest, Farthest);
        if (Share(low) > share || Share(high) < share)
            return null;
        while (high - low > 1e-9)
        {
            var middle = (low + high) / 2;
            if (Share(middle) < share)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    private (double Mean, double Variance) Moments(double ability)
    {
        var (total, spread) = (0d, 0d);
        foreach (var item in Items)
        {
            var probabilities = item.Parameters.Probabilities(ability);
            var (mean, square) = (0d, 0d);
            for (var category = 0; category < probabilities.Length; category++)
            {
                double points = item.Points[category];
                mean += points * probabilities[category];
                square += points * points * probabilities[category];
            }
            total += mean;
            spread += square - mean * mean;
        }
        return (total, Math.Max(0, spread));
    }
}
