namespace Diagnostics.Engine.Marking;

/// <summary>
/// The independent readings that a script's task needs, as places 1…N. An assignment holds one place.
/// </summary>
public static class MarkingPlaces
{
    /// <returns>The first place that no expert holds or has marked; null when all are taken.</returns>
    public static int? Free(IEnumerable<int> taken, int experts)
    {
        var held = taken.ToHashSet();
        return Enumerable.Range(1, experts).Where(place => !held.Contains(place)).Select(place => (int?)place).FirstOrDefault();
    }
}
