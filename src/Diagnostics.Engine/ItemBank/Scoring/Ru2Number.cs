using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Numbers with units under <c>ru-2</c>, read from shaped text (<see cref="Ru2Text.Shape"/>), which keeps its case.
/// </summary>
internal static partial class Ru2Number
{
    /// <summary>
    /// No measurement has a larger exponent, and no text may make the service build a number that fills its memory.
    /// </summary>
    private const int MaxExponent = 40;

    /// <summary>A number with this many digits fits into a long.</summary>
    private const int MaxPlain = 18;

    private const int MaxUnit = 41;

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, MaxPlain + 1).Select(places => BigInteger.Pow(10, places))];

    // Units that take a prefix, in small letters. In front of these units, the prefixes М- and м- differ in meaning.
    private static readonly HashSet<string> Prefixed = Named(
        "м г с вт в а ом гц дж н па л т б байт бит кл ф гн вб тл лм лк бк зв гр моль эв кал вар бар "
            + "w v a hz j n pa l g s m b bit byte ohm ω f h mol ev cal wb lm lx bq sv gy bar"
    );

    // Complete units that look like prefixed ones: «Па» in small letters is not a peta-ampere.
    private static readonly HashSet<string> Whole = Named("па гс гн pa gs");

    /// <summary>
    /// First letters of prefixes that differ only in case: мега and милли, пета and пико, гига and гекто, зетта and
    /// зепто, иотта and иокто, and their Latin forms.
    /// </summary>
    private const string CaseOfPrefix = "мпгзиmpzy";

    /// <summary>
    /// Reads an exact fraction, and the text after it as its unit ('' when there is none; <see cref="UnitOf"/>). Null
    /// when the text is not a number.
    /// </summary>
    internal static (Fraction Value, string Unit)? Read(string shape) => Plain(shape) ?? ReadNotation(shape);

    /// <summary>
    /// Reads the most common numbers: a few digits with at most one point, then letters or a percent sign. Null for all
    /// others.
    /// </summary>
    private static (Fraction Value, string Unit)? Plain(string shape)
    {
        var (value, digits, point) = (0L, 0, -1);
        var at = shape is ['-', ..] ? 1 : 0;
        for (; at < shape.Length && (char.IsAsciiDigit(shape[at]) || (shape[at] == '.' && digits > 0 && point < 0)); at++)
        {
            if (shape[at] == '.')
                point = at;
            else if (++digits > MaxPlain)
                return null;
            else
                value = value * 10 + (shape[at] - '0');
        }
        var places = point < 0 ? 0 : at - point - 1;
        if (digits == 0 || (point >= 0 && places == 0))
            return null;
        var unit = at < shape.Length && shape[at] == ' ' ? at + 1 : at;
        if (unit == shape.Length ? unit > at : shape.Length - unit > MaxUnit)
            return null;
        foreach (var letter in shape.AsSpan(unit))
            if (letter != '%' && !char.IsLetter(letter))
                return null;
        return (new(shape[0] == '-' ? -value : value, Powers[places]), shape[unit..]);
    }

    /// <summary>Reads a number in any notation.</summary>
    private static (Fraction Value, string Unit)? ReadNotation(string shape)
    {
        var match = Number().Match(shape);
        if (!match.Success)
            return null;
        var places = match.Groups["places"].Value;
        // «10^6» without a factor has the factor one.
        var numerator = match.Groups["whole"].Success ? Digits(match.Groups["whole"].Value + places) : BigInteger.One;
        var denominator = BigInteger.Pow(10, places.Length);
        if (match.Groups["power"] is { Success: true } power)
        {
            var exponent = int.Parse(power.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            if (Math.Abs(exponent) > MaxExponent)
                return null;
            if (exponent > 0)
                numerator *= BigInteger.Pow(10, exponent);
            else
                denominator *= BigInteger.Pow(10, -exponent);
        }
        else if (match.Groups["below"] is { Success: true } below)
        {
            var divisor = Digits(below.Value);
            if (divisor.IsZero)
                return null;
            if (match.Groups["above"] is { Success: true } above)
            {
                // A mixed number, such as «2 1/3». With a decimal or an improper fraction, the text would mean
                // something else, so it is not read as a number.
                if (places.Length > 0 || Digits(above.Value) >= divisor)
                    return null;
                numerator = numerator * divisor + Digits(above.Value);
            }
            denominator *= divisor;
        }
        var value = new Fraction(match.Groups["sign"].Value == "-" ? -numerator : numerator, denominator);
        return (value, match.Groups["unit"].Value);
    }

    /// <summary>
    /// Writes a number in canonical notation: as a whole number, a finite decimal, or a fraction in lowest terms.
    /// </summary>
    internal static string Write(Fraction value)
    {
        if (Short(value) is { } number)
            return number;
        var (numerator, denominator) = value.Reduced;
        return Decimal(numerator, denominator) ?? string.Create(CultureInfo.InvariantCulture, $"{numerator}/{denominator}");
    }

    /// <summary>
    /// The canonical form of a unit. «см2» becomes «см^2»; a closing full stop and the blanks around signs such as «·»
    /// and «/» are dropped. Letters get one case, except for a prefix whose case makes a different unit.
    /// </summary>
    internal static string UnitOf(string unit)
    {
        if (unit.Length == 0)
            return "";
        var plain = Joint()
            .Replace(Ru2Text.Shape(unit), "$1")
            .Replace("\"", "''", StringComparison.Ordinal)
            .Replace('*', '·')
            .Replace('×', '·');
        var parts = Part().Replace(LookAlikes.Fold(plain, capitalsCount: false), static part => OneCase(part.Value));
        return Power().Replace(parts, "^");
    }

    /// <summary>The units as written, and the same units with look-alike letters folded into one alphabet.</summary>
    private static HashSet<string> Named(string units) =>
        units.Split(' ').SelectMany(unit => new[] { unit, LookAlikes.Fold(unit, capitalsCount: false) }).ToHashSet(StringComparer.Ordinal);

    private static string OneCase(string part)
    {
        var small = Ru2Text.Lower(part);
        if (part.Length < 2 || part[0] == small[0] || !CaseOfPrefix.Contains(small[0]))
            return Pico(part, small);
        return Prefixed.Contains(small[1..]) && !Whole.Contains(small) ? part[0] + small[1..] : small;
    }

    // «пА» is a pico-ampere; «па» is somebody's spelling of pascal.
    private static string Pico(string part, string small) =>
        part.Length == 2 && Whole.Contains(small) && part[0] == small[0] && part[1] != small[1] ? part : small;

    /// <summary>Handles the usual case of a few digits with a point among them; null for anything else.</summary>
    private static string? Short(Fraction value)
    {
        var places = Array.IndexOf(Powers, value.Denominator);
        if (places < 0 || value.Numerator < long.MinValue / 2 || value.Numerator > long.MaxValue / 2)
            return null;
        var number = (long)value.Numerator;
        for (; places > 0 && number % 10 == 0; places--)
            number /= 10;
        if (places == 0)
            return number.ToString(CultureInfo.InvariantCulture);
        var digits = Math.Abs(number).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return string.Concat(number < 0 ? "-" : "", digits.AsSpan(0, digits.Length - places), ".", digits.AsSpan(digits.Length - places));
    }

    private static string? Decimal(BigInteger numerator, BigInteger denominator)
    {
        var places = 0;
        for (var rest = denominator; !rest.IsOne; places++)
        {
            // Each step divides out a factor of 2, 5 or 10. If that is not possible, the denominator has another prime
            // factor, and no finite decimal exists.
            var common = BigInteger.GreatestCommonDivisor(rest, 10);
            if (common.IsOne)
                return null;
            rest /= common;
        }
        var digits = BigInteger
            .Abs(numerator * BigInteger.Pow(10, places) / denominator)
            .ToString(CultureInfo.InvariantCulture)
            .PadLeft(places + 1, '0');
        var text = places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}";
        return numerator.Sign < 0 ? "-" + text : text;
    }

    private static BigInteger Digits(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    // [0-9], not \d: digits of other scripts count as letters here, and BigInteger cannot read them. An exponent is
    // «e-1», «·10^-1» or «10^-1» alone.
    [GeneratedRegex(
        @"^(?<sign>[+-]?) ?(10\^\(?(?<power>[+-]?[0-9]{1,3})\)?(?![0-9.,/])|(?<whole>[0-9]{1,100})(\.(?<places>[0-9]{1,100}))?"
            + @"([eEеЕёЁ](?<power>[+-]?[0-9]{1,3})(?![0-9.,/])| ?[·*×xXхХ] ?10\^\(?(?<power>[+-]?[0-9]{1,3})\)?(?![0-9.,/])"
            + @"|(( (?<above>[0-9]{1,40}))? ?/ ?(?<below>[0-9]{1,40})))?)"
            + @"( ?(?<unit>'{1,3}|(?!.*\. ?[0-9])[\p{L}\p{Sc}%‰°][\p{L}\p{Sc}0-9%°^_ ·*×/.()-]{0,40}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Number();

    [GeneratedRegex(@"\p{L}+", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@" ?([·*×/.°]) ?", RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    // «см2», «м/с2»: a digit after a unit is its power.
    [GeneratedRegex(@"(?<=\p{L})(?=-?[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Power();
}
