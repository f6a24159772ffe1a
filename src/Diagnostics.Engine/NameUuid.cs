using System.Security.Cryptography;
using System.Text;

namespace Diagnostics.Engine;

/// <summary>
/// Identifiers that follow from names (RFC 9562, UUIDv5): a name gives the same identifier on every node.
/// </summary>
public static class NameUuid
{
    private const int Bytes = 16;

    /// <param name="space">The namespace in which the name is unique.</param>
    public static Guid Of(Guid space, string name)
    {
#pragma warning disable CA5350 // Version 5 is defined with SHA-1, and the hash protects no secret.
        var hash = SHA1.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]).AsSpan(0, Bytes);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
