namespace Diagnostics.Engine.Campaigns;

/// <summary>Decisions that may be made on a campaign after people have learnt its terms.</summary>
public enum CampaignDecisionKind
{
    /// <summary>A window ends later.</summary>
    Extended,
    SiteAdded,
    SittingAdded,
    SittingMoved,
    SittingCancelled,
    Retitled,

    /// <summary>All future windows and sittings move by whole days.</summary>
    Postponed,

    /// <summary>The campaign was cancelled before anybody began.</summary>
    Cancelled,
}
