using Diagnostics.Engine.Audit;
using NodaTime;

namespace Diagnostics.Engine.Tests.Audit;

public class AuditTextsTests
{
    private const string Details =
        """{"from":"draft","grant":{"role":"expert"},"minutes":5,"reason":"Болезнь","steps":[{"note":"ушла"}]}""";

    // printf '%s' '00Болезнь' | sha256sum
    private const string OfReason = "e00669b22a9b04df6c3b791bb1af9ec687576c8b7b99e00f803a6e2a87649ea1";

    [Fact]
    public void Words_leave_their_digests_and_codes_stay()
    {
        var (kept, texts) = AuditTexts.Seal(Details, () => "00");

        texts.Select(text => (text.Path, text.Text)).Should().Equal(("reason", "Болезнь"), ("steps/0/note", "ушла"));
        kept.Should()
            .Be(
                $$$"""{"from":"draft","grant":{"role":"expert"},"minutes":5,"reason":{"sha256":"{{{OfReason}}}"},"steps":[{"note":{"sha256":"{{{texts[1].Digest}}}"}}]}"""
            );
        AuditTexts.Join(kept, texts).Should().Be(Details);
    }

    [Theory]
    [InlineData("""{"kind":"profile_sharing","version":3}""", true)]
    [InlineData("""{"at":"2026-09-14T06:00:00Z","id":"01a060d8-8e00-7d51-a3c6-5b19e07f42d8"}""", true)]
    [InlineData("""{"reason":"ok"}""", false)]
    [InlineData("""{"title":"Two words"}""", false)]
    [InlineData("""{"issuer":"https://id.example.org","subject":"204817"}""", false)]
    [InlineData("""{"people":["somebody@example.org"]}""", false)]
    public void Whatever_is_not_surely_a_code_counts_as_words(string details, bool stays) =>
        (AuditTexts.Seal(details, () => "00").Sealed == details).Should().Be(stays);

    [Fact]
    public void Erased_words_leave_the_chain_whole_and_changed_ones_do_not()
    {
        var (kept, texts) = AuditTexts.Seal(Details, () => "00");
        var entry = new AuditEntry(1, Instant.FromUtc(2026, 9, 14, 6, 0), "a", "session.reopened", "session:1", kept, AuditChain.Origin);

        Check(texts).Should().BeNull();
        Check([]).Should().BeNull();
        Check([texts[1]]).Should().BeNull();
        Check([texts[0] with { Text = "Здоровье" }]).Should().Be(AuditFault.ContentChanged);
        Check([.. texts, new("minutes", "00", "6")]).Should().Be(AuditFault.ContentChanged);

        AuditFault? Check(IReadOnlyCollection<AuditText> stored)
        {
            var check = new AuditCheck([]);
            check.Next(entry, AuditChain.HashOf(entry), stored);
            return check.Broken?.Fault;
        }
    }
}
