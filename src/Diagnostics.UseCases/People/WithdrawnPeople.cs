using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>
/// Erases people whose consent to the processing of their data was withdrawn, once the term of the law is over (152-ФЗ,
/// article 21, part 5), unless they have given it again. Somebody whom it is too early to erase is asked about at each round.
/// </summary>
internal sealed class WithdrawnPeople(
    Database database,
    PersonErasure erasure,
    SignInsEnded ended,
    IClock clock,
    ILogger<WithdrawnPeople> log
) : Worker(log)
{
    /// <summary>How long after the withdrawal the data are kept.</summary>
    internal static readonly Duration Kept = Duration.FromDays(30);

    private const string Actor = "service";

    private const int AtOnce = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task Work(CancellationToken stopping) => Erase(stopping);

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    internal async Task Erase(CancellationToken cancel = default)
    {
        Guid? after = null;
        var erased = false;
        while (await Due(after) is { Count: > 0 } due)
        {
            foreach (var person in due)
            {
                if (cancel.IsCancellationRequested)
                    return;
                await Attempt(async () => erased |= await Erase(person), cancel);
                after = person;
            }
        }
        if (!erased)
            return;
        await ended();
        await database.ForgetLog();
    }

    private Task<IReadOnlyList<Guid>> Due(Guid? after) =>
        database.Read(db => ConsentStore.ProcessingWithdrawnBefore(db, clock.GetCurrentInstant() - Kept, after, AtOnce));

    private async Task<bool> Erase(Guid participantId)
    {
        var result = await database.Write(
            async Task<Result<Done>> (db) =>
                await PersonStore.Find(db, participantId) is not { } person
                || await ConsentStore.Has(db, participantId, ConsentStore.DataProcessing)
                    ? PeopleRefusals.NotFound
                : await erasure.Run(db, person, clock.GetCurrentInstant(), Actor) is { } refusal ? refusal
                : default(Done)
        );
        return result.Refusal is null;
    }
}
