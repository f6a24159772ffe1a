using System.Text.Json;

namespace Diagnostics.Engine;

/// <summary>The stable snake_case code of a value of a closed set, as stored, sent and read back.</summary>
public static class Codes
{
    public static string Of<T>(T value) where T : struct, Enum => Table<T>.ByValue[value];

    public static T? Find<T>(string? code) where T : struct, Enum =>
        code is not null && Table<T>.ByCode.TryGetValue(code, out var value) ? value : null;

    /// <exception cref="InvalidOperationException">What was stored is no code of this set.</exception>
    public static T Parse<T>(string code) where T : struct, Enum =>
        Find<T>(code) ?? throw new InvalidOperationException($"«{code}» is no {typeof(T).Name}.");

    /// <summary>
    /// Longest code that a person gives to something. The narrowest column that takes one is 100 wide (SQL Server), and some
    /// hold more than the code: an item's has its variant after it.
    /// </summary>
    public const int MaxLength = 60;

    /// <summary>
    /// The one rule of what a code is, for files, addresses and requests alike: people can type it and addresses can carry
    /// it. Lower-case Latin letters, digits, hyphens inside.
    /// </summary>
    public static bool IsCode(string text) => text.Length is > 0 and <= MaxLength
        && text.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') && text[0] != '-' && text[^1] != '-';

    private static class Table<T> where T : struct, Enum
    {
        internal static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        internal static readonly Dictionary<string, T> ByCode = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
