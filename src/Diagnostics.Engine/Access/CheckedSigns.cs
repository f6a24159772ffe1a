using System.Globalization;
using System.Text;

namespace Diagnostics.Engine.Access;

/// <summary>
/// Characters that people type from paper, the last of which checks the others, in groups of four. No two characters of
/// the alphabet look alike on paper. People may type capitals, small letters, or Russian letters of the same shape.
/// </summary>
internal static class CheckedSigns
{
    /// <summary>
    /// The alphabet has a prime number of characters, 31, so the check finds every single wrong character and every
    /// swap of two characters, as long as the code is shorter than 31 characters.
    /// </summary>
    internal const string Alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZU";

    private const int Group = 4;
    private const string RussianLook = "АВЕКМНРСТХУ";
    private const string LatinLook = "ABEKMHPCTXY";

    /// <summary>Adds the check character and prints the code in groups.</summary>
    internal static string Print(string signs) =>
        string.Join('-', (signs + Alphabet[Check(signs)]).Chunk(Group).Select(group => new string(group)));

    /// <param name="length">Number of characters without the check character.</param>
    /// <returns>The characters of the code, the check character included, without separators; null when a character is
    /// wrong, missing or in the wrong place.</returns>
    internal static string? Read(string? typed, int length)
    {
        if (typed is not { Length: <= 100 })
            return null;
        var signs = new StringBuilder(length + 1);
        foreach (var sign in typed.ToUpperInvariant())
        {
            if (char.IsWhiteSpace(sign) || char.GetUnicodeCategory(sign) is UnicodeCategory.DashPunctuation)
                continue;
            var latin = RussianLook.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var place ? LatinLook[place] : sign;
            if (!Alphabet.Contains(latin, StringComparison.Ordinal))
                return null;
            signs.Append(latin);
        }
        var code = signs.ToString();
        return code.Length == length + 1 && Alphabet[Check(code[..length])] == code[^1] ? code : null;
    }

    /// <summary>
    /// Sums the characters, each multiplied by its position from 1. The check character, multiplied by its own position,
    /// makes the total a multiple of 31.
    /// </summary>
    private static int Check(string signs)
    {
        var sum = 0;
        for (var place = 0; place < signs.Length; place++)
            sum += (place + 1) * Alphabet.IndexOf(signs[place], StringComparison.Ordinal);
        var check = 0;
        while ((sum + (signs.Length + 1) * check) % Alphabet.Length != 0)
            check++;
        return check;
    }
}
