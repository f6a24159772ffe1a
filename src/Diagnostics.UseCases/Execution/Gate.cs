using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Admits or refuses a caller by live grants, so a grant that has ended stops working immediately. The caller keeps
/// what was read: a second check in the same call reads nothing.
/// </summary>
internal sealed class Gate(Database database)
{
    internal static readonly Refusal NotSignedIn = new("not-signed-in", RefusalKind.NotSignedIn, "Нужен вход.");

    internal static readonly Refusal NotAllowed = Refusal.Forbidden("not-allowed", "Нет права.");

    /// <returns>Null when the caller is admitted.</returns>
    internal async ValueTask<Refusal?> Check(AccessRule rule, Caller caller)
    {
        if (rule.AdmitsAtOnce(caller))
            return null;
        if (caller.IsNobody)
            return NotSignedIn;
        if (caller.ClientId is { } client)
        {
            if (!rule.AdmitsByScope(caller))
                return NotAllowed;
            // A deactivated client, or one whose secret was withdrawn, is out immediately.
            caller.ClientIsLive ??=
                await database.Read(db => ClientStore.Find(db, client)) is { Disabled: false } row
                && (caller.ClientSecret is not { } secret || row.Knows(secret));
            return caller.ClientIsLive is true ? null : NotAllowed;
        }
        if (rule.Limited(caller) is var limits and not SignInLimits.None)
            return LimitRefusals.Of(limits);
        if (!caller.KnowsGrants)
            caller.SetGrants(await database.Read(db => AccountStore.Grants(db, caller.AccountId)));
        return rule.AdmitsByRole(caller) ? null : NotAllowed;
    }
}
