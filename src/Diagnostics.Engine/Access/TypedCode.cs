using System.Text;

namespace Diagnostics.Engine.Access;

/// <summary>
/// A secret that a person types from paper: eleven random characters from an alphabet of 31 (54 bits) and a check
/// character, in groups of four. No two characters of the alphabet look alike on paper. People may type capitals, small
/// letters, or Russian letters of the same shape.
/// </summary>
public static class TypedCode
{
    /// <summary>
    /// The alphabet has a prime number of characters, 31, so the check finds every single wrong character and every
    /// swap of two characters.
    /// </summary>
    public const string Alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZU";

    public const int RandomLength = 11;

    private const int Group = 4;
    private const string RussianLook = "АВЕКМНРСТХУ";
    private const string LatinLook = "ABEKMHPCTXY";

    /// <summary>
    /// Returns the code made of the random characters and their check character, in its printed form.
    /// </summary>
    /// <param name="random"><see cref="RandomLength"/> characters of <see cref="Alphabet"/>.</param>
    public static string Of(string random)
    {
        if (random.Length != RandomLength)
            throw new ArgumentException($"{RandomLength} signs are needed.", nameof(random));
        var whole = random + Alphabet[Check(random)];
        return string.Join('-', whole.Chunk(Group).Select(signs => new string(signs)));
    }

    /// <returns>The characters of the code without separators; null when a character is wrong, missing or in the wrong
    /// place.</returns>
    public static string? Read(string? typed)
    {
        if (typed is not { Length: <= 100 })
            return null;
        var signs = new StringBuilder(RandomLength + 1);
        foreach (var sign in typed.ToUpperInvariant())
        {
            if (char.IsWhiteSpace(sign) || char.GetUnicodeCategory(sign) is System.Globalization.UnicodeCategory.DashPunctuation)
                continue;
            var latin = RussianLook.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var place ? LatinLook[place] : sign;
            if (!Alphabet.Contains(latin, StringComparison.Ordinal))
                return null;
            signs.Append(latin);
        }
        var code = signs.ToString();
        return code.Length == RandomLength + 1 && Alphabet[Check(code[..RandomLength])] == code[^1] ? code : null;
    }

    /// <summary>
    /// Sums the characters, each multiplied by its position from 1; the check character has position 12.
    /// </summary>
    private static int Check(string random)
    {
        var sum = 0;
        for (var place = 0; place < random.Length; place++)
            sum += (place + 1) * Alphabet.IndexOf(random[place], StringComparison.Ordinal);
        // The check character makes the total a multiple of 31. It enters the total multiplied by 12, its position.
        // Multiplying by 13 undoes this modulo 31, because 12 · 13 = 156 = 5 · 31 + 1.
        return (31 - sum % 31) * 13 % 31;
    }
}
