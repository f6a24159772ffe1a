using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>Gives the framework the service's own clock, so that tokens expire by the clock that issued them.</summary>
internal sealed class ServerTime(IClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetCurrentInstant().ToDateTimeOffset();
}
