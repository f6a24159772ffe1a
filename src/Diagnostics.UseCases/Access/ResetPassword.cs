using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.Access;

/// <summary>Gives an account a new password; it also opens one that wrong guesses have locked.</summary>
internal sealed class ResetPassword(Executor executor, IPasswordHasher<AccountRow> passwords)
    : UseCase<Guid, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(ResetPassword), AccessRule.Of(Role.Administrator)) { Repetition = Repetition.TellsThatItWasDone };

    protected override Task<Result<OneTimePassword>> Handle(Guid accountId, Caller caller)
    {
        var password = Accounts.NewPassword();
        var hash = passwords.Hash(password);
        return Write(caller, async db =>
        {
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            if (account.Disabled) return Refusal.Conflict("account-disabled", "Учётная запись отключена.");
            var opened = account with { PasswordHash = hash, SecurityStamp = Accounts.NewStamp(), FailedCount = 0, LockoutEnd = null };
            await AccountStore.Update(db, opened);
            await AuditStore.Append(db, Now, caller.Id, "password.reset", $"account:{accountId:D}");
            return new OneTimePassword(accountId, account.UserName, password);
        });
    }
}
