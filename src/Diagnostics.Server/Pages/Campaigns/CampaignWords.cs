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

    internal static string Of(CampaignStage stage) => stage switch
    {
        CampaignStage.Entry => "Входная диагностика",
        CampaignStage.Intermediate => "Промежуточная диагностика",
        CampaignStage.Final => "Итоговая диагностика",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };

    extension(CampaignWindows windows)
    {
        /// <summary>Sittings are on one day of the place: the person knows when to come.</summary>
        internal bool IsOneDay(string zone) =>
            Dates.Day(windows.SittingFrom, zone) == Dates.Day(windows.SittingTo - Duration.FromSeconds(1), zone);
    }

    internal static string ApplicationWindow(CampaignWindows windows, string zone) =>
        $"Заявления принимали с {Dates.Moment(windows.ApplicationsFrom, zone)} {Dates.Until(windows.ApplicationsTo, zone)} "
        + $"({Dates.ZoneName(zone, windows.ApplicationsTo)}).";
}
