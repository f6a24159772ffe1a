using System.Text;
using Diagnostics.Engine;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// What a password that somebody chooses must be (ASVS 5, V6.2): long enough, none of the common ones and not the name. No
/// rule asks for capitals or digits, and nothing runs out.
/// </summary>
internal static class PasswordRules
{
    internal const int MinLength = 8;
    internal const int MaxLength = 200;

    private const int FewestCharacters = 4;
    private const string RussianKeys = "йцукенгшщзхъфывапролджэячсмитьбюё";
    private const string LatinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";

    private static readonly HashSet<string> Common = [.. Lines("english.txt"), .. Lines("russian.txt").SelectMany(Readings)];

    internal static Refusal? Check(string password, string userName)
    {
        if (password.EnumerateRunes().Any(VisibleText.IsInvisible))
            return Refusal.Invalid("forbidden-character", "В пароле есть невидимые знаки или знаки направления письма: их не набрать ещё раз.");
        password = VisibleText.Compatible(password);
        if (password.Length is < MinLength or > MaxLength)
            return Refusal.Invalid("password-too-short", $"Пароль — от {MinLength} до {MaxLength} знаков.");
        var lower = password.Trim().ToLowerInvariant();
        if (lower.Distinct().Count() < FewestCharacters || Readings(lower).Any(IsCommon))
            return Refusal.Invalid("password-common", "Такой пароль угадывают первым: придумайте другой, например три слова через пробел.");
        return userName.Length >= FewestCharacters && lower.Contains(userName.ToLowerInvariant(), StringComparison.Ordinal)
            ? Refusal.Invalid("password-has-name", "В пароле не должно быть имени учётной записи.")
            : null;
    }

    /// <summary>Itself, or the word that is left without what stands around it, once or twice.</summary>
    private static bool IsCommon(string password)
    {
        if (Common.Contains(password)) return true;
        var word = password.Trim([.. password.Where(sign => !char.IsLetter(sign)).Distinct()]);
        if (word.Length < FewestCharacters) return word.Length < 2 && password.All(sign => !char.IsLetter(sign)) && IsSequence(password);
        return Common.Contains(word) || (word.Length % 2 == 0 && word[..(word.Length / 2)] is var half && word.EndsWith(half, StringComparison.Ordinal) && Common.Contains(half));
    }

    /// <summary>12345678, 98765432, and what is on the keys beside each other has been listed.</summary>
    private static bool IsSequence(string password)
    {
        var steps = password.Zip(password.Skip(1), (one, next) => next - one).Distinct().ToList();
        return steps is [1 or -1];
    }

    /// <summary>As it is, and with each letter as the same key gives it in the other layout.</summary>
    private static IEnumerable<string> Readings(string text)
    {
        yield return text;
        yield return Translate(text, RussianKeys, LatinKeys);
        yield return Translate(text, LatinKeys, RussianKeys);
    }

    private static string Translate(string text, string from, string to)
    {
        var translated = new StringBuilder(text.Length);
        foreach (var sign in text) translated.Append(from.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var key ? to[key] : sign);
        return translated.ToString();
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream($"CommonPasswords/{file}")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }
}
