using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Admits or refuses a caller by the grants in force, so a grant that has ended stops working immediately. The caller
/// object keeps what was read, so a second check in the same call reads nothing.
/// </summary>
internal sealed class Gate(Database database)
{
    internal static readonly Refusal NotSignedIn = new("not-signed-in", RefusalKind.NotSignedIn, "Нужен вход.");

    internal static readonly Refusal NotAllowed = Refusal.Forbidden("not-allowed", "Нет права.");

    private static readonly Refusal ShutOut = NotAllowed with
    {
        Detail = "Клиент отключён, или секрет, по которому получен токен, больше не действует.",
    };

    private static Refusal Lacks(IEnumerable<string> scopes) =>
        NotAllowed with
        {
            Detail = $"У клиента нет права {string.Join(" или ", scopes)}: его даёт администратор службы.",
        };

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
                return rule.ClientScopes.Count == 0 ? NotAllowed : Lacks(rule.ClientScopes);
            // A client that was deactivated, or whose secret was withdrawn, is shut out immediately.
            caller.ClientIsLive ??=
                await database.Read(db => ClientStore.Find(db, client)) is { Disabled: false } row
                && (caller.ClientSecret is not { } secret || row.Knows(secret));
            return caller.ClientIsLive is true ? null : ShutOut;
        }
        if (rule.Limited(caller) is var limits and not SignInLimits.None)
            return LimitRefusals.Of(limits);
        if (!caller.KnowsGrants)
            caller.SetGrants(await database.Read(db => AccountStore.Grants(db, caller.AccountId)));
        return rule.AdmitsByRole(caller) ? null : NotAllowed;
    }
}
