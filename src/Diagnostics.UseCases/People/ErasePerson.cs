using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

/// <summary>
/// Removes a person's identity but keeps everything done under the pseudonym, so that results, decisions and the audit
/// trail stay complete.
/// </summary>
internal sealed class ErasePerson(Executor executor, PersonErasure erasure) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ErasePerson),
        AccessRule.Of(Role.Operator.OfTerritory()),
        Trail.Writes("appeal.withdrawn", "application.withdrawn", "person.erased")
    )
    {
        EndsSignIns = true,
    };

    protected override async Task<Result<Done>> Handle(Guid participantId, Caller caller)
    {
        var erased = await Write(
            caller,
            async Task<Result<Done>> (db) =>
            {
                if (
                    await PersonStore.Find(db, participantId) is not { } person
                    || !Reaches(caller, new Target { Territory = person.Territory })
                )
                    return PeopleRefusals.NotFound;
                return await erasure.Run(db, person, Now, caller.Id) is { } refusal ? refusal : default(Done);
            }
        );
        if (erased.Refusal is null)
            await ForgetLog();
        return erased;
    }
}
