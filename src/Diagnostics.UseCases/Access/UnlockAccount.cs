using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Forgets, on every node, the failed password attempts with an account's name: the account stores the time of this
/// reset, and each later attempt reads it.
/// </summary>
internal sealed class UnlockAccount(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(UnlockAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.unlocked")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(Guid accountId, Caller caller) =>
        Write(
            caller,
            async db =>
                await AccountStore.Find(db, accountId) is { } account
                    ? await AccountRepair.Unlock(db, account, caller.Id, Now)
                    : AccountRefusals.NotFound
        );
}

/// <summary>Helps another person to sign in again; the calling code checks the right to do so.</summary>
internal static class AccountRepair
{
    internal static async Task<Result<Done>> Unlock(Db db, AccountRow account, string actor, Instant now)
    {
        await AccountStore.Update(db, account with { UnlockedAt = now });
        await AuditStore.Append(db, now, actor, "account.unlocked", $"account:{account.Id:D}");
        return default(Done);
    }

    /// <summary>
    /// Removes the second factor: the next sign-in needs only the password, and existing sign-ins end.
    /// </summary>
    internal static async Task<Result<Done>> RemoveSecondFactor(Db db, Guid accountId, string actor, Instant now)
    {
        if (!await SecondFactorStore.Remove(db, accountId))
            return SecondFactorRefusals.Missing;
        await SignInStore.EndAll(db, accountId, SignIns.BecauseSecondFactor, now);
        await AuditStore.Append(db, now, actor, "second-factor.removed", $"account:{accountId:D}");
        return default(Done);
    }

    /// <summary>
    /// Sets a password that must be changed at the next sign-in; every sign-in under the previous password ends.
    /// </summary>
    internal static async Task<Result<OneTimePassword>> Reset(
        Db db,
        AccountRow account,
        string password,
        string hash,
        string actor,
        Instant now
    )
    {
        if (account.Disabled)
            return AccountRefusals.Disabled;
        await AccountStore.Update(
            db,
            account with
            {
                PasswordHash = hash,
                MustChangePassword = true,
                SecurityStamp = Accounts.NewStamp(),
                UnlockedAt = now,
            }
        );
        await SignInStore.EndAll(db, account.Id, SignIns.BecausePassword, now);
        await AuditStore.Append(db, now, actor, "password.reset", $"account:{account.Id:D}");
        return new OneTimePassword(account.Id, account.UserName, password);
    }
}
