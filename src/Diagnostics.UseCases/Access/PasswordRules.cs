using System.Globalization;
using System.Text;
using Diagnostics.Engine;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// The rules for a password that a person chooses (ASVS 5, V6.2): it is long enough, is not a common one and does not
/// contain the user name. No rule demands capitals or digits, and no password expires.
/// </summary>
internal static class PasswordRules
{
    internal const int MinLength = 8;
    internal const int MaxLength = 200;

    private const int FewestCharacters = 4;
    private const string RussianKeys = "йцукенгшщзхъфывапролджэячсмитьбюё";
    private const string LatinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";

    // The letters that these signs resemble. There are two readings, because the digit 1 may stand for an i or an l.
    private const string Signs = "@0134578$!|+";
    private const string LettersOne = "aoieastbsiit";
    private const string LettersOther = "aoleastbslit";

    private static readonly string[] DateFormats =
    [
        "d.M.yyyy",
        "d.M.yy",
        "yyyy.M.d",
        "M.d.yyyy",
        "ddMMyyyy",
        "yyyyMMdd",
        "MMddyyyy",
        "ddMMyy",
    ];

    /// <summary>The names of this service, which its attackers try first.</summary>
    private static readonly string[] Own = ["diagnostic", "diagnostics"];

    private static readonly Dictionary<char, string> Latin = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
        .Zip("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".Split(' '))
        .ToDictionary();

    private static readonly HashSet<string> Common =
    [
        .. Lines("english.txt"),
        .. Own,
        .. Lines("russian.txt").SelectMany(Readings),
        .. Lines("russian.txt").Select(Transliterated),
    ];

    internal static Refusal? Check(string password, string userName)
    {
        if (password.EnumerateRunes().Any(VisibleText.IsInvisible))
            return Refusal.Invalid(
                "forbidden-character",
                "В пароле есть невидимые знаки или знаки направления письма: их не набрать ещё раз."
            );
        // Count the characters as typed: a ligature that stands for a whole phrase is one character, and so is a pair
        // of surrogates.
        var typed = password.EnumerateRunes().Count();
        password = VisibleText.Compatible(password);
        var signs = password.EnumerateRunes().Count();
        if (Math.Min(typed, signs) < MinLength)
            return Refusal.Invalid("password-too-short", $"Пароль — от {MinLength} знаков.");
        if (Math.Max(typed, signs) > MaxLength)
            return Refusal.Invalid("password-too-long", $"Пароль — до {MaxLength} знаков.");
        var lower = password.Trim().ToLowerInvariant();
        if (lower.Distinct().Count() < FewestCharacters || Readings(lower).Any(IsCommon))
            return Refusal.Invalid("password-common", "Такой пароль угадывают первым: придумайте другой, например три слова через пробел.");
        return userName.Length >= FewestCharacters && lower.Contains(userName.ToLowerInvariant(), StringComparison.Ordinal)
            ? Refusal.Invalid("password-has-name", "В пароле не должно быть имени учётной записи.")
            : null;
    }

    /// <summary>
    /// Whether the password is a common one, even if the common one is repeated, has other characters around it, or is
    /// written with signs in place of letters.
    /// </summary>
    private static bool IsCommon(string password) =>
        IsDate(password)
        || IsSequence(password)
        || Unrepeated(password).Length < MinLength
        || Folded(password).Concat(Folded(TrimSigns(password))).Any(IsListed);

    private static bool IsListed(string password)
    {
        if (Common.Contains(password))
            return true;
        var word = TrimSigns(password);
        if (word.Length < FewestCharacters)
            return false;
        if (Common.Contains(word))
            return true;
        var letters = string.Concat(word.Where(char.IsLetter));
        var once = Unrepeated(letters);
        return once.Length < letters.Length && (once.Length < MinLength || Common.Contains(once));
    }

    private static string TrimSigns(string password) => password.Trim([.. password.Where(sign => !char.IsLetter(sign)).Distinct()]);

    /// <summary>The shortest part that makes the text when repeated; the text itself when nothing repeats.</summary>
    private static string Unrepeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (
                text.Length % length == 0
                && Enumerable.Range(length, text.Length - length).All(place => text[place] == text[place - length])
            )
                return text[..length];
        }
        return text;
    }

    /// <summary>
    /// Whether the characters follow each other up or down, as in 12345678 and 98765432. Runs of neighbouring keys are
    /// already in the list of common passwords.
    /// </summary>
    private static bool IsSequence(string password)
    {
        if (password.Any(char.IsLetter))
            return false;
        var steps = password.Zip(password.Skip(1), (one, next) => next - one).Distinct().ToList();
        return steps is [1 or -1];
    }

    /// <summary>Whether the password is a date, in any common notation, such as somebody's birthday.</summary>
    private static bool IsDate(string password)
    {
        var groups = password.Split([' ', '.', ',', '-', '/', ':'], StringSplitOptions.RemoveEmptyEntries);
        var digits = string.Concat(groups);
        return digits.Length is >= 6 and <= 8
            && digits.All(char.IsAsciiDigit)
            && groups.Length is 1 or 3
            && DateFormats.Any(format =>
                DateOnly.TryParseExact(
                    groups.Length == 1 ? digits : string.Join('.', groups),
                    format,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out _
                )
            );
    }

    /// <summary>
    /// The text as it is, and then with letters in place of the signs that people use for them, as in <c>p@ssw0rd</c>.
    /// </summary>
    private static IEnumerable<string> Folded(string text)
    {
        yield return text;
        yield return Translate(text, Signs, LettersOne);
        yield return Translate(text, Signs, LettersOther);
    }

    /// <summary>The text as it is, and what the same keys type in the other keyboard layout.</summary>
    private static IEnumerable<string> Readings(string text)
    {
        yield return text;
        yield return Translate(text, RussianKeys, LatinKeys);
        yield return Translate(text, LatinKeys, RussianKeys);
    }

    /// <summary>The word in Latin letters: «лето» may also be typed as <c>leto</c>.</summary>
    private static string Transliterated(string word) =>
        string.Concat(word.Select(letter => Latin.GetValueOrDefault(letter) ?? letter.ToString()));

    private static string Translate(string text, string from, string to)
    {
        var translated = new StringBuilder(text.Length);
        foreach (var sign in text)
            translated.Append(from.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var key ? to[key] : sign);
        return translated.ToString();
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream($"CommonPasswords/{file}")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
