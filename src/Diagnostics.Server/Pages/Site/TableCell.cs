using System.Globalization;
using Microsoft.AspNetCore.Components;
using NodaTime;

namespace Diagnostics.Server.Pages.Site;

public sealed partial class DataTable
{
    /// <summary>
    /// A cell of a table: the text that the page shows, and the value by which rows are sorted and which files contain.
    /// </summary>
    public sealed record TableCell
    {
        internal static readonly TableCell None = new("—", null);

        private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("ru-RU");

        private TableCell(string text, object? value) => (Text, Value) = (text, value);

        internal string Text { get; }

        /// <summary>
        /// A <see cref="string"/>, <see cref="decimal"/>, <see cref="LocalDateTime"/> or <see cref="LocalDate"/>; null for an
        /// empty cell.
        /// </summary>
        internal object? Value { get; }

        /// <summary>Address of the page that shows what the cell is made of; null when there is none.</summary>
        internal string? Path { get; private init; }

        /// <summary>Words beside the text; files leave them out.</summary>
        internal string? Note { get; private init; }

        /// <summary>What the page shows instead of the text, such as a form; null for most cells.</summary>
        internal RenderFragment? Content { get; private init; }

        internal static TableCell Of(string? text) => string.IsNullOrEmpty(text) ? None : new(text, text);

        internal static TableCell Of(int number) => Of((decimal)number, 0);

        /// <param name="digits">The number of decimals, in the page and in files.</param>
        internal static TableCell Of(decimal? number, int digits) =>
            number is { } known
                ? new(
                    Shown(Math.Round(known, digits, MidpointRounding.AwayFromZero), digits),
                    Math.Round(known, digits, MidpointRounding.AwayFromZero)
                )
                : None;

        /// <inheritdoc cref="Of(decimal?, int)"/>
        internal static TableCell Of(double? number, int digits) =>
            number is { } known && double.IsFinite(known) ? Of((decimal)known, digits) : None;

        /// <summary>A moment by the clocks of a place.</summary>
        internal static TableCell At(Instant? at, string zone) =>
            at is { } known
                ? new(
                    Dates.Moment(known, zone),
                    known.InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).LocalDateTime
                )
                : None;

        /// <summary>A day.</summary>
        internal static TableCell On(LocalDate day) => new(Dates.Of(day.ToDateOnly()), day);

        /// <summary>A text whose place among the others is that of a number, such as a share of a whole or a severity.</summary>
        internal static TableCell Ranked(string text, decimal value) => new(text, value);

        internal TableCell To(string? path) => this with { Path = path };

        internal TableCell With(string? note) => this with { Note = note };

        internal TableCell With(RenderFragment content) => this with { Content = content };

        /// <summary>The order of rows: texts as in a Russian dictionary, empty cells always last.</summary>
        internal static int Compare(TableCell one, TableCell other, bool descending)
        {
            if (one.Value is null || other.Value is null)
                return (one.Value is null).CompareTo(other.Value is null);
            var order = (one.Value, other.Value) switch
            {
                (decimal left, decimal right) => left.CompareTo(right),
                (LocalDateTime left, LocalDateTime right) => left.CompareTo(right),
                (LocalDate left, LocalDate right) => left.CompareTo(right),
                _ => Culture.CompareInfo.Compare(one.Text, other.Text, CompareOptions.IgnoreCase | CompareOptions.NumericOrdering),
            };
            return descending ? -order : order;
        }

        private static string Shown(decimal number, int digits) =>
            number.ToString($"N{digits}", Culture).Replace('-', '\u2212').Replace('\u202F', '\u00A0').Replace(' ', '\u00A0');
    }
}
