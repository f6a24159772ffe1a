using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.ItemBank;

public class BankWriterTests
{
    [Fact]
    public void Every_shipped_facet_reads_back_as_it_was_written()
    {
        ShippedBank.Reading.Bank.Facets.Should().NotBeEmpty();
        foreach (var facet in ShippedBank.Reading.Bank.Facets)
        {
            var written = BankWriter.Write(facet, "copy");
            var back = ReadBack(
                written,
                ShippedBank.Files.Texts.Where(file => file.Key.StartsWith("frameworks/", StringComparison.Ordinal))
            );

            Same(back, facet).Should().BeTrue(facet.Code);
            BankWriter.Write(back, "copy").Should().Equal(written);
        }
    }

    [Fact]
    public void Every_shipped_blueprint_reads_back_as_it_was_written()
    {
        ShippedBank.Reading.Bank.Blueprints.Should().HaveCount(2);
        foreach (var blueprint in ShippedBank.Reading.Bank.Blueprints)
        {
            var files = ShippedBank
                .Files.Texts.Where(file => file.Key.StartsWith("frameworks/", StringComparison.Ordinal))
                .Append(new("copy/blueprint.yaml", BlueprintWriter.Text(blueprint)))
                .ToDictionary();
            BankReader
                .Read(new(files))
                .Bank.Blueprints.Should()
                .ContainSingle()
                .Which.Should()
                .BeEquivalentTo(blueprint, like => like.ComparingByMembers<Engine.Forms.Blueprint>());
        }
    }

    [Fact]
    public void Any_facet_reads_back_as_it_was_written() =>
        Prop.ForAll(
                Arb.From(GeneratedItems.Facet),
                facet =>
                {
                    var written = BankWriter.Write(facet, "demo");
                    var back = ReadBack(written, Framework());
                    return (Same(back, facet) && BankWriter.Write(back, "demo").SequenceEqual(written)).Label(
                        string.Join("\n", written.Values)
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_facet_is_written_the_way_an_author_would()
    {
        var sample = new SampleBank();

        var text = BankWriter.FacetText(sample.Read().Bank.Facets.Single());

        text.Should().Be(sample[SampleBank.FacetPath].Replace("\"", "'", StringComparison.Ordinal) + "\n");
    }

    private static IEnumerable<KeyValuePair<string, string>> Framework() =>
        [new(SampleBank.FrameworkPath, new SampleBank()[SampleBank.FrameworkPath])];

    private static Facet ReadBack(IReadOnlyDictionary<string, string> written, IEnumerable<KeyValuePair<string, string>> frameworks)
    {
        var (bank, findings) = BankReader.Read(new(written.Concat(frameworks).ToDictionary()));
        findings.Should().BeEmpty(string.Join("\n", written.Values));
        return bank.Facets.Single();
    }

    private static bool Same(Facet one, Facet other) =>
        one with { Items = [], Rule = other.Rule } == other with { Items = [] }
        && one.Items.Select(ItemJson.Write).SequenceEqual(other.Items.Select(ItemJson.Write));
}
