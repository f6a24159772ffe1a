namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The likelihood of item scores given the raw scores, with its exact gradient and information, for one
/// <see cref="Booklet"/>.
/// </summary>
/// <remarks>
/// <para>Fischer, G. H. and Molenaar, I. W. (1995), Rasch Models, chapters 3 and 15: log L = Σ x_ij η_ij − Σ_r n_r log
/// γ_r(ε), ε_ij = exp η_ij, η the negative cumulative step difficulties, γ the elementary symmetric functions.</para>
/// <para>The summation algorithm (Andersen 1972) builds γ one item at a time from sums of positive terms only, so
/// nothing cancels, unlike in the difference algorithm. The derivatives come from the same recursion run backwards (the
/// adjoint) and from one forward pass for each parameter, again with positive terms only: the information costs
/// O(parameters × items × scores). Each stage is scaled by its largest term; the logarithms of the scales add
/// up.</para>
/// </remarks>
internal sealed class ConditionalLikelihood
{
    private readonly int[] items;
    private readonly int[] firsts;
    private readonly double[] scoreCounts;
    private readonly int[] steps;

    /// <param name="items">Places of the presented items.</param>
    /// <param name="steps">Number of steps of each item in use.</param>
    /// <param name="firsts">Place of the first parameter of each item in use.</param>
    /// <param name="scoreCounts">Number of persons with each raw score; the extreme scores do not matter.</param>
    public ConditionalLikelihood(int[] items, int[] steps, int[] firsts, double[] scoreCounts) =>
        (this.items, this.steps, this.firsts, this.scoreCounts) = (items, steps, firsts, scoreCounts);

    private int Scores => scoreCounts.Length;

    /// <summary>Returns Σ_r n_r log γ_r.</summary>
    public double LogNormalizer(double[] terms) => Forward(terms).LogNormalizer;

    /// <summary>
    /// Adds the first and second derivatives of Σ_r n_r log γ_r with respect to η; returns the value of the sum.
    /// </summary>
    /// <param name="terms">ε, all parameters in use.</param>
    /// <param name="information">Square, row by row, of the size of <paramref name="gradient"/>.</param>
    public double Accumulate(double[] terms, double[] gradient, double[] information)
    {
        var (prefixes, scales, logNormalizer) = Forward(terms);
        var last = prefixes[^1];
        var adjoints = Backward(terms, scales, last);
        var size = gradient.Length;
        var shares = new List<(int Parameter, double[] Share)>();
        for (var at = 0; at < items.Length; at++)
        {
            for (var step = 1; step <= steps[items[at]]; step++)
            {
                var parameter = firsts[items[at]] + step - 1;
                var factor = terms[parameter] / scales[at];
                var first = factor * SpanMath.Dot(prefixes[at].AsSpan(0, Scores - step), adjoints[at + 1].AsSpan(step));
                gradient[parameter] += first;
                information[parameter * size + parameter] += first;
                var tangent = new double[Scores];
                SpanMath.AddScaled(tangent.AsSpan(step), factor, prefixes[at].AsSpan(0, Scores - step));
                shares.Add((parameter, Propagate(tangent, at, parameter, terms, scales, adjoints, information, size)));
            }
        }
        for (var score = 0; score < Scores; score++)
            foreach (var (_, share) in shares)
                share[score] = scoreCounts[score] > 0 ? share[score] / last[score] : 0;
        var weighted = new double[Scores];
        foreach (var (row, left) in shares)
        {
            for (var score = 0; score < Scores; score++)
                weighted[score] = left[score] * scoreCounts[score];
            foreach (var (column, right) in shares)
            {
                if (column > row)
                    break;
                var product = SpanMath.Dot(weighted, right);
                information[row * size + column] -= product;
                if (column != row)
                    information[column * size + row] -= product;
            }
        }
        return logNormalizer;
    }

    private (double[][] Prefixes, double[] Scales, double LogNormalizer) Forward(double[] terms)
    {
        var prefixes = new double[items.Length + 1][];
        var scales = new double[items.Length];
        prefixes[0] = new double[Scores];
        prefixes[0][0] = 1;
        var (reached, logScale) = (0, 0d);
        for (var at = 0; at < items.Length; at++)
        {
            var next = (double[])prefixes[at].Clone();
            for (var step = 1; step <= steps[items[at]]; step++)
                SpanMath.AddScaled(
                    next.AsSpan(step, reached + 1),
                    terms[firsts[items[at]] + step - 1],
                    prefixes[at].AsSpan(0, reached + 1)
                );
            reached += steps[items[at]];
            var scale = next.AsSpan(0, reached + 1).ToArray().Max();
            SpanMath.Scale(next, 1 / scale);
            (prefixes[at + 1], scales[at], logScale) = (next, scale, logScale + Math.Log(scale));
        }
        var sum = 0d;
        for (var score = 0; score < Scores; score++)
            if (scoreCounts[score] > 0)
                sum += scoreCounts[score] * (Math.Log(prefixes[^1][score]) + logScale);
        return (prefixes, scales, sum);
    }

    /// <summary>Derivatives of Σ n_r log γ_r with respect to γ at each stage.</summary>
    private double[][] Backward(double[] terms, double[] scales, double[] last)
    {
        var adjoints = new double[items.Length + 1][];
        adjoints[^1] = new double[Scores];
        for (var score = 0; score < Scores; score++)
            if (scoreCounts[score] > 0)
                adjoints[^1][score] = scoreCounts[score] / last[score];
        for (var at = items.Length - 1; at >= 0; at--)
        {
            var before = (double[])adjoints[at + 1].Clone();
            for (var step = 1; step <= steps[items[at]]; step++)
                SpanMath.AddScaled(before.AsSpan(0, Scores - step), terms[firsts[items[at]] + step - 1], adjoints[at + 1].AsSpan(step));
            SpanMath.Scale(before, 1 / scales[at]);
            adjoints[at] = before;
        }
        return adjoints;
    }

    /// <summary>
    /// Carries the tangent of a parameter through the items after its own, and adds the mixed second derivatives on the
    /// way.
    /// </summary>
    private double[] Propagate(
        double[] tangent,
        int from,
        int parameter,
        double[] terms,
        double[] scales,
        double[][] adjoints,
        double[] information,
        int size
    )
    {
        var next = new double[Scores];
        for (var at = from + 1; at < items.Length; at++)
        {
            tangent.CopyTo(next, 0);
            for (var step = 1; step <= steps[items[at]]; step++)
            {
                var other = firsts[items[at]] + step - 1;
                var factor = terms[other];
                var mixed = factor / scales[at] * SpanMath.Dot(tangent.AsSpan(0, Scores - step), adjoints[at + 1].AsSpan(step));
                information[parameter * size + other] += mixed;
                information[other * size + parameter] += mixed;
                SpanMath.AddScaled(next.AsSpan(step), factor, tangent.AsSpan(0, Scores - step));
            }
            SpanMath.Scale(next, 1 / scales[at]);
            (tangent, next) = (next, tangent);
        }
        return tangent;
    }
}
