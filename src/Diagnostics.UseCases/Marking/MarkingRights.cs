using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Marking;

internal static class MarkingRights
{
    /// <summary>Those who lead marking; the use case checks the campaign with <see cref="Leads"/>.</summary>
    internal static readonly AccessRule Leaders = AccessRule.Of(Role.Operator, Role.Chair);

    internal static readonly AccessRule Experts = AccessRule.Of(Role.Expert);

    /// <summary>The operator, or the chair of the campaign's marking commission.</summary>
    internal static bool Leads(Caller caller, Guid campaignId) =>
        caller.May(Role.Operator, GrantScope.Campaign, campaignId.ToString("D")) || caller.May(Role.Chair, GrantScope.Campaign, campaignId.ToString("D"));

    /// <summary>The chair of the campaign's marking commission, or a deputy; not the operator.</summary>
    internal static bool Chairs(Caller caller, Guid campaignId) => caller.May(Role.Chair, GrantScope.Campaign, campaignId.ToString("D"));

    /// <summary>A member of the campaign's marking commission.</summary>
    internal static bool Marks(Caller caller, Guid campaignId) => caller.May(Role.Expert, GrantScope.Campaign, campaignId.ToString("D"));

    internal static readonly Refusal NoCampaign = Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");

    internal static readonly Refusal NotLeading = Refusal.Forbidden("not-your-campaign", "Это право есть у оператора и председателя комиссии этого мероприятия.");
}
