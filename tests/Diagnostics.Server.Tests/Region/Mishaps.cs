namespace Diagnostics.Server.Tests.Region;

/// <summary>Kinds of mishaps, of which some are drawn by lot and played.</summary>
internal abstract class Mishaps(RegionalDiagnostic region)
{
    protected RegionalDiagnostic Region => region;

    protected abstract IEnumerable<(string Name, Func<Task> Play)> Kinds { get; }

    /// <summary>All kinds, in an order that the lot decides.</summary>
    internal IReadOnlyList<(string Name, Func<Task> Play)> Shuffled(Random lot)
    {
        var kinds = Kinds.ToArray();
        lot.Shuffle(kinds);
        return kinds;
    }

    /// <summary>Plays a mishap whose way out ends at once.</summary>
    internal async Task Play(string name, Func<Task> play)
    {
        region.Played.Add(name);
        region.Tick();
        var before = region.Unequal.Count;
        await region.Try(play);
        if (region.Unequal.Count == before) region.Solved.Add(name);
    }

    protected Task<Reply> Refused(Task<Reply> asking, string? code) => region.Refused(asking, code);

    protected void Holds(bool condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null,
        [System.Runtime.CompilerServices.CallerMemberName] string? where = null) => region.Check($"{where}: {what}", condition);
}
