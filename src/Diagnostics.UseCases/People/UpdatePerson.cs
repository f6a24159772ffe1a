using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.People;

internal static class UpdatePerson
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapPut("/{participantId:guid}", Update)
        .WithName("UpdatePerson")
        .WithSummary("Исправить персональные данные")
        .AllowedTo(AccessRule.Of(Role.Operator).Or(Clients.EnrolPeople))
        .NeedsIfMatch();

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> Update(
        Guid participantId, PersonRequest request, IfMatch match, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<PersonView>>(async db =>
        {
            if (request.Faults().FirstOrDefault() is { } fault) return fault;
            if (await PersonStore.Find(db, participantId) is not { } known || !caller.EnrolsIn(known.Territory)) return PeopleRefusals.NotFound;
            if (!caller.EnrolsIn(request.Territory)) return PeopleRefusals.OtherTerritory;
            if (known.Revision != match.Revision) return ETags.Stale(known.Revision);
            var row = request.RowOf(participantId);
            if (row.ExternalId is { } externalId && await PersonStore.FindByExternalId(db, externalId) is { } other && other.ParticipantId != participantId)
                return PeopleRefusals.ExternalIdTaken;
            if (!await PersonStore.Update(db, row, match.Revision)) return ETags.Stale(known.Revision);
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "person.changed", $"person:{participantId:D}", new { revision = match.Revision + 1 });
            return PersonView.Of((await PersonStore.Find(db, participantId))!);
        }).OkWithTag(http, person => person.Revision);
}
