using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// An account for a member of staff; people who take diagnostics get their accounts at <c>/people/{id}/account</c>.
/// </summary>
/// <param name="UserName">The user name, 1–100 characters, unique regardless of case.</param>
/// <param name="Grants">Up to 50 grants.</param>
/// <param name="Organisation">The expert's workplace; the expert receives no scripts from there.</param>
public sealed record AccountRequest(string UserName, IReadOnlyList<GrantRequest?> Grants, string? Organisation = null);

internal sealed class MakeAccount(Executor executor, PasswordLane lane) : UseCase<AccountRequest, OneTimePassword>(Operation, executor)
{
    private const int MaxGrants = 50;

    internal static new readonly Operation Operation = new(
        nameof(MakeAccount),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("account.made")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    protected override async Task<Result<OneTimePassword>> Handle(AccountRequest request, Caller caller)
    {
        // Hashing is expensive, so check the request first. The transaction checks it again.
        if ((await Fetch(db => Check(db, request))).Refused(out var early, out var asked))
            return early;
        if (await Fetch(db => SecondAdministrator.CheckGrants(db, caller, asked, Now)) is { } needsAnother)
            return needsAnother;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        return await Write(
            caller,
            async db =>
            {
                if ((await Check(db, request)).Refused(out var late, out var grants))
                    return late;
                var now = Now;
                if (await SecondAdministrator.CheckGrants(db, caller, grants, now) is { } alone)
                    return alone;
                var organisation = request.Organisation is { } named ? VisibleText.Composed(named).Trim() : null;
                var made = await Accounts.Add(db, now, request.UserName, hash, grants, caller.Id, organisation: organisation);
                if (made.Refused(out var taken, out var account))
                    return taken;
                await AuditStore.Append(db, now, caller.Id, "account.made", $"account:{account.Id:D}", new { grants });
                return new OneTimePassword(account.Id, account.UserName, password);
            }
        );
    }

    private static async Task<Result<List<Grant>>> Check(Db db, AccountRequest request)
    {
        if (TextRules.CheckName("userName", request.UserName, 100) is { } noName)
            return noName;
        if (request.Organisation is { } organisation && TextRules.CheckLine("organisation", organisation, 300) is { } noOrganisation)
            return noOrganisation;
        if (request.Grants.Count > MaxGrants)
            return Refusal.Invalid("too-many-grants", $"Ролей не больше {MaxGrants}.").With("field", "grants");
        var grants = new List<Grant>();
        foreach (var wanted in request.Grants)
        {
            if ((await WantedGrant.Check(db, wanted)).Refused(out var refusal, out var grant))
                return refusal;
            grants.Add(grant);
        }
        return await Accounts.Find(db, request.UserName) is { } other ? Accounts.NameTaken(other.UserName) : grants;
    }
}
