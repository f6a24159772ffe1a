using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

internal static class MarkingRights
{
    /// <summary>The people who lead marking: the operator, or the chair of the campaign's marking commission.</summary>
    internal static readonly AccessRule Leaders = AccessRule.Of(Role.Operator.OfCampaign(), Role.Chair.OfCampaign());

    /// <summary>The chair of the campaign's marking commission and the deputies, but not the operator.</summary>
    internal static readonly AccessRule Chairs = AccessRule.Of(Role.Chair.OfCampaign());

    /// <summary>Those who lead marking, and auditors.</summary>
    internal static readonly AccessRule ReadersOfProtocols = AccessRule.Of(
        Role.Operator.OfCampaign(),
        Role.Chair.OfCampaign(),
        Role.Auditor.OfEverything()
    );

    /// <summary>The operator alone.</summary>
    internal static readonly AccessRule Operators = AccessRule.Of(Role.Operator.OfCampaign());

    /// <summary>Members of the campaign's marking commission.</summary>
    internal static readonly AccessRule Experts = AccessRule.Of(Role.Expert.OfCampaign());

    /// <summary>Everybody who marks or leads marking.</summary>
    internal static readonly AccessRule Everybody = AccessRule.Of(
        Role.Expert.OfCampaign(),
        Role.Operator.OfCampaign(),
        Role.Chair.OfCampaign()
    );

    internal static readonly Refusal NoCampaign = Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");

    internal static readonly Refusal NotLeading = Refusal.Forbidden(
        "not-your-campaign",
        "Это право есть у оператора и председателя комиссии этого мероприятия."
    );

    /// <summary>
    /// Whether the caller leads marking in the campaign; used by code that cannot leave this check to the access rule
    /// of a use case.
    /// </summary>
    internal static bool Leads(Caller caller, Guid campaignId) => Leaders.Covers(caller, Of(campaignId));

    /// <inheritdoc cref="Leads"/>
    internal static bool Marks(Caller caller, Guid campaignId) => Experts.Covers(caller, Of(campaignId));

    internal static Target Of(Guid campaignId) => new() { Campaign = campaignId };
}
