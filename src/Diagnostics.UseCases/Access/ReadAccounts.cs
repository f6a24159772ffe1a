using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

internal sealed class ListAccounts(Executor executor) : UseCase<ListAccounts.Request, Page<AccountView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListAccounts),
        AccessRule.Of(Role.Administrator),
        Trail.Look<ListAccounts.Request, Page<AccountView>>("accounts.listed", (_, page) => Looked.Rows("accounts", page.Items.Count))
    );

    internal sealed record Request(Guid? After, int? Limit);

    protected override Task<Result<Page<AccountView>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var rows = await AccountStore.List(db, request.After, Page<AccountView>.Take(request.Limit));
            var views = new List<AccountView>();
            foreach (var row in rows)
                views.Add(await AccountView.Read(db, row));
            return Page<AccountView>.Of(views, request.Limit, account => account.Id.ToString("D"));
        });
}

internal sealed class GetAccount(Executor executor) : UseCase<Guid, AccountView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Look<Guid, AccountView>("account.read", (_, account) => new($"account:{account.Id:D}"))
    );

    protected override Task<Result<AccountView>> Handle(Guid accountId, Caller caller) =>
        Read(async db => await AccountStore.Find(db, accountId) is { } row ? await AccountView.Read(db, row) : AccountRefusals.NotFound);
}
