namespace Diagnostics.Engine;

/// <summary>
/// Recognises a file by its first bytes, whatever its name suggests or its sender claims (ISO 32000-1, 7.5.2; ISO/IEC
/// 15948, 5.2; ITU-T T.81, B.1.1).
/// </summary>
public static class FileSignature
{
    public const string Pdf = "application/pdf";
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    /// <summary>The media type; null for any other file.</summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? Pdf
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : null;

    /// <summary>The endings that names of such files have, the usual one first.</summary>
    internal static string[] EndingsOf(string mediaType) =>
        mediaType switch
        {
            Pdf => [".pdf"],
            Png => [".png"],
            Jpeg => [".jpg", ".jpeg"],
            _ => throw new ArgumentOutOfRangeException(nameof(mediaType), mediaType, null),
        };
}
