using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Repairs an account from the machine itself, where no right can be checked.</summary>
internal sealed class ConsoleRepair(Database database, IClock clock)
{
    private const string Actor = "console";

    /// <returns>False when there is no such account.</returns>
    internal Task<bool> Unlock(string userName) =>
        database.Write(async db =>
            await Account(db, userName) is { } account
            && (await AccountRepair.Unlock(db, account, Actor, clock.GetCurrentInstant())).Refusal is null
        );

    /// <returns>False when there is no such account, or it has no second factor.</returns>
    internal Task<bool> RemoveSecondFactor(string userName) =>
        database.Write(async db =>
            await Account(db, userName) is { } account
            && (await AccountRepair.RemoveSecondFactor(db, account.Id, Actor, clock.GetCurrentInstant())).Refusal is null
        );

    /// <returns>The new password; null when there is no such account, or it is closed.</returns>
    internal async Task<string?> Reset(string userName)
    {
        var password = Accounts.NewPassword();
        var options = Options.Create(new PasswordHasherOptions { IterationCount = PasswordLane.Iterations });
        var hash = new PasswordHasher<AccountRow>(options).Hash(password);
        var reset = await database.Write(async db =>
            await Account(db, userName) is { } account
                ? await AccountRepair.Reset(db, account, password, hash, Actor, clock.GetCurrentInstant())
                : (Result<OneTimePassword>)AccountRefusals.NotFound
        );
        return reset.Refusal is null ? password : null;
    }

    private static Task<AccountRow?> Account(Db db, string userName) => Accounts.Find(db, userName);
}
