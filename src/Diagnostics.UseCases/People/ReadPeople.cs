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

/// <summary>Every look at personal data is written into the audit trail before it is answered (design §13).</summary>
internal static class ReadPeople
{
    internal static void Map(IEndpointRouteBuilder people)
    {
        people.MapGet("/", List).WithName("ListPeople").WithSummary("Люди своей территории").AllowedTo(AccessRule.Of(Role.Operator).Or(Clients.EnrolPeople));
        people.MapGet("/{participantId:guid}", Read).WithName("GetPerson").WithSummary("Персональные данные человека").AllowedTo(AccessRule.Of(Role.Participant, Role.Operator).Or(Clients.EnrolPeople));
    }

    private static async Task<Ok<Page<PersonView>>> List(
        Transactions transactions, Caller caller, IClock clock, string? territory, string? organisation, string? externalId, Guid? after, int? limit)
    {
        var territories = caller.Territories();
        if (territory is not null) territories = territories is null || territories.Contains(territory) ? [territory] : [];
        return await transactions.Write(async db =>
        {
            var rows = await PersonStore.List(db, territories, organisation, externalId, after, Page<PersonView>.Take(limit));
            var page = Page<PersonView>.Of(rows.Select(PersonView.Of).ToList(), limit, person => person.ParticipantId.ToString("D"));
            if (page.Items.Count > 0)
                await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "people.listed", "people", new { people = page.Items.Select(person => person.ParticipantId) });
            return TypedResults.Ok(page);
        });
    }

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> Read(Guid participantId, Caller caller, Transactions transactions, IClock clock, HttpContext http) =>
        transactions.Write<Result<PersonView>>(async db =>
        {
            if (await PersonStore.Find(db, participantId) is not { } person || !(participantId == caller.ParticipantId || caller.EnrolsIn(person.Territory)))
                return PeopleRefusals.NotFound;
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "person.read", $"person:{participantId:D}");
            return PersonView.Of(person);
        }).OkWithTag(http, person => person.Revision);
}
