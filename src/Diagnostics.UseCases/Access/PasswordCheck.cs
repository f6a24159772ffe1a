using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Whether a password is that of a name. Wrong guesses are counted, and many of them lock the account for a while.</summary>
internal sealed class PasswordCheck(Database database, IPasswordHasher<AccountRow> passwords, IClock clock)
{
    private const int FailuresBeforeLockout = 10;
    private static readonly Duration Lockout = Duration.FromMinutes(5);

    internal static readonly Refusal BadCredentials = Refusal.Invalid("invalid-grant", "Имя или пароль не подходят.");

    /// <returns>The account whose password it is.</returns>
    internal async Task<Result<AccountRow>> Of(string userName, string password)
    {
        var now = clock.GetCurrentInstant();
        var account = await database.Read(db => Accounts.Find(db, userName));
        if (account is null)
        {
            // The same work as for a known name, so that the time tells nothing of which names exist.
            passwords.Refuse(password);
            return BadCredentials;
        }
        if (account.LockoutEnd > now)
            return Refusal.Forbidden("account-locked", "Слишком много неудачных попыток; подождите несколько минут.");
        if (!passwords.Fits(account, password) || account.Disabled)
        {
            await database.WriteStatement(db => AccountStore.CountFailure(db, account.Id, FailuresBeforeLockout, now + Lockout));
            return BadCredentials;
        }
        if (account.FailedCount > 0) await database.WriteStatement(db => AccountStore.ForgetFailures(db, account.Id));
        return account;
    }
}
