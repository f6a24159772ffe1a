using System.Globalization;

namespace Diagnostics.Engine;

/// <summary>Numbers inside Russian sentences.</summary>
internal static class RussianNumbers
{
    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = "," };

    /// <summary>
    /// The number with a decimal comma and without zeros at its end, whatever the culture of the machine is.
    /// </summary>
    internal static string WithComma(this Points points) => (points.Thousandths / 1000m).WithComma();

    /// <inheritdoc cref="WithComma(Points)"/>
    internal static string WithComma(this decimal number) => number.ToString("0.###", Comma);
}
