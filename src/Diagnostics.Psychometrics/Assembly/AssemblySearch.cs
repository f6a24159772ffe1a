using MathNet.Numerics.Random;

namespace Diagnostics.Psychometrics.Assembly;

/// <summary>
/// Iterated local search (Lourenço, Martin and Stützle 2003). It improves facets and orders slot by slot, then for
/// pairs of slots together; then it shuffles a few slots of the best form so far and starts again. Of two forms, the
/// one with the smaller worst difference is better; on a tie, the one with the smaller sum of squared differences. The
/// tie-break carries the search across plateaus of the minimax.
/// </summary>
internal sealed class AssemblySearch(AssemblyProblem problem, int seed)
{
    /// <summary>
    /// The search tries a pair of slots together only if the pair has at most this many combinations; otherwise it
    /// tries single moves alone.
    /// </summary>
    private const int LargestPair = 20_000;

    private readonly Xoshiro256StarStar random = new(seed, threadSafe: false);
    private readonly double[] sums = new double[problem.Variants * problem.Attributes];
    private readonly bool[] used = new bool[problem.Facets.Count];
    private Placement[] current = [];
    private (double Worst, double All) value;

    public Placement[] Run(Placement[] first, int restarts)
    {
        var (best, bestValue) = (first, (Worst: double.PositiveInfinity, All: double.PositiveInfinity));
        for (var start = 0; start < restarts; start++)
        {
            Begin(start == 0 ? first : best);
            if (start > 0)
                Shuffle();
            while (Singles() || Pairs()) { }
            if (Better(value, bestValue))
                (best, bestValue) = ([.. current], value);
            if (bestValue.Worst == 0)
                break;
        }
        return best;
    }

    private static bool Better((double Worst, double All) one, (double Worst, double All) other)
    {
        const double least = 1e-12;
        return one.Worst < other.Worst - least || (one.Worst <= other.Worst && one.All < other.All - least);
    }

    private void Begin(Placement[] from)
    {
        current = [.. from];
        Array.Clear(used);
        foreach (var placement in current)
            used[placement.Facet] = true;
        Recount();
    }

    private void Shuffle()
    {
        for (var time = 0; time < Math.Max(2, current.Length / 3); time++)
        {
            var slot = random.Next(current.Length);
            var facet = problem.Slots[slot][random.Next(problem.Slots[slot].Count)];
            if (used[facet])
                facet = current[slot].Facet;
            Put(slot, new Placement(facet, random.Next(problem.Orders.Length)));
        }
        Recount();
    }

    /// <summary>Sums everything from scratch, so that rounding errors do not pile up over thousands of moves.</summary>
    private void Recount()
    {
        AssemblySolution.Sum(problem, current).CopyTo(sums, 0);
        value = problem.Judge(sums);
    }

    private bool Singles()
    {
        var improved = false;
        for (var slot = 0; slot < current.Length; slot++)
        {
            var old = current[slot];
            problem.Add(sums, old, -1);
            var (choice, best) = (old, value);
            foreach (var facet in problem.Slots[slot])
            {
                if (used[facet] && facet != old.Facet)
                    continue;
                for (var order = 0; order < problem.Orders.Length; order++)
                {
                    var judged = problem.Judge(sums, new Placement(facet, order), best.Worst);
                    if (Better(judged, best))
                        (choice, best) = (new Placement(facet, order), judged);
                }
            }
            improved |= choice != old;
            Put(slot, choice);
            Recount();
        }
        return improved;
    }

    private bool Pairs()
    {
        var inner = new double[sums.Length];
        var improved = false;
        for (var one = 0; one < current.Length; one++)
        for (var other = one + 1; other < current.Length; other++)
        {
            if ((long)Candidates(one) * Candidates(other) > LargestPair)
                continue;
            var (oldOne, oldOther) = (current[one], current[other]);
            problem.Add(sums, oldOne, -1);
            problem.Add(sums, oldOther, -1);
            var (choice, best) = ((oldOne, oldOther), value);
            foreach (var facetOne in problem.Slots[one])
            {
                if (used[facetOne] && facetOne != oldOne.Facet && facetOne != oldOther.Facet)
                    continue;
                for (var orderOne = 0; orderOne < problem.Orders.Length; orderOne++)
                {
                    sums.CopyTo(inner, 0);
                    problem.Add(inner, new Placement(facetOne, orderOne));
                    foreach (var facetOther in problem.Slots[other])
                    {
                        if (facetOther == facetOne || (used[facetOther] && facetOther != oldOne.Facet && facetOther != oldOther.Facet))
                            continue;
                        for (var orderOther = 0; orderOther < problem.Orders.Length; orderOther++)
                        {
                            var judged = problem.Judge(inner, new Placement(facetOther, orderOther), best.Worst);
                            if (Better(judged, best))
                                (choice, best) = ((new Placement(facetOne, orderOne), new Placement(facetOther, orderOther)), judged);
                        }
                    }
                }
            }
            used[oldOne.Facet] = used[oldOther.Facet] = false;
            (current[one], current[other]) = choice;
            used[choice.Item1.Facet] = used[choice.Item2.Facet] = true;
            Recount();
            improved |= choice != (oldOne, oldOther);
        }
        return improved;
    }

    private int Candidates(int slot) => problem.Slots[slot].Count * problem.Orders.Length;

    private void Put(int slot, Placement placement)
    {
        used[current[slot].Facet] = false;
        current[slot] = placement;
        used[placement.Facet] = true;
    }
}
