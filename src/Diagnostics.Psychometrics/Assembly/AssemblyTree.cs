namespace Diagnostics.Psychometrics.Assembly;

/// <summary>
/// Branch and bound over the slots, the most uneven first. A branch is cut when the variants differ on the filled slots
/// by more than the remaining slots can make up; each slot can change the difference of two variants by at most the
/// span of its facet's items.
/// </summary>
internal sealed class AssemblyTree
{
    private readonly AssemblyProblem problem;
    private readonly int[] sequence;

    // Indexed by the number of slots filled so far: how far the remaining slots can still change each attribute's span,
    // and how far they can move its mean down or up.
    private readonly double[][] spans,
        lowest,
        highest;
    private readonly double[][] sums;
    private readonly Placement[] placements;
    private readonly bool[] used;
    private readonly int width;
    private double best;
    private long left;

    public AssemblyTree(AssemblyProblem problem, Placement[] start, long steps)
    {
        (this.problem, Best, left) = (problem, start, steps);
        best = problem.Judge(AssemblySolution.Sum(problem, start)).Worst;
        LowerBound = best;
        width = problem.Attributes;
        used = new bool[problem.Facets.Count];
        placements = new Placement[problem.Slots.Count];
        var span = problem
            .Facets.Select(facet =>
                Enumerable
                    .Range(0, width)
                    .Select(attribute => facet.Max(item => item[attribute]) - facet.Min(item => item[attribute]))
                    .ToArray()
            )
            .ToArray();
        var mean = problem
            .Facets.Select(facet => Enumerable.Range(0, width).Select(attribute => facet.Average(item => item[attribute])).ToArray())
            .ToArray();
        sequence =
        [
            .. Enumerable
                .Range(0, problem.Slots.Count)
                .OrderByDescending(slot =>
                    problem
                        .Slots[slot]
                        .Max(facet => Enumerable.Range(0, width).Max(attribute => problem.Weights[attribute] * span[facet][attribute]))
                )
                .ThenBy(slot => slot),
        ];
        (spans, lowest, highest, sums) = (Rows(width), Rows(width), Rows(width), Rows(width * problem.Variants));
        for (var depth = sequence.Length - 1; depth >= 0; depth--)
        for (var attribute = 0; attribute < width; attribute++)
        {
            var allowed = problem.Slots[sequence[depth]];
            spans[depth][attribute] = spans[depth + 1][attribute] + allowed.Max(facet => span[facet][attribute]);
            lowest[depth][attribute] = lowest[depth + 1][attribute] + allowed.Min(facet => mean[facet][attribute]);
            highest[depth][attribute] = highest[depth + 1][attribute] + allowed.Max(facet => mean[facet][attribute]);
        }

        double[][] Rows(int size) => [.. Enumerable.Range(0, sequence.Length + 1).Select(_ => new double[size])];
    }

    public Placement[] Best { get; private set; }

    /// <summary>The smallest bound among the unexplored branches, or the optimum when none is left.</summary>
    public double LowerBound { get; private set; }

    public void Run()
    {
        Visit(0);
        LowerBound = Math.Min(LowerBound, best);
    }

    private void Visit(int depth)
    {
        if (depth == sequence.Length)
        {
            var worst = problem.Judge(sums[depth]).Worst;
            if (worst < best)
            {
                best = worst;
                Best = [.. placements];
            }
            return;
        }
        var slot = sequence[depth];
        var children = new List<(double Bound, double Worst, Placement Placement)>();
        foreach (var facet in problem.Slots[slot])
        {
            if (used[facet])
                continue;
            // Variants are interchangeable, so one order of the first slot's items is enough.
            for (var order = 0; order < (depth == 0 ? 1 : problem.Orders.Length); order++)
            {
                var placement = new Placement(facet, order);
                Extend(depth, placement);
                var bound = Bound(depth + 1);
                if (bound < best - 1e-12)
                    children.Add((bound, problem.Judge(sums[depth + 1]).Worst, placement));
            }
        }
        children.Sort((one, other) => (one.Bound, one.Worst).CompareTo((other.Bound, other.Worst)));
        foreach (var (bound, _, placement) in children)
        {
            if (bound >= best - 1e-12)
                continue;
            if (left-- <= 0)
            {
                LowerBound = Math.Min(LowerBound, bound);
                return;
            }
            Extend(depth, placement);
            placements[slot] = placement;
            used[placement.Facet] = true;
            Visit(depth + 1);
            used[placement.Facet] = false;
        }
    }

    private void Extend(int depth, Placement placement)
    {
        sums[depth].CopyTo(sums[depth + 1], 0);
        problem.Add(sums[depth + 1], placement);
    }

    private double Bound(int depth)
    {
        var bound = 0.0;
        var filled = sums[depth];
        for (var attribute = 0; attribute < width; attribute++)
        {
            var (low, high, mean) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
            for (var place = attribute; place < filled.Length; place += width)
            {
                low = Math.Min(low, filled[place]);
                high = Math.Max(high, filled[place]);
                mean += filled[place] / problem.Variants;
            }
            var miss = high - low - spans[depth][attribute];
            if (problem.Targets[attribute] is { } target)
                miss = Math.Max(miss, Math.Max(mean + lowest[depth][attribute] - target, target - mean - highest[depth][attribute]));
            bound = Math.Max(bound, problem.Weights[attribute] * miss);
        }
        return bound;
    }
}
