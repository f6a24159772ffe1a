using System.Globalization;
using Diagnostics.Engine;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Numbers as Russian text: a decimal comma, and a non-breaking space before the percent sign.</summary>
internal static class Numbers
{
    private const char Nbsp = '\u00A0';
    private const char Minus = '\u2212';

    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("ru-RU");

    internal static string Of(Points points) => points.ToDecimal().ToString("0.###", Culture);

    /// <summary>«28,88 %».</summary>
    internal static string Exact(decimal percent) => $"{percent.ToString("0.##", Culture)}{Nbsp}%";

    /// <summary>
    /// A percentage such as «28 %». The decimals are cut off, not rounded, so that the number shown is never on the
    /// other side of a level's boundary.
    /// </summary>
    internal static string Whole(decimal percent) => $"{decimal.Truncate(percent).ToString("0", Culture)}{Nbsp}%";

    /// <summary>«+12» or «−3» percentage points.</summary>
    internal static string Signed(decimal difference) =>
        $"{(difference < 0 ? Minus : '+')}{Math.Abs(difference).ToString("0.##", Culture)}";

    /// <summary>«4 балла из 17».</summary>
    internal static string OutOf(Points earned, Points maximum) => $"{Of(earned)}{Nbsp}из{Nbsp}{Of(maximum)}";

    /// <summary>«180 КБ», «4,9 МБ».</summary>
    internal static string Bytes(int size) =>
        size < 1024 * 1024 ? $"{Math.Max(1, size / 1024)}{Nbsp}КБ" : $"{(size / (1024m * 1024m)).ToString("0.#", Culture)}{Nbsp}МБ";

    /// <summary>A coordinate of a drawing.</summary>
    internal static string Coordinate(decimal value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
