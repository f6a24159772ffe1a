namespace Diagnostics.Psychometrics.Assembly;

/// <summary>Finds one possible form by augmenting paths (Kuhn 1955): a facet for each slot, none used twice.</summary>
internal static class AssemblyMatching
{
    /// <returns>Null when no form is possible.</returns>
    public static Placement[]? Of(AssemblyProblem problem)
    {
        var slotOf = new int[problem.Facets.Count];
        Array.Fill(slotOf, -1);
        for (var slot = 0; slot < problem.Slots.Count; slot++)
            if (!Place(slot, new bool[problem.Facets.Count]))
                return null;
        var placements = new Placement[problem.Slots.Count];
        for (var facet = 0; facet < slotOf.Length; facet++)
            if (slotOf[facet] >= 0)
                placements[slotOf[facet]] = new Placement(facet, 0);
        return placements;

        bool Place(int slot, bool[] tried)
        {
            foreach (var facet in problem.Slots[slot])
            {
                if (tried[facet])
                    continue;
                tried[facet] = true;
                if (slotOf[facet] >= 0 && !Place(slotOf[facet], tried))
                    continue;
                slotOf[facet] = slot;
                return true;
            }
            return false;
        }
    }
}
