using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Normalisation <c>ru-1</c> of a short answer: NFKC, trimmed, blanks collapsed, case-folded, ё→е, kinds of dashes and
/// quotes unified, decimal comma = point, blanks between thousands dropped. A changed rule gets a new name.
/// </summary>
public static partial class AnswerText
{
    public const string Normalisation = "ru-1";

    /// <summary>
    /// Returns the normalised text; never throws, whatever the text is. Normalising a second time changes nothing.
    /// </summary>
    public static string Normalise(string text)
    {
        var current = text;
        string previous;
        // Folding one letter can let it join the mark after it («е» + diaeresis), so the passes repeat. Each pass
        // shortens the text, so the loop ends.
        do
        {
            previous = current;
            current = Pass(previous);
        } while (current != previous);
        return current;
    }

    private static string Pass(string text)
    {
        // NFKC would join «1½» into «11/2» and «5²» into «52», so the parts are separated first.
        var apart = Superscript().Replace(VulgarFraction().Replace(WithoutInvisible(text), " $0"), "^$0");
        var folded = new StringBuilder(apart.Length);
        foreach (var letter in apart.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC))
            folded.Append(Fold(letter));
        var collapsed = Blanks().Replace(WithoutInvisible(folded.ToString()), " ").Trim();
        var quoted = Quotes().Replace(collapsed, "\"");
        var points = DecimalComma().Replace(quoted, ".");
        return Thousands().Replace(points, static number => number.Value.Replace(" ", "", StringComparison.Ordinal));
    }

    private static char Fold(char letter) =>
        letter switch
        {
            'ё' => 'е',
            '\u2212' or '\u2043' or '\u02D7' => '-',
            '\u2044' or '\u2215' => '/',
            '\'' or '`' or '´' or '\u2032' or '\u2033' or '\u201E' or '\u201A' => '"',
            _ => CharUnicodeInfo.GetUnicodeCategory(letter) switch
            {
                UnicodeCategory.DashPunctuation => '-',
                UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => '"',
                _ => char.IsWhiteSpace(letter) ? ' ' : letter,
            },
        };

    /// <summary>
    /// Removes soft hyphens, joiners, direction marks and controls. A lone surrogate, which NFKC would refuse, becomes
    /// U+FFFD.
    /// </summary>
    private static string WithoutInvisible(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (kind is UnicodeCategory.Format || (kind is UnicodeCategory.Control && !Rune.IsWhiteSpace(rune)))
                continue;
            kept.Append(rune.ToString());
        }
        return kept.ToString();
    }

    /// <summary>
    /// Reads «-12.5», «3/4», «1 1/2», «12.5 см» from normalised text: an exact fraction, and the rest as its unit.
    /// </summary>
    /// <returns>False when the text is not a number.</returns>
    public static bool TryReadNumber(string normalised, out Fraction value, out string unit)
    {
        (value, unit) = (default, "");
        var match = Number().Match(normalised);
        if (!match.Success)
            return false;
        unit = match.Groups["unit"].Value;
        var places = match.Groups["places"].Value;
        var numerator = Digits(match.Groups["whole"].Value + places);
        var denominator = BigInteger.Pow(10, places.Length);
        if (match.Groups["below"] is { Success: true } below)
        {
            var divisor = Digits(below.Value);
            if (divisor.IsZero)
                return false;
            if (match.Groups["above"] is { Success: true } above)
            {
                // A mixed number, such as «2 1/3». With a decimal or an improper fraction, the text would mean
                // something else, so it is not read as a number.
                if (places.Length > 0 || Digits(above.Value) >= divisor)
                    return false;
                numerator = numerator * divisor + Digits(above.Value);
            }
            denominator *= divisor;
        }
        value = new(match.Groups["sign"].Value == "-" ? -numerator : numerator, denominator);
        return true;
    }

    private static BigInteger Digits(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    // People type two primes or two apostrophes for one quotation mark.
    [GeneratedRegex("\"{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Quotes();

    [GeneratedRegex(@"(?<=[0-9])[¼-¾⅐-⅞]", RegexOptions.CultureInvariant)]
    private static partial Regex VulgarFraction();

    [GeneratedRegex(@"(?<=[0-9])[⁰¹²³⁴-⁹⁻]+", RegexOptions.CultureInvariant)]
    private static partial Regex Superscript();

    [GeneratedRegex(@"(?<=[0-9]),(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    // A blank is a thousands separator only inside a well-formed whole number: «12 500», not «5 6» and not «1 125/250».
    [GeneratedRegex(@"(?<![0-9.]|[0-9] )[1-9][0-9]{0,2}( [0-9]{3})+(?! ?[0-9/])", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    // [0-9], not \d: digits of other scripts count as letters here, and BigInteger cannot read them.
    [GeneratedRegex(
        @"^(?<sign>[+-]?) ?(?<whole>[0-9]{1,30})(\.(?<places>[0-9]{1,30}))?"
            + "(( (?<above>[0-9]{1,30}))? ?/ ?(?<below>[0-9]{1,30}))?"
            + @"( ?(?<unit>[^0-9\s.,/+-].{0,40}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Number();
}

/// <summary>An exact fraction; the denominator is positive.</summary>
public readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    /// <summary>Whether |this − other| ≤ tolerance, exactly.</summary>
    public bool IsWithin(Fraction tolerance, Fraction other)
    {
        var difference = BigInteger.Abs(Numerator * other.Denominator - other.Numerator * Denominator);
        return difference * tolerance.Denominator <= tolerance.Numerator * (Denominator * other.Denominator);
    }

    public Fraction Hundredth => this with { Denominator = Denominator * 100 };

    public Fraction Magnitude => this with { Numerator = BigInteger.Abs(Numerator) };

    /// <summary>The fraction in lowest terms.</summary>
    public Fraction Reduced =>
        BigInteger.GreatestCommonDivisor(Numerator, Denominator) is { IsZero: false } common
            ? new(Numerator / common, Denominator / common)
            : this;

    /// <summary>Takes this share of the other fraction; the result is the product of the two fractions.</summary>
    public Fraction Of(Fraction other) => new(Numerator * other.Numerator, Denominator * other.Denominator);
}
