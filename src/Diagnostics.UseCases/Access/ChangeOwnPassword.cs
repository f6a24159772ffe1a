using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <param name="NewPassword">The new password: 8–200 characters, different from the current password, and not a common
/// one.</param>
public sealed record PasswordChange(string CurrentPassword, string NewPassword);

internal sealed class ChangeOwnPassword(Executor executor, PasswordCheck check, PasswordLane lane)
    : UseCase<ChangeOwnPassword.Request, Done>(Operation, executor)
{
    // There is no Idempotency-Key, because with a key the service would store a fingerprint of the request, and whoever
    // saw the fingerprint could try guessed passwords against it.
    internal static new readonly Operation Operation = new(
        nameof(ChangeOwnPassword),
        AccessRule.Account.Under(SignInLimits.ChangePassword | SignInLimits.SetUpSecondFactor),
        Trail.Writes("password.changed")
    )
    {
        EndsSignIns = true,
    };

    internal sealed record Request(PasswordChange Change, Attempt From);

    protected override async Task<Result<Done>> Handle(Request request, Caller caller)
    {
        var (current, fresh) = request.Change;
        if (VisibleText.Compatible(fresh) == VisibleText.Compatible(current))
            return Refusal.Invalid("password-unchanged", "Новый пароль совпадает с прежним.").With("field", "newPassword");
        if (await Fetch(db => AccountStore.Find(db, caller.AccountId)) is not { } account)
            return AccountRefusals.NotFound;
        if (PasswordRules.Check(fresh, account.UserName) is { } weak)
            return weak.With("field", "newPassword");
        // Wrong guesses from this device are counted, as at sign-in.
        if ((await check.Of(account.UserName, current, request.From)).Refused(out var refusal, out _))
        {
            return refusal == PasswordCheck.BadCredentials
                ? Refusal.Invalid("password-wrong", "Прежний пароль не подходит.").With("field", "currentPassword")
                : refusal;
        }
        var hash = await lane.Hash(fresh, caller.Id);
        return await Write(
            caller,
            async db =>
            {
                if (
                    await AccountStore.Find(db, account.Id) is not { Disabled: false } found
                    || found.SecurityStamp != account.SecurityStamp
                )
                    return Refusal.Conflict("account-changed", "Учётная запись только что изменилась; войдите заново.");
                var now = Now;
                await AccountStore.Update(
                    db,
                    found with
                    {
                        PasswordHash = hash,
                        MustChangePassword = false,
                        SecurityStamp = Accounts.NewStamp(),
                    }
                );
                await SignInStore.EndAll(db, account.Id, SignIns.BecausePassword, now);
                await AuditStore.Append(db, now, caller.Id, "password.changed", $"account:{account.Id:D}");
                return default(Done);
            }
        );
    }
}
