namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The conditional likelihood of all booklets together: finds its maximum and reports it in step difficulties.
/// </summary>
internal sealed class ConditionalModel
{
    /// <summary>An estimate beyond this many logits is running away to infinity.</summary>
    private const double Farthest = 40;

    /// <summary>
    /// When there is no finite maximum, the gradient still vanishes some 20 logits out. The information vanishes too,
    /// and that reveals the case: the standard error is then above 10⁴ logits, whereas after a thousand answers it is
    /// below 1.
    /// </summary>
    private const double LargestVariance = 1e4;

    /// <summary>
    /// More booklets than this come from scattered missing answers, which make almost one booklet per person; variants
    /// and anchors make only a few.
    /// </summary>
    private const int FewBooklets = 32;

    private readonly UsableItems usable;
    private readonly int[] steps;
    private readonly int[] firsts;
    private readonly int size;
    private readonly double[] observed;
    private readonly List<ConditionalLikelihood> likelihoods = [];
    private readonly ConditionalScatter? scatter;

    public ConditionalModel(ScoreMatrix scores, UsableItems usable, IReadOnlyList<Booklet> groups)
    {
        this.usable = usable;
        steps = [.. usable.Counts.Select((_, item) => usable.Steps(item))];
        firsts = new int[steps.Length];
        for (var item = 0; item < steps.Length; item++)
            (firsts[item], size) = (size, size + steps[item]);
        observed = new double[size];
        for (var item = 0; item < steps.Length; item++)
            usable.Counts[item].AsSpan(1).CopyTo(observed.AsSpan(firsts[item]));
        var scattered = new List<(int[] Items, int Raw, double Persons)>();
        foreach (var group in groups)
        {
            var counts = new double[group.Items.Sum(item => steps[item]) + 1];
            foreach (var person in group.Persons)
                counts[ConditionalMaximumLikelihood.Raw(scores, usable, group.Items, person)]++;
            var raws = Enumerable.Range(0, counts.Length).Where(raw => counts[raw] > 0).ToArray();
            // Fewer than three raw scores are computed one by one: all raw scores together cost about as much as three
            // of them.
            if (groups.Count > FewBooklets && raws.Length < 3)
                scattered.AddRange(raws.Select(raw => (group.Items, raw, counts[raw])));
            else
                likelihoods.Add(new(group.Items, steps, firsts, counts));
        }
        if (scattered.Count > 0)
            scatter = new(scattered, steps, firsts);
    }

    public sealed record Maximum(double[] Easiness, double[] Factor, double LogLikelihood, int Iterations, double LargestGradient);

    /// <summary>
    /// Newton's method; halves a step that does not raise the likelihood. Null when it does not converge.
    /// </summary>
    public Maximum? Maximize(int mostIterations, int persons)
    {
        // The tolerance grows with the number of persons, because the counts grow with it, and rounding error with the
        // counts.
        var tolerance = 1e-9 * Math.Max(1, persons / 20_000d);
        var easiness = Start();
        var previous = double.PositiveInfinity;
        for (var iteration = 0; iteration <= mostIterations; iteration++)
        {
            var (value, gradient, information) = Derivatives(easiness, exact: false);
            var largest = gradient.Max(Math.Abs);
            if (!double.IsFinite(value) || easiness.Any(term => Math.Abs(term) > Farthest * steps.Max()))
                return null;
            // Approximate information is good enough for the climb; the standard errors need the exact one.
            if (largest < tolerance && scatter is not null)
                information = Derivatives(easiness, exact: true).Information;
            Regularize(information);
            if (!PositiveDefinite.Factor(information, size))
                return null;
            if (largest < tolerance)
                return new(easiness, information, value, iteration, largest);
            var step = gradient;
            PositiveDefinite.Solve(information, size, step);
            // When the gradient falls fast, the code does not check that the likelihood rises: with scattered booklets
            // that check costs as much as the gradient.
            easiness = scatter is not null && largest < previous / 4 ? Moved(easiness, step, 1) : Climb(easiness, step, value);
            previous = largest;
        }
        return null;
    }

    /// <summary>
    /// Moving the zero of the scale adds j to η_ij and leaves the likelihood unchanged. Filling in that direction gives
    /// the matrix an inverse.
    /// </summary>
    private void Regularize(double[] information)
    {
        var trace = 0d;
        for (var at = 0; at < size; at++)
            trace += information[at * size + at];
        for (var item = 0; item < steps.Length; item++)
        for (var step = 1; step <= steps[item]; step++)
        for (var other = 0; other < steps.Length; other++)
        for (var otherStep = 1; otherStep <= steps[other]; otherStep++)
            information[(firsts[item] + step - 1) * size + firsts[other] + otherStep - 1] += trace / size / size * step * otherStep;
    }

    private double[] Climb(double[] from, double[] step, double value)
    {
        for (var share = 1d; ; share /= 2)
        {
            var to = Moved(from, step, share);
            // Near the maximum a step gains less than rounding error; a slack of 1e-9 lets it pass.
            if (share < 1e-6 || Value(to) >= value - 1e-9 * Math.Abs(value))
                return to;
        }
    }

    private static double[] Moved(double[] from, double[] step, double share) =>
        [.. from.Zip(step, (start, by) => start + share * Math.Clamp(by, -4, 4))];

    /// <summary>
    /// Starting values: steps from the odds of neighbouring categories, as if every person had ability 0.
    /// </summary>
    private double[] Start()
    {
        var easiness = new double[size];
        for (var item = 0; item < steps.Length; item++)
        {
            var cumulated = 0d;
            for (var step = 1; step <= steps[item]; step++)
                easiness[firsts[item] + step - 1] = cumulated += Math.Log(usable.Counts[item][step] / usable.Counts[item][step - 1]);
        }
        // Centred, so that the symmetric functions stay near the middle of their range.
        var shift = Enumerable.Range(0, steps.Length).Sum(item => easiness[firsts[item] + steps[item] - 1]) / steps.Sum();
        for (var item = 0; item < steps.Length; item++)
        for (var step = 1; step <= steps[item]; step++)
            easiness[firsts[item] + step - 1] -= step * shift;
        return easiness;
    }

    private double Value(double[] easiness)
    {
        var terms = Array.ConvertAll(easiness, Math.Exp);
        return SpanMath.Dot(observed, easiness)
            - likelihoods.Sum(likelihood => likelihood.LogNormalizer(terms))
            - (scatter?.LogNormalizer(terms) ?? 0);
    }

    /// <param name="exact">False = the information of the scattered booklets is approximate.</param>
    private (double Value, double[] Gradient, double[] Information) Derivatives(double[] easiness, bool exact)
    {
        var terms = Array.ConvertAll(easiness, Math.Exp);
        var (gradient, information) = (new double[size], new double[size * size]);
        var value = SpanMath.Dot(observed, easiness);
        foreach (var likelihood in likelihoods)
            value -= likelihood.Accumulate(terms, gradient, information);
        if (scatter is not null)
            value -= scatter.Accumulate(terms, gradient, information, exact);
        for (var at = 0; at < size; at++)
            gradient[at] = observed[at] - gradient[at];
        return (value, gradient, information);
    }

    /// <summary>Null when a variance is not positive, or is so large that the estimate has no finite maximum.</summary>
    public ConditionalFit? Report(Maximum maximum, ConditionalOrigin origin, Undefined?[] refused, int persons)
    {
        var covariance = PositiveDefinite.Inverse(maximum.Factor, size);
        var map = StepsOf(origin);
        var (difficulties, errors) = (new double[size], new double[size, size]);
        var half = new double[size];
        for (var row = 0; row < size; row++)
        {
            difficulties[row] = SpanMath.Dot(map[row], maximum.Easiness);
            for (var at = 0; at < size; at++)
                half[at] = SpanMath.Dot(map[row], covariance.AsSpan(at * size, size));
            for (var column = 0; column < size; column++)
                errors[row, column] = SpanMath.Dot(half, map[column]);
            if (errors[row, row] is not (> 0 and < LargestVariance))
                return null;
        }
        var items = new Estimate<ItemSteps>[refused.Length];
        for (var column = 0; column < refused.Length; column++)
            if (refused[column] is { } reason)
                items[column] = Estimate<ItemSteps>.None(reason);
        for (var item = 0; item < steps.Length; item++)
            items[usable.Columns[item]] = Estimate<ItemSteps>.Of(Describe(item, difficulties, errors));
        return new(items, errors, maximum.LogLikelihood, size - 1, persons, maximum.Iterations, maximum.LargestGradient);
    }

    private ItemSteps Describe(int item, double[] difficulties, double[,] errors)
    {
        var places = Enumerable.Range(firsts[item], steps[item]).ToArray();
        var locationVariance = places.Sum(row => places.Sum(column => errors[row, column])) / places.Length / places.Length;
        return new(
            Array.ConvertAll(places, place => difficulties[place]),
            Array.ConvertAll(places, place => Math.Sqrt(errors[place, place])),
            places.Average(place => difficulties[place]),
            Math.Sqrt(Math.Max(0, locationVariance))
        );
    }

    /// <summary>Rows that turn η into steps with the chosen origin: δ_ik = −(η_ik − η_i,k−1) + shift.</summary>
    private double[][] StepsOf(ConditionalOrigin origin)
    {
        // Moving the scale by c adds j·c to η_ij; the constraint Σ w η = 0 holds with c = −Σ w η / Σ w j.
        var weights = new double[size];
        var weightedSteps = 0d;
        for (var item = 0; item < steps.Length; item++)
        {
            for (var step = 1; step <= steps[item]; step++)
            {
                if (origin == ConditionalOrigin.MeanStep && step < steps[item])
                    continue;
                weights[firsts[item] + step - 1] = 1;
                weightedSteps += step;
            }
        }
        var rows = new double[size][];
        for (var item = 0; item < steps.Length; item++)
        {
            for (var step = 1; step <= steps[item]; step++)
            {
                var row = Array.ConvertAll(weights, weight => weight / weightedSteps);
                var place = firsts[item] + step - 1;
                row[place] -= 1;
                if (step > 1)
                    row[place - 1] += 1;
                rows[place] = row;
            }
        }
        return rows;
    }
}
