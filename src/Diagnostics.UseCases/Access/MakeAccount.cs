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

/// <summary>An account of somebody who works here; those who take diagnostics get theirs at <c>/people/{id}/account</c>.</summary>
/// <param name="UserName">1–100 characters, unique whatever the case.</param>
/// <param name="Grants">Up to 50.</param>
/// <param name="Organisation">Where an expert works: own organisation's scripts are not given to them.</param>
public sealed record AccountRequest(string UserName, IReadOnlyList<GrantRequest> Grants, string? Organisation = null);

internal static class MakeAccount
{
    private const int MaxGrants = 50;

    internal static void Map(IEndpointRouteBuilder accounts) => accounts.MapPost("/", Make)
        .WithName("MakeAccount")
        .WithSummary("Создать учётную запись с ролями; пароль показывается один раз")
        .AllowedTo(AccessRule.Of(Role.Administrator))
        .Idempotent(keepAnswer: false);

    private static Task<Results<Created<OneTimePassword>, ProblemHttpResult>> Make(
        AccountRequest request, Caller caller, Transactions transactions, IPasswordHasher<AccountRow> passwords, IClock clock)
    {
        var password = Accounts.NewPassword();
        var hash = passwords.Hash(password);
        return transactions.Write<Result<OneTimePassword>>(async db =>
        {
            if (TextRules.Check("userName", request.UserName, 100) is { } noName) return noName;
            if (request.Organisation is { } organisation && TextRules.Check("organisation", organisation, 300) is { } noOrganisation) return noOrganisation;
            if (request.Grants.Count > MaxGrants) return Refusal.Invalid("too-many-grants", $"Ролей не больше {MaxGrants}.").With("field", "grants");
            var grants = new List<Grant>();
            foreach (var wanted in request.Grants)
            {
                if ((await ManageGrants.Check(db, wanted)).Refused(out var refusal, out var grant)) return refusal;
                grants.Add(grant);
            }
            var now = clock.GetCurrentInstant();
            var made = await Accounts.Add(db, now, request.UserName, hash, grants, caller.Id, organisation: request.Organisation?.Trim());
            if (made.Refused(out var taken, out var account)) return taken;
            await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { grants });
            return new OneTimePassword(account.Id, account.UserName, password);
        }).Created(account => $"/api/v1/accounts/{account.AccountId:D}");
    }
}
