using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// Normalisation <c>ru-1</c> of a short answer (design §4): NFKC, trimmed, blanks collapsed, case-folded, ё→е, dashes
/// and quotes alike, decimal comma = point, blanks between thousands dropped. A change of any rule is a new name.
/// </summary>
public static partial class AnswerText
{
    public const string Normalisation = "ru-1";

    public static string Normalise(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC))
        {
            var kind = CharUnicodeInfo.GetUnicodeCategory(letter);
            folded.Append(letter switch
            {
                'ё' => 'е',
                '\u2212' or '\u2043' or '\u02D7' => '-',
                '\u2044' or '\u2215' => '/',
                '«' or '»' or '\'' or '`' or '´' or '\u2032' or '\u2033' => '"',
                _ when kind is UnicodeCategory.DashPunctuation => '-',
                _ when kind is UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation || letter is '„' or '‚' => '"',
                _ when char.IsWhiteSpace(letter) => ' ',
                _ => letter,
            });
            if (kind is UnicodeCategory.Format or UnicodeCategory.Control && !char.IsWhiteSpace(letter)) folded.Length--;
        }
        var collapsed = Blanks().Replace(folded.ToString(), " ").Trim();
        var points = DecimalComma().Replace(collapsed, ".");
        return ThousandsBlank().Replace(points, "");
    }

    /// <summary>
    /// Reads «-12.5», «3/4», «12.5 см» from normalised text as an exact fraction and what follows it.
    /// </summary>
    /// <returns>False when the text is no number.</returns>
    public static bool TryReadNumber(string normalised, out Fraction value, out string unit)
    {
        (value, unit) = (default, "");
        var match = Number().Match(normalised);
        if (!match.Success) return false;
        unit = match.Groups["unit"].Value;
        var fraction = match.Groups["fraction"].Value;
        var whole = BigInteger.Parse(match.Groups["whole"].Value + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = BigInteger.Pow(10, fraction.Length);
        if (match.Groups["below"] is { Success: true } below)
        {
            scale *= BigInteger.Parse(below.Value, NumberStyles.None, CultureInfo.InvariantCulture);
            if (scale.IsZero) return false;
        }
        value = new(match.Groups["sign"].Value == "-" ? -whole : whole, scale);
        return true;
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=\d),(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    // A blank is a thousands separator only inside a whole well-formed number: «12 500», not «5 6».
    [GeneratedRegex(@"(?<=(?<![\d.])\d{1,3}( ?\d{3})*) (?=\d{3}( \d{3})*(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex ThousandsBlank();

    [GeneratedRegex(@"^(?<sign>[+-]?) ?(?<whole>\d{1,30})(\.(?<fraction>\d{1,30}))?( ?/ ?(?<below>\d{1,30}))?( ?(?<unit>[^\d\s.,/+-].{0,40}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}

/// <summary>An exact fraction; the denominator is positive.</summary>
public readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    /// <summary>|this − other| ≤ tolerance, exactly.</summary>
    public bool IsWithin(Fraction tolerance, Fraction other)
    {
        var difference = BigInteger.Abs(Numerator * other.Denominator - other.Numerator * Denominator);
        return difference * tolerance.Denominator <= tolerance.Numerator * (Denominator * other.Denominator);
    }
}
