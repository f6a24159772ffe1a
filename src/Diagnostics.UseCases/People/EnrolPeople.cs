using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>
/// The enrolled person. This response contains no personal data, because the service stores its responses in order to
/// answer repeated requests.
/// </summary>
/// <param name="ParticipantId">The person's pseudonym.</param>
public sealed record EnrolledPerson(Guid ParticipantId);

/// <param name="People">1–500 people; either all of them are enrolled or none.</param>
public sealed record EnrolPeopleRequest(IReadOnlyList<PersonRequest?> People);

/// <param name="ParticipantIds">Pseudonyms, in the order of the request.</param>
public sealed record EnrolledPeople(IReadOnlyList<Guid> ParticipantIds);

/// <summary>A fault in one row of a bulk enrolment.</summary>
/// <param name="Row">Number of the row, from 1.</param>
/// <param name="Code">Code of the fault, the same code that a refusal would have.</param>
internal sealed record RowFault(int Row, string? Field, string Code, string Detail);

internal sealed class EnrolPerson(Executor executor) : UseCase<PersonRequest, EnrolledPerson>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EnrolPerson), PeopleRights.Enrollers, Trail.Writes("person.enrolled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<EnrolledPerson>> Handle(PersonRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (request.Faults().FirstOrDefault() is { } fault)
                    return fault;
                if (!Reaches(caller, new Target { Territory = request.Territory }))
                    return PeopleRefusals.OtherTerritory;
                return await Enrolment.Add(db, request, caller, Now) is { } id ? new EnrolledPerson(id) : PeopleRefusals.ExternalIdTaken;
            }
        );
}

/// <summary>Enrols everybody in a list or nobody, and reports the faults of all rows.</summary>
internal sealed class EnrolPeople(Executor executor) : UseCase<EnrolPeopleRequest, EnrolledPeople>(Operation, executor)
{
    private const int MaxAtOnce = 500;

    internal static new readonly Operation Operation = new(nameof(EnrolPeople), PeopleRights.Enrollers, Trail.Writes("person.enrolled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<EnrolledPeople>> Handle(EnrolPeopleRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (request.People.Count is 0 or > MaxAtOnce)
                    return Refusal.Invalid("people-count-invalid", $"people — от 1 до {MaxAtOnce} человек.").With("field", "people");
                var faults = request
                    .People.SelectMany((person, index) => Faults(person, caller).Select(fault => FaultOf(index, fault)))
                    .ToList();
                if (faults.Count > 0)
                    return RowsRefused(faults);
                var now = Now;
                var ids = new List<Guid>(request.People.Count);
                foreach (var (index, person) in request.People.Index())
                {
                    if (await Enrolment.Add(db, person!, caller, now) is { } id)
                        ids.Add(id);
                    else
                        faults.Add(FaultOf(index, PeopleRefusals.ExternalIdTaken));
                }
                return faults.Count > 0 ? RowsRefused(faults) : new EnrolledPeople(ids);
            }
        );

    private IEnumerable<Refusal> Faults(PersonRequest? person, Caller caller) =>
        person is null ? [Refusal.Invalid("row-missing", "Строка пуста.")]
        : person.Faults().ToList() is { Count: > 0 } faults ? faults
        : Reaches(caller, new Target { Territory = person.Territory }) ? []
        : [PeopleRefusals.OtherTerritory];

    private static RowFault FaultOf(int index, Refusal fault) =>
        new(index + 1, fault.Facts.GetValueOrDefault("field") as string, fault.Code, fault.Detail);

    internal static Refusal RowsRefused(IReadOnlyList<RowFault> faults) =>
        Refusal
            .Invalid(
                "people-rows-invalid",
                $"Никто не записан. Ошибок в строках: {faults.Count}; первая — строка {faults[0].Row}: {faults[0].Detail}"
            )
            .With("rows", faults);
}

internal static class Enrolment
{
    /// <returns>The pseudonym; null when somebody else already has the external id.</returns>
    internal static async Task<Guid?> Add(Db db, PersonRequest request, Caller caller, Instant now)
    {
        var row = request.RowOf(Guid.CreateVersion7(now.ToDateTimeOffset()));
        if (!await PersonStore.Add(db, row, now))
            return null;
        await AuditStore.Append(db, now, caller.Id, "person.enrolled", $"person:{row.ParticipantId:D}");
        return row.ParticipantId;
    }
}
