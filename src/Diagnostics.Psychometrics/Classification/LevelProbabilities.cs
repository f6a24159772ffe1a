using MathNet.Numerics;

namespace Diagnostics.Psychometrics.Classification;

/// <summary>The probability of each level for one person.</summary>
public static class LevelProbabilities
{
    /// <summary>
    /// Computes the probabilities from a measure with a normal error, without knowledge of the group: Rudner (2005),
    /// PARE 10(13).
    /// </summary>
    /// <param name="measure">An ability in logits, or another estimate; finite.</param>
    /// <param name="standardError">In the same units, above 0.</param>
    /// <param name="cuts">Rising, in the same units.</param>
    /// <returns>cuts + 1 probabilities, lowest level first; they sum to 1.</returns>
    /// <exception cref="ArgumentException">The cuts do not rise, or a number is not finite.</exception>
    public static double[] Of(double measure, double standardError, IReadOnlyList<double> cuts)
    {
        Cuts.Check(cuts);
        if (!double.IsFinite(measure))
            throw new ArgumentException("The measure must be finite.", nameof(measure));
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentException("The standard error must be positive and finite.", nameof(standardError));
        var probabilities = new double[cuts.Count + 1];
        for (var level = 0; level <= cuts.Count; level++)
        {
            var (low, high) = (
                level == 0 ? double.NegativeInfinity : Z(level - 1),
                level == cuts.Count ? double.PositiveInfinity : Z(level)
            );
            // Above the measure, the upper tails are subtracted: the difference of two small tails keeps its digits,
            // while the difference of two tails near 1 loses them.
            probabilities[level] = low > 0 ? Below(-low) - Below(-high) : Below(high) - Below(low);
        }
        return probabilities;

        double Z(int cut) => (cuts[cut] - measure) / standardError;
        static double Below(double z) =>
            double.IsNegativeInfinity(z) ? 0
            : double.IsPositiveInfinity(z) ? 1
            : SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
    }

    /// <summary>
    /// Computes the probabilities from a raw score and the test's reliability. The true score is normal about Kelley's
    /// estimate r·x + (1 − r)·mean with standard deviation s·√(r(1 − r)). Lord and Novick (1968), sections 3.7 and 3.8.
    /// </summary>
    /// <param name="mean">Mean of the person's group, in raw points.</param>
    /// <param name="deviation">Standard deviation of the group's observed scores, above 0.</param>
    /// <param name="reliability">Below 1.</param>
    /// <returns>Undefined when the reliability or the deviation is not positive: the score then carries no
    /// information.</returns>
    /// <exception cref="ArgumentException">The cuts do not rise, a number is not finite, or the reliability is 1 or
    /// more.</exception>
    public static Estimate<double[]> FromScore(double score, double mean, double deviation, double reliability, IReadOnlyList<double> cuts)
    {
        Cuts.Check(cuts);
        if (!double.IsFinite(mean) || !double.IsFinite(deviation))
            throw new ArgumentException("Mean and deviation must be finite.", nameof(mean));
        if (!(reliability < 1))
            throw new ArgumentException("The reliability must be below 1.", nameof(reliability));
        if (!(reliability > 0) || !(deviation > 0))
            return Estimate<double[]>.None(Undefined.NoVariance);
        return Estimate<double[]>.Of(
            Of(reliability * score + (1 - reliability) * mean, deviation * Math.Sqrt(reliability * (1 - reliability)), cuts)
        );
    }
}
