using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>
/// Asked in the same transaction before a person is erased: a later stage ends what has not begun, or gives the reason why
/// it is too early.
/// </summary>
internal delegate Task<Refusal?> PersonLeaves(Db db, Guid participantId, Instant now, string actor);

/// <summary>Told in the same transaction when a person is erased; a later stage removes what it holds in the person's own words.</summary>
internal delegate Task PersonErased(Db db, Guid participantId, Instant now, string actor);

/// <summary>
/// Removes who a person is and keeps what was done under the pseudonym: results, decisions and the audit trail stay whole
/// (design §13).
/// </summary>
internal static class ErasePerson
{
    internal static void Map(IEndpointRouteBuilder people) => people.MapDelete("/{participantId:guid}", Erase)
        .WithName("ErasePerson")
        .WithSummary("Удалить персональные данные; обезличенные результаты и журнал остаются")
        .AllowedTo(AccessRule.Of(Role.Operator));

    private static Task<Results<NoContent, ProblemHttpResult>> Erase(
        Guid participantId, Caller caller, Transactions transactions,
        [FromServices] IEnumerable<PersonLeaves> asked, [FromServices] IEnumerable<PersonErased> told, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await PersonStore.Find(db, participantId) is not { } person || !caller.EnrolsIn(person.Territory)) return PeopleRefusals.NotFound;
            var now = clock.GetCurrentInstant();
            foreach (var ask in asked)
                if (await ask(db, participantId, now, caller.Id) is { } refusal) return refusal;
            await ConsentStore.Withdraw(db, participantId, ConsentStore.Participation, now);
            await ConsentStore.Withdraw(db, participantId, ConsentStore.ProfileSharing, now);
            await CloseAccount(db, participantId, now);
            await PersonStore.Erase(db, participantId);
            foreach (var tell in told) await tell(db, participantId, now, caller.Id);
            await AuditStore.Append(db, now, caller.Id, "person.erased", $"person:{participantId:D}");
            return default(Done);
        }).NoContent();

    private static async Task CloseAccount(Db db, Guid participantId, Instant now)
    {
        if (await AccountStore.FindByParticipant(db, participantId) is not { } account) return;
        var name = $"erased-{account.Id:N}";
        await AccountStore.Update(db, account with
        {
            UserName = name,
            NormalizedUserName = Accounts.Normalise(name),
            PasswordHash = null,
            SecurityStamp = Accounts.NewStamp(),
            Organisation = null,
            Disabled = true,
        });
        foreach (var grant in await AccountStore.GrantHistory(db, account.Id))
            if (grant.EndedAt is null) await AccountStore.EndGrant(db, account.Id, grant.Id, now);
    }
}
