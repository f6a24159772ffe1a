using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>Gives an account a new password; it also opens one that wrong guesses have locked.</summary>
internal sealed class ResetPassword(Executor executor, PasswordLane lane)
    : UseCase<Guid, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation =
        new(nameof(ResetPassword), AccessRule.Of(Role.Administrator)) { Repetition = Repetition.TellsThatItWasDone, EndsSignIns = true };

    protected override async Task<Result<OneTimePassword>> Handle(Guid accountId, Caller caller)
    {
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password);
        return await Write(caller, async db =>
        {
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            if (account.Disabled) return Refusal.Conflict("account-disabled", "Учётная запись отключена.");
            var now = Now;
            var opened = account with { PasswordHash = hash, SecurityStamp = Accounts.NewStamp(), UnlockedAt = now };
            await AccountStore.Update(db, opened);
            await SignInStore.EndAll(db, accountId, SignIns.BecausePassword, now);
            await AuditStore.Append(db, now, caller.Id, "password.reset", $"account:{accountId:D}");
            return new OneTimePassword(accountId, account.UserName, password);
        });
    }
}
