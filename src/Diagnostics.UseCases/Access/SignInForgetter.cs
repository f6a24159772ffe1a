using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Deletes sign-ins long after they expire. Until then an expired sign-in opens nothing, but a device that shows it
/// counts as known, and a known device does not wait because of other people's wrong passwords. Once a sign-in is
/// deleted, nobody can find out from it who signed in and when.
/// </summary>
internal sealed class SignInForgetter(Database database, IClock clock, ILogger<SignInForgetter> log) : Worker(log)
{
    /// <summary>How long sign-ins are kept: half a year may pass between two diagnostics of the same person.</summary>
    internal static readonly Duration Kept = Duration.FromDays(180);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // One transaction deletes the rows of a single day, which holds nobody up. Deleting the rows of several years at
    // once would hold everybody up.
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
