using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Assembly;

/// <summary>
/// An item of known difficulty under the generalised partial credit model. With discrimination 1 this is the partial
/// credit model; with one step it is the 2PL or Rasch model.
/// </summary>
/// <param name="Discrimination">Above 0, per logit.</param>
/// <param name="Steps">Step difficulties, logits; the number of steps is the item's maximum score.</param>
/// <remarks>Muraki (1992), Appl. Psychol. Meas. 16, 159–176; information: Muraki (1993), ibid. 17, 351–363.</remarks>
public sealed record CalibratedItem(double Discrimination, IReadOnlyList<double> Steps)
{
    /// <summary>Expected score (points) and Fisher information (per logit²) at an ability.</summary>
    /// <exception cref="ArgumentException">The discrimination or a step is out of range.</exception>
    public (double Score, double Information) At(double ability)
    {
        if (!(Discrimination > 0) || !double.IsFinite(Discrimination))
            throw new ArgumentException("The discrimination must be positive and finite.", nameof(ability));
        var probabilities = PartialCredit.Probabilities(Discrimination * ability, [.. Steps.Select(step => Discrimination * step)]);
        var (mean, square) = (0.0, 0.0);
        for (var score = 0; score < probabilities.Length; score++)
        {
            mean += score * probabilities[score];
            square += (double)score * score * probabilities[score];
        }
        return (mean, Discrimination * Discrimination * Math.Max(0, square - mean * mean));
    }
}
