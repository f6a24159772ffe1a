using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Forgets sign-ins long after their time is over. They open nothing, but until then a device that shows one is known: it
/// does not wait for other people's wrong passwords. Who signed in when is nobody's business after that.
/// </summary>
internal sealed class SignInForgetter(Database database, IClock clock, ILogger<SignInForgetter> log) : Worker(log)
{
    /// <summary>From one diagnostic of a person to the next there may be half a year.</summary>
    internal static readonly Duration Kept = Duration.FromDays(180);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Of one transaction: what a day brings keeps nobody waiting, what years have brought would.
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
