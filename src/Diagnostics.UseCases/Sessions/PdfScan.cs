using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.Engine.Sessions.Scans;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;
using PdfSharp.Pdf.IO;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Copies the pages of a PDF into a new document. What the old document says about its author, program, device and time,
/// its scripts, files, links and forms stay behind (ISO 32000-1, 14.3, 12.6, 7.11.4).
/// </summary>
internal static partial class PdfScan
{
    /// <summary>The reader calls itself for everything that stands inside something else; a page needs ten levels.</summary>
    private const int MostNested = 100;

    /// <summary>Whatever is no picture of a page is small, however well it packs.</summary>
    private const int MostUnpacked = 8 * 1024 * 1024;

    private static readonly Refusal JpegTwo = ScanRules.Broken("снимок в PDF сжат как JPEG 2000; сохраните его как PNG или JPEG");

    /// <summary>What a page needs to be shown; everything else about it is left out.</summary>
    private static readonly HashSet<string> OfPage =
    [
        "/Type",
        "/Parent",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/UserUnit",
        "/Contents",
        "/Group",
    ];

    /// <inheritdoc cref="OfPage"/>
    private static readonly HashSet<string> OfPicture =
    [
        "/Type",
        "/Subtype",
        "/Width",
        "/Height",
        "/ColorSpace",
        "/BitsPerComponent",
        "/ImageMask",
        "/Mask",
        "/SMask",
        "/Matte",
        "/Decode",
        "/Interpolate",
        "/Filter",
        "/DecodeParms",
        "/Length",
    ];

    /// <summary>What any other part may say about where it comes from.</summary>
    private static readonly string[] Origins = ["/Metadata", "/PieceInfo", "/LastModified", "/OPI"];

    internal static Result<byte[]> Clean(byte[] file)
    {
        if (Check(file) is { } harmful)
            return harmful;
        try
        {
            using var source = PdfReader.Open(new MemoryStream(file, writable: false), PdfDocumentOpenMode.Import);
            if (source.PageCount is 0 or > ScanRules.MaxPages)
                return Refusal
                    .Invalid("scan-pages", $"В PDF страниц: {source.PageCount}, а нужно от 1 до {ScanRules.MaxPages}.")
                    .With("pages", source.PageCount);
            using var copy = new PdfDocument();
            foreach (var page in source.Pages)
                copy.AddPage(page);
            copy.Info.Elements.Clear();
            foreach (var part in copy.Internals.GetAllObjects().OfType<PdfDictionary>())
                if (Strip(part) is { } refused)
                    return refused;
            using var cleaned = new MemoryStream();
            copy.Save(cleaned, closeStream: false);
            return cleaned.ToArray();
        }
        // The reader throws whatever its code meets in a broken file.
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return ScanRules.Broken("PDF испорчен, зашифрован или устроен не по правилам");
        }
    }

    private static Refusal? Strip(PdfDictionary part)
    {
        var isPicture = part.Elements.GetName("/Subtype") == "/Image";
        foreach (var name in part.Elements.Keys.ToList())
            if (
                part is PdfPage ? !OfPage.Contains(name)
                : isPicture ? !OfPicture.Contains(name)
                : Origins.Contains(name)
            )
                part.Elements.Remove(name);
        if (!isPicture || part.Stream is not { } stream)
            return null;
        if (ScanRules.CheckSize(part.Elements.GetInteger("/Width"), part.Elements.GetInteger("/Height")) is { } wrong)
            return wrong;
        var filters = part.Elements["/Filter"] switch
        {
            PdfName one => [one.Value],
            PdfArray several => several.Elements.Select(each => each.ToString() ?? "").ToList(),
            PdfReference => ["?"],
            _ => new List<string>(),
        };
        if (filters.Contains("/JPXDecode"))
            return JpegTwo;
        if (!filters.Contains("/DCTDecode"))
            return filters.Contains("?") ? ScanRules.Broken("вид снимка в PDF назван не на месте") : null;
        if (filters.Count > 1)
            return ScanRules.Broken("снимок в PDF сжат дважды");
        if (JpegScan.Clean(stream.Value, upright: true).Refused(out var refusal, out var picture))
            return refusal;
        stream.Value = picture;
        return null;
    }

    /// <summary>
    /// Looks for what would overwhelm the reader, before it reads: things nested too deeply, and packed parts that unpack to
    /// more than their like ever do.
    /// </summary>
    private static Refusal? Check(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        var (at, depth) = (0, 0);
        foreach (Match stream in Streams().Matches(text))
        {
            if (stream.Index < at)
                continue;
            var before = text[at..stream.Index];
            if (IsDeep(before, ref depth))
                return ScanRules.Broken("в PDF слишком много вложенного", at);
            var from = stream.Index + stream.Length;
            var end = text.IndexOf("endstream", from, StringComparison.Ordinal);
            if (end < 0)
                return ScanRules.Broken("PDF оборван", file.Length);
            var named = Escapes().Replace(before[Math.Max(0, before.LastIndexOf("obj", StringComparison.Ordinal))..], Unescape);
            var isPicture = Picture().IsMatch(named) && !named.Contains("/ObjStm", StringComparison.Ordinal);
            if (!isPicture && Unpacked(file, from, end) is { } parts && (parts.Length > MostUnpacked || IsDeep(parts)))
                return ScanRules.Broken("часть PDF распаковывается слишком далеко", from);
            at = end;
        }
        return IsDeep(text[at..], ref depth) ? ScanRules.Broken("в PDF слишком много вложенного", at) : null;
    }

    private static bool IsDeep(string text)
    {
        var depth = 0;
        return IsDeep(text, ref depth);
    }

    private static bool IsDeep(string text, ref int depth)
    {
        foreach (var sign in text)
        {
            depth = sign switch
            {
                '[' or '<' => depth + 1,
                ']' or '>' => Math.Max(0, depth - 1),
                _ => depth,
            };
            if (depth > MostNested)
                return true;
        }
        return false;
    }

    /// <returns>Null when the part is not packed so; otherwise at most a little more than is allowed.</returns>
    private static string? Unpacked(byte[] file, int from, int end)
    {
        if (end - from < 2 || (file[from] & 0x0F) != 8 || (file[from] * 256 + file[from + 1]) % 31 != 0)
            return null;
        using var unpacked = new MemoryStream();
        try
        {
            using var packed = new ZLibStream(new MemoryStream(file, from, end - from), CompressionMode.Decompress);
            var buffer = new byte[64 * 1024];
            for (var read = packed.Read(buffer); read > 0 && unpacked.Length <= MostUnpacked; read = packed.Read(buffer))
                unpacked.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            // The reader gets no further than this either.
        }
        return Encoding.Latin1.GetString(unpacked.GetBuffer(), 0, (int)unpacked.Length);
    }

    private static string Unescape(Match escape) => ((char)Convert.ToInt32(escape.Value[1..], 16)).ToString();

    [GeneratedRegex(@"(?<!end)stream(\r\n|\n|\r)", RegexOptions.CultureInvariant)]
    private static partial Regex Streams();

    [GeneratedRegex("#[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"/Subtype\s*/Image\b", RegexOptions.CultureInvariant)]
    private static partial Regex Picture();
}
