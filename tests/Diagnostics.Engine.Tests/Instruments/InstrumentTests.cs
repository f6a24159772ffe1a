using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.Observation;
using Diagnostics.Engine.Practice;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Instruments;

public sealed class InstrumentTests
{
    [Fact]
    public void Every_shipped_instrument_is_read_back_from_what_is_stored()
    {
        var (instruments, findings) = Read(ShippedBank.Files);

        findings.Should().BeEmpty();
        instruments
            .CountBy(one => one.Kind)
            .Select(kind => (kind.Key, kind.Value))
            .Should()
            .Equal((InstrumentKind.Questionnaire, 3), (InstrumentKind.ObservationSheet, 2), (InstrumentKind.SkillMap, 3));
        foreach (var instrument in instruments)
        {
            object document = instrument.Kind switch
            {
                InstrumentKind.Questionnaire => PolicyJson.Read<Questionnaire>(instrument.Content),
                InstrumentKind.ObservationSheet => PolicyJson.Read<ObservationSheet>(instrument.Content),
                _ => PolicyJson.Read<SkillMap>(instrument.Content),
            };
            CanonicalJson.Of(document).Should().Be(instrument.Content);
        }
    }

    [Fact]
    public void A_file_that_no_kind_reads_is_reported()
    {
        var (instruments, findings) = Read(
            new(
                new Dictionary<string, string>
                {
                    ["instruments/questionaires/typo.yaml"] = "questionnaire: typo",
                    ["instruments/loose.yaml"] = "sheet: loose",
                    ["other/facets/x.yaml"] = "facet: x",
                }
            )
        );

        instruments.Should().BeEmpty();
        findings
            .Select(finding => (finding.Code, finding.File))
            .Should()
            .Equal(("file-ignored", "instruments/loose.yaml"), ("file-ignored", "instruments/questionaires/typo.yaml"));
    }

    private static (IReadOnlyList<Instrument> Instruments, IReadOnlyList<Engine.ItemBank.Finding> Findings) Read(BankFiles files) =>
        EngineHooks.Instruments.Read(files, ShippedBank.Reading.Bank.Frameworks);
}
