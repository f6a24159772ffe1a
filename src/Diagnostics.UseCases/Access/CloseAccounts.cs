using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Closes an account: its roles stop working and its sign-ins end immediately. At least one administrator always
/// remains.
/// </summary>
internal sealed class DeactivateAccount(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(DeactivateAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.deactivated")
    )
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    protected override Task<Result<Done>> Handle(Guid accountId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                if (account.Disabled)
                    return Refusal.Conflict("account-disabled", "Учётная запись уже отключена.");
                var administers = (await AccountStore.Grants(db, accountId)).Any(grant => grant.Role is Role.Administrator);
                if (administers && !await AccountStore.HasOtherAdministrator(db, accountId))
                    return AccountRefusals.LastAdministrator;
                await AccountStore.Update(db, account with { Disabled = true, SecurityStamp = Accounts.NewStamp() });
                var now = Now;
                await SignInStore.EndAll(db, accountId, SignIns.BecauseDeactivated, now);
                await AuditStore.Append(db, now, caller.Id, "account.deactivated", $"account:{accountId:D}");
                return default(Done);
            }
        );
}

/// <summary>Opens a closed account again.</summary>
internal sealed class ActivateAccount(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ActivateAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.activated")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(Guid accountId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                if (!account.Disabled || account.IsErased)
                    return Refusal.Conflict("account-not-disabled", "Учётная запись не отключена или удалена навсегда.");
                await AccountStore.Update(db, account with { Disabled = false, UnlockedAt = Now });
                await AuditStore.Append(db, Now, caller.Id, "account.activated", $"account:{accountId:D}");
                return default(Done);
            }
        );
}
