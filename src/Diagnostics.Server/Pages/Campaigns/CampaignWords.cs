using Diagnostics.Engine.Campaigns;
using NodaTime;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    internal static readonly IReadOnlyList<string> ThingsToBring =
    [
        "Документ, удостоверяющий личность.",
        "Имя учётной записи и пароль от этого сайта.",
        "Очки, если вы в них читаете с экрана.",
        "Воду и лекарства, если они вам нужны.",
    ];

    /// <summary>Special conditions, one per line: «ещё 30 минут», «перерывы».</summary>
    internal static IEnumerable<string> Of(Accommodations granted, int timeLimitMinutes)
    {
        if (granted.ExtraTime is { } time)
        {
            var minutes = Dates.Length(time.Minutes(timeLimitMinutes));
            yield return time.Unit is ExtraTimeUnit.Percent
                ? $"дополнительное время: {Numbers.Whole(time.Amount)} — {minutes}"
                : $"дополнительное время: {minutes}";
        }
        if (granted.Breaks)
            yield return "перерывы, когда они нужны: время на них останавливают";
        if (granted.Assistant)
            yield return "помощник, который прочитает вслух или наберёт ответ";
        if (granted.Paper)
            yield return "задания ещё и на бумаге";
    }

    internal static string Of(CampaignStage stage) =>
        stage switch
        {
            CampaignStage.Entry => "Входная диагностика",
            CampaignStage.Intermediate => "Промежуточная диагностика",
            CampaignStage.Final => "Итоговая диагностика",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
        };

    extension(CampaignWindows windows)
    {
        /// <summary>Whether all sittings are on the same local day, so that the person knows when to come.</summary>
        internal bool IsOneDay(string zone) =>
            Dates.Day(windows.SittingFrom, zone) == Dates.Day(windows.SittingTo - Duration.FromSeconds(1), zone);
    }

    internal static string ApplicationWindow(CampaignWindows windows, string zone) =>
        $"Заявления принимали с {Dates.Moment(windows.ApplicationsFrom, zone)} {Dates.Until(windows.ApplicationsTo, zone)} "
        + $"({Dates.ZoneName(zone, windows.ApplicationsTo)}).";
}
