using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.Access;

internal static class ResetPassword
{
    internal static void Map(IEndpointRouteBuilder accounts) => accounts.MapPost("/{accountId:guid}/password", Reset)
        .WithName("ResetPassword")
        .WithSummary("Выдать новый пароль; показывается один раз, прежний больше не подходит")
        .AllowedTo(AccessRule.Of(Role.Administrator))
        .Idempotent(keepAnswer: false);

    private static Task<Results<Ok<OneTimePassword>, ProblemHttpResult>> Reset(
        Guid accountId, Caller caller, Transactions transactions, IPasswordHasher<AccountRow> passwords, IClock clock)
    {
        var password = Accounts.NewPassword();
        var hash = passwords.Hash(password);
        return transactions.Write<Result<OneTimePassword>>(async db =>
        {
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            if (account.Disabled) return Refusal.Conflict("account-disabled", "Учётная запись отключена.");
            await AccountStore.Update(db, account with { PasswordHash = hash, SecurityStamp = Accounts.NewStamp(), FailedCount = 0, LockoutEnd = null });
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "password.reset", $"account:{accountId:D}");
            return new OneTimePassword(accountId, account.UserName, password);
        }).Ok();
    }
}
