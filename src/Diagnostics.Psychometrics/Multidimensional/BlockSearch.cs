using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>The EM algorithm, extrapolated after every two steps.</summary>
internal sealed class BlockSearch
{
    private readonly BlockLikelihood likelihood;
    private readonly BlockLayout layout;
    private readonly UsableItems usable;
    private readonly int mostEvaluations;
    private readonly CancellationToken cancel;

    public BlockSearch(BlockLikelihood likelihood, BlockLayout layout, UsableItems usable, int mostEvaluations, CancellationToken cancel) =>
        (this.likelihood, this.layout, this.usable, this.mostEvaluations, this.cancel) = (
            likelihood,
            layout,
            usable,
            mostEvaluations,
            cancel
        );

    public double[] Parameters { get; private set; } = [];

    public double LogLikelihood { get; private set; }

    public double Persons { get; private set; }

    public double LargestChange { get; private set; }

    public int Evaluations { get; private set; }

    /// <returns>Null when the search succeeded, that is, a step changed no parameter by <paramref name="settled"/> or
    /// more; otherwise the reason for giving up.</returns>
    public Undefined? Maximize(double[] start, double settled, double steepest, double closest)
    {
        var point = start;
        while (Evaluations + 3 <= mostEvaluations)
        {
            var first = Step(point);
            if (Refusal(first, steepest, closest) is { } refusal)
                return refusal;
            var change = Difference(first, point);
            LargestChange = change.Max(Math.Abs);
            if (LargestChange < settled)
            {
                Parameters = point;
                return null;
            }
            var second = Step(first);
            if (Refusal(second, steepest, closest) is { } again)
                return again;
            var bend = Difference(Difference(second, first), change);
            var length = Math.Sqrt(SpanMath.Dot(bend, bend));
            var stretch = length == 0 ? 1 : Math.Clamp(Math.Sqrt(SpanMath.Dot(change, change)) / length, 1, 32);
            point = second;
            if (stretch <= 1.01)
                continue;
            var far = (double[])point.Clone();
            for (var at = 0; at < far.Length; at++)
                far[at] = first[at] - change[at] + 2 * stretch * change[at] + stretch * stretch * bend[at];
            if (Refusal(far, steepest, closest) is not null)
                continue;
            // The extrapolation may go too far; a lower likelihood shows that it has.
            var from = LogLikelihood;
            var settledFar = Step(far);
            if (LogLikelihood >= from - 1e-6 && Refusal(settledFar, steepest, closest) is null)
                point = settledFar;
        }
        return Undefined.NotConverged;
    }

    /// <summary>Takes one EM step, and remembers the likelihood at the point where the step starts.</summary>
    private double[] Step(double[] parameters)
    {
        cancel.ThrowIfCancellationRequested();
        Evaluations++;
        var step = likelihood.Evaluate(parameters, withScores: false);
        LogLikelihood = step.LogLikelihood;
        var next = (double[])parameters.Clone();
        for (var item = 0; item < layout.Items; item++)
            Update(item, step, next);
        var count = layout.Count;
        Persons = step.Persons;
        var deviations = Enumerable.Range(0, count).Select(at => Math.Sqrt(step.Moments[at * count + at] / Persons)).ToArray();
        for (var slope = 0; slope < layout.Slopes; slope++)
            next[slope] *= deviations[layout.HasFreeSlopes ? layout.Dimensions[slope] : slope];
        for (var row = 0; row < count; row++)
        for (var column = 0; column < row; column++)
            next[layout.Correlation(row, column)] = step.Moments[row * count + column] / Persons / deviations[row] / deviations[column];
        return next;
    }

    /// <summary>Takes a Newton step for the item's intercepts, and for its slope when the slope is free.</summary>
    private void Update(int item, BlockLikelihood.EStep step, double[] parameters)
    {
        var (steps, persons, probabilities, expected) = (
            layout.Steps(item),
            step.ItemNodes[item],
            step.Tables.Probabilities[item],
            step.Tables.Expected[item]
        );
        var free = layout.HasFreeSlopes ? 1 : 0;
        var width = steps + free;
        var (gradient, information) = (new double[width], new double[width * width]);
        var weighted = new double[BlockTables.Count];
        for (var score = 1; score <= steps; score++)
        {
            gradient[score - 1 + free] = usable.Counts[item][score] - SpanMath.Dot(persons, probabilities[score - 1]);
            Array.Clear(weighted);
            SpanMath.AddProducts(weighted, persons, probabilities[score - 1]);
            for (var other = 1; other <= score; other++)
                information[(score - 1 + free) * width + other - 1 + free] =
                    (score == other ? usable.Counts[item][score] - gradient[score - 1 + free] : 0)
                    - SpanMath.Dot(weighted, probabilities[other - 1]);
            if (free == 0)
                continue;
            for (var node = 0; node < BlockTables.Count; node++)
                information[score * width] += weighted[node] * BlockTables.Grid[node] * (score - expected[node]);
        }
        if (free == 1)
        {
            gradient[0] = step.Products[item];
            for (var node = 0; node < BlockTables.Count; node++)
            {
                var square = 0d;
                for (var score = 1; score <= steps; score++)
                    square += (double)score * score * probabilities[score - 1][node];
                gradient[0] -= persons[node] * BlockTables.Grid[node] * expected[node];
                information[0] +=
                    persons[node] * BlockTables.Grid[node] * BlockTables.Grid[node] * (square - expected[node] * expected[node]);
            }
        }
        if (!PositiveDefinite.Factor(information, width))
            return;
        PositiveDefinite.Solve(information, width, gradient);
        if (free == 1)
            parameters[layout.Slope(item)] += Math.Clamp(gradient[0], -1, 1);
        for (var score = 1; score <= steps; score++)
            parameters[layout.Intercept(item, score)] += Math.Clamp(gradient[score - 1 + free], -1, 1);
    }

    private Undefined? Refusal(double[] parameters, double steepest, double closest)
    {
        if (!parameters.All(double.IsFinite) || parameters.Take(layout.Slopes).Any(slope => Math.Abs(slope) > steepest))
            return Undefined.NotConverged;
        if (!layout.HasFreeSlopes && parameters.Take(layout.Slopes).Any(slope => slope < 0.02))
            return Undefined.NoVariance;
        var correlations = layout.Correlations(parameters);
        return
            parameters.Skip(layout.FirstCorrelation).Any(one => Math.Abs(one) > closest)
            || !PositiveDefinite.Factor(correlations, layout.Count)
            || Nearly(correlations, closest)
            ? Undefined.Singular
            : null;
    }

    /// <summary>
    /// Whether the abilities in some block are almost a linear combination of those in the blocks before it.
    /// </summary>
    private bool Nearly(double[] factor, double closest) =>
        Enumerable
            .Range(0, layout.Count)
            .Any(at => factor[at * layout.Count + at] * factor[at * layout.Count + at] < 1 - closest * closest);

    private static double[] Difference(double[] one, double[] other) => [.. one.Zip(other, (left, right) => left - right)];
}
