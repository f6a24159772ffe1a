using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Access;

internal static class ReadAccounts
{
    internal static void Map(IEndpointRouteBuilder accounts)
    {
        accounts.MapGet("/", List).WithName("ListAccounts").WithSummary("Учётные записи с их ролями").AllowedTo(AccessRule.Of(Role.Administrator));
        accounts.MapGet("/{accountId:guid}", Read).WithName("GetAccount").WithSummary("Учётная запись с её ролями").AllowedTo(AccessRule.Of(Role.Administrator));
    }

    private static Task<Ok<Page<AccountView>>> List(Transactions transactions, Guid? after, int? limit) => transactions.Read(async db =>
    {
        var views = new List<AccountView>();
        foreach (var row in await AccountStore.List(db, after, Page<AccountView>.Take(limit))) views.Add(await AccountView.Read(db, row));
        return TypedResults.Ok(Page<AccountView>.Of(views, limit, account => account.Id.ToString("D")));
    });

    private static Task<Results<Ok<AccountView>, ProblemHttpResult>> Read(Guid accountId, Transactions transactions) =>
        transactions.Read<Result<AccountView>>(async db =>
            await AccountStore.Find(db, accountId) is { } row ? await AccountView.Read(db, row) : AccountRefusals.NotFound).Ok();
}
