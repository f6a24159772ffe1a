using System.Buffers.Binary;

namespace Diagnostics.Engine.Sessions.Scans;

/// <summary>
/// The one thing of a camera's notes that is kept: which way up the picture is (CIPA DC-008, tag 274). Everything else,
/// such as the place, the time and the device, is left out.
/// </summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;

    /// <param name="tiff">The notes, from their byte-order mark.</param>
    /// <returns>From 1 (upright) to 8; 1 when nothing readable is said.</returns>
    internal static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8))
            return 1;
        var directory = Number(tiff[4..], little, 4);
        if (directory > tiff.Length - 2)
            return 1;
        var count = (int)Number(tiff[(int)directory..], little, 2);
        for (var entry = 0; entry < count; entry++)
        {
            var at = directory + 2 + 12L * entry;
            if (at + 12 > tiff.Length)
                return 1;
            if (Number(tiff[(int)at..], little, 2) == Tag)
                return Number(tiff[(int)(at + 8)..], little, 2) is var value and >= 1 and <= 8 ? (int)value : 1;
        }
        return 1;
    }

    /// <summary>Notes that say nothing but the orientation.</summary>
    internal static byte[] Write(int orientation) =>
        [.. "MM\0*"u8, .. (ReadOnlySpan<byte>)[0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]];

    private static uint Number(ReadOnlySpan<byte> bytes, bool little, int length) =>
        (length, little) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        };
}
