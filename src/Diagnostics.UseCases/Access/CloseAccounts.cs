using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>Shutting an account, and opening it again.</summary>
internal static class CloseAccounts
{
    internal static void Map(IEndpointRouteBuilder accounts)
    {
        accounts.MapPost("/{accountId:guid}/deactivation", Deactivate).WithName("DeactivateAccount").WithSummary("Отключить учётную запись: её роли перестают действовать сразу")
            .AllowedTo(AccessRule.Of(Role.Administrator)).Idempotent();
        accounts.MapPost("/{accountId:guid}/activation", Activate).WithName("ActivateAccount").WithSummary("Включить учётную запись снова")
            .AllowedTo(AccessRule.Of(Role.Administrator)).Idempotent();
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Deactivate(Guid accountId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            if (account.Disabled) return Refusal.Conflict("account-disabled", "Учётная запись уже отключена.");
            var administers = (await AccountStore.Grants(db, accountId)).Any(grant => grant.Role is Role.Administrator);
            if (administers && !await AccountStore.HasOtherAdministrator(db, accountId)) return AccountRefusals.LastAdministrator;
            await AccountStore.Update(db, account with { Disabled = true, SecurityStamp = Accounts.NewStamp() });
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "account.deactivated", $"account:{accountId:D}");
            return default(Done);
        }).NoContent();

    private static Task<Results<NoContent, ProblemHttpResult>> Activate(Guid accountId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            // Without a password it is of a person who was erased: nobody may sign in with it again.
            if (!account.Disabled || account.PasswordHash is null) return Refusal.Conflict("account-not-disabled", "Учётная запись не отключена или удалена навсегда.");
            await AccountStore.Update(db, account with { Disabled = false, FailedCount = 0, LockoutEnd = null });
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "account.activated", $"account:{accountId:D}");
            return default(Done);
        }).NoContent();
}
