using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Diagnostics.TestKit;

/// <summary>
/// Pictures that the graphics library of R has made, 48 × 32, and documents, into which cameras, scanners and programs
/// have written who, where and when: each such note is a canary.
/// </summary>
public static class ScanFiles
{
    /// <summary>Begins every note.</summary>
    public const string Canary = "CANARY";

    public static readonly byte[] PlainJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBD"
            + "AQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAgADADASIAAhEBAxEB/8QAHwAAAQUB"
            + "AQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJico"
            + "KSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ"
            + "2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMi"
            + "MoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOk"
            + "paanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwAooor5Y+sCuKrta4qvUy37Xy/Uyq9Aooor0zI9"
            + "/ooorhPnwrHrYrHrCt0N6PUKKKKwNj//2Q=="
    );

    public static readonly byte[] PlainPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAMAAABjCgsuAAAADFBMVEV9ACXtYgD40HT//8hTpe6ZAAAAIklEQVQ4jWNgxAEYcIFRDaMahrEGZhyACQcY1TCqYRhr"
            + "AACLLgkB1O7GZAAAAABJRU5ErkJggg=="
    );

    /// <summary>A photograph: the device, the owner, the place, a comment, a thumbnail and a second picture at its end.</summary>
    /// <param name="orientation">As the camera says it, from 1 to 8.</param>
    public static byte[] Jpeg(int orientation = 1) =>
        [
            .. PlainJpeg[..2],
            .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]),
            .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>CANARY author</x:xmpmeta>"u8),
            .. Segment(0xE2, "ICC_PROFILE\0CANARY profile"u8),
            .. Segment(0xED, "Photoshop 3.0\0CANARY city"u8),
            .. Segment(0xFE, "CANARY comment"u8),
            .. PlainJpeg[2..],
            .. PlainJpeg,
            .. "CANARY after the end"u8,
        ];

    /// <summary>A screenshot: author, time, notes of a camera and a part that only one program knows.</summary>
    public static byte[] Png(int orientation = 1) =>
        [
            .. PlainPng[..33],
            .. Chunk("tEXt", "Author\0CANARY author"u8),
            .. Chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0CANARY xmp"u8),
            .. Chunk("zTXt", [.. "Comment\0\0"u8, .. Packed("CANARY packed"u8)]),
            .. Chunk("tIME", [0x07, 0xEA, 9, 14, 12, 0, 0]),
            .. Chunk("eXIf", Exif(orientation)),
            .. Chunk("iCCP", [.. "CANARY profile\0\0"u8, .. Packed("CANARY"u8)]),
            .. Chunk("prVt", "CANARY private"u8),
            .. PlainPng[33..],
            .. "CANARY after the end"u8,
        ];

    /// <summary>
    /// A document of one page with a photograph, and everything else that a document may carry: its author and time, XMP,
    /// a script, an attached file, a link and a note.
    /// </summary>
    /// <param name="pages">Number of pages.</param>
    public static byte[] Pdf(int pages = 1)
    {
        var picture = Jpeg(6);
        var parts = new List<byte[]>
        {
            Latin(
                "<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R /OpenAction << /S /JavaScript /JS (app.alert\\('CANARY script'\\)) >> "
                    + "/Names << /EmbeddedFiles << /Names [(CANARY.txt) 4 0 R] >> >> /Lang (CANARY-lang) >>"
            ),
            Latin($"<< /Type /Pages /Count {pages} /Kids [{string.Concat(Enumerable.Repeat("7 0 R ", pages))}] >>"),
            Stream("/Type /Metadata /Subtype /XML", "<x:xmpmeta>CANARY xmp</x:xmpmeta>"u8),
            Latin("<< /Type /Filespec /F (CANARY.txt) /EF << /F 5 0 R >> >>"),
            Stream("/Type /EmbeddedFile", "CANARY file"u8),
            Stream(
                "/Type /XObject /Subtype /Image /Width 48 /Height 32 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
                picture
            ),
            Latin(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 8 0 R /Resources << /XObject << /A 6 0 R >> >> "
                    + "/Annots [10 0 R] /LastModified (D:20260914120000) /PieceInfo << /CANARY << /Private (CANARY private) >> >> "
                    + "/Metadata 3 0 R /AA << /O << /S /URI /URI (http://CANARY.example) >> >> >>"
            ),
            Stream("", "q 480 0 0 320 50 400 cm /A Do Q"u8),
            Latin("<< /Author (CANARY author) /Creator (CANARY program) /CreationDate (D:20260914120000) /Title (CANARY title) >>"),
            Latin("<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (CANARY note) /T (CANARY somebody) >>"),
        };
        using var file = new MemoryStream();
        file.Write("%PDF-1.4\n"u8);
        var places = new List<long>();
        foreach (var (index, part) in parts.Index())
        {
            places.Add(file.Position);
            file.Write(Latin($"{index + 1} 0 obj\n"));
            file.Write(part);
            file.Write("\nendobj\n"u8);
        }
        var table = file.Position;
        file.Write(Latin($"xref\n0 {parts.Count + 1}\n0000000000 65535 f \n"));
        foreach (var place in places)
            file.Write(Latin($"{place:0000000000} 00000 n \n"));
        file.Write(Latin($"trailer\n<< /Size {parts.Count + 1} /Root 1 0 R /Info 9 0 R /ID [(CANARY) (CANARY)] >>\n"));
        file.Write(Latin($"startxref\n{table}\n%%EOF\n"));
        return file.ToArray();
    }

    /// <summary>A picture of 19,000 × 2,500 points, all alike, in a few kilobytes; or of other sizes.</summary>
    public static byte[] PngOf(uint width, uint height, long bytes)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 0);
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var left = bytes; left > 0; left -= 1 << 20)
                pack.Write(new byte[(int)Math.Min(left, 1 << 20)]);
        return [.. PlainPng[..8], .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    public static byte[] Chunk(string kind, ReadOnlySpan<byte> body)
    {
        byte[] named = [.. Latin(kind), .. body];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(named));
        return [.. length, .. named, .. sum];
    }

    /// <summary>The orientation, the maker, and the degrees of latitude, in the order of bytes of most telephones.</summary>
    private static byte[] Exif(int orientation)
    {
        var notes = new byte[64];
        "II*\0\b\0\0\0"u8.CopyTo(notes);
        notes[8] = 2;
        // The maker: tag 271, text of 14 characters at 50.
        (notes[10], notes[11], notes[12], notes[14], notes[18]) = (0x0F, 0x01, 2, 14, 50);
        // The orientation: tag 274, a short.
        (notes[22], notes[23], notes[24], notes[26], notes[30]) = (0x12, 0x01, 3, 1, (byte)orientation);
        "CANARY camera\0"u8.CopyTo(notes.AsSpan(50));
        return notes;
    }

    private static byte[] Packed(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            pack.Write(text);
        return packed.ToArray();
    }

    private static byte[] Stream(string entries, ReadOnlySpan<byte> content) =>
        [.. Latin($"<< {entries} /Length {content.Length} >>\nstream\n"), .. content, .. "\nendstream"u8];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
