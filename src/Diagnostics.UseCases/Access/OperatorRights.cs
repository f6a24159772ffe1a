using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>How far the rights of an operator or a portal reach: everything, one campaign, or one territory.</summary>
internal static class OperatorRights
{
    internal static bool OperatesEverywhere(this Caller caller) => caller.May(Role.Operator, GrantScope.All, "");

    internal static bool OperatesCampaign(this Caller caller, Guid campaignId) =>
        caller.May(Role.Operator, GrantScope.Campaign, campaignId.ToString("D"));

    internal static bool OperatesTerritory(this Caller caller, string territory) =>
        caller.May(Role.Operator, GrantScope.Territory, territory);

    /// <summary>Whether the caller is an operator of the territory, or a portal that enrols people there.</summary>
    internal static bool EnrolsIn(this Caller caller, string territory) =>
        caller.OperatesTerritory(territory)
        || (caller.HasScope(Clients.EnrolPeople) && (caller.ClientTerritory is null || caller.ClientTerritory == territory));

    /// <summary>The territories whose people the caller may enrol and see; null for all territories.</summary>
    internal static IReadOnlyCollection<string>? Territories(this Caller caller)
    {
        if (caller.ClientId is not null)
            return caller.ClientTerritory is { } own ? [own] : null;
        return caller.OperatesEverywhere()
            ? null
            : caller
                .Grants.Where(grant => grant is { Role: Role.Operator, Scope: GrantScope.Territory })
                .Select(grant => grant.ScopeId!)
                .ToList();
    }

    /// <summary>The campaigns of an operator of single campaigns, whose people the operator sees.</summary>
    internal static IReadOnlyCollection<string> OperatedCampaigns(this Caller caller) =>
        caller.Grants.Where(grant => grant is { Role: Role.Operator, Scope: GrantScope.Campaign }).Select(grant => grant.ScopeId!).ToList();
}
