using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The time of this node: what the machine's clock showed at the start, plus the time that has passed since then by a
/// counter that nobody can set. Whatever happens to the machine's clock later, an hour stays an hour. Only
/// <see cref="ClockSkew"/>, which compares it with another clock, corrects it.
/// </summary>
/// <remarks>
/// Times are in whole microseconds, the precision of every database, so a time in an answer equals the stored one. On
/// most systems the counter stops while the machine sleeps; the time that people have left for the test then stops too.
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

    /// <summary>The present time of the machine's own clock.</summary>
    internal Instant OfMachine() => Instant.FromUnixTimeTicks(MachineTicks());

    /// <param name="by">How far to move the time: forward when positive, back when negative.</param>
    internal void Correct(Duration by)
    {
        var last = anchor;
        anchor = last with { Ticks = last.Ticks + by.BclCompatibleTicks };
    }

    private long MachineTicks() => machine.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    private sealed record Anchor(long Ticks, long Counter);
}
