namespace Diagnostics.Engine.Access;

/// <summary>
/// Roles of people (docs/procedure.md). A grant binds a role to everything, or to one campaign, site, territory or organisation.
/// </summary>
public enum Role
{
    Administrator,
    Auditor,
    Operator,
    Author,
    Reviewer,
    SiteHead,
    Invigilator,
    Expert,
    Chair,
    ConflictMember,
    ConflictChair,
    Methodologist,
    Participant,
}

/// <summary>The kinds of things to which a grant may be bound.</summary>
public enum GrantScope
{
    All,
    Campaign,
    Site,
    Territory,

    /// <summary>An organisation, by its name.</summary>
    Organisation,
}

/// <param name="ScopeId">Campaign or site id, territory code, or name of an organisation; null for
/// <see cref="GrantScope.All"/>.</param>
public sealed record Grant(Role Role, GrantScope Scope, string? ScopeId)
{
    public bool Covers(GrantScope scope, string id) => Scope is GrantScope.All || (Scope == scope && ScopeId == id);
}
