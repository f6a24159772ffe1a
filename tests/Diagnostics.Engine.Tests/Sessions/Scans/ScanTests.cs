using System.Text;
using Diagnostics.Engine.Sessions.Scans;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.Sessions.Scans;

/// <summary>Pictures keep what they show and lose what they tell; what is no picture is refused with its place.</summary>
public sealed class ScanTests
{
    [Fact]
    public void A_photograph_keeps_every_byte_of_the_picture_and_no_note()
    {
        // R writes the plain file with the JFIF segment, 18 bytes after the first two, which says nothing either.
        byte[] picture = [.. ScanFiles.PlainJpeg[..2], .. ScanFiles.PlainJpeg[20..]];

        JpegScan.Clean(ScanFiles.Jpeg()).Value.Should().Equal(picture);
        JpegScan.Clean(ScanFiles.PlainJpeg).Value.Should().Equal(picture);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void A_photograph_stays_turned_as_the_camera_was(int orientation)
    {
        var clean = JpegScan.Clean(ScanFiles.Jpeg(orientation)).Value;

        Text(clean).Should().NotContain(ScanFiles.Canary);
        // CIPA DC-008: big-endian, one entry, tag 0112, type 3, one value.
        clean[2..38]
            .Should()
            .Equal([
                0xFF,
                0xE1,
                0,
                34,
                .. "Exif\0\0MM\0*"u8,
                0,
                0,
                0,
                8,
                0,
                1,
                1,
                0x12,
                0,
                3,
                0,
                0,
                0,
                1,
                0,
                (byte)orientation,
                0,
                0,
                0,
                0,
                0,
                0,
            ]);
        JpegScan.Clean(clean).Value.Should().Equal(clean);
        JpegScan.Clean(ScanFiles.Jpeg(orientation), upright: true).Value.Should().Equal(JpegScan.Clean(ScanFiles.PlainJpeg).Value);
    }

    [Fact]
    public void A_screenshot_keeps_the_picture_and_the_orientation_and_no_note()
    {
        PngScan.Clean(ScanFiles.Png()).Value.Should().Equal(ScanFiles.PlainPng);
        var turned = PngScan.Clean(ScanFiles.Png(6)).Value;
        Text(turned).Should().NotContain(ScanFiles.Canary).And.Contain("eXIf");
        PngScan.Clean(turned).Value.Should().Equal(turned);
    }

    [Fact]
    public void Every_shortened_or_altered_file_is_refused_or_still_holds_no_note()
    {
        foreach (
            var (file, clean) in new (byte[], Func<byte[], Result<byte[]>>)[]
            {
                (ScanFiles.Jpeg(6), file => JpegScan.Clean(file)),
                (ScanFiles.Png(6), PngScan.Clean),
            }
        )
        {
            var lot = new Random(20260914);
            for (var length = 0; length < file.Length - 800; length++)
                clean(file[..length]).Refusal.Should().NotBeNull();
            for (var time = 0; time < 3000; time++)
            {
                var altered = file.ToArray();
                for (var change = lot.Next(1, 4); change > 0; change--)
                    altered[lot.Next(altered.Length)] = (byte)lot.Next(256);
                var result = clean(altered);
                if (result.Refusal is null)
                    Text(result.Value).Should().NotContain(ScanFiles.Canary);
            }
        }
    }

    [Fact]
    public void A_picture_that_would_unpack_to_billions_of_points_is_refused_and_so_is_one_that_holds_more_than_it_says()
    {
        PngScan.Clean(ScanFiles.PngOf(200_000, 200_000, 1000)).Refusal!.Code.Should().Be("scan-dimensions");
        PngScan.Clean(ScanFiles.PngOf(19_000, 19_000, 1000)).Refusal!.Code.Should().Be("scan-dimensions");
        // 100 rows of 100 points with the filter's byte are 10,100 bytes.
        PngScan.Clean(ScanFiles.PngOf(100, 100, 10_100)).Refusal.Should().BeNull();
        PngScan.Clean(ScanFiles.PngOf(100, 100, 10_099)).Refusal!.Code.Should().Be("scan-broken");
        PngScan.Clean(ScanFiles.PngOf(100, 100, 1L << 26)).Refusal!.Detail.Should().Contain("больше данных");
        byte[] wide = [.. ScanFiles.PlainJpeg];
        var size = Text(wide).IndexOf("\u00FF\u00C0", StringComparison.Ordinal);
        (wide[size + 5], wide[size + 6], wide[size + 7], wide[size + 8]) = (0xFF, 0xFF, 0xFF, 0xFF);
        JpegScan.Clean(wide).Refusal!.Code.Should().Be("scan-dimensions");
    }

    [Fact]
    public void A_refusal_says_what_is_wrong_and_where()
    {
        var cut = JpegScan.Clean(ScanFiles.PlainJpeg.AsSpan(0, 300)).Refusal!;
        cut.Code.Should().Be("scan-broken");
        cut.Detail.Should().StartWith("Файл не читается: ").And.MatchRegex(@"байт \d+\.$");
        byte[] altered = [.. ScanFiles.PlainPng];
        altered[40] ^= 1;
        PngScan.Clean(altered).Refusal!.Facts["at"].Should().Be(33, "the palette begins after the signature and the header");
    }

    [Fact]
    public void A_file_is_what_its_first_bytes_say()
    {
        FileSignature.MediaTypeOf(ScanFiles.Pdf()).Should().Be("application/pdf");
        FileSignature.MediaTypeOf(ScanFiles.Png()).Should().Be("image/png");
        FileSignature.MediaTypeOf(ScanFiles.Jpeg()).Should().Be("image/jpeg");
        FileSignature.MediaTypeOf([]).Should().BeNull();
        FileSignature.MediaTypeOf("<svg onload=…>"u8).Should().BeNull();
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
