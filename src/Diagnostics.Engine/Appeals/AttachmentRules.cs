namespace Diagnostics.Engine.Appeals;

/// <summary>
/// Which files may be added to an appeal. The first bytes of a file decide its type, whatever its name or its sender
/// claims.
/// </summary>
public static class AttachmentRules
{
    public const int MaxBytes = 5 * 1024 * 1024;

    public const int MaxCount = 5;

    public const string Pdf = "application/pdf";
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";

    /// <summary>
    /// The media type according to the file's signature (ISO 32000-1, 7.5.2; ISO/IEC 15948, 5.2; ITU-T T.81, B.1.1);
    /// null for any other file.
    /// </summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? Pdf
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : null;

    /// <summary>
    /// The file's own name without folders, with an extension that fits its content, so that the saved file opens with
    /// the right program.
    /// </summary>
    public static string NameOf(string name, string mediaType)
    {
        var own = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var endings = EndingsOf(mediaType);
        return endings.Any(ending => own.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? own : own + endings[0];
    }

    /// <summary>A neutral file name, for readers who must not learn whose file it is.</summary>
    public static string NeutralName(int number, string mediaType) => $"Приложение {number}{EndingsOf(mediaType)[0]}";

    private static string[] EndingsOf(string mediaType) =>
        mediaType switch
        {
            Pdf => [".pdf"],
            Png => [".png"],
            Jpeg => [".jpg", ".jpeg"],
            _ => throw new ArgumentOutOfRangeException(nameof(mediaType), mediaType, null),
        };
}
