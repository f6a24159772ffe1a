using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The time of this node: what the machine's clock showed at the start, and what has passed since then by a counter that
/// nobody can set. Whatever happens to the machine's clock later, an hour stays an hour; only a <see cref="ClockSkew"/>
/// that has looked at another clock moves it.
/// </summary>
/// <remarks>
/// In whole microseconds, which is what every database keeps: an instant answered is the instant stored. On most systems the
/// counter stands still while the machine sleeps, and people's time with it.
/// </remarks>
internal sealed class NodeClock : IClock
{
    private readonly TimeProvider machine;
    private volatile Anchor anchor;

    public NodeClock(TimeProvider machine)
    {
        this.machine = machine;
        anchor = new(MachineTicks(), machine.GetTimestamp());
    }

    public Instant GetCurrentInstant()
    {
        var last = anchor;
        var ticks = last.Ticks + machine.GetElapsedTime(last.Counter).Ticks;
        return Instant.FromUnixTimeTicks(ticks - ticks % TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>What the machine's own clock shows now.</summary>
    internal Instant OfMachine() => Instant.FromUnixTimeTicks(MachineTicks());

    /// <param name="by">Forward; back when negative.</param>
    internal void Correct(Duration by)
    {
        var last = anchor;
        anchor = last with { Ticks = last.Ticks + by.BclCompatibleTicks };
    }

    private long MachineTicks() => machine.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    private sealed record Anchor(long Ticks, long Counter);
}
