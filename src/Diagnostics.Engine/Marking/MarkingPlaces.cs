namespace Diagnostics.Engine.Marking;

/// <summary>
/// The independent readings that a script's task needs. They are numbered 1…N, and each assignment takes one of these
/// numbers, its "place".
/// </summary>
public static class MarkingPlaces
{
    /// <returns>The lowest number that no expert has taken; null when all are taken.</returns>
    public static int? Free(IEnumerable<int> taken, int experts)
    {
        var held = taken.ToHashSet();
        return Enumerable.Range(1, experts).Where(place => !held.Contains(place)).Select(place => (int?)place).FirstOrDefault();
    }
}
