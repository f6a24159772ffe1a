using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;

namespace Diagnostics.UseCases.Campaigns;

internal static class CampaignRefusals
{
    /// <summary>
    /// Also returned for a draft that the caller may not see, so as not to reveal that the draft exists.
    /// </summary>
    internal static readonly Refusal NoCampaign = Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");

    /// <summary>
    /// Also returned for another person's application, so as not to reveal that the application exists.
    /// </summary>
    internal static readonly Refusal NoApplication = Refusal.NotFound("application-not-found", "Такого заявления нет.");

    internal static readonly Refusal NoSite = Refusal.NotFound("site-not-found", "Такой площадки нет.");

    internal static readonly Refusal NoPerson = Refusal.NotFound("person-not-found", "Такого человека нет.");

    internal static readonly Refusal NotYours = Refusal.Forbidden("not-your-campaign", "Это мероприятие ведёт другой оператор.");

    internal static readonly Refusal Cancelled = CampaignMoves.IsCancelled;

    internal static readonly Refusal NotEverywhere = Refusal.Forbidden(
        "operator-everywhere-only",
        "Это может только оператор без ограничения мероприятием или территорией."
    );
}
