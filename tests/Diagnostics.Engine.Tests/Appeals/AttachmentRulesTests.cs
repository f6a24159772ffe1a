using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;

namespace Diagnostics.Engine.Tests.Appeals;

public sealed class AttachmentRulesTests
{
    /// <summary>
    /// The first bytes are those that the standards prescribe: ISO 32000-1, 7.5.2; ISO/IEC 15948, 5.2; ITU-T T.81,
    /// B.1.1.
    /// </summary>
    [Theory]
    [InlineData("255044462D312E37", "application/pdf")]
    [InlineData("89504E470D0A1A0A0000000D49484452", "image/png")]
    [InlineData("FFD8FFE000104A464946", "image/jpeg")]
    [InlineData("FFD8FFE1", "image/jpeg")]
    [InlineData("", null)]
    [InlineData("255044", null)]
    [InlineData("0A255044462D312E37", null)]
    [InlineData("89504E470A1A0A", null)]
    [InlineData("FFD8", null)]
    [InlineData("4D5A9000", null)]
    [InlineData("504B0304", null)]
    [InlineData("3C68746D6C3E", null)]
    [InlineData("474946383961", null)]
    public void A_file_is_what_its_first_bytes_say(string bytes, string? mediaType) =>
        FileSignature.MediaTypeOf(Convert.FromHexString(bytes)).Should().Be(mediaType);

    [Theory]
    [InlineData("Справка.pdf", "application/pdf", "Справка.pdf")]
    [InlineData("Справка.PDF", "application/pdf", "Справка.PDF")]
    [InlineData("scan.jpeg", "image/jpeg", "scan.jpeg")]
    [InlineData("invoice.exe", "application/pdf", "invoice.exe.pdf")]
    [InlineData("page.html", "image/png", "page.html.png")]
    [InlineData(@"C:\Users\Vera\scan.png", "image/png", "scan.png")]
    [InlineData("../../etc/passwd", "image/jpeg", "passwd.jpg")]
    [InlineData("folder/", "application/pdf", ".pdf")]
    public void A_file_is_saved_under_a_name_that_opens_as_what_it_is(string sent, string mediaType, string kept) =>
        AttachmentRules.NameOf(sent, mediaType).Should().Be(kept);

    [Fact]
    public void The_neutral_name_tells_the_number_and_the_kind_only() =>
        AttachmentRules.NeutralName(3, "image/jpeg").Should().Be("Приложение 3.jpg");

    [Fact]
    public void Five_megabytes_and_five_files_are_the_most() =>
        (AttachmentRules.MaxBytes, AttachmentRules.MaxCount).Should().Be((5_242_880, 5));
}
