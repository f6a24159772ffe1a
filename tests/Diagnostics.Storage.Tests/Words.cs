using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Test statements that read as sentences on every engine: <c>'#anna'</c> is an id, always the same for the same word,
/// and <c>'t'</c> is a time.
/// </summary>
internal static partial class Words
{
    internal static string In(string sql, Provider provider)
    {
        var said = Word()
            .Replace(
                sql,
                match => match.Groups["word"] is { Success: true } word ? IdOf(word.Value, provider) : "'2026-09-14T06:00:00.000000Z'"
            );
        // SQL Server's times have no zone, and a text with letters outside the server's code page needs a prefix.
        return provider is not Provider.SqlServer
            ? said
            : Text()
                .Replace(
                    said,
                    match =>
                        Moment().IsMatch(match.Value) ? match.Value.Replace("Z'", "'", StringComparison.Ordinal)
                        : match.Value.All(char.IsAscii) ? match.Value
                        : "N" + match.Value
                );
    }

    internal static Guid Id(string word) => new(SHA256.HashData(Encoding.UTF8.GetBytes(word)).AsSpan(0, 16));

    private static string IdOf(string word, Provider provider) =>
        provider is Provider.SqlServer ? $"0x{Convert.ToHexString(Id(word).ToByteArray(bigEndian: true))}" : $"'{Id(word):D}'";

    [GeneratedRegex("'#(?<word>[^']+)'|'t'")]
    private static partial Regex Word();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Text();

    [GeneratedRegex(@"^'\d{4}-\d\d-\d\dT[\d:.]+Z'$")]
    private static partial Regex Moment();
}
