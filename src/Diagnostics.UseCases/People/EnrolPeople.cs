using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>Who was enrolled. No personal data: answers are kept for repetition.</summary>
/// <param name="ParticipantId">Pseudonym.</param>
public sealed record EnrolledPerson(Guid ParticipantId);

/// <param name="People">1–500; all are enrolled or none.</param>
public sealed record EnrolPeopleRequest(IReadOnlyList<PersonRequest> People);

/// <param name="ParticipantIds">In the order of the request.</param>
public sealed record EnrolledPeople(IReadOnlyList<Guid> ParticipantIds);

/// <summary>What is wrong with one row of a bulk enrolment.</summary>
/// <param name="Row">From 1.</param>
/// <param name="Code">As the code of a problem.</param>
internal sealed record RowFault(int Row, string? Field, string Code, string Detail);

internal static class EnrolPeople
{
    private const int MaxAtOnce = 500;
    private static readonly AccessRule Enrollers = AccessRule.Of(Role.Operator).Or(Clients.EnrolPeople);

    internal static void Map(IEndpointRouteBuilder people)
    {
        people.MapPost("/", EnrolOne).WithName("EnrolPerson").WithSummary("Записать человека").AllowedTo(Enrollers).Idempotent();
        people.MapPost("/bulk", EnrolMany).WithName("EnrolPeople").WithSummary("Записать до 500 человек: всех или никого, с ошибками по строкам и полям").AllowedTo(Enrollers).Idempotent();
    }

    private static Task<Results<Created<EnrolledPerson>, ProblemHttpResult>> EnrolOne(PersonRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<EnrolledPerson>>(async db =>
        {
            if (request.Faults().FirstOrDefault() is { } fault) return fault;
            if (!caller.EnrolsIn(request.Territory)) return PeopleRefusals.OtherTerritory;
            return await Add(db, request, caller, clock.GetCurrentInstant()) is { } id ? new EnrolledPerson(id) : PeopleRefusals.ExternalIdTaken;
        }).Created(person => $"/api/v1/people/{person.ParticipantId:D}");

    private static Task<Results<Ok<EnrolledPeople>, ProblemHttpResult>> EnrolMany(EnrolPeopleRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<EnrolledPeople>>(async db =>
        {
            if (request.People.Count is 0 or > MaxAtOnce)
                return Refusal.Invalid("people-count-invalid", $"people — от 1 до {MaxAtOnce} человек.").With("field", "people");
            var faults = request.People.SelectMany((person, index) => Faults(person, caller).Select(fault => FaultOf(index, fault))).ToList();
            if (faults.Count > 0) return RowsRefused(faults);
            var now = clock.GetCurrentInstant();
            var ids = new List<Guid>(request.People.Count);
            foreach (var (index, person) in request.People.Index())
            {
                if (await Add(db, person, caller, now) is { } id) ids.Add(id);
                else faults.Add(FaultOf(index, PeopleRefusals.ExternalIdTaken));
            }
            return faults.Count > 0 ? RowsRefused(faults) : new EnrolledPeople(ids);
        }).Ok();

    private static async Task<Guid?> Add(Db db, PersonRequest request, Caller caller, Instant now)
    {
        var row = request.RowOf(Guid.CreateVersion7(now.ToDateTimeOffset()));
        if (!await PersonStore.Add(db, row, now)) return null;
        await AuditStore.Append(db, now, caller.Id, "person.enrolled", $"person:{row.ParticipantId:D}");
        return row.ParticipantId;
    }

    private static IEnumerable<Refusal> Faults(PersonRequest? person, Caller caller) =>
        person is null ? [Refusal.Invalid("row-missing", "Строка пуста.")]
        : person.Faults().ToList() is { Count: > 0 } faults ? faults
        : caller.EnrolsIn(person.Territory) ? []
        : [PeopleRefusals.OtherTerritory];

    private static RowFault FaultOf(int index, Refusal fault) => new(index + 1, fault.Facts.GetValueOrDefault("field") as string, fault.Code, fault.Detail);

    internal static Refusal RowsRefused(IReadOnlyList<RowFault> faults) => Refusal
        .Invalid("people-rows-invalid", $"Никто не записан. Ошибок в строках: {faults.Count}; первая — строка {faults[0].Row}: {faults[0].Detail}")
        .With("rows", faults);
}
