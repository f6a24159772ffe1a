namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The partial credit model: the probability of each score category of an item for a person of a given ability. With
/// one step this is the Rasch model.
/// </summary>
/// <remarks>
/// Masters, G. N. (1982). A Rasch model for partial credit scoring. Psychometrika, 47, 149–174, equation 3: P(X = x |
/// θ) ∝ exp Σ_{k=1..x} (θ − δ_k), where the empty sum is 0.
/// </remarks>
public static class PartialCredit
{
    /// <param name="ability">θ in logits; any finite number.</param>
    /// <param name="steps">The finite step difficulties δ₁…δ_m in logits; m ≥ 1.</param>
    /// <returns>The probabilities of the m + 1 scores 0…m; they sum to 1.</returns>
    /// <exception cref="ArgumentException">There are no steps, or a number is not finite.</exception>
    public static double[] Probabilities(double ability, IReadOnlyList<double> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0)
            throw new ArgumentException("An item has at least one step.", nameof(steps));
        if (!double.IsFinite(ability))
            throw new ArgumentException("Ability must be finite.", nameof(ability));
        var exponents = new double[steps.Count + 1];
        for (var step = 0; step < steps.Count; step++)
        {
            if (!double.IsFinite(steps[step]))
                throw new ArgumentException($"Step {step + 1} must be finite.", nameof(steps));
            exponents[step + 1] = exponents[step] + ability - steps[step];
        }
        // The largest exponent is subtracted from all exponents, so that exp never overflows, whatever the ability.
        var largest = exponents.Max();
        var terms = Array.ConvertAll(exponents, exponent => Math.Exp(exponent - largest));
        var sum = terms.Sum();
        return Array.ConvertAll(terms, term => term / sum);
    }

    /// <summary>Expected score, 0…m.</summary>
    public static double ExpectedScore(double ability, IReadOnlyList<double> steps) =>
        Probabilities(ability, steps).Select((probability, score) => probability * score).Sum();

    /// <summary>
    /// Simulates a score by inversion: returns the score whose part of the interval [0, 1) contains the uniform number.
    /// </summary>
    /// <param name="uniform">In [0, 1).</param>
    public static int Draw(double ability, IReadOnlyList<double> steps, double uniform)
    {
        if (uniform is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(uniform), uniform, "The uniform number lies in [0, 1).");
        var probabilities = Probabilities(ability, steps);
        var score = 0;
        for (var cumulated = probabilities[0]; uniform >= cumulated && score < steps.Count; cumulated += probabilities[score])
            score++;
        return score;
    }
}
