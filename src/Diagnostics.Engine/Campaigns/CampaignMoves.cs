using static Diagnostics.Engine.Campaigns.CampaignStatus;

namespace Diagnostics.Engine.Campaigns;

/// <summary>What may be done with a campaign as a whole. The days of the campaign are asked besides.</summary>
public static class CampaignMoves
{
    public static readonly Move<CampaignStatus> Edit = new(
        "edit", "изменить черновик",
        (_, _) => Refusal.Conflict(
            "campaign-published", "Мероприятие опубликовано: люди подают заявления на объявленных условиях, и они больше не меняются."),
        (Draft, Draft));

    public static readonly Move<CampaignStatus> Publish = new(
        "publish", "опубликовать", (_, _) => Refusal.Conflict("campaign-published", "Мероприятие уже опубликовано."),
        (Draft, Published));

    /// <summary>Closes it; asked again it gives the same.</summary>
    public static readonly Move<CampaignStatus> PublishResults = new(
        "publish_results", "опубликовать результаты",
        (_, _) => Refusal.Conflict("campaign-not-published", "Мероприятие ещё не объявлено: публиковать нечего."),
        (Published, Closed), (Closed, Closed));

    public static readonly IReadOnlyList<Move<CampaignStatus>> All = [Edit, Publish, PublishResults];
}
