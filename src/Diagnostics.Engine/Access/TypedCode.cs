using System.Text;

namespace Diagnostics.Engine.Access;

/// <summary>
/// A secret that a person types from paper: eleven random signs of 31 (54 bits) and one that checks them, in groups of four.
/// No sign looks like another on paper, and it does not matter whether capitals, small letters or the Russian letters of the
/// same look are typed.
/// </summary>
public static class TypedCode
{
    /// <summary>31 of them, a prime: the check then finds every single wrong sign and every two that changed places.</summary>
    public const string Alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZU";

    public const int RandomLength = 11;

    private const int Group = 4;
    private const string RussianLook = "АВЕКМНРСТХУ";
    private const string LatinLook = "ABEKMHPCTXY";

    /// <summary>The code of these random signs, as it is printed.</summary>
    /// <param name="random"><see cref="RandomLength"/> signs of <see cref="Alphabet"/>.</param>
    public static string Of(string random)
    {
        if (random.Length != RandomLength) throw new ArgumentException($"{RandomLength} signs are needed.", nameof(random));
        var whole = random + Alphabet[Check(random)];
        return string.Join('-', whole.Chunk(Group).Select(signs => new string(signs)));
    }

    /// <returns>The signs of a code without what separates them; null when a sign is wrong, missing or in another's place.</returns>
    public static string? Read(string? typed)
    {
        if (typed is not { Length: <= 100 }) return null;
        var signs = new StringBuilder(RandomLength + 1);
        foreach (var sign in typed.ToUpperInvariant())
        {
            if (char.IsWhiteSpace(sign) || char.GetUnicodeCategory(sign) is System.Globalization.UnicodeCategory.DashPunctuation) continue;
            var latin = RussianLook.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var place ? LatinLook[place] : sign;
            if (!Alphabet.Contains(latin, StringComparison.Ordinal)) return null;
            signs.Append(latin);
        }
        var code = signs.ToString();
        return code.Length == RandomLength + 1 && Alphabet[Check(code[..RandomLength])] == code[^1] ? code : null;
    }

    /// <summary>Each sign counts with the number of its place; the check's own is 12.</summary>
    private static int Check(string random)
    {
        var sum = 0;
        for (var place = 0; place < random.Length; place++) sum += (place + 1) * Alphabet.IndexOf(random[place], StringComparison.Ordinal);
        // What makes the whole a multiple of 31: 12 · 13 = 156 = 5 · 31 + 1, so 13 undoes the check's own place.
        return (31 - sum % 31) * 13 % 31;
    }
}
