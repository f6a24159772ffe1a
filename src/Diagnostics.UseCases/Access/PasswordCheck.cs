using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Checks a user name and a password. The answer is the same, and takes the same time, for an unknown name, a closed
/// account and a wrong password.
/// </summary>
internal sealed class PasswordCheck(Database database, PasswordLane lane, Attempts attempts, SignInLog log)
{
    internal static readonly Refusal BadCredentials = Refusal.Invalid("invalid-grant", "Имя или пароль не подходят.");

    internal const string TooManyAttempts = "too-many-attempts";

    /// <returns>The account with this name and password.</returns>
    /// <exception cref="PasswordLaneFullException">Too many passwords are already waiting to be checked.</exception>
    internal async Task<Result<AccountRow>> Of(string userName, string password, Attempt from)
    {
        // Text that cannot be a name or a password is neither checked nor counted as a failure.
        if (userName.Length > 200 || password.Length > 1000)
        {
            log.Refused(SignInMethod.Password, null, from, BadCredentials.Code);
            return BadCredentials;
        }
        var name = Accounts.Normalise(userName);
        var (account, known) = await database.Read(async db =>
        {
            var found = await Accounts.Find(db, userName);
            return (
                found,
                found is not null
                    && from.KnownSignIn is { } device
                    && await SignInStore.Find(db, device) is { } earlier
                    && earlier.AccountId == found.Id
            );
        });
        using var turn = attempts.WithPassword(name, from, known, account?.UnlockedAt);
        if (turn.RefusedFor is { } wait)
        {
            log.Refused(SignInMethod.Password, account?.Id, from, TooManyAttempts);
            return Wait(wait);
        }
        if (turn.Hold > TimeSpan.Zero)
            await Task.Delay(turn.Hold);
        var waiter = known ? new Waiter($"{account!.Id:D}", Known: true) : new Waiter(from.Site, Known: false, turn.Late);
        PasswordVerdict verdict;
        try
        {
            verdict = await lane.Verify(account, password, waiter);
        }
        catch (PasswordLaneFullException)
        {
            turn.Withdraw();
            log.Refused(SignInMethod.Password, account?.Id, from, "sign-in-busy");
            throw;
        }
        if (!verdict.Right)
        {
            log.Refused(SignInMethod.Password, account?.Id, from, BadCredentials.Code);
            return BadCredentials;
        }
        turn.Succeeded();
        if (verdict.Rehashed is { } better)
            await database.WriteStatement(db => AccountStore.Rehash(db, account!.Id, account.PasswordHash!, better));
        return account!;
    }

    internal static Refusal Wait(TimeSpan time, string why = "Слишком много неудачных попыток")
    {
        var seconds = (int)Math.Ceiling(time.TotalSeconds);
        return new Refusal(TooManyAttempts, RefusalKind.TooMany, $"{why}; повторите через {seconds} с.").With("retryAfter", seconds);
    }
}
