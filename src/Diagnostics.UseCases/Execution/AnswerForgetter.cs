using Diagnostics.Storage;
using Diagnostics.Storage.Integration;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Deletes the responses kept for repeated requests, once nobody can be waiting for them any more. The keys stay, so
/// the sender of a later repetition is told that the request was already carried out.
/// </summary>
internal sealed class AnswerForgetter(Database database, IClock clock, ILogger<AnswerForgetter> log) : Worker(log)
{
    internal static readonly Duration Kept = Duration.FromHours(72);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // One transaction deletes the rows of a single day, which holds nobody up. Deleting the rows of several years at
    // once would hold everybody up.
    private static readonly Duration Step = Duration.FromDays(1);

    private Instant? done;

    protected override Task Work(CancellationToken stopping) => Forget(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task Forget(CancellationToken cancel = default)
    {
        var until = clock.GetCurrentInstant() - Kept;
        if ((done ?? await database.Read(IdempotencyStore.Oldest)) is not { } from)
            return;
        for (; from < until && !cancel.IsCancellationRequested; done = from)
        {
            var to = Instant.Min(from + Step, until);
            await database.WriteStatement(db => IdempotencyStore.ForgetAnswers(db, from, to));
            from = to;
        }
    }
}
