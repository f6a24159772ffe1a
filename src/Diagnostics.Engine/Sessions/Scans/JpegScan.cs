using System.Buffers.Binary;

namespace Diagnostics.Engine.Sessions.Scans;

/// <summary>
/// Copies a JPEG picture without anything but the picture (ITU-T T.81, B): the segments that a decoder needs and the
/// coded data. Notes of cameras and programs, thumbnails, comments and what follows the end are left out.
/// </summary>
public static class JpegScan
{
    private const byte Start = 0xD8,
        End = 0xD9,
        Scan = 0xDA,
        Lines = 0xDC,
        Notes = 0xE1,
        Adobe = 0xEE;

    /// <summary>
    /// Each pass over a progressive picture costs a viewer as much as the picture, and cameras need a dozen of them.
    /// </summary>
    private const int MostScans = 64;

    /// <param name="upright">Whether the orientation is left out too, as within documents that do not follow it.</param>
    public static Result<byte[]> Clean(ReadOnlySpan<byte> file, bool upright = false)
    {
        if (file.Length < 4 || file[0] != 0xFF || file[1] != Start)
            return ScanRules.Broken("нет начала JPEG", 0);
        using var kept = new MemoryStream(file.Length);
        var (at, scans, sized, orientation) = (2, 0, false, 1);
        while (true)
        {
            if (at + 2 > file.Length)
                return ScanRules.Broken("JPEG оборван: нет маркера конца", file.Length);
            if (file[at] != 0xFF)
                return ScanRules.Broken("в JPEG нет маркера, где он должен быть", at);
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker == End)
                break;
            if (at + 4 > file.Length)
                return ScanRules.Broken("JPEG оборван", file.Length);
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
                return ScanRules.Broken($"участок JPEG {marker:X2} длиннее файла", at);
            var body = file.Slice(at + 4, length - 2);
            switch (marker)
            {
                case Notes when body.StartsWith("Exif\0\0"u8):
                    orientation = ExifOrientation.Read(body[6..]);
                    break;
                // The transform of the colours, without which a picture in four inks has wrong ones.
                case Adobe when body.Length >= 12 && body.StartsWith("Adobe"u8):
                    Keep(kept, marker, body[..12]);
                    break;
                // Baseline, extended and progressive pictures; no browser shows the others.
                case 0xC0 or 0xC1 or 0xC2:
                    if (body.Length < 6 || sized)
                        return ScanRules.Broken("в JPEG не один размер", at);
                    var (height, width) = (
                        BinaryPrimitives.ReadUInt16BigEndian(body[1..]),
                        BinaryPrimitives.ReadUInt16BigEndian(body[3..])
                    );
                    if (ScanRules.CheckSize(width, height) is { } wrong)
                        return wrong;
                    if (body[0] != 8 || body[5] is not (1 or 3 or 4) || body.Length != 6 + 3 * body[5])
                        return ScanRules.Broken("такие цвета JPEG браузеры не показывают", at);
                    sized = true;
                    Keep(kept, marker, body);
                    break;
                // Quantisation and Huffman tables, and the restart interval.
                case 0xDB or 0xC4 or 0xDD:
                    Keep(kept, marker, body);
                    break;
                case Scan:
                    if (!sized)
                        return ScanRules.Broken("в JPEG данные стоят раньше размера", at);
                    if (++scans > MostScans)
                        return ScanRules.Broken($"в JPEG больше {MostScans} проходов", at);
                    Keep(kept, marker, body);
                    var data = at + 2 + length;
                    var end = EndOfData(file, data);
                    if (end < 0)
                        return ScanRules.Broken("JPEG оборван на снимке", file.Length);
                    kept.Write(file[data..end]);
                    at = end;
                    continue;
                case >= 0xE0 and <= 0xEF or 0xFE:
                    break;
                case Lines:
                    return ScanRules.Broken("в JPEG высота названа после снимка", at);
                default:
                    return ScanRules.Broken($"участок JPEG {marker:X2} браузеры не понимают", at);
            }
            at += 2 + length;
        }
        return scans == 0
            ? ScanRules.Broken("в JPEG нет снимка", at)
            : (byte[])
                [
                    0xFF,
                    Start,
                    .. orientation == 1 || upright ? [] : Segment(Notes, [.. "Exif\0\0"u8, .. ExifOrientation.Write(orientation)]),
                    .. kept.ToArray(),
                    0xFF,
                    End,
                ];
    }

    /// <summary>
    /// The place of the next marker that is no part of the coded data; -1 when there is none. In the data, FF is followed by
    /// 00, by a restart marker, or by a fill byte.
    /// </summary>
    private static int EndOfData(ReadOnlySpan<byte> file, int from)
    {
        for (var at = from; at + 1 < file.Length; at++)
            if (file[at] == 0xFF && file[at + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return at;
        return -1;
    }

    private static void Keep(MemoryStream kept, byte marker, ReadOnlySpan<byte> body) => kept.Write(Segment(marker, body));

    private static byte[] Segment(byte marker, ReadOnlySpan<byte> body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];
}
