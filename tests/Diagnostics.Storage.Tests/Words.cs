using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Statements of tests that read as sentences on every engine: <c>'#anna'</c> is an id, always the same for the same word,
/// and <c>'t'</c> is a moment.
/// </summary>
internal static partial class Words
{
    internal static string In(string sql) => Word().Replace(sql, match => match.Groups["word"].Success ? $"'{Id(match.Groups["word"].Value):D}'" : "'2026-09-14T06:00:00.000000Z'");

    internal static Guid Id(string word) => new(SHA256.HashData(Encoding.UTF8.GetBytes(word)).AsSpan(0, 16));

    [GeneratedRegex("'#(?<word>[^']+)'|'t'")]
    private static partial Regex Word();
}
