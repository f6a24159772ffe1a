using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Commissions;

/// <summary>Commissions that an operator appoints for a campaign (clause 7.1.3).</summary>
public enum CommissionKind
{
    /// <summary>Региональная комиссия (РК), whose experts mark open answers.</summary>
    Marking,

    /// <summary>The commission that decides appeals.</summary>
    Conflict,
}

/// <summary>A deputy stands in for the chair and has the same rights.</summary>
public enum CommissionRole
{
    Chair,
    Deputy,
    Member,
}

/// <summary>
/// Standing of an expert, rising: основной, старший, ведущий. It decides who may be the third expert
/// (docs/procedure.md).
/// </summary>
public enum ExpertStanding
{
    Main,
    Senior,
    Lead,
}

public static class CommissionRights
{
    /// <summary>
    /// The rights that come with membership in a commission; they are limited to the commission's campaign and end with
    /// the membership.
    /// </summary>
    public static IReadOnlyList<Role> RolesOf(CommissionKind kind, CommissionRole role) =>
        (kind, role) switch
        {
            (CommissionKind.Marking, CommissionRole.Member) => [Role.Expert],
            (CommissionKind.Marking, _) => [Role.Chair, Role.Expert],
            (CommissionKind.Conflict, CommissionRole.Member) => [Role.ConflictMember],
            (CommissionKind.Conflict, _) => [Role.ConflictChair, Role.ConflictMember],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
