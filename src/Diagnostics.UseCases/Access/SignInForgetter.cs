using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Deletes sign-ins long after they expire. Until then an expired sign-in opens nothing, but a device that shows one is
/// known and does not wait for other people's wrong passwords. Afterwards, who signed in when is nobody's business.
/// </summary>
internal sealed class SignInForgetter(Database database, IClock clock, ILogger<SignInForgetter> log) : Worker(log)
{
    /// <summary>There may be half a year between two diagnostics of a person.</summary>
    internal static readonly Duration Kept = Duration.FromDays(180);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Span of rows that one transaction deletes: a day's rows hold nobody up, but those of several years would.
    private static readonly Duration Step = Duration.FromDays(1);

    protected override Task Work(CancellationToken stopping) => Forget(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task Forget(CancellationToken cancel = default)
    {
        var until = clock.GetCurrentInstant() - Kept;
        while (!cancel.IsCancellationRequested && await database.Read(SignInStore.Oldest) is { } from && from < until)
            await database.WriteStatement(db => SignInStore.Forget(db, from, Instant.Min(from + Step, until)));
    }
}
