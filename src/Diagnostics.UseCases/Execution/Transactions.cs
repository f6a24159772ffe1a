using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Integration;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// What a use case reads and writes through. The first write of a request that carries an <c>Idempotency-Key</c> records
/// the key in its own transaction: the work and the memory of it are durable together or not at all.
/// </summary>
internal sealed class Transactions(Database database, IClock clock)
{
    internal IdempotencyScope? Idempotency { get; set; }

    internal Task<T> Read<T>(Func<Db, Task<T>> work) => database.Read(work);

    internal Task<T> Write<T>(Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial) => Idempotency is not { Recorded: false } scope
        ? database.Write(work, isolation)
        : WriteOnce(scope, work, isolation);

    /// <summary>For work of a single statement.</summary>
    internal Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => database.WriteStatement(statement);

    private async Task<T> WriteOnce<T>(IdempotencyScope scope, Func<Db, Task<T>> work, Isolation isolation)
    {
        var result = await database.Write(work, isolation, first: async db =>
        {
            if (!await IdempotencyStore.Record(db, scope.Actor, scope.Key, scope.RequestHash, clock.GetCurrentInstant()))
                throw new IdempotencyReplayException();
        });
        // A refused write leaves the key free: it is the first that stays that records it.
        scope.Recorded = result is not IRefusable { Refusal: not null };
        return result;
    }
}

/// <summary>The key that a request came with.</summary>
internal sealed record IdempotencyScope(string Actor, string Key, string RequestHash)
{
    internal bool Recorded { get; set; }
}

/// <summary>The key was recorded before: this request has been carried out already.</summary>
internal sealed class IdempotencyReplayException : Exception;
