using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>A consent that was given.</summary>
/// <param name="Kind"><c>participation</c> or <c>profile_sharing</c>.</param>
/// <param name="Text">The words: <c>/policies/consent/{code}/{version}</c>.</param>
/// <param name="WithdrawnAt">Absent while it stands.</param>
public sealed record PersonConsent(string Kind, ConsentReference Text, Instant GivenAt, Instant? WithdrawnAt);

/// <summary>The person's own yes and no to showing the profile to portals and methodologists, at any time.</summary>
internal static class PersonConsents
{
    internal static readonly Refusal NoneToWithdraw = Refusal.NotFound("consent-not-found", "Согласия на передачу профиля нет: отзывать нечего.");

    private static readonly AccessRule Own = AccessRule.Of(Role.Participant);

    internal static void Map(IEndpointRouteBuilder people)
    {
        people.MapGet("/{participantId:guid}/consents", List).WithName("ListConsents").WithSummary("Согласия человека")
            .AllowedTo(AccessRule.Of(Role.Participant, Role.Operator).Or(Clients.EnrolPeople));
        people.MapPost("/{participantId:guid}/consents/profile-sharing", Give).WithName("GiveProfileSharingConsent").WithSummary("Согласиться на передачу своего профиля порталам и методистам")
            .AllowedTo(Own).Idempotent();
        people.MapDelete("/{participantId:guid}/consents/profile-sharing", Withdraw).WithName("WithdrawProfileSharingConsent").WithSummary("Отозвать согласие на передачу своего профиля")
            .AllowedTo(Own);
    }

    private static Task<Results<Ok<IReadOnlyList<PersonConsent>>, ProblemHttpResult>> List(Guid participantId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<IReadOnlyList<PersonConsent>>>(async db =>
        {
            var own = participantId == caller.ParticipantId;
            if (!own && !(await PersonStore.Find(db, participantId) is { } person && caller.EnrolsIn(person.Territory))) return PeopleRefusals.NotFound;
            return (await ConsentStore.OfParticipant(db, participantId))
                .Select(row => new PersonConsent(row.Kind, new(row.TextCode, row.TextVersion), row.GivenAt, row.WithdrawnAt))
                .ToList();
        }).Ok();

    private static Task<Results<NoContent, ProblemHttpResult>> Give(Guid participantId, ConsentGiven request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (participantId != caller.ParticipantId || await PersonStore.Find(db, participantId) is null) return PeopleRefusals.NotFound;
            var now = clock.GetCurrentInstant();
            if ((await Consents.ShareProfile(db, participantId, request, now)).Refused(out var refusal, out _)) return refusal;
            await AuditStore.Append(db, now, caller.Id, "consent.given", $"person:{participantId:D}", new { kind = ConsentStore.ProfileSharing, request.Version });
            return default(Done);
        }).NoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> Withdraw(Guid participantId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (participantId != caller.ParticipantId) return PeopleRefusals.NotFound;
            var now = clock.GetCurrentInstant();
            if (await ConsentStore.Withdraw(db, participantId, ConsentStore.ProfileSharing, now) == 0)
                return NoneToWithdraw;
            await AuditStore.Append(db, now, caller.Id, "consent.withdrawn", $"person:{participantId:D}", new { kind = ConsentStore.ProfileSharing });
            return default(Done);
        }).NoContent();
}
