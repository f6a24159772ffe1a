using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <param name="ScopeId">Campaign or site id, or territory code; absent for <c>all</c>.</param>
public sealed record GrantRequest(Role Role, GrantScope Scope, string? ScopeId = null);

/// <summary>Giving roles and ending them. Nobody gives one to oneself, and there is always an administrator.</summary>
internal static class ManageGrants
{
    internal static void Map(IEndpointRouteBuilder accounts)
    {
        accounts.MapPost("/{accountId:guid}/grants", Add).WithName("AddGrant").WithSummary("Назначить роль").AllowedTo(AccessRule.Of(Role.Administrator)).Idempotent();
        accounts.MapDelete("/{accountId:guid}/grants/{grantId:guid}", End).WithName("EndGrant").WithSummary("Снять роль: действует сразу").AllowedTo(AccessRule.Of(Role.Administrator));
    }

    /// <summary>A grant that may be, to something that exists.</summary>
    internal static async Task<Result<Grant>> Check(Db db, GrantRequest? request)
    {
        if (request is null) return Refusal.Invalid("grant-missing", "Пустая роль.").With("field", "grants");
        var grant = new Grant(request.Role, request.Scope, request.ScopeId);
        if (GrantRules.Check(grant) is { } refusal) return refusal;
        if (grant.Scope is GrantScope.Territory && TextRules.Check("scopeId", grant.ScopeId, 100) is { } invalid) return invalid;
        if (grant.Scope is not (GrantScope.Campaign or GrantScope.Site)) return grant;
        var exists = Guid.TryParse(grant.ScopeId, out var id)
            && (grant.Scope is GrantScope.Campaign ? await CampaignStore.Find(db, id) is not null : await SiteStore.Find(db, id) is not null);
        // Rights are compared as text: one spelling of an id only.
        return exists
            ? grant with { ScopeId = id.ToString("D") }
            : Refusal.Invalid("grant-scope-not-found", "Такого мероприятия или площадки нет.").With("field", "scopeId");
    }

    private static Task<Results<Created<GrantView>, ProblemHttpResult>> Add(Guid accountId, GrantRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<GrantView>>(async db =>
        {
            if (accountId == caller.AccountId) return Refusal.Forbidden("own-grant", "Себе роль не назначают: это делает другой администратор.");
            if (await AccountStore.Find(db, accountId) is not { } account) return AccountRefusals.NotFound;
            if (account.Disabled) return Refusal.Conflict("account-disabled", "Учётная запись отключена.");
            if ((await Check(db, request)).Refused(out var refusal, out var grant)) return refusal;
            var now = clock.GetCurrentInstant();
            var id = Guid.CreateVersion7(now.ToDateTimeOffset());
            if (!await AccountStore.AddGrant(db, id, accountId, grant, caller.Id, now)) return Refusal.Conflict("grant-exists", "Эта роль уже назначена.");
            await AuditStore.Append(db, now, caller.Id, "grant.added", $"account:{accountId:D}", new { grantId = id, grant });
            return new GrantView(id, grant.Role, grant.Scope, grant.ScopeId, now, null);
        }).Created(_ => $"/api/v1/accounts/{accountId:D}");

    private static Task<Results<NoContent, ProblemHttpResult>> End(Guid accountId, Guid grantId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            var notFound = Refusal.NotFound("grant-not-found", "Такой действующей роли у этой учётной записи нет.");
            if ((await AccountStore.GrantHistory(db, accountId)).FirstOrDefault(row => row.Id == grantId && row.EndedAt is null) is not { } row) return notFound;
            if (row.Grant.Role is Role.Administrator && !await AccountStore.HasOtherAdministrator(db, accountId)) return AccountRefusals.LastAdministrator;
            var now = clock.GetCurrentInstant();
            if (!await AccountStore.EndGrant(db, accountId, grantId, now)) return notFound;
            await AuditStore.Append(db, now, caller.Id, "grant.ended", $"account:{accountId:D}", new { grantId, row.Grant });
            return default(Done);
        }).NoContent();
}
