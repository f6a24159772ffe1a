using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

/// <summary>
/// Corrects personal data. A caller who moves a person to another territory must have the right to enrol people there
/// too.
/// </summary>
internal sealed class UpdatePerson(Executor executor) : UseCase<UpdatePerson.Request, PersonView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(UpdatePerson), PeopleRights.Enrollers, Trail.Writes("person.changed"))
    {
        NeedsRevision = true,
    };

    internal sealed record Request(Guid ParticipantId, PersonRequest Person, int Revision);

    protected override Task<Result<PersonView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (participantId, person, revision) = request;
                if (person.Faults().FirstOrDefault() is { } fault)
                    return fault;
                if (
                    await PersonStore.Find(db, participantId) is not { } known
                    || !Reaches(caller, new Target { Territory = known.Territory })
                )
                    return PeopleRefusals.NotFound;
                if (!Reaches(caller, new Target { Territory = person.Territory }))
                    return PeopleRefusals.OtherTerritory;
                if (known.Revision != revision)
                    return Revisions.Stale(known.Revision);
                var row = person.RowOf(participantId);
                if (
                    row.ExternalId is { } externalId
                    && await PersonStore.FindByExternalId(db, externalId) is { } other
                    && other.ParticipantId != participantId
                )
                    return PeopleRefusals.ExternalIdTaken;
                if (!await PersonStore.Update(db, row, revision))
                    return Revisions.Stale(known.Revision);
                var now = Now;
                if (known.Territory != row.Territory)
                    await EventStore.Append(
                        db,
                        now,
                        EventKind.PersonMoved,
                        new() { ParticipantId = participantId, Territory = known.Territory }
                    );
                await AuditStore.Append(db, now, caller.Id, "person.changed", $"person:{participantId:D}", new { revision = revision + 1 });
                return PersonView.Of((await PersonStore.Find(db, participantId))!);
            }
        );
}
