using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>A password that is shown only once; its recipient should change it after signing in.</summary>
public sealed record OneTimePassword(Guid AccountId, string UserName, string Password);

/// <summary>A role that an account has or had.</summary>
/// <param name="ScopeId">Campaign or site id, territory code, or name of an organisation; absent for <c>all</c>.</param>
/// <param name="EndedAt">When the grant ended; absent while it is in force.</param>
public sealed record GrantView(Guid Id, Role Role, GrantScope Scope, string? ScopeId, Instant GrantedAt, Instant? EndedAt)
{
    internal static GrantView Of(GrantRow row) => new(row.Id, row.Grant.Role, row.Grant.Scope, row.ScopeId, row.GrantedAt, row.EndedAt);
}

/// <summary>An account.</summary>
/// <param name="ParticipantId">Pseudonym of the person who takes diagnostics through the account; absent for
/// staff.</param>
/// <param name="Organisation">The expert's workplace; the expert receives no scripts from there.</param>
/// <param name="Grants">All grants, including ended ones.</param>
public sealed record AccountView(
    Guid Id,
    string UserName,
    Guid? ParticipantId,
    string? Organisation,
    bool Disabled,
    Instant CreatedAt,
    IReadOnlyList<GrantView> Grants
)
{
    /// <summary>The owner's identities at outside providers; empty when the owner signs in only here.</summary>
    public IReadOnlyList<OutsideIdentityLink> OutsideIdentities { get; init; } = [];

    internal static async Task<AccountView> Read(Db db, AccountRow row) =>
        new(
            row.Id,
            row.UserName,
            row.ParticipantId,
            row.Organisation,
            row.Disabled,
            row.CreatedAt,
            (await AccountStore.GrantHistory(db, row.Id)).Select(GrantView.Of).ToList()
        )
        {
            OutsideIdentities = (await OutsideIdentityStore.Of(db, row.Id))
                .Select(each => new OutsideIdentityLink(each.Issuer, each.Subject))
                .ToList(),
        };
}

internal static class AccountRefusals
{
    internal static readonly Refusal NotFound = Refusal.NotFound("account-not-found", "Такой учётной записи нет.");

    internal static readonly Refusal Disabled = Refusal.Conflict("account-disabled", "Учётная запись отключена.");

    internal static readonly Refusal LastAdministrator = Refusal.Conflict(
        "last-administrator",
        "Это последний администратор: сначала назначьте другого."
    );
}
