using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Profiles;

/// <summary>Lists what one of the forms of diagnostics has found about a person, for those who may read it.</summary>
/// <param name="operation">Its trail has one action, for somebody else's look.</param>
internal abstract class ListEvidence<TItem>(Operation operation, Executor executor)
    : UseCase<ListEvidence<TItem>.Request, Page<TItem>>(operation, executor)
{
    private readonly string look = operation.Trail.Actions.Single();

    internal sealed record Request(Guid ParticipantId, Guid? After, int? Limit);

    protected abstract Task<Page<TItem>> List(Db db, Request request, Caller caller);

    protected override Task<Result<Page<TItem>>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<Page<TItem>>> (db) =>
            {
                if (await PersonEvidence.CheckReader(db, caller, request.ParticipantId) is { } refusal)
                    return refusal;
                await PersonEvidence.NoteLook(db, Now, caller, request.ParticipantId, look);
                return await List(db, request, caller);
            }
        );
}
