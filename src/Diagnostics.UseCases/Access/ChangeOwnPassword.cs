using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Identity;

namespace Diagnostics.UseCases.Access;

/// <param name="NewPassword">8–200 characters, another one.</param>
public sealed record PasswordChange(string CurrentPassword, string NewPassword);

internal sealed class ChangeOwnPassword(Executor executor, PasswordCheck check, IPasswordHasher<AccountRow> passwords)
    : UseCase<PasswordChange, Done>(Operation, executor)
{
    // No Idempotency-Key: the fingerprint of a request is stored, and of this one it would help to guess passwords.
    internal static new readonly Operation Operation = new(nameof(ChangeOwnPassword), AccessRule.Account);

    protected override async Task<Result<Done>> Handle(PasswordChange request, Caller caller)
    {
        if (Accounts.CheckPassword(request.NewPassword) is { } weak) return weak.With("field", "newPassword");
        if (VisibleText.Compatible(request.NewPassword) == VisibleText.Compatible(request.CurrentPassword))
            return Refusal.Invalid("password-unchanged", "Новый пароль совпадает с прежним.").With("field", "newPassword");
        if (await Fetch(db => AccountStore.Find(db, caller.AccountId)) is not { } account) return AccountRefusals.NotFound;
        // As at the sign-in, so that wrong guesses are counted and lock the account.
        if ((await check.Of(account.UserName, request.CurrentPassword)).Refused(out var refusal, out _))
        {
            return refusal == PasswordCheck.BadCredentials
                ? Refusal.Invalid("password-wrong", "Прежний пароль не подходит.").With("field", "currentPassword")
                : refusal;
        }
        var hash = passwords.Hash(request.NewPassword);
        return await Write(caller, async db =>
        {
            if (await AccountStore.Find(db, account.Id) is not { Disabled: false } current
                || current.SecurityStamp != account.SecurityStamp)
                return Refusal.Conflict("account-changed", "Учётная запись только что изменилась; войдите заново.");
            await AccountStore.Update(db, current with { PasswordHash = hash, SecurityStamp = Accounts.NewStamp() });
            await AuditStore.Append(db, Now, caller.Id, "password.changed", $"account:{account.Id:D}");
            return default(Done);
        });
    }
}
