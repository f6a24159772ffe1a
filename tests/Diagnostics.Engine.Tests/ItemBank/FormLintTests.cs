using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Scoring;
using static Diagnostics.Engine.Tests.ItemBank.LintBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class FormLintTests
{
    private static readonly Facet One = Items.Single().Fourfold("one");
    private static readonly Facet Several = Items.Multiple().Fourfold("several");
    private static readonly Facet Pairs = Items.Matching().Fourfold("pairs");

    [Fact]
    public void A_variant_has_three_types_of_items_or_more()
    {
        Found("type-variety", Form(One, Several))
            .Should()
            .HaveCount(4, "each of the four variants lacks one")
            .And.OnlyContain(finding => finding.Clause == "п. 3.6.2");
        Found("type-variety", Form(One, Several, Pairs)).Should().BeEmpty();
    }

    [Fact]
    public void Variety_is_asked_of_each_variant_on_its_own()
    {
        var partial = Facet(Items.Matching().As("pairs", 1), Items.Matching().As("pairs", 2), Items.Matching().As("pairs", 4));
        Found("type-variety", Form(One, Several, partial)).Should().ContainSingle().Which.Message.Should().Contain("варианте 3");
    }

    [Fact]
    public void A_block_has_items_of_various_types()
    {
        var method = (Items.Single() with { Block = "method", Element = "method.goals" }).Fourfold("goals");
        var methodPairs = (Items.Matching() with { Block = "method", Element = "method.goals" }).Fourfold("steps");

        Found("block-variety", Form(One, Several, method))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Message.Contains("method") && finding.Clause == "п. 3.3");
        Found("block-variety", Form(One, Several, method, methodPairs)).Should().BeEmpty();
    }

    [Fact]
    public void A_facet_has_one_item_for_each_of_four_variants()
    {
        Found("variant-count", Facet(Items.Single().As("one", 1), Items.Single().As("one", 2), Items.Single().As("one", 3)))
            .Should()
            .ContainSingle();
        Found(
                "variant-count",
                Facet(
                    Items.Single().As("one", 1),
                    Items.Single().As("one", 2),
                    Items.Single().As("one", 3),
                    Items.Single().As("one", 3) with
                    {
                        Code = "one-5",
                    }
                )
            )
            .Should()
            .ContainSingle();
        Found("variant-count", One).Should().BeEmpty();
    }

    [Fact]
    public void Items_of_a_facet_share_type_element_difficulty_points_and_scoring()
    {
        Facet With(Func<Item, Item> change) => Several with { Items = [.. Several.Items.Take(3), change(Several.Items[3])] };

        Found("facet-parallel", Several).Should().BeEmpty();
        Found("facet-parallel", With(item => item with { Rule = Items.Table((1, 1), (0, 2)) }))
            .Should()
            .BeEmpty("the same table in another order is the same");
        (Func<Item, Item> Change, string Named)[] changes =
        [
            (item => item with { Body = Items.Single().Body }, "тип"),
            (item => item with { Block = "method" }, "блок"),
            (item => item with { Element = "subject.other" }, "элемент"),
            (item => item with { Difficulty = 3 }, "сложность"),
            (item => item with { MaxPoints = Points.From(3) }, "баллы"),
            (item => item with { Rule = Items.Table((0, 2), (1, 1.5m)) }, "правило"),
        ];
        foreach (var (change, named) in changes)
            Found("facet-parallel", With(change))
                .Should()
                .ContainSingle()
                .Which.Should()
                .Match<Finding>(finding => finding.Item == "several-4" && finding.Message.Contains(named));
    }

    [Fact]
    public void A_slot_gets_the_facet_it_asks_for()
    {
        Found("slot-facet", Form(One, Several, Pairs)).Should().BeEmpty();
        (Func<Facet, Facet> Change, string Named)[] changes =
        [
            (facet => facet with { Block = "method" }, "блок"),
            (facet => facet with { Element = "subject.other" }, "элемент"),
            (facet => facet with { Type = ItemType.Ordering }, "тип"),
            (facet => facet with { Difficulty = 3 }, "сложность"),
            (facet => facet with { Points = Points.From(3) }, "баллы"),
        ];
        foreach (var (change, named) in changes)
            Found("slot-facet", Of([change(One), Several, Pairs], [Blueprint(One, Several, Pairs)]))
                .Should()
                .ContainSingle()
                .Which.Message.Should()
                .Contain(named);
    }

    [Fact]
    public void A_slot_without_a_facet_is_reported()
    {
        Found("slot-facet", Of([Several], [Blueprint(One, Several)])).Should().ContainSingle().Which.Message.Should().Contain("«one»");
        var blueprint = Blueprint(One);
        Found("slot-facet", Of([One], [blueprint with { Slots = [blueprint.Slots[0] with { Facet = null }] }]))
            .Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("не занята");
    }

    [Fact]
    public void A_facet_takes_one_slot_only()
    {
        Found("facet-repeated", Of([One, Several], [Blueprint(One, Several, One)]))
            .Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("1, 3");
        Found("facet-repeated", Form(One, Several)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(ItemStatus.Draft, true)]
    [InlineData(ItemStatus.Review, true)]
    [InlineData(ItemStatus.Approved, false)]
    [InlineData(ItemStatus.Active, false)]
    [InlineData(ItemStatus.Retired, true)]
    public void A_form_holds_approved_facets_only(ItemStatus status, bool found)
    {
        Found("facet-status", Form(One with { Status = status })).Any().Should().Be(found);
        Found("facet-status", One with { Status = status }).Should().BeEmpty("no form uses it");
    }

    [Fact]
    public void Nobody_reviews_own_items()
    {
        Found("own-reviewer", One with { Author = "ivanova", Reviewer = "Ivanova" }).Should().ContainSingle();
        Found("own-reviewer", One).Should().BeEmpty();
        Found("reviewer-missing", One with { Reviewer = null }).Should().ContainSingle();
        Found("reviewer-missing", One with { Reviewer = null, Status = ItemStatus.Review }).Should().BeEmpty();
    }

    [Fact]
    public void Keys_that_gather_in_one_place_are_an_info()
    {
        static WholeBank Keys(string keys) =>
            Form(
                keys.Chunk(4)
                    .Select(
                        (four, facet) =>
                            Facet(four.Select((key, place) => Items.Single(key.ToString()).As($"f{facet}", place + 1)).ToArray())
                    )
                    .ToArray()
            );

        Found("key-position", Keys("bbbbbbacdacd"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Severity == Severity.Info && finding.Message.Contains("2-м в 6 заданиях из 12"));
        Found("key-position", Keys("abcdabcdabcd")).Should().BeEmpty();
        Found("key-position", Keys("bbbbbbbb")).Should().BeEmpty("eight items are too few to speak of a habit");
    }

    [Fact]
    public void What_nothing_uses_is_an_info()
    {
        Found("facet-unused", Of([One, Several], [Blueprint(One)]))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Severity == Severity.Info && finding.Item == "several");
        Found("facet-unused", Form(One, Several)).Should().BeEmpty();
        var stimulus = new Stimulus("case", "text", "Случай", "Текст", null, null);
        Found("stimulus-unused", Form(One) with { Stimuli = [stimulus] }).Should().ContainSingle();
        Found("stimulus-unused", Form(Facet(Items.Single() with { Stimulus = stimulus }))).Should().BeEmpty();
    }

    [Fact]
    public void Findings_carry_the_place_in_the_file()
    {
        var (bank, _) = new SampleBank().Replace(SampleBank.FacetPath, "Чему равна сумма 2 + 2?", "Чему лучше приравнять 2 + 2?").Read();

        var finding = BankLint.Run(bank).Single(finding => finding.Code == "quality-word");

        (finding.File, finding.Line, finding.Item).Should().Be((SampleBank.FacetPath, 13, "sums-1"));
        BankLint
            .Run(bank)
            .Where(finding => finding.Code == "type-variety")
            .Should()
            .OnlyContain(finding => finding.File == SampleBank.BlueprintPath && finding.Line == 1);
    }

    [Fact]
    public void Every_rule_has_a_code_a_clause_and_a_title_of_its_own()
    {
        var all = LintRules.All.Concat(ReadingRules.All).ToList();
        all.Select(rule => rule.Code).Should().OnlyHaveUniqueItems();
        all.Should().OnlyContain(rule => rule.Clause.Length > 0 && rule.Title.Length > 0);
    }

    [Fact]
    public void An_empty_bank_has_nothing_to_report() => BankLint.Run(Of([], [])).Should().BeEmpty();
}
