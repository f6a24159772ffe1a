using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ShippedBankTests
{
    [Fact]
    public void Two_diagnostics_of_24_and_20_slots_ship_with_176_items()
    {
        var bank = ShippedBank.Reading.Bank;
        bank.Blueprints.Select(blueprint => (blueprint.Code, blueprint.Slots.Count))
            .Should()
            .BeEquivalentTo([("teacher-mathematics-5-9", 24), ("school-head", 20)]);
        bank.Facets.SelectMany(facet => facet.Items).Should().HaveCount(176);
        bank.Blueprints.SelectMany(blueprint => blueprint.Slots).Select(slot => slot.Type).Distinct().Should().HaveCount(6);
    }

    [Fact]
    public void The_shipped_bank_is_read_without_findings() => ShippedBank.Reading.Findings.Should().BeEmpty();

    [Fact]
    public void The_shipped_bank_gives_lint_nothing_to_warn_of() =>
        BankLint.Run(ShippedBank.Reading.Bank).Where(finding => finding.Severity is Severity.Warning).Should().BeEmpty();

    [Fact]
    public void The_shipped_bank_meets_every_hard_rule_of_lint() =>
        BankLint.Run(ShippedBank.Reading.Bank).Where(finding => finding.Severity is Severity.Error).Should().BeEmpty();
}
