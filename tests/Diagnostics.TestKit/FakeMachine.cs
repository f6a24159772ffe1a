using NodaTime;

namespace Diagnostics.TestKit;

/// <summary>A machine whose clock may be set, whose counter of elapsed time may not, and which may sleep.</summary>
public sealed class FakeMachine(Instant now) : TimeProvider
{
    private readonly Lock gate = new();
    private Instant clock = now;
    private long counter;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate) return counter;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return clock.ToDateTimeOffset();
    }

    /// <summary>Time goes by.</summary>
    public void Run(Duration time)
    {
        lock (gate) (clock, counter) = (clock + time, counter + time.BclCompatibleTicks);
    }

    /// <summary>Somebody sets its clock; back when negative.</summary>
    public void SetClock(Duration by)
    {
        lock (gate) clock += by;
    }

    /// <summary>Time goes by, which its clock knows when it wakes and its counter does not.</summary>
    public void Sleep(Duration time) => SetClock(time);
}
