using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>The server's clock in whole microseconds, which is what every database keeps: an instant answered is the instant stored.</summary>
internal sealed class ServerClock : IClock
{
    private const long TicksPerMicrosecond = NodaConstants.TicksPerMillisecond / 1000;

    public Instant GetCurrentInstant()
    {
        var ticks = SystemClock.Instance.GetCurrentInstant().ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - ticks % TicksPerMicrosecond);
    }
}
