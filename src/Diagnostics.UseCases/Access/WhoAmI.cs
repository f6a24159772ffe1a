using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Access;

/// <param name="ParticipantId">The pseudonym under which the person takes diagnostics; null for staff.</param>
public sealed record MyAccount(Guid AccountId, string UserName, Guid? ParticipantId, IReadOnlyList<Grant> Grants);

internal static class WhoAmI
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/me", Read)
        .WithName("GetMyAccount")
        .WithSummary("Своя учётная запись и её роли")
        .AllowedTo(AccessRule.Account);

    private static async Task<Results<Ok<MyAccount>, ProblemHttpResult>> Read(Caller caller, Transactions transactions) =>
        (await transactions.Read<Result<MyAccount>>(async db => await AccountStore.Find(db, caller.AccountId) is { } account
            ? new MyAccount(account.Id, account.UserName, account.ParticipantId, await AccountStore.Grants(db, account.Id))
            : Refusal.NotFound("account-not-found", "Учётной записи больше нет."))).Ok();
}
