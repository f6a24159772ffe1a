using MathNet.Numerics;

namespace Diagnostics.Psychometrics.Classification;

/// <summary>How probable each level is for one person.</summary>
public static class LevelProbabilities
{
    /// <summary>From a measure with a normal error, nothing being known of the group: Rudner (2005), PARE 10(13).</summary>
    /// <param name="measure">An ability in logits or any other estimate; finite.</param>
    /// <param name="standardError">In the same units, above 0.</param>
    /// <param name="cuts">Rising, in the same units.</param>
    /// <returns>cuts + 1 probabilities, lowest level first; they sum to 1.</returns>
    /// <exception cref="ArgumentException">Cuts that do not rise, or a number that is not finite.</exception>
    public static double[] Of(double measure, double standardError, IReadOnlyList<double> cuts)
    {
        Cuts.Check(cuts);
        if (!double.IsFinite(measure)) throw new ArgumentException("The measure must be finite.", nameof(measure));
        if (!(standardError > 0) || !double.IsFinite(standardError)) throw new ArgumentException("The standard error must be positive and finite.", nameof(standardError));
        var probabilities = new double[cuts.Count + 1];
        for (var level = 0; level <= cuts.Count; level++)
        {
            var (low, high) = (level == 0 ? double.NegativeInfinity : Z(level - 1), level == cuts.Count ? double.PositiveInfinity : Z(level));
            // Of two small tails the difference keeps its digits; of two near 1 it does not.
            probabilities[level] = low > 0 ? Below(-low) - Below(-high) : Below(high) - Below(low);
        }
        return probabilities;

        double Z(int cut) => (cuts[cut] - measure) / standardError;
        static double Below(double z) => double.IsNegativeInfinity(z) ? 0 : double.IsPositiveInfinity(z) ? 1 : SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
    }

    /// <summary>
    /// From a raw score and the test's reliability: the true score is normal about Kelley's estimate r·x + (1 − r)·mean with
    /// standard deviation s·√(r(1 − r)). Lord and Novick (1968), sections 3.7 and 3.8.
    /// </summary>
    /// <param name="mean">Of the person's group, in raw points.</param>
    /// <param name="deviation">Of the group's observed scores, above 0.</param>
    /// <param name="reliability">Below 1.</param>
    /// <returns>Undefined when reliability or deviation is not positive: the score then says nothing.</returns>
    /// <exception cref="ArgumentException">Cuts that do not rise, a number that is not finite, or a reliability of 1 or more.</exception>
    public static Estimate<double[]> FromScore(double score, double mean, double deviation, double reliability, IReadOnlyList<double> cuts)
    {
        Cuts.Check(cuts);
        if (!double.IsFinite(mean) || !double.IsFinite(deviation)) throw new ArgumentException("Mean and deviation must be finite.", nameof(mean));
        if (!(reliability < 1)) throw new ArgumentException("The reliability must be below 1.", nameof(reliability));
        if (!(reliability > 0) || !(deviation > 0)) return Estimate<double[]>.None(Undefined.NoVariance);
        return Estimate<double[]>.Of(Of(reliability * score + (1 - reliability) * mean, deviation * Math.Sqrt(reliability * (1 - reliability)), cuts));
    }
}
