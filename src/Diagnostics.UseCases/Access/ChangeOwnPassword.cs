using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <param name="NewPassword">8–200 characters, another one.</param>
public sealed record PasswordChange(string CurrentPassword, string NewPassword);

internal static class ChangeOwnPassword
{
    // No Idempotency-Key: the fingerprint of a request is stored, and of this one it would help to guess passwords.
    internal static void Map(IEndpointRouteBuilder auth) => auth.MapPost("/password", Change)
        .WithName("ChangeOwnPassword")
        .WithSummary("Сменить свой пароль; все прежние входы заканчиваются")
        .AllowedTo(AccessRule.Account);

    private static async Task<Results<NoContent, ProblemHttpResult>> Change(
        PasswordChange request, Caller caller, Transactions transactions, Tokens tokens, IPasswordHasher<AccountRow> passwords, IClock clock)
    {
        if (Accounts.CheckPassword(request.NewPassword) is { } weak) return Problems.From(weak.With("field", "newPassword"));
        if (request.NewPassword == request.CurrentPassword)
            return Problems.From(Refusal.Invalid("password-unchanged", "Новый пароль совпадает с прежним.").With("field", "newPassword"));
        if (await transactions.Read(db => AccountStore.Find(db, caller.AccountId)) is not { } account) return Problems.From(AccountRefusals.NotFound);
        // As at the sign-in, so that wrong guesses are counted and lock the account.
        if ((await tokens.ForPassword(account.UserName, request.CurrentPassword)).Refused(out var refusal, out _))
            return Problems.From(refusal.Code == "invalid-grant" ? Refusal.Invalid("password-wrong", "Прежний пароль не подходит.").With("field", "currentPassword") : refusal);
        var hash = passwords.Hash(request.NewPassword);
        return (await transactions.Write<Result<Done>>(async db =>
        {
            if (await AccountStore.Find(db, account.Id) is not { Disabled: false } current || current.SecurityStamp != account.SecurityStamp)
                return Refusal.Conflict("account-changed", "Учётная запись только что изменилась; войдите заново.");
            await AccountStore.Update(db, current with { PasswordHash = hash, SecurityStamp = Accounts.NewStamp() });
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "password.changed", $"account:{account.Id:D}");
            return default(Done);
        })).NoContent();
    }
}
