using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <param name="ScopeId">Campaign or site id, territory code, or name of an organisation; absent for <c>all</c>.</param>
public sealed record GrantRequest(Role Role, GrantScope Scope, string? ScopeId = null);

internal static class WantedGrant
{
    /// <summary>Checks that a grant is allowed and that its scope exists.</summary>
    internal static async Task<Result<Grant>> Check(Db db, GrantRequest? request)
    {
        if (request is null)
            return Refusal.Invalid("grant-missing", "Пустая роль.").With("field", "grants");
        var grant = new Grant(request.Role, request.Scope, request.ScopeId);
        if (GrantRules.Check(grant) is { } refusal)
            return refusal;
        if (grant.Scope is GrantScope.Territory && TextRules.Check("scopeId", grant.ScopeId, 100) is { } invalid)
            return invalid;
        if (grant.Scope is GrantScope.Organisation)
        {
            return TextRules.CheckLine("scopeId", grant.ScopeId, 300) is { } unnamed
                ? unnamed
                : grant with
                {
                    ScopeId = VisibleText.Composed(grant.ScopeId!).Trim(),
                };
        }
        if (grant.Scope is not (GrantScope.Campaign or GrantScope.Site))
            return grant;
        var exists =
            Guid.TryParse(grant.ScopeId, out var id)
            && (
                grant.Scope is GrantScope.Campaign ? await CampaignStore.Find(db, id) is not null : await SiteStore.Find(db, id) is not null
            );
        // Rights are compared as text, so every id is stored in the same spelling.
        return exists
            ? grant with
            {
                ScopeId = id.ToString("D"),
            }
            : Refusal.Invalid("grant-scope-not-found", "Такого мероприятия или площадки нет.").With("field", "scopeId");
    }
}

/// <summary>Gives an account a role. Nobody may grant a role to their own account.</summary>
internal sealed class AddGrant(Executor executor, SignIns signIns) : UseCase<AddGrant.Request, GrantView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AddGrant), AccessRule.Of(Role.Administrator), Trail.Writes("grant.added"))
    {
        Repetition = Repetition.GivesResultAgain,
        EndsSignIns = true,
    };

    internal sealed record Request(Guid AccountId, GrantRequest Grant);

    protected override Task<Result<GrantView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var accountId = request.AccountId;
                if (accountId == caller.AccountId)
                    return Refusal.Forbidden("own-grant", "Себе роль не назначают: это делает другой администратор.");
                if (await AccountStore.Find(db, accountId) is not { } account)
                    return AccountRefusals.NotFound;
                if (account.Disabled)
                    return AccountRefusals.Disabled;
                if ((await WantedGrant.Check(db, request.Grant)).Refused(out var refusal, out var grant))
                    return refusal;
                var now = Now;
                if (await SecondAdministrator.CheckGrants(db, caller, [grant], now) is { } alone)
                    return alone;
                if ((await Grants.Give(db, accountId, grant, caller.Id, now)).Refused(out refusal, out var given))
                    return refusal;
                if (given is not { } id)
                    return Refusal.Conflict("grant-exists", "Эта роль уже назначена.");
                await signIns.Granted(db, accountId, grant.Role, now);
                await AuditStore.Append(db, now, caller.Id, "grant.added", $"account:{accountId:D}", new { grantId = id, grant });
                return new GrantView(id, grant.Role, grant.Scope, grant.ScopeId, now, null);
            }
        );
}

/// <summary>Ends a role of an account. At least one administrator always remains.</summary>
internal sealed class EndGrant(Executor executor) : UseCase<EndGrant.Request, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EndGrant), AccessRule.Of(Role.Administrator), Trail.Writes("grant.ended"))
    {
        EndsSignIns = true,
    };

    private static readonly Refusal NotFound = Refusal.NotFound("grant-not-found", "Такой действующей роли у этой учётной записи нет.");

    internal sealed record Request(Guid AccountId, Guid GrantId);

    protected override Task<Result<Done>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (accountId, grantId) = request;
                var history = await AccountStore.GrantHistory(db, accountId);
                if (history.FirstOrDefault(row => row.Id == grantId && row.EndedAt is null) is not { } row)
                    return NotFound;
                if (row.Grant.Role is Role.Administrator && !await AccountStore.HasOtherAdministrator(db, accountId))
                    return AccountRefusals.LastAdministrator;
                var now = Now;
                if (!await AccountStore.EndGrant(db, accountId, grantId, now))
                    return NotFound;
                await AuditStore.Append(db, now, caller.Id, "grant.ended", $"account:{accountId:D}", new { grantId, row.Grant });
                return default(Done);
            }
        );
}
