using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>Everything that is stored about a person.</summary>
/// <param name="Parts">What each table holds about the person.</param>
public sealed record PersonDataExport(Guid ParticipantId, Instant MadeAt, IReadOnlyList<PersonDataPart> Parts);

/// <param name="Table">Name of the table, as the register of personal data has it.</param>
/// <param name="Title">What the rows are, in Russian.</param>
/// <param name="Rows">One object for each row; its members are the columns.</param>
public sealed record PersonDataPart(string Table, string Title, IReadOnlyList<JsonObject> Rows);

/// <summary>
/// Gives people everything that is stored about them (152-ФЗ, article 14). Points and profiles are there once they are
/// final. Nobody else can ask for it.
/// </summary>
internal sealed class GetPersonData(Executor executor) : UseCase<Guid, PersonDataExport>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetPersonData), AccessRule.Of(Role.Participant.OfOwn()), Trail.Own);

    protected override Task<Result<PersonDataExport>> Handle(Guid participantId, Caller caller) =>
        Read(async db =>
            Reaches(caller, new Target { Participant = participantId }) && await PersonStore.Find(db, participantId) is not null
                ? (Result<PersonDataExport>)
                    new PersonDataExport(
                        participantId,
                        Now,
                        (await PersonDataStore.Of(db, participantId))
                            .Select(part => new PersonDataPart(part.Part.Table, part.Part.Title, part.Rows))
                            .ToList()
                    )
                : PeopleRefusals.NotFound
        );
}
