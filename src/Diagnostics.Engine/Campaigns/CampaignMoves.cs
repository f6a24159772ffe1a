using static Diagnostics.Engine.Campaigns.CampaignStatus;

namespace Diagnostics.Engine.Campaigns;

/// <summary>The actions that are allowed on a campaign as a whole. Its dates are checked separately.</summary>
public static class CampaignMoves
{
    public static readonly Refusal IsCancelled = Refusal.Conflict("campaign-cancelled", "Мероприятие отменено.");

    private static readonly Refusal NotPublished = Refusal.Conflict(
        "campaign-not-published",
        "Мероприятие ещё не объявлено: публиковать нечего."
    );

    private static readonly Refusal IsDraft = Refusal.Conflict(
        "campaign-draft",
        "Мероприятие ещё не опубликовано: черновик меняют прямо, решение не нужно."
    );

    private static readonly Refusal IsClosed = Refusal.Conflict(
        "campaign-closed",
        "Результаты мероприятия опубликованы: его сроки, площадки и название больше не меняются."
    );

    public static readonly Move<CampaignStatus> Edit = new(
        "edit",
        "изменить черновик",
        (_, _) =>
            Refusal.Conflict(
                "campaign-published",
                "Мероприятие опубликовано: люди подают заявления на объявленных условиях. Продлить сроки, добавить площадку или проведение, "
                    + "перенести, исправить название или отменить можно решением с указанием причины."
            ),
        (Draft, Draft)
    );

    public static readonly Move<CampaignStatus> Publish = new(
        "publish",
        "опубликовать",
        (_, _) => Refusal.Conflict("campaign-published", "Мероприятие уже опубликовано."),
        (Draft, Published)
    );

    /// <summary>Changes sittings; a draft needs no decision for this.</summary>
    public static readonly Move<CampaignStatus> ArrangeSittings = new(
        "arrange_sittings",
        "изменить проведения",
        OfDecision,
        (Draft, Draft),
        (Published, Published)
    );

    /// <summary>
    /// Changes a published campaign by a decision: longer windows, another site, another title, later days.
    /// </summary>
    public static readonly Move<CampaignStatus> Decide = new("decide", "изменить решением с причиной", OfDecision, (Published, Published));

    public static readonly Move<CampaignStatus> Cancel = new("cancel", "отменить", OfDecision, (Published, Cancelled));

    /// <summary>Closes the campaign; a repeated call changes nothing.</summary>
    public static readonly Move<CampaignStatus> PublishResults = new(
        "publish_results",
        "опубликовать результаты",
        (_, state) => state is Cancelled ? IsCancelled : NotPublished,
        (Published, Closed),
        (Closed, Closed)
    );

    public static readonly IReadOnlyList<Move<CampaignStatus>> All = [Edit, Publish, ArrangeSittings, Decide, Cancel, PublishResults];

    private static Refusal OfDecision(Move<CampaignStatus> move, CampaignStatus state) =>
        state switch
        {
            Cancelled => IsCancelled,
            Closed => IsClosed,
            _ => IsDraft,
        };
}
