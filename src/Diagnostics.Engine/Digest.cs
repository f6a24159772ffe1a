using System.Security.Cryptography;
using System.Text;

namespace Diagnostics.Engine;

/// <summary>SHA-256 in lower-case hexadecimal: fingerprints, and what is stored in place of a secret.</summary>
public static class Digest
{
    /// <param name="text">Hashed as UTF-8.</param>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
