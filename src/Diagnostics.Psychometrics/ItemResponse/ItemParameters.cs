namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// An item under the generalized partial credit model: P(X = k | θ) ∝ exp(k·a·θ + d_k), d₀ = 0, k = 0…m. With m = 1
/// this is the two-parameter logistic model, with a = 1 the partial credit model, and with both the Rasch model. The
/// scale is the logistic one (no D = 1.7).
/// </summary>
/// <param name="Slope">a; may be negative where an item runs against the others.</param>
/// <param name="Intercepts">d₁…d_m, cumulative.</param>
/// <remarks>
/// Muraki, E. (1992), A generalized partial credit model, Applied Psychological Measurement, 16, 159–176, equation 5.
/// </remarks>
public sealed record ItemParameters(double Slope, IReadOnlyList<double> Intercepts)
{
    public int MaximumScore => Intercepts.Count;

    /// <summary>
    /// The steps b_k = −(d_k − d_k−1)/a are the abilities at which two neighbouring categories are equally probable.
    /// They are infinite for a slope of 0.
    /// </summary>
    public IReadOnlyList<double> Steps =>
        [.. Intercepts.Select((intercept, at) => -(intercept - (at == 0 ? 0 : Intercepts[at - 1])) / Slope)];

    /// <summary>The mean of the steps; for a dichotomous item, this is its difficulty.</summary>
    public double Location => -Intercepts[^1] / Slope / Intercepts.Count;

    public static ItemParameters FromSteps(double slope, IReadOnlyList<double> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0)
            throw new ArgumentException("An item has at least one step.", nameof(steps));
        var intercepts = new double[steps.Count];
        var cumulated = 0d;
        for (var step = 0; step < intercepts.Length; step++)
            intercepts[step] = cumulated -= slope * steps[step];
        return new(slope, intercepts);
    }

    /// <summary>The probabilities of the m + 1 scores 0…m.</summary>
    public double[] Probabilities(double ability)
    {
        var terms = new double[Intercepts.Count + 1];
        Probabilities(ability, terms);
        return terms;
    }

    /// <summary>
    /// Fills in the probabilities of the scores 0…m; returns the logarithm of their common denominator.
    /// </summary>
    internal double Probabilities(double ability, Span<double> terms)
    {
        var largest = 0d;
        terms[0] = 0;
        for (var score = 1; score < terms.Length; score++)
            largest = Math.Max(largest, terms[score] = score * Slope * ability + Intercepts[score - 1]);
        var sum = 0d;
        for (var score = 0; score < terms.Length; score++)
            sum += terms[score] = Math.Exp(terms[score] - largest);
        for (var score = 0; score < terms.Length; score++)
            terms[score] /= sum;
        return largest + Math.Log(sum);
    }

    /// <summary>Mean, variance and third central moment of the score at an ability.</summary>
    internal (double Mean, double Variance, double Third) Moments(double ability, Span<double> scratch)
    {
        var probabilities = scratch[..(Intercepts.Count + 1)];
        Probabilities(ability, probabilities);
        if (Intercepts.Count == 1)
        {
            var (right, wrong) = (probabilities[1], probabilities[0]);
            return (right, right * wrong, right * wrong * (wrong - right));
        }
        var mean = 0d;
        for (var score = 1; score < probabilities.Length; score++)
            mean += score * probabilities[score];
        var (variance, third) = (0d, 0d);
        for (var score = 0; score < probabilities.Length; score++)
        {
            var apart = score - mean;
            variance += apart * apart * probabilities[score];
            third += apart * apart * apart * probabilities[score];
        }
        return (mean, variance, third);
    }
}
