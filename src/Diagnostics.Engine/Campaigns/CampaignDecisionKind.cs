namespace Diagnostics.Engine.Campaigns;

/// <summary>What may be decided on a campaign after people have been told its terms.</summary>
public enum CampaignDecisionKind
{
    /// <summary>A window ends later.</summary>
    Extended,
    SiteAdded,
    SittingAdded,
    SittingMoved,
    SittingCancelled,
    Retitled,
    /// <summary>Everything that is ahead, by whole days.</summary>
    Postponed,
    /// <summary>Called off before anybody began.</summary>
    Cancelled,
}
