using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Diagnostics.Engine.Sessions.Scans;

/// <summary>
/// Copies a PNG picture without anything but the picture (ISO/IEC 15948): texts, times, notes of cameras, further frames
/// and what follows the end are left out.
/// </summary>
public static class PngScan
{
    private const int Signature = 8;

    private const string Header = "IHDR",
        Palette = "PLTE",
        Data = "IDAT",
        End = "IEND",
        Notes = "eXIf";

    /// <summary>
    /// What a viewer needs beside the picture itself: transparency, resolution and colours; no text fits into these.
    /// </summary>
    private static readonly Dictionary<string, int> Kept = new()
    {
        ["tRNS"] = 256,
        ["gAMA"] = 4,
        ["cHRM"] = 32,
        ["sRGB"] = 1,
        ["pHYs"] = 9,
    };

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    public static Result<byte[]> Clean(byte[] file)
    {
        if (FileSignature.MediaTypeOf(file) != FileSignature.Png)
            return ScanRules.Broken("нет начала PNG", 0);
        using var kept = new MemoryStream(file.Length);
        using var data = new MemoryStream(file.Length);
        Picture? picture = null;
        var (at, ended, orientation) = (Signature, false, 1);
        while (!ended)
        {
            if (at + 12 > file.Length)
                return ScanRules.Broken("PNG оборван: нет конца", file.Length);
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                return ScanRules.Broken("участок PNG длиннее файла", at);
            var kind = Encoding.Latin1.GetString(file, at + 4, 4);
            var body = file.AsSpan(at + 8, (int)length);
            if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)length)) != Crc(file.AsSpan(at + 4, 4 + (int)length)))
                return ScanRules.Broken("контрольная сумма участка PNG не сходится", at);
            if (picture is null != (kind == Header))
                return ScanRules.Broken("в PNG размер должен стоять первым и один раз", at);
            switch (kind)
            {
                case Header:
                    if (Picture.Read(body).Refused(out var refusal, out picture))
                        return refusal;
                    Write(kept, kind, body);
                    break;
                case Palette when body.Length is > 0 and <= 768 && body.Length % 3 == 0 && data.Length == 0:
                    Write(kept, kind, body);
                    break;
                case Data:
                    data.Write(body);
                    break;
                case End:
                    ended = true;
                    break;
                case Notes:
                    orientation = ExifOrientation.Read(body);
                    break;
                case var _ when data.Length == 0 && Kept.TryGetValue(kind, out var most) && body.Length <= most:
                    Write(kept, kind, body);
                    break;
                // A capital first letter: without this part the picture cannot be shown.
                case [>= 'A' and <= 'Z', ..]:
                    return ScanRules.Broken("в PNG участок, которого браузеры не понимают", at);
            }
            at += 12 + (int)length;
        }
        if (picture!.CheckData(data.ToArray()) is { } broken)
            return broken;
        if (orientation != 1)
            Write(kept, Notes, ExifOrientation.Write(orientation));
        Write(kept, Data, data.ToArray());
        Write(kept, End, []);
        return (byte[])[.. file.AsSpan(0, Signature), .. kept.ToArray()];
    }

    private sealed record Picture(int Width, int Height, int BitsPerPixel, bool Interlaced)
    {
        internal static Result<Picture> Read(ReadOnlySpan<byte> body)
        {
            if (body.Length != 13)
                return ScanRules.Broken("заголовок PNG не той длины", Signature);
            var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
            if (ScanRules.CheckSize(width, height) is { } wrong)
                return wrong;
            var samples = (body[9], body[8]) switch
            {
                (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
                (2, 8 or 16) => 3,
                (4, 8 or 16) => 2,
                (6, 8 or 16) => 4,
                _ => 0,
            };
            return samples == 0 || body[10] != 0 || body[11] != 0 || body[12] > 1
                ? ScanRules.Broken("таких цветов или сжатия в PNG не бывает", Signature)
                : new Picture((int)width, (int)height, samples * body[8], body[12] == 1);
        }

        /// <summary>
        /// Unpacks the data without storing them, and no further than the size needs: a small file may unpack to thousands of
        /// times its length.
        /// </summary>
        internal Refusal? CheckData(byte[] packed)
        {
            var needed = Length;
            try
            {
                using var unpacked = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
                var buffer = new byte[64 * 1024];
                for (var total = 0L; ; )
                {
                    var read = unpacked.Read(buffer);
                    if (read == 0)
                        return total == needed ? null : ScanRules.Broken("в PNG не весь снимок");
                    if ((total += read) > needed)
                        return ScanRules.Broken("в PNG больше данных, чем точек в снимке");
                }
            }
            catch (InvalidDataException)
            {
                return ScanRules.Broken("сжатые данные PNG испорчены");
            }
        }

        /// <summary>Bytes of the unpacked picture: each row of each pass begins with the number of its filter.</summary>
        private long Length =>
            Interlaced
                ? Pass(0, 0, 8, 8)
                    + Pass(4, 0, 8, 8)
                    + Pass(0, 4, 4, 8)
                    + Pass(2, 0, 4, 4)
                    + Pass(0, 2, 2, 4)
                    + Pass(1, 0, 2, 2)
                    + Pass(0, 1, 1, 2)
                : Pass(0, 0, 1, 1);

        private long Pass(int left, int top, int right, int down)
        {
            var (columns, rows) = ((Width - left + right - 1L) / right, (Height - top + down - 1L) / down);
            return columns > 0 && rows > 0 ? rows * (1 + (columns * BitsPerPixel + 7) / 8) : 0;
        }
    }

    private static void Write(MemoryStream to, string kind, ReadOnlySpan<byte> body)
    {
        byte[] named = [.. Encoding.Latin1.GetBytes(kind), .. body];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        to.Write(number);
        to.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        to.Write(number);
    }

    /// <summary>ISO/IEC 15948, annex D.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
            crc = Table[(crc ^ each) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint CrcOf(int index)
    {
        var crc = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
