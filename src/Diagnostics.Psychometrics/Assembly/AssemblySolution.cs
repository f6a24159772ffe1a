namespace Diagnostics.Psychometrics.Assembly;

/// <param name="Facet">The facet that fills the slot.</param>
/// <param name="Items">The item that each variant gets.</param>
public sealed record FilledSlot(int Facet, IReadOnlyList<int> Items);

/// <summary>An assembled form and the proved bound on its quality.</summary>
/// <param name="Objective">The value minimised: the largest weighted difference.</param>
/// <param name="LowerBound">No form does better than this.</param>
/// <param name="Sums">Sums of the attributes, variants × attributes.</param>
/// <param name="Spans">For each attribute, the unweighted difference between the highest and the lowest
/// variant.</param>
public sealed record AssemblySolution(
    double Objective,
    double LowerBound,
    IReadOnlyList<FilledSlot> Slots,
    double[,] Sums,
    IReadOnlyList<double> Spans
)
{
    /// <summary>The most that a better form could still gain, in the units of the objective.</summary>
    public double Gap => Math.Max(0, Objective - LowerBound);

    /// <summary>No form is better by more than rounding.</summary>
    public bool IsOptimal => Gap <= 1e-9 * (1 + Objective);

    /// <summary>
    /// Assembles by local search, then uses branch and bound to prove the result optimal or to improve it until the
    /// allowed steps run out. Small forms (six or seven slots, with the facets already chosen) come out optimal; a
    /// large form is returned with its gap. For a large form without targets the relaxed bound is 0, so the objective
    /// itself says how far the variants are from perfectly parallel.
    /// </summary>
    /// <param name="seed">Seed of the restarts: the same seed gives the same form.</param>
    /// <param name="restarts">Number of restarts of the local search, at least 1.</param>
    /// <param name="steps">Number of nodes that branch and bound may visit; 0 = none.</param>
    /// <returns>Undefined (<see cref="Undefined.TooFewItems"/>) when the facets do not suffice for the slots.</returns>
    public static Estimate<AssemblySolution> Of(AssemblyProblem problem, int seed, int restarts = 20, long steps = 200_000)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(restarts, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (AssemblyMatching.Of(problem) is not { } first)
            return Estimate<AssemblySolution>.None(Undefined.TooFewItems);
        var best = new AssemblySearch(problem, seed).Run(first, restarts);
        var relaxed = AssemblyBound.Relaxed(problem);
        if (relaxed >= problem.Judge(Sum(problem, best)).Worst || steps == 0)
            return Estimate<AssemblySolution>.Of(Report(problem, best, relaxed));
        var tree = new AssemblyTree(problem, best, steps);
        tree.Run();
        return Estimate<AssemblySolution>.Of(Report(problem, tree.Best, Math.Max(relaxed, tree.LowerBound)));
    }

    internal static double[] Sum(AssemblyProblem problem, IReadOnlyList<Placement> placements)
    {
        var sums = new double[problem.Variants * problem.Attributes];
        foreach (var placement in placements)
            problem.Add(sums, placement);
        return sums;
    }

    private static AssemblySolution Report(AssemblyProblem problem, Placement[] placements, double bound)
    {
        var sums = Sum(problem, placements);
        var table = new double[problem.Variants, problem.Attributes];
        for (var variant = 0; variant < problem.Variants; variant++)
        for (var attribute = 0; attribute < problem.Attributes; attribute++)
            table[variant, attribute] = sums[variant * problem.Attributes + attribute];
        var objective = problem.Judge(sums).Worst;
        return new AssemblySolution(
            objective,
            Math.Min(objective, bound),
            [.. placements.Select(placement => new FilledSlot(placement.Facet, problem.Orders[placement.Order]))],
            table,
            [
                .. Enumerable
                    .Range(0, problem.Attributes)
                    .Select(attribute =>
                    {
                        var column = Enumerable.Range(0, problem.Variants).Select(variant => table[variant, attribute]).ToArray();
                        return column.Max() - column.Min();
                    }),
            ]
        );
    }
}
