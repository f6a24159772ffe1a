using Diagnostics.Storage;
using Diagnostics.Storage.Integration;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Clears the answers that are kept for repetitions once nobody can be waiting for them. The keys stay: a request that comes
/// again after that is told that it was carried out.
/// </summary>
internal sealed class AnswerForgetter(Database database, IClock clock, ILogger<AnswerForgetter> log) : Worker(log)
{
    internal static readonly Duration Kept = Duration.FromHours(72);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Of one transaction: what a day brings keeps nobody waiting, what years have brought would.
    private static readonly Duration Step = Duration.FromDays(1);

    private Instant? done;

    protected override Task Work(CancellationToken stopping) => Forget(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task Forget(CancellationToken cancel = default)
    {
        var until = clock.GetCurrentInstant() - Kept;
        if ((done ?? await database.Read(IdempotencyStore.Oldest)) is not { } from) return;
        for (; from < until && !cancel.IsCancellationRequested; done = from)
        {
            var to = Instant.Min(from + Step, until);
            await database.WriteStatement(db => IdempotencyStore.ForgetAnswers(db, from, to));
            from = to;
        }
    }
}
