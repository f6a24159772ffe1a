using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace Diagnostics.Server.Pages.Site;

/// <summary>
/// A text in an address: compressed, because percent-encoded Cyrillic takes six bytes a letter, and servers and proxies
/// accept addresses of up to 8 KB.
/// </summary>
internal static class PackedText
{
    /// <summary>The longest packed text that leaves room for the rest of the address.</summary>
    private const int MostPacked = 7000;

    /// <summary>An address that unpacks to more is none of ours.</summary>
    private const int MostBytes = 64 * 1024;

    /// <summary>Null when the text is too long for an address.</summary>
    internal static string? Pack(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return
            BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 11, window: 18)
            && Base64Url.EncodeToString(packed.AsSpan(0, length)) is { Length: <= MostPacked } shown
            ? shown
            : null;
    }

    /// <summary>Null when this is not a packed text.</summary>
    internal static string? Unpack(string packed)
    {
        if (packed.Length > MostPacked || !Base64Url.IsValid(packed))
            return null;
        var bytes = new byte[MostBytes];
        return BrotliDecoder.TryDecompress(Base64Url.DecodeFromChars(packed), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
