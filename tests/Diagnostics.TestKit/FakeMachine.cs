using NodaTime;

namespace Diagnostics.TestKit;

/// <summary>A machine that may sleep. Its clock can be set; its counter of elapsed time cannot.</summary>
public sealed class FakeMachine(Instant now) : TimeProvider
{
    private readonly Lock gate = new();
    private Instant clock = now;
    private long counter;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate)
            return counter;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return clock.ToDateTimeOffset();
    }

    /// <summary>Lets time pass.</summary>
    public void Run(Duration time)
    {
        lock (gate)
            (clock, counter) = (clock + time, counter + time.BclCompatibleTicks);
    }

    /// <summary>Moves the machine's clock forward, or back when the duration is negative.</summary>
    public void SetClock(Duration by)
    {
        lock (gate)
            clock += by;
    }

    /// <summary>
    /// Lets time pass while the machine sleeps: on waking its clock includes that time, and its counter does not.
    /// </summary>
    public void Sleep(Duration time) => SetClock(time);
}
