using NodaTime;

namespace Diagnostics.TestKit;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class FakeClock(Instant now) : IClock
{
    private readonly Lock gate = new();
    private Instant current = now;

    /// <summary>How far every look moves it on, for tests that need to know what came first; it stands still otherwise.</summary>
    public Duration Step { get; set; }

    public Instant GetCurrentInstant()
    {
        lock (gate) return current += Step;
    }

    public void Advance(Duration by)
    {
        lock (gate) current += by;
    }
}
