using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Diagnostics.UseCases.People;

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
        Guid participantId, Caller caller, Transactions transactions, [FromServices] IEnumerable<PersonErased> told, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await PersonStore.Find(db, participantId) is not { } person || !caller.EnrolsIn(person.Territory)) return PeopleRefusals.NotFound;
            var now = clock.GetCurrentInstant();
            if (await WithdrawApplications(db, participantId, now, caller.Id) is { } refusal) return refusal;
            await ConsentStore.Withdraw(db, participantId, ConsentStore.Participation, now);
            await ConsentStore.Withdraw(db, participantId, ConsentStore.ProfileSharing, now);
            await CloseAccount(db, participantId, now);
            await PersonStore.Erase(db, participantId);
            foreach (var tell in told) await tell(db, participantId, now, caller.Id);
            await AuditStore.Append(db, now, caller.Id, "person.erased", $"person:{participantId:D}");
            return default(Done);
        }).NoContent();

    // What has been sat stays; what has not cannot be sat by nobody.
    private static async Task<Refusal?> WithdrawApplications(Db db, Guid participantId, Instant now, string actor)
    {
        foreach (var application in await ApplicationStore.OfParticipant(db, participantId))
        {
            if (!application.State.IsLive()) continue;
            var session = await SessionStore.LiveOf(db, application.Id);
            if (session?.Clock.State is SessionState.InProgress or SessionState.Paused)
                return Refusal.Conflict("person-sitting", "У этого человека идёт сеанс: удалить его данные можно после окончания сеанса.").With("sessionId", session.Id);
            if (session is not null && session.Clock.State.IsOver()) continue;
            if ((await WithdrawApplication.Run(db, application, now, actor)).Refused(out var refusal, out _)) return refusal;
        }
        return null;
    }

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
