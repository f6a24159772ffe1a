using Diagnostics.Engine.Access;

namespace Diagnostics.Engine.Commissions;

/// <summary>Commissions that an operator appoints for a campaign (clause 7.1.3).</summary>
public enum CommissionKind
{
    /// <summary>Региональная комиссия (РК): experts mark open answers.</summary>
    Marking,

    /// <summary>Decides appeals.</summary>
    Conflict,
}

/// <summary>A deputy stands in for the chair and has the same rights.</summary>
public enum CommissionRole { Chair, Deputy, Member }

/// <summary>Standing of an expert, rising: основной, старший, ведущий. Decides who may be the third (docs/procedure.md).</summary>
public enum ExpertStanding { Main, Senior, Lead }

public static class CommissionRights
{
    /// <summary>Rights that a place in a commission gives; bound to its campaign, they end with the place.</summary>
    public static IReadOnlyList<Role> RolesOf(CommissionKind kind, CommissionRole role) => (kind, role) switch
    {
        (CommissionKind.Marking, CommissionRole.Member) => [Role.Expert],
        (CommissionKind.Marking, _) => [Role.Chair, Role.Expert],
        (CommissionKind.Conflict, CommissionRole.Member) => [Role.ConflictMember],
        (CommissionKind.Conflict, _) => [Role.ConflictChair, Role.ConflictMember],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
