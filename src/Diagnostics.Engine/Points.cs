using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diagnostics.Engine;

/// <summary>
/// An exact number of points with at most three decimal places (docs/promises.md, items). It is kept as whole
/// thousandths, so that sums and comparisons never round and every database stores it as an integer.
/// </summary>
[JsonConverter(typeof(PointsJsonConverter))]
public readonly record struct Points : IComparable<Points>
{
    private Points(long thousandths) => Thousandths = thousandths;

    /// <summary>The value in thousandths of a point.</summary>
    public long Thousandths { get; }

    public static Points Zero => default;

    public static Points FromThousandths(long thousandths) => new(thousandths);

    /// <summary>Converts an exact decimal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has more than three decimal places or is beyond
    /// ±10¹².</exception>
    public static Points From(decimal value) =>
        TryFrom(value, out var points)
            ? points
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Points have at most three decimal places.");

    public static bool TryFrom(decimal value, out Points points)
    {
        points = default;
        if (Math.Abs(value) > 1_000_000_000_000m)
            return false;
        var scaled = value * 1000m;
        if (decimal.Truncate(scaled) != scaled)
            return false;
        points = new((long)scaled);
        return true;
    }

    public decimal ToDecimal() => Thousandths / 1000m;

    /// <summary>
    /// The share <paramref name="numerator"/> / <paramref name="denominator"/> of these points, rounded to a thousandth
    /// in the person's favour (half up).
    /// </summary>
    public Points Share(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        return new((2 * Thousandths * numerator + denominator) / (2L * denominator));
    }

    public Points Clamp(Points minimum, Points maximum) => new(Math.Clamp(Thousandths, minimum.Thousandths, maximum.Thousandths));

    public int CompareTo(Points other) => Thousandths.CompareTo(other.Thousandths);

    public static Points operator +(Points left, Points right) => new(left.Thousandths + right.Thousandths);

    public static Points operator -(Points left, Points right) => new(left.Thousandths - right.Thousandths);

    public static bool operator <(Points left, Points right) => left.Thousandths < right.Thousandths;

    public static bool operator >(Points left, Points right) => left.Thousandths > right.Thousandths;

    public static bool operator <=(Points left, Points right) => left.Thousandths <= right.Thousandths;

    public static bool operator >=(Points left, Points right) => left.Thousandths >= right.Thousandths;

    public override string ToString() => ToDecimal().ToString("0.###", CultureInfo.InvariantCulture);
}

public static class PointsExtensions
{
    public static Points Sum(this IEnumerable<Points> points) => points.Aggregate(Points.Zero, static (total, next) => total + next);
}

internal sealed class PointsJsonConverter : JsonConverter<Points>
{
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) && Points.TryFrom(value, out var points)
            ? points
            : throw new JsonException("Points are a number with at most three decimal places.");

    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToDecimal() / 1.000m);
}
