using System.Text.Json;

namespace Diagnostics.Engine;

/// <summary>
/// Converts values of closed sets to their stable snake_case codes and back. The service stores, sends and reads these
/// codes.
/// </summary>
public static class Codes
{
    public static string Of<T>(T value)
        where T : struct, Enum => Table<T>.ByValue[value];

    public static T? Find<T>(string? code)
        where T : struct, Enum => code is not null && Table<T>.ByCode.TryGetValue(code, out var value) ? value : null;

    /// <exception cref="InvalidOperationException">The stored code does not belong to this set.</exception>
    public static T Parse<T>(string code)
        where T : struct, Enum => Find<T>(code) ?? throw new InvalidOperationException($"«{code}» is no {typeof(T).Name}.");

    /// <summary>
    /// The length of the longest code that a person may choose. The narrowest column for a code holds 100 characters
    /// (SQL Server), and some columns hold more than that code: for example, an item's code is its facet's code
    /// followed by the variant.
    /// </summary>
    public const int MaxLength = 60;

    /// <summary>
    /// The only definition of a code, for files, addresses and requests alike: lower-case Latin letters, digits, and
    /// hyphens between them, which people can type and addresses can carry.
    /// </summary>
    public static bool IsCode(string text) =>
        text.Length is > 0 and <= MaxLength
        && text.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && text[0] != '-'
        && text[^1] != '-';

    private static class Table<T>
        where T : struct, Enum
    {
        internal static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        internal static readonly Dictionary<string, T> ByCode = ByValue.ToDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.Ordinal
        );
    }
}
