using Diagnostics.Engine;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>What is asked of every use case without knowing what it takes and gives.</summary>
internal interface IUseCase
{
    Operation Operation { get; }
}

/// <summary>
/// One thing that people and machines can do: loads, decides, saves, in one transaction. Routes and pages call
/// <see cref="Run"/>; who may is checked there. A use case keeps nothing between calls: one serves everybody.
/// </summary>
internal abstract class UseCase<TRequest, TResult>(Operation operation, Executor executor) : IUseCase
{
    public Operation Operation => operation;

    protected Instant Now => executor.Now;

    /// <returns>The result, or the named reason why there is none.</returns>
    internal Task<Result<TResult>> Run(TRequest request, Caller caller) =>
        // The save path is let in here, without a method that would have to be resumed after the commit.
        operation is { Repetition: Repetition.RunsAgain, EndsSignIns: false } && operation.Access.AdmitsAtOnce(caller)
            ? Handle(request, caller)
            : Check(request, caller);

    /// <summary>The use case itself; the caller has been let in by role.</summary>
    protected abstract Task<Result<TResult>> Handle(TRequest request, Caller caller);

    /// <summary>Whether the caller stands to what was loaded as the declaration asks.</summary>
    protected bool Reaches(Caller caller, in Target target) => operation.Access.Covers(caller, target);

    /// <summary>Asks again, after a wait: meanwhile a client may have been shut out.</summary>
    protected ValueTask<Refusal?> RefusesNow(Caller caller)
    {
        caller.ClientIsLive = null;
        return executor.Refuses(operation.Access, caller);
    }

    /// <summary>Reads the result from one consistent snapshot.</summary>
    protected Task<Result<TResult>> Read(Func<Db, Task<Result<TResult>>> work) => executor.Read(work);

    /// <summary>Reads what must be known before the transaction.</summary>
    protected Task<T> Fetch<T>(Func<Db, Task<T>> work) => executor.Read(work);

    /// <summary>The transaction that decides and saves; a refusal leaves nothing behind.</summary>
    protected Task<Result<TResult>> Write(Caller caller, Func<Db, Task<Result<TResult>>> work, Isolation isolation = Isolation.Serial) =>
        executor.Write(caller, work, isolation);

    /// <summary>A transaction of a use case that needs several.</summary>
    protected Task<T> WritePart<T>(Caller caller, Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial) => executor.Write(caller, work, isolation);

    private async Task<Result<TResult>> Check(TRequest request, Caller caller)
    {
        if (await executor.Refuses(operation.Access, caller) is { } refusal) return refusal;
        var result = operation.Repetition is not Repetition.RunsAgain && caller.Repeat is { } repeat
            ? await executor.Once(operation.Repetition, caller, repeat, () => Handle(request, caller))
            : await Handle(request, caller);
        if (operation.EndsSignIns && result.Refusal is null) await executor.TellSignInsEnded();
        return result;
    }
}
