using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>A person whom an outside provider has authenticated, as stated in the provider's signed token.</summary>
/// <param name="Roles">The provider's names of the person's roles.</param>
/// <param name="UserName">Name of the account to which this person may be linked automatically, if the administrator's
/// rule trusts a claim to give that name.</param>
internal sealed record OutsideIdentity(string Issuer, string Subject, IReadOnlyCollection<string> Roles, string? UserName);

/// <summary>Maps the provider's roles to grants.</summary>
internal sealed record OutsideRoles(IReadOnlyDictionary<string, Grant> Map);

/// <summary>
/// Finds the account of a person from an outside provider, by issuer and subject. The link comes from an administrator
/// or, once, from the administrator's rule. A role at the provider becomes a grant, which ends when the person no
/// longer has that role there.
/// </summary>
internal sealed class OutsideAccounts(OutsideRoles roles, SignIns signIns, ILogger<OutsideAccounts> log)
{
    /// <summary>
    /// The greatest length of an issuer and of a subject. Both are parts of keys, and the narrowest of their columns
    /// has this width.
    /// </summary>
    internal const int MaxLength = 200;

    /// <summary>Returns the account with the roles that the provider gives now, in the caller's transaction.</summary>
    internal async Task<Result<AccountRow>> Enter(Db db, OutsideIdentity who, Instant now)
    {
        if ((await Known(db, who) ?? await Link(db, who, now)) is not { Disabled: false } account)
            return Unknown(who);
        await Follow(db, account, who.Issuer, roles.Map.Where(role => who.Roles.Contains(role.Key)).Select(role => role.Value), now);
        return account;
    }

    /// <summary>
    /// Ends the provider's grants when the provider no longer vouches for the person, because the person has signed in
    /// by other means or is no longer linked.
    /// </summary>
    internal async Task EndRoles(Db db, AccountRow account, Instant now)
    {
        foreach (var identity in await OutsideIdentityStore.Of(db, account.Id))
            await Follow(db, account, identity.Issuer, [], now);
    }

    private static async Task<AccountRow?> Known(Db db, OutsideIdentity who) =>
        await OutsideIdentityStore.Find(db, who.Issuer, who.Subject) is { } identity
            ? await AccountStore.Find(db, identity.AccountId)
            : null;

    /// <summary>
    /// Links an account by the administrator's rule, and only once: the account must have no link to this provider yet,
    /// and must not be an administrator's.
    /// </summary>
    private static async Task<AccountRow?> Link(Db db, OutsideIdentity who, Instant now)
    {
        if (who.UserName is not { Length: > 0 } name || await Accounts.Find(db, name) is not { Disabled: false } account)
            return null;
        if ((await AccountStore.Grants(db, account.Id)).Any(grant => grant.Role is Role.Administrator))
            return null;
        if (who.Subject.Length > MaxLength || who.Issuer.Length > MaxLength)
            return null;
        if (!await OutsideIdentityStore.Add(db, who.Issuer, who.Subject, account.Id))
            return null;
        await AuditStore.Append(
            db,
            now,
            GiverOf(who.Issuer),
            "outside-identity.linked",
            $"account:{account.Id:D}",
            new { who.Issuer, who.Subject }
        );
        return account;
    }

    private async Task Follow(Db db, AccountRow account, string issuer, IEnumerable<Grant> given, Instant now)
    {
        var giver = GiverOf(issuer);
        var wanted = given.ToHashSet();
        foreach (var row in await AccountStore.GrantsBy(db, account.Id, giver))
        {
            if (wanted.Remove(row.Grant))
                continue;
            if (row.Grant.Role is Role.Administrator && !await AccountStore.HasOtherAdministrator(db, account.Id))
            {
                log.LogWarning(
                    "The outside provider has taken the role of the last administrator away from account {AccountId}; it stays",
                    account.Id
                );
                continue;
            }
            if (await AccountStore.EndGrant(db, account.Id, row.Id, now))
                await AuditStore.Append(db, now, giver, "grant.ended", $"account:{account.Id:D}", new { grantId = row.Id, row.Grant });
        }
        foreach (var grant in wanted)
        {
            if ((await WantedGrant.Check(db, new(grant.Role, grant.Scope, grant.ScopeId))).Refused(out var refusal, out var may))
            {
                log.LogWarning("A role of the outside provider stands for a grant that cannot be given: {Code}", refusal.Code);
                continue;
            }
            if ((await Grants.Give(db, account.Id, may, giver, now)).Refused(out refusal, out var id))
            {
                log.LogWarning(
                    "The outside provider gives account {AccountId} a role that it may not have: {Code}",
                    account.Id,
                    refusal.Code
                );
                continue;
            }
            if (id is null)
                continue;
            await signIns.Granted(db, account.Id, may.Role, now);
            await AuditStore.Append(db, now, giver, "grant.added", $"account:{account.Id:D}", new { grantId = id, grant = may });
        }
    }

    /// <summary>
    /// The name under which a provider appears as the giver of a grant, in the grant itself and in the audit trail. It
    /// distinguishes the provider's grants, which end when the provider no longer gives the role, from grants that
    /// people gave in this service.
    /// </summary>
    private static string GiverOf(string issuer) => $"outside:{issuer}";

    private static Refusal Unknown(OutsideIdentity who) =>
        new(
            "outside-identity-unknown",
            RefusalKind.Forbidden,
            "Вас там узнали, но действующей учётной записи диагностики с вами не связано. Сообщите администратору диагностики "
                + $"свой номер у этого поставщика: {who.Subject}. Пока войти можно по имени и паролю."
        );
}
