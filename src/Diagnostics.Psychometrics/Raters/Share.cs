namespace Diagnostics.Psychometrics.Raters;

/// <summary>A count out of a total.</summary>
/// <param name="Of">The total, at least 1.</param>
public readonly record struct Share(int Count, int Of)
{
    public double Value => (double)Count / Of;

    /// <summary>
    /// Wilson's score interval, which stays within 0…1 and has some width even at shares of 0 and 1. Wilson, E. B.
    /// (1927), JASA 22, 209–212.
    /// </summary>
    /// <param name="level">In (0, 1).</param>
    public Interval Interval(double level = 0.95)
    {
        var z = Tails.Normal(level);
        var shrink = 1 + z * z / Of;
        var centre = (Value + z * z / (2.0 * Of)) / shrink;
        var half = z / shrink * Math.Sqrt(Value * (1 - Value) / Of + z * z / (4.0 * Of * Of));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
