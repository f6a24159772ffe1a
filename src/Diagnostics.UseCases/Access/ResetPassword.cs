using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>Gives an account a new password and forgets its failed sign-ins.</summary>
internal sealed class ResetPassword(Executor executor, PasswordLane lane) : UseCase<Guid, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ResetPassword),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("password.reset")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
        EndsSignIns = true,
    };

    protected override async Task<Result<OneTimePassword>> Handle(Guid accountId, Caller caller)
    {
        // Hashing is expensive, so check the request first. The transaction checks it again.
        if (await Fetch(db => AccountStore.Find(db, accountId)) is not { } found)
            return AccountRefusals.NotFound;
        if (found.Disabled)
            return AccountRefusals.Disabled;
        if (await Fetch(db => SecondAdministrator.CheckSignInOf(db, caller, accountId, Now)) is { } alone)
            return alone;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        return await Write(
            caller,
            async db =>
                await SecondAdministrator.CheckSignInOf(db, caller, accountId, Now) is { } late ? late
                : await AccountStore.Find(db, accountId) is { } account
                    ? await AccountRepair.Reset(db, account, password, hash, caller.Id, Now)
                : AccountRefusals.NotFound
        );
    }
}
