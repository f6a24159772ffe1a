using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Forms;

public class FormAssemblyTests
{
    private static readonly Facet Single = Items.Single().Fourfold("single");
    private static readonly Facet Multiple = Items.Multiple().Fourfold("multiple");
    private static readonly Facet Short = Items.Short(["четыре"]).Fourfold("short");
    private static readonly Facet[] Three = [Single, Multiple, Short];

    [Fact]
    public void A_blueprint_filled_with_what_it_asks_for_is_a_form()
    {
        var form = Assemble(LintBank.Blueprint(Three), Three).Value;

        form.Slots.Should().HaveCount(3);
        form.Slots[2].Facet.Code.Should().Be("multiple");
        form.Slots[2]
            .ItemVersions.Should()
            .Equal(
                new Dictionary<int, int>
                {
                    [1] = 7,
                    [2] = 7,
                    [3] = 7,
                    [4] = 7,
                }
            );
        form.Parallelism.Parallel.Should().BeTrue();
    }

    [Fact]
    public void A_refusal_names_every_slot_that_cannot_be_filled_and_why()
    {
        var blueprint = LintBank.Blueprint(Three);
        Facet[] bank = [Single with { Status = ItemStatus.Review }, Multiple with { Items = Multiple.Items.Take(3).ToList() }];

        var refusal = Assemble(blueprint, bank).Refusal!;

        refusal.Code.Should().Be("slots-not-filled");
        Problems(refusal).Should().Equal((1, "facet-not-usable"), (2, "variants-missing"), (3, "facet-missing"));
    }

    public static TheoryData<string, string> Misfits =>
        new()
        {
            { "block", "block-mismatch" },
            { "element", "element-mismatch" },
            { "type", "type-mismatch" },
            { "difficulty", "difficulty-mismatch" },
            { "points", "points-mismatch" },
        };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_facet_that_is_not_what_the_slot_asks_for_is_refused(string what, string code)
    {
        var blueprint = LintBank.Blueprint(Three);
        var slot = blueprint.Slots[0];
        slot = what switch
        {
            "block" => slot with { Block = "method" },
            "element" => slot with { Element = "subject.numbers.products" },
            "type" => slot with { Type = ItemType.Ordering },
            "difficulty" => slot with { Difficulty = 3 },
            _ => slot with { Points = Points.From(5) },
        };

        var refusal = Assemble(blueprint with { Slots = [slot, .. blueprint.Slots.Skip(1)] }, Three).Refusal!;

        Problems(refusal).Should().Equal((1, code));
    }

    [Fact]
    public void One_facet_does_not_stand_in_two_slots()
    {
        var blueprint = LintBank.Blueprint([.. Three, Single]);

        Problems(Assemble(blueprint, Three).Refusal!).Should().Equal((4, "facet-repeated"));
    }

    [Fact]
    public void A_slot_left_empty_and_a_slot_that_is_not_there_are_named()
    {
        var picks = new Dictionary<int, string>
        {
            [1] = "single",
            [2] = "multiple",
            [9] = "short",
        };

        Problems(FormAssembly.Assemble(LintBank.Blueprint(Three), picks, Known(Three)).Refusal!)
            .Should()
            .Equal((3, "facet-not-chosen"), (9, "slot-unknown"));
    }

    [Fact]
    public void Two_types_of_items_are_no_form()
    {
        Facet[] two = [Single, Multiple];

        var refusal = Assemble(LintBank.Blueprint(two), two).Refusal!;

        refusal.Code.Should().Be("form-not-parallel");
        ((List<ParallelismCheck>)refusal.Facts["checks"]!)
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<ParallelismCheck>(check => check.Code == "item-types" && check.Clause == "п. 3.6.2");
    }

    private static Result<AssembledForm> Assemble(Blueprint blueprint, Facet[] facets) =>
        FormAssembly.Assemble(blueprint, blueprint.Slots.ToDictionary(slot => slot.Number, slot => slot.Facet!), Known(facets));

    private static Dictionary<string, FacetVersion> Known(Facet[] facets) =>
        facets.ToDictionary(
            facet => facet.Code,
            facet => new FacetVersion(facet, 3, facet.Items.ToDictionary(item => item.Variant, _ => 7))
        );

    private static IEnumerable<(int, string)> Problems(Refusal refusal) =>
        ((List<SlotProblem>)refusal.Facts["slots"]!).Select(problem => (problem.Slot, problem.Code));
}
