using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
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
        var hash = Hash(password);
        var reset = await database.Write(async db =>
            await Account(db, userName) is { } account
                ? await AccountRepair.Reset(db, account, password, hash, Actor, clock.GetCurrentInstant())
                : (Result<OneTimePassword>)AccountRefusals.NotFound
        );
        return reset.Refusal is null ? password : null;
    }

    /// <summary>Adds an account with one role over everything.</summary>
    internal async Task<Result<OneTimePassword>> Add(string userName, Role role)
    {
        if (TextRules.CheckName("userName", userName, 100) is { } noName)
            return noName;
        var password = Accounts.NewPassword();
        var hash = Hash(password);
        Grant[] grants = [new(role, GrantScope.All, null)];
        return await database.Write<Result<OneTimePassword>>(async db =>
        {
            var now = clock.GetCurrentInstant();
            if ((await Accounts.Add(db, now, userName, hash, grants, Actor)).Refused(out var refusal, out var account))
                return refusal;
            await AuditStore.Append(db, now, Actor, "account.made", $"account:{account.Id:D}", new { grants });
            return new OneTimePassword(account.Id, account.UserName, password);
        });
    }

    private static string Hash(string password) =>
        new PasswordHasher<AccountRow>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordLane.Iterations })).Hash(
            password
        );

    private static Task<AccountRow?> Account(Db db, string userName) => Accounts.Find(db, userName);
}
