using System.Globalization;
using System.Text;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Campaigns;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Server.Pages.Campaigns;

/// <summary>
/// A sitting for the person's calendar (RFC 5545). A window of one day is an appointment. A longer window is shown as
/// whole days, because the campaign does not say on which of these days the person comes.
/// </summary>
internal static class CalendarFile
{
    /// <summary>The largest number of octets in a line, without its line break (section 3.1).</summary>
    private const int LineLength = 75;

    private static readonly InstantPattern Utc = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    internal static string Of(JourneyCard.Facts journey, CampaignSite site)
    {
        var windows = journey.Campaign.Windows;
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        var oneDay = windows.SittingTo - windows.SittingFrom <= Duration.FromDays(1);
        var last = (windows.SittingTo - Duration.FromSeconds(1)).InZone(zone).Date;
        var text = new StringBuilder();
        foreach (
            var line in new[]
            {
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Diagnostics//Pages//RU",
                "METHOD:PUBLISH",
                "BEGIN:VEVENT",
                $"UID:{journey.Application.Id:D}@diagnostics",
                // With this field, a file that is downloaded again after a change of the campaign replaces the earlier
                // entry in the calendar.
                $"SEQUENCE:{journey.Campaign.Revision.ToString(CultureInfo.InvariantCulture)}",
                $"DTSTAMP:{Utc.Format(journey.Now)}",
                oneDay
                    ? $"DTSTART:{Utc.Format(windows.SittingFrom)}"
                    : $"DTSTART;VALUE=DATE:{Day.Format(windows.SittingFrom.InZone(zone).Date)}",
                oneDay ? $"DTEND:{Utc.Format(windows.SittingTo)}" : $"DTEND;VALUE=DATE:{Day.Format(last.PlusDays(1))}",
                // Whole days are only a reminder and do not mark the person as busy on all of them (section 3.8.2.7).
                oneDay ? "TRANSP:OPAQUE" : "TRANSP:TRANSPARENT",
                $"SUMMARY:{Escaped(journey.Campaign.Title)}",
                $"LOCATION:{Escaped($"{site.Name}, {site.Address}")}",
                $"DESCRIPTION:{Escaped(Description(journey, site))}",
                "END:VEVENT",
                "END:VCALENDAR",
            }
        )
            Fold(text, line);
        return text.ToString();
    }

    private static string Description(JourneyCard.Facts journey, CampaignSite site) =>
        $"Место № {journey.Application.Seat}. Начать можно с {Dates.Moment(journey.Campaign.Windows.SittingFrom, site.TimeZone)} "
        + $"{Dates.Until(journey.Campaign.Windows.SittingTo, site.TimeZone)} ({Dates.ZoneName(site.TimeZone, journey.Campaign.Windows.SittingFrom)}). "
        + $"Длится {Dates.Length(journey.Minutes)}.\nВозьмите с собой:\n{string.Join('\n', Words.ThingsToBring)}";

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(";", "\\;", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .ReplaceLineEndings("\\n");

    /// <summary>
    /// Breaks lines between characters, never inside a character of several octets; a continuation line begins with a
    /// blank.
    /// </summary>
    private static void Fold(StringBuilder text, string line)
    {
        var used = 0;
        foreach (var letter in line.EnumerateRunes())
        {
            if (used + letter.Utf8SequenceLength > LineLength)
            {
                text.Append("\r\n ");
                used = 1;
            }
            text.Append(letter.ToString());
            used += letter.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
