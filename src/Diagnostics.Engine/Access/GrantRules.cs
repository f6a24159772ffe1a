namespace Diagnostics.Engine.Access;

/// <summary>The scopes for which each role may be granted.</summary>
public static class GrantRules
{
    /// <summary>The scopes to which a role may be bound; empty for a role that nobody grants by hand.</summary>
    public static IReadOnlyList<GrantScope> ScopesOf(Role role) =>
        role switch
        {
            Role.Administrator or Role.Auditor or Role.Author or Role.Reviewer => [GrantScope.All],
            Role.Operator => [GrantScope.All, GrantScope.Campaign, GrantScope.Territory],
            Role.SiteHead or Role.Invigilator => [GrantScope.Site],
            Role.Expert or Role.Chair => [GrantScope.All, GrantScope.Campaign],
            // A person has the role as long as the appointment to a commission lasts.
            Role.ConflictMember or Role.ConflictChair => [],
            Role.Methodologist => [GrantScope.All, GrantScope.Territory, GrantScope.Organisation],
            // The role comes with the person's own account.
            Role.Participant => [],
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>
    /// Whether the role oversees all others. Where there are two administrators, no one of them gives such a role alone, because
    /// a second account of their own would then be their own overseer.
    /// </summary>
    public static bool Oversees(Role role) => role is Role.Administrator or Role.Auditor;

    /// <summary>
    /// Returns null when an account of this kind may have the role. The account of a person who takes diagnostics has
    /// no other role, because somebody with both would meet own work on the other side; and a member of staff takes
    /// diagnostics through an account of their own.
    /// </summary>
    /// <param name="ofPerson">Whether the account belongs to a person who takes diagnostics.</param>
    public static Refusal? CheckOwner(Role role, bool ofPerson) =>
        (role is Role.Participant) == ofPerson ? null
        : ofPerson ? Refusal.Conflict("participant-account", "Это вход участника диагностики: сотруднику заводят отдельную учётную запись.")
        : Refusal.Conflict("staff-account", "Это учётная запись сотрудника: для диагностики человеку создают отдельный вход.");

    /// <summary>Returns null when the grant is allowed, otherwise a refusal.</summary>
    public static Refusal? Check(Grant grant)
    {
        var scopes = ScopesOf(grant.Role);
        if (scopes.Count == 0)
            return Refusal
                .Invalid(
                    "grant-role",
                    $"Роль «{Codes.Of(grant.Role)}» не назначают: она есть у входа, созданного для человека, или даётся вместе с местом в комиссии."
                )
                .With("field", "role");
        if (!scopes.Contains(grant.Scope))
            return Refusal
                .Invalid(
                    "grant-scope",
                    $"Роль «{Codes.Of(grant.Role)}» назначают с областью: {string.Join(", ", scopes.Select(Codes.Of))}."
                )
                .With("field", "scope");
        return (grant.Scope is GrantScope.All) == (grant.ScopeId is null)
            ? null
            : Refusal
                .Invalid(
                    "grant-scope-id",
                    "scopeId указывают для мероприятия, площадки, территории или организации, а для области «all» — нет."
                )
                .With("field", "scopeId");
    }
}
