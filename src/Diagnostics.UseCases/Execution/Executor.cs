using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Integration;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>Called after the transaction of a use case that may have ended sign-ins.</summary>
internal delegate Task SignInsEnded();

/// <summary>
/// Runs every use case. The first write of a call with a key also records the key, in the same transaction: the work
/// and the key become durable together or not at all.
/// </summary>
internal sealed class Executor(Database database, Gate gate, IClock clock, Looks looks, SignInsEnded? ended = null)
{
    internal static readonly Refusal KeyEmpty = Refusal.Invalid(
        "idempotency-key-empty",
        $"Idempotency-Key пуст: нужно от 1 до {Repeat.MaxKeyLength} знаков, или не присылайте этот заголовок."
    );

    internal static readonly Refusal KeyTooLong = Refusal.Invalid(
        "idempotency-key-too-long",
        $"Idempotency-Key длиннее {Repeat.MaxKeyLength} знаков."
    );

    internal static readonly Refusal KeyReused = Refusal.Invalid(
        "idempotency-key-reused",
        "Этот Idempotency-Key уже использован с другим запросом."
    );

    internal static readonly Refusal AlreadyDone = Refusal.Conflict(
        "already-done",
        "Запрос с этим Idempotency-Key уже выполнен; прочитайте его результат по адресу ресурса."
    );

    internal Instant Now => clock.GetCurrentInstant();

    internal Task TellSignInsEnded() => ended?.Invoke() ?? Task.CompletedTask;

    /// <inheritdoc cref="Looks.Note"/>
    internal Task Note(Caller caller, string action, Looked looked) => looks.Note(caller, action, looked);

    internal ValueTask<Refusal?> Refuses(AccessRule rule, Caller caller) => gate.Check(rule, caller);

    internal Task<T> Read<T>(Func<Db, Task<T>> work) => database.Read(work);

    /// <inheritdoc cref="Database.ForgetLog"/>
    internal Task ForgetLog() => database.ForgetLog();

    /// <summary>Runs a single SQL statement, which needs no transaction to be atomic. It records no key.</summary>
    internal Task<T> WriteStatement<T>(Func<Db, Task<T>> statement) => database.WriteStatement(statement);

    internal Task<T> Write<T>(Caller caller, Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial) =>
        caller.Repeat is not { Recorded: false } repeat ? database.Write(work, isolation) : WriteOnce(caller, repeat, work, isolation);

    private async Task<T> WriteOnce<T>(Caller caller, Repeat repeat, Func<Db, Task<T>> work, Isolation isolation)
    {
        var result = await database.Write(
            work,
            isolation,
            first: async db =>
            {
                if (!await IdempotencyStore.Record(db, caller.Id, repeat.Key, repeat.RequestHash, Now))
                    throw new RepeatedRequestException();
            }
        );
        // A refused write is undone together with the key, so the next write of the call records the key.
        repeat.Recorded = result is not IRefusable { Refusal: not null };
        return result;
    }

    /// <summary>
    /// Runs <paramref name="work"/> once for each of the caller's keys; repeated calls get the first result.
    /// </summary>
    internal async Task<Result<T>> Once<T>(Repetition repetition, Caller caller, Repeat repeat, Func<Task<Result<T>>> work)
    {
        if (repeat.Key.Length == 0)
            return KeyEmpty;
        if (repeat.Key.Length > Repeat.MaxKeyLength)
            return KeyTooLong;
        if (await Replay<T>(caller, repeat) is { } earlier)
            return earlier;
        Result<T> result;
        try
        {
            result = await work();
        }
        catch (RepeatedRequestException)
        {
            return await Replay<T>(caller, repeat) ?? AlreadyDone;
        }
        if (repetition is Repetition.GivesResultAgain && repeat.Recorded && !result.Refused(out _, out var value))
        {
            var stored = JsonSerializer.Serialize(value, Json.Options);
            await database.Write(db => IdempotencyStore.SetAnswer(db, caller.Id, repeat.Key, stored));
        }
        return result;
    }

    private async Task<Result<T>?> Replay<T>(Caller caller, Repeat repeat)
    {
        if (await database.Read(db => IdempotencyStore.Find(db, caller.Id, repeat.Key)) is not { } known)
            return null;
        if (known.RequestHash != repeat.RequestHash)
            return KeyReused;
        if (known.Status is null)
            return AlreadyDone;
        repeat.Replayed = true;
        return known.Body is { } body ? JsonSerializer.Deserialize<T>(body, Json.Stored)! : default(T)!;
    }
}
