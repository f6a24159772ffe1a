using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// Gives ASP.NET Core the service's own clock, so that tokens expire by the same clock by which they were issued.
/// </summary>
internal sealed class ServerTime(IClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetCurrentInstant().ToDateTimeOffset();
}
