namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// An item with known parameters: three-parameter logistic (one step), or generalised partial credit (several steps, no
/// guessing).
/// </summary>
/// <remarks>
/// P(x | θ) ∝ exp Σ_{k ≤ x} D·a·(θ − b_k); with one step, guessing makes it c + (1 − c) · P. Birnbaum (1968), in Lord
/// &amp; Novick, p. 405; Muraki (1992), Applied Psychological Measurement, 16, 159–176, eq. 7.
/// </remarks>
public sealed class ItemCurve
{
    private readonly double[] steps;

    /// <param name="slope">a, above 0.</param>
    /// <param name="steps">b₁…b_m, at least one: the difficulty, or the step difficulties.</param>
    /// <param name="guessing">c, in [0, 1); only with one step.</param>
    /// <param name="scaling">D: 1 for the logistic metric, 1.7 for the normal one.</param>
    /// <exception cref="BadDataException">A parameter is out of range.</exception>
    public ItemCurve(double slope, IReadOnlyList<double> steps, double guessing = 0, double scaling = 1)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (slope is not (> 0 and < double.PositiveInfinity))
            throw new BadDataException($"The slope {slope} is not above 0.", null, null);
        if (scaling is not (> 0 and < double.PositiveInfinity))
            throw new BadDataException($"The scaling {scaling} is not above 0.", null, null);
        if (steps.Count == 0)
            throw new BadDataException("An item has at least one step.", null, null);
        for (var step = 0; step < steps.Count; step++)
            if (!double.IsFinite(steps[step]))
                throw new BadDataException($"Step {step} (0-based) is not a number.", null, step);
        if (guessing is not (>= 0 and < 1) || (guessing > 0 && steps.Count > 1))
            throw new BadDataException($"Guessing {guessing} is outside [0, 1), or belongs to an item of several steps.", null, null);
        (Slope, this.steps, Guessing, Scaling) = (slope, [.. steps], guessing, scaling);
    }

    public double Slope { get; }
    public IReadOnlyList<double> Steps => steps;
    public double Guessing { get; }
    public double Scaling { get; }

    /// <summary>Points 0…maximum.</summary>
    public int Maximum => steps.Length;

    /// <summary>
    /// The same item on the scale A·θ + B: the slope becomes a/A, and each step b becomes A·b + B (Kolen &amp; Brennan
    /// 2014, eqs. 6.2–6.4).
    /// </summary>
    public ItemCurve Transform(double multiplier, double constant) =>
        new(Slope / multiplier, Array.ConvertAll(steps, step => (multiplier * step) + constant), Guessing, Scaling);

    /// <summary>Probabilities of the scores 0…maximum.</summary>
    public double[] Probabilities(double ability)
    {
        if (steps.Length == 1)
        {
            var p = Guessing + ((1 - Guessing) / (1 + Math.Exp(-Scaling * Slope * (ability - steps[0]))));
            return [1 - p, p];
        }
        var terms = new double[steps.Length + 1];
        double exponent = 0,
            largest = 0,
            sum = 0;
        for (var step = 0; step < steps.Length; step++)
        {
            terms[step + 1] = exponent += Scaling * Slope * (ability - steps[step]);
            largest = Math.Max(largest, exponent);
        }
        for (var score = 0; score < terms.Length; score++)
            sum += terms[score] = Math.Exp(terms[score] - largest);
        for (var score = 0; score < terms.Length; score++)
            terms[score] /= sum;
        return terms;
    }

    /// <summary>Expected score.</summary>
    public double Expected(double ability)
    {
        var probabilities = Probabilities(ability);
        double sum = 0;
        for (var score = 1; score < probabilities.Length; score++)
            sum += score * probabilities[score];
        return sum;
    }
}

/// <param name="Points">Abilities.</param>
/// <param name="Weights">≥ 0; scaled to sum 1 when used.</param>
public sealed record AbilityGrid(IReadOnlyList<double> Points, IReadOnlyList<double> Weights)
{
    /// <summary>Equally spaced points with weights of a normal density.</summary>
    public static AbilityGrid Normal(double mean = 0, double deviation = 1, double from = -4, double to = 4, int count = 41)
    {
        var points = Even(from, to, count);
        return new(points, Array.ConvertAll(points, point => Math.Exp(-0.5 * (point - mean) * (point - mean) / (deviation * deviation))));
    }

    /// <summary>Equally spaced points of equal weight; by default −4 to 4 in steps of 0.05, plink's grid.</summary>
    public static AbilityGrid Uniform(double from = -4, double to = 4, int count = 161)
    {
        var points = Even(from, to, count);
        return new(points, Array.ConvertAll(points, _ => 1d));
    }

    internal (double[] Points, double[] Weights) Checked()
    {
        if (Points.Count == 0 || Points.Count != Weights.Count)
            throw new BadDataException($"{Points.Count} abilities and {Weights.Count} weights.", null, null);
        for (var index = 0; index < Points.Count; index++)
            if (!double.IsFinite(Points[index]) || Weights[index] is not (>= 0 and < double.PositiveInfinity))
                throw new BadDataException($"Ability or weight {index} (0-based) is not a number of its range.", index, null);
        var sum = Weights.Sum();
        if (sum <= 0)
            throw new BadDataException("All weights are 0.", null, null);
        return ([.. Points], [.. Weights.Select(weight => weight / sum)]);
    }

    private static double[] Even(double from, double to, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!(double.IsFinite(from) && double.IsFinite(to) && from < to))
            throw new ArgumentOutOfRangeException(nameof(to), to, "The grid runs upwards between finite ends.");
        return [.. Enumerable.Range(0, count).Select(index => from + ((to - from) * index / (count - 1)))];
    }
}
