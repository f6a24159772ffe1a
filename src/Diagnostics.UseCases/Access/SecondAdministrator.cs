using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Where there are two administrators, neither makes an overseer alone: not by a grant, and not by taking over an account that
/// already has such a role. A house with one administrator works as before. Whoever has the machine itself can always add an
/// administrator or reset a password at its console, so nobody is locked out.
/// </summary>
internal static class SecondAdministrator
{
    /// <summary>How long an administrator whose role has ended still counts: time for others to notice.</summary>
    private static readonly Duration Remembered = Duration.FromDays(7);

    private static readonly Refusal NeededForRole = Refusal
        .Conflict(
            "second-administrator-needed",
            "Администратора и аудитора назначают двое: один администратор предлагает роль (grant-proposals), другой подтверждает."
        )
        .With("field", "role");

    private static readonly Refusal NeededForSignIn = Refusal.Conflict(
        "second-administrator-needed",
        "Вход администратора и аудитора не меняет другой администратор: это делают командой на самом сервере (reset-password)."
    );

    /// <summary>Null when the caller may give these roles without another administrator.</summary>
    internal static async Task<Refusal?> CheckGrants(Db db, Caller caller, IReadOnlyCollection<Grant> grants, Instant now) =>
        grants.Any(grant => GrantRules.Oversees(grant.Role)) && await ThereAreTwo(db, caller, now) ? NeededForRole : null;

    /// <summary>Null when the caller may give somebody, perhaps oneself, a way to sign in to this account.</summary>
    internal static async Task<Refusal?> CheckSignInOf(Db db, Caller caller, Guid accountId, Instant now) =>
        accountId != caller.AccountId
        && (await AccountStore.GrantHistory(db, accountId)).Any(row =>
            (row.EndedAt is null || row.EndedAt > now - Remembered) && GrantRules.Oversees(row.Grant.Role)
        )
        && await ThereAreTwo(db, caller, now)
            ? NeededForSignIn
            : null;

    private static Task<bool> ThereAreTwo(Db db, Caller caller, Instant now) =>
        AccountStore.HadOtherAdministrator(db, caller.AccountId, now - Remembered);
}
