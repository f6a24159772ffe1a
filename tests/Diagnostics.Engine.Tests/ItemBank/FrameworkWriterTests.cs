using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;

namespace Diagnostics.Engine.Tests.ItemBank;

public class FrameworkWriterTests
{
    [Fact]
    public void Every_shipped_framework_reads_back_as_it_was_written()
    {
        ShippedBank.Reading.Bank.Frameworks.Should().HaveCount(2);
        foreach (var framework in ShippedBank.Reading.Bank.Frameworks)
        {
            var (bank, findings) = BankReader.Read(
                new(new Dictionary<string, string> { ["frameworks/copy.yaml"] = FrameworkWriter.Text(framework) })
            );

            findings.Should().BeEmpty();
            BankJson.Write(bank.Frameworks.Single()).Should().Be(BankJson.Write(framework));
        }
    }

    [Fact]
    public void A_framework_and_a_blueprint_come_back_from_their_JSON()
    {
        foreach (var framework in ShippedBank.Reading.Bank.Frameworks)
            BankJson.Fingerprint(BankJson.ReadFramework(BankJson.Write(framework))).Should().Be(BankJson.Fingerprint(framework));
        foreach (var blueprint in ShippedBank.Reading.Bank.Blueprints)
            BlueprintJson.Fingerprint(BlueprintJson.Read(BlueprintJson.Write(blueprint))).Should().Be(BlueprintJson.Fingerprint(blueprint));
    }

    [Theory]
    [InlineData(SampleBank.FrameworkPath, "framework: demo", "framework: ../demo", 1)]
    [InlineData(SampleBank.BlueprintPath, "blueprint: demo", "blueprint: Проба", 1)]
    [InlineData(SampleBank.FacetPath, "title: Суммы", "title: \"Суммы\\0\"", 2)]
    public void What_could_name_no_file_or_enter_no_database_is_refused_at_reading(string path, string old, string replacement, int line) =>
        new SampleBank()
            .Replace(path, old, replacement)
            .Read()
            .Findings.Should()
            .Contain(finding => finding.Code == "field-invalid" && finding.File == path && finding.Line == line);
}
