using Diagnostics.Engine;
using Diagnostics.Engine.Audit;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Integration;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using NodaTime;

namespace Diagnostics.UseCases.People;

/// <summary>
/// Runs before a person is erased, in the same transaction. A later stage cancels what the person has not begun yet, or
/// refuses and gives the reason why it is too early to erase the person.
/// </summary>
internal delegate Task<Refusal?> PersonLeaves(Db db, Guid participantId, Instant now, string actor);

/// <summary>
/// Runs when a person is erased, in the same transaction. A later stage removes the texts that the person wrote.
/// </summary>
internal delegate Task PersonErased(Db db, Guid participantId, Instant now, string actor);

/// <summary>What is done in the transaction that erases a person.</summary>
internal sealed class PersonErasure(IEnumerable<PersonLeaves> asked, IEnumerable<PersonErased> told)
{
    /// <param name="actor">Who erases the person, as the audit trail names it.</param>
    /// <returns>Why it is too early; null when the person has been erased.</returns>
    internal async Task<Refusal?> Run(Db db, PersonRow person, Instant now, string actor)
    {
        var participantId = person.ParticipantId;
        foreach (var ask in asked)
            if (await ask(db, participantId, now, actor) is { } refusal)
                return refusal;
        foreach (var kind in ConsentStore.Kinds)
            await WithdrawConsent(db, person, kind, now);
        var outside = await CloseAccount(db, participantId, now);
        await AccountStore.ForgetSamePerson(db, participantId);
        await CorrectionStore.Erase(db, participantId);
        await PersonStore.Erase(db, participantId);
        foreach (var tell in told)
            await tell(db, participantId, now, actor);
        var erasure = new AuditErasure(await ForgetWords(db, participantId, outside));
        await AuditStore.Append(db, now, actor, AuditErasure.Action, $"person:{participantId:D}", erasure);
        return null;
    }

    /// <summary>
    /// Erases the words about the person that are not in the person's own rows: answers kept for repeated requests, and
    /// words in the audit trail.
    /// </summary>
    /// <param name="outside">The person's numbers at outside providers.</param>
    /// <returns>The subjects of the entries whose words were erased.</returns>
    private static async Task<IReadOnlyList<string>> ForgetWords(Db db, Guid participantId, IEnumerable<string> outside)
    {
        var own = await AuditStore.OwnOf(db, participantId);
        await PersonDataStore.EraseWords(db, participantId);
        var subjects = own.Select(each => each.Subject).ToList();
        await AuditStore.EraseTexts(db, subjects);
        var ids = own.Where(each => each.Kind is "person" or "application" or "session" or "appeal").Select(each => each.Id).ToList();
        var account = own.FirstOrDefault(each => each.Kind is "account")?.Id;
        await IdempotencyStore.ForgetAnswersAbout(db, account?.ToString("D") ?? "", [.. ids.Select(id => id.ToString("D")), .. outside]);
        return subjects;
    }

    private static async Task WithdrawConsent(Db db, PersonRow person, string kind, Instant now)
    {
        if (await ConsentStore.Withdraw(db, person.ParticipantId, kind, now) > 0)
            await EventStore.Append(
                db,
                now,
                EventKind.ConsentWithdrawn,
                new()
                {
                    ParticipantId = person.ParticipantId,
                    ConsentKind = kind,
                    Territory = person.Territory,
                }
            );
    }

    /// <returns>The person's numbers at outside providers, which are forgotten.</returns>
    private static async Task<IReadOnlyList<string>> CloseAccount(Db db, Guid participantId, Instant now)
    {
        if (await AccountStore.FindByParticipant(db, participantId) is not { } account)
            return [];
        var outside = (await OutsideIdentityStore.Of(db, account.Id)).Select(identity => identity.Subject).ToList();
        var name = AccountRow.ErasedName(account.Id);
        await AccountStore.Update(
            db,
            account with
            {
                UserName = name,
                NormalizedUserName = Accounts.Normalise(name),
                PasswordHash = null,
                SecurityStamp = Accounts.NewStamp(),
                Organisation = null,
                Disabled = true,
            }
        );
        await SignInStore.EndAll(db, account.Id, SignIns.BecauseErased, now);
        await SignInStore.ForgetDevices(db, account.Id);
        await SecondFactorStore.Remove(db, account.Id);
        await OutsideIdentityStore.Remove(db, account.Id);
        foreach (var grant in await AccountStore.GrantHistory(db, account.Id))
            if (grant.EndedAt is null)
                await AccountStore.EndGrant(db, account.Id, grant.Id, now);
        return outside;
    }
}
