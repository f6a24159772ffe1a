using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Tests.ItemBank;

namespace Diagnostics.Engine.Tests.Forms;

public class ParallelismTests
{
    [Fact]
    public void Like_variants_of_several_types_are_parallel()
    {
        var report = Parallelism.Check(Sample(), []);

        report.Parallel.Should().BeTrue();
        report.Checks.Should().OnlyContain(check => check.Holds && check.Problems.Count == 0);
        report.Variants.Should().HaveCount(4).And.OnlyContain(variant => variant.Items == 4 && variant.Points == Points.From(6));
        report
            .Variants[0]
            .ByType.Should()
            .Equal(
                new Dictionary<string, int>
                {
                    ["multiple_choice"] = 1,
                    ["ordering"] = 1,
                    ["short_answer"] = 1,
                    ["single_choice"] = 1,
                }
            );
    }

    public static TheoryData<string> Spoilers =>
        [
            "same-types",
            "same-difficulties",
            "same-elements",
            "same-points",
            "same-scoring",
            "same-scoring-numbers",
            "same-right-count",
            "no-common-item",
            "four-variants",
        ];

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void One_item_unlike_the_others_of_its_slot_is_named_by_its_check(string code)
    {
        var placed = Sample();
        var at = placed.FindIndex(place => place is { Variant: 3, Slot: 2 });
        var item = placed[at].Item;
        placed[at] = placed[at] with
        {
            Item = code switch
            {
                "same-types" => item with { Body = Items.Matching().Body },
                "same-difficulties" => item with { Difficulty = 3 },
                "same-elements" => item with { Element = "subject.numbers.products" },
                "same-points" => item with { MaxPoints = Points.From(3) },
                "same-scoring" => item with { Rule = new ExactRule() },
                "same-scoring-numbers" => item with { Rule = Items.Table((0, 2), (1, 0.5m)) },
                "same-right-count" => item with { Body = ((MultipleChoice)item.Body) with { Key = ["a", "b", "c"] } },
                "no-common-item" => item with { Code = "single-1" },
                _ => item,
            },
        };
        if (code == "four-variants")
            placed.RemoveAt(at);

        var report = Parallelism.Check(placed, []);

        report.Parallel.Should().BeFalse();
        var check = report.Checks.Should().ContainSingle(check => !check.Holds).Subject;
        check.Code.Should().Be(code.Replace("-numbers", "", StringComparison.Ordinal));
        check.Problems.Should().ContainSingle().Which.Should().Contain(code == "no-common-item" ? "single-1" : "Позиция 2");
    }

    [Fact]
    public void A_block_of_one_type_breaks_clause_3_3()
    {
        var placed = Sample()
            .Select(place => place.Slot == 3 ? place with { Item = place.Item with { Block = "method" } } : place)
            .ToList();

        var check = Parallelism.Check(placed, []).Checks.Should().ContainSingle(check => !check.Holds).Subject;

        (check.Code, check.Clause).Should().Be(("block-types", "п. 3.3"));
        check.Problems.Should().HaveCount(4);
    }

    [Fact]
    public void A_facet_retired_since_is_named() =>
        Parallelism
            .Check(Sample(), ["single"])
            .Checks.Should()
            .ContainSingle(check => !check.Holds)
            .Which.Code.Should()
            .Be("facets-usable");

    [Fact]
    public void The_shipped_blueprints_give_parallel_forms()
    {
        var bank = ShippedBank.Reading.Bank;
        bank.Blueprints.Select(blueprint => (blueprint.Code, blueprint.Slots.Count))
            .Should()
            .BeEquivalentTo([("teacher-mathematics-5-9", 24), ("school-head", 20)]);
        foreach (var blueprint in bank.Blueprints)
        {
            var facets = bank.Facets.ToDictionary(
                facet => facet.Code,
                facet => new FacetVersion(facet, 1, facet.Items.ToDictionary(item => item.Variant, _ => 1))
            );
            var form = FormAssembly.Assemble(blueprint, blueprint.Slots.ToDictionary(slot => slot.Number, slot => slot.Facet!), facets);

            form.Refusal.Should().BeNull(blueprint.Code);
            form.Value.Parallelism.Variants.Should()
                .OnlyContain(variant => variant.Items == blueprint.Slots.Count && variant.Points == blueprint.MaxPoints);
        }
    }

    private static List<PlacedItem> Sample() =>
        new[]
        {
            Items.Single().Fourfold("single"),
            Items.Multiple().Fourfold("multiple"),
            Items.Short(["четыре"]).Fourfold("short"),
            Items.Ordering().Fourfold("ordering"),
        }
            .SelectMany((facet, slot) => facet.Items.Select(item => new PlacedItem(item.Variant, slot + 1, item)))
            .ToList();
}
