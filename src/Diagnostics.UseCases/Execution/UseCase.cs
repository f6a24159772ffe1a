using Diagnostics.Engine;
using Diagnostics.Storage;
using NodaTime;

namespace Diagnostics.UseCases.Execution;

/// <summary>The members of a use case that do not depend on its type parameters.</summary>
internal interface IUseCase
{
    Operation Operation { get; }
}

/// <summary>
/// Something that people and programs can do. A use case loads, decides and saves, as a rule in a single transaction.
/// It keeps no state between calls, so one instance serves everybody. Routes and pages call <see cref="Run"/>, which
/// checks the rights.
/// </summary>
internal abstract class UseCase<TRequest, TResult>(Operation operation, Executor executor) : IUseCase
{
    private readonly Look<TRequest, TResult>? look = operation.Trail as Look<TRequest, TResult>;

    public Operation Operation => operation;

    protected Instant Now => executor.Now;

    /// <returns>The result, or the named reason why there is none.</returns>
    internal Task<Result<TResult>> Run(TRequest request, Caller caller) =>
        // A save of an answer is admitted here without an asynchronous check, so that after its commit one method fewer
        // has to resume.
        look is null
        && operation is { Repetition: Repetition.RunsAgain, EndsSignIns: false }
        && operation.Access.AdmitsAtOnce(caller)
            ? Handle(request, caller)
            : Check(request, caller);

    /// <summary>Does the work of the use case; the caller has already been admitted by role.</summary>
    protected abstract Task<Result<TResult>> Handle(TRequest request, Caller caller);

    /// <summary>Whether the caller has the relation to the target that the use case's access rule requires.</summary>
    protected bool Reaches(Caller caller, in Target target) => operation.Access.Covers(caller, target);

    /// <summary>
    /// Checks the caller again after a wait, because the client may have been deactivated during the wait.
    /// </summary>
    protected ValueTask<Refusal?> RefusesNow(Caller caller)
    {
        caller.ClientIsLive = null;
        return executor.Refuses(operation.Access, caller);
    }

    /// <summary>Reads the result from one consistent snapshot.</summary>
    protected Task<Result<TResult>> Read(Func<Db, Task<Result<TResult>>> work) => executor.Read(work);

    /// <inheritdoc cref="Storage.Database.ForgetLog"/>
    protected Task ForgetLog() => executor.ForgetLog();

    /// <summary>Reads data that are needed before the transaction.</summary>
    protected Task<T> Fetch<T>(Func<Db, Task<T>> work) => executor.Read(work);

    /// <summary>Runs the transaction that decides and saves; a refusal undoes whatever it has written.</summary>
    protected Task<Result<TResult>> Write(Caller caller, Func<Db, Task<Result<TResult>>> work, Isolation isolation = Isolation.Serial) =>
        executor.Write(caller, work, isolation);

    /// <summary>Runs one of the transactions of a use case that needs several.</summary>
    protected Task<T> WritePart<T>(Caller caller, Func<Db, Task<T>> work, Isolation isolation = Isolation.Serial) =>
        executor.Write(caller, work, isolation);

    private async Task<Result<TResult>> Check(TRequest request, Caller caller)
    {
        if (await executor.Refuses(operation.Access, caller) is { } refusal)
            return refusal;
        var result =
            operation.Repetition is not Repetition.RunsAgain && caller.Repeat is { } repeat
                ? await executor.Once(operation.Repetition, caller, repeat, () => Handle(request, caller))
                : await Handle(request, caller);
        if (operation.EndsSignIns && result.Refusal is null)
            await executor.TellSignInsEnded();
        if (look is not null && !result.Refused(out _, out var shown) && look.Of(request, shown) is { } looked)
            await executor.Note(caller, look.Action, looked);
        return result;
    }
}
