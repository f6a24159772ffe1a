using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Cases made by hand for every type under every rule. The tables come from the state examinations: «2 балла — без
/// ошибок, 1 балл — допущена одна ошибка, 0 баллов — в остальных случаях».
/// </summary>
public class ScoringTests
{
    [Theory]
    [InlineData("b", 1, Outcome.Right)]
    [InlineData("a", 0, Outcome.Wrong)]
    [InlineData("d", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    [InlineData(null, 0, Outcome.Blank)]
    public void A_single_choice_is_all_or_nothing(string? option, decimal points, Outcome outcome) =>
        Score(Items.Single(), new SingleChoiceResponse(option)).Should().Be((points, outcome));

    [Theory]
    [InlineData("ac", 2, Outcome.Right)]
    [InlineData("ca", 2, Outcome.Right)]
    [InlineData("a", 0, Outcome.Wrong)]
    [InlineData("acd", 0, Outcome.Wrong)]
    [InlineData("abcde", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    public void An_exact_multiple_choice_is_all_or_nothing(string ticked, decimal points, Outcome outcome) =>
        Score(Items.Multiple(new ExactRule()), Ticked(ticked)).Should().Be((points, outcome));

    [Theory]
    [InlineData("ac", 2, Outcome.Right)]
    // One error: one option missed, or one too many.
    [InlineData("a", 1, Outcome.Partial)]
    [InlineData("c", 1, Outcome.Partial)]
    [InlineData("acd", 1, Outcome.Partial)]
    // Two errors: one option missed and one too many, or two too many.
    [InlineData("ab", 0, Outcome.Wrong)]
    [InlineData("acbd", 0, Outcome.Wrong)]
    [InlineData("b", 0, Outcome.Wrong)]
    [InlineData("bde", 0, Outcome.Wrong)]
    [InlineData("abcde", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    public void A_multiple_choice_counts_what_is_missed_and_what_is_too_many(string ticked, decimal points, Outcome outcome) =>
        Score(Items.Multiple(), Ticked(ticked)).Should().Be((points, outcome));

    [Fact]
    public void Ticking_everything_pays_nothing_even_when_the_table_would()
    {
        // Three of the four options are right, so ticking all four is one error.
        var item = Items.Multiple(key: ["a", "b", "c"], options: "abcd");
        Score(item, Ticked("abcd")).Should().Be((0m, Outcome.Wrong));
        Score(item, Ticked("ab")).Should().Be((1m, Outcome.Partial));
    }

    [Theory]
    [InlineData("ac", 2, Outcome.Right)]
    [InlineData("a", 1.5, Outcome.Partial)]
    [InlineData("c", 0.5, Outcome.Partial)]
    [InlineData("ab", 0.5, Outcome.Partial)]
    [InlineData("ad", 1.25, Outcome.Partial)]
    // 0.5 − 1 is below the lower bound, which is 0.
    [InlineData("cb", 0, Outcome.Wrong)]
    [InlineData("b", 0, Outcome.Wrong)]
    [InlineData("abcde", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    public void A_mapped_multiple_choice_adds_the_values_within_bounds(string ticked, decimal points, Outcome outcome) =>
        // Each option missing from the map (d, e) subtracts a quarter.
        Score(
                Items.Multiple(
                    new MappedRule(Points.Zero, Points.From(2), Points.From(-0.25m)),
                    map: Items.Map(("a", 1.5m), ("c", 0.5m), ("b", -1))
                ),
                Ticked(ticked)
            )
            .Should()
            .Be((points, outcome));

    [Theory]
    [InlineData("1a 2b 3c", 2, Outcome.Right)]
    [InlineData("3c 1a 2b", 2, Outcome.Right)]
    [InlineData("1a 2b 3d", 0, Outcome.Wrong)]
    [InlineData("1a 2b", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    public void An_exact_matching_is_all_or_nothing(string pairs, decimal points, Outcome outcome) =>
        Score(Items.Matching(new ExactRule()), Paired(pairs)).Should().Be((points, outcome));

    [Theory]
    [InlineData("1a 2b 3c", 2, Outcome.Right)]
    // One left element is wrong or unpaired.
    [InlineData("1a 2b 3d", 1, Outcome.Partial)]
    [InlineData("1a 2b", 1, Outcome.Partial)]
    // Swapping the partners of two elements makes two errors.
    [InlineData("1b 2a 3c", 0, Outcome.Wrong)]
    [InlineData("1a", 0, Outcome.Wrong)]
    [InlineData("1d 2c 3b", 0, Outcome.Wrong)]
    [InlineData("", 0, Outcome.Blank)]
    public void A_matching_counts_left_elements_wrong_or_open(string pairs, decimal points, Outcome outcome) =>
        Score(Items.Matching(), Paired(pairs)).Should().Be((points, outcome));

    [Theory]
    [InlineData("1a 2b 3c", 2, Outcome.Right)]
    [InlineData("1a 2b", 1.5, Outcome.Partial)]
    [InlineData("1a", 1, Outcome.Partial)]
    [InlineData("1a 2b 3d", 1, Outcome.Partial)]
    [InlineData("2b 3a", 0, Outcome.Wrong)]
    [InlineData("1b 2a", 0, Outcome.Wrong)]
    public void A_mapped_matching_adds_the_values_of_its_pairs(string pairs, decimal points, Outcome outcome) =>
        // Every pair missing from the map subtracts a half.
        Score(
                Items.Matching(
                    new MappedRule(Points.Zero, Points.From(2), Points.From(-0.5m)),
                    map: Items.Map(("1:a", 1), ("2:b", 0.5m), ("3:c", 0.5m))
                ),
                Paired(pairs)
            )
            .Should()
            .Be((points, outcome));

    [Fact]
    public void A_right_element_may_serve_several_left_ones_when_said()
    {
        var item = Items.Matching(
            key: new()
            {
                ["1"] = "a",
                ["2"] = "a",
                ["3"] = "b",
            },
            reuse: true
        );
        Score(item, Paired("1a 2a 3b")).Should().Be((2m, Outcome.Right));
        Score(item, Paired("1a 2a 3a")).Should().Be((1m, Outcome.Partial));
        item.Check(Paired("1a 2a 3a")).Should().BeNull();
        Items.Matching().Check(Paired("1a 2a 3c"))!.Code.Should().Be("right-element-reused");
    }

    [Theory]
    [InlineData("caebd", 2, Outcome.Right)]
    [InlineData("caedb", 0, Outcome.Wrong)]
    [InlineData("dbeac", 0, Outcome.Wrong)]
    public void An_exact_ordering_is_all_or_nothing(string order, decimal points, Outcome outcome) =>
        Score(Items.Ordering(), Ordered(order)).Should().Be((points, outcome));

    [Theory]
    [InlineData("caebd", 2, Outcome.Right)]
    // Swapping two neighbours puts both in the wrong place; it is impossible that only one element is in the wrong
    // place.
    [InlineData("acebd", 1, Outcome.Partial)]
    [InlineData("caedb", 1, Outcome.Partial)]
    [InlineData("aecbd", 0, Outcome.Wrong)]
    // Moving the first element to the end puts every element out of place.
    [InlineData("aebdc", 0, Outcome.Wrong)]
    public void An_ordering_counts_places_that_differ(string order, decimal points, Outcome outcome) =>
        Score(Items.Ordering(Items.Table((0, 2), (2, 1))), Ordered(order)).Should().Be((points, outcome));

    [Theory]
    // The four right pairs of neighbours are ca, ae, eb, bd.
    [InlineData("caebd", 2, Outcome.Right)]
    [InlineData("aebdc", 1.5, Outcome.Partial)]
    [InlineData("bdcae", 1.5, Outcome.Partial)]
    [InlineData("caedb", 1, Outcome.Partial)]
    [InlineData("acebd", 1, Outcome.Partial)]
    [InlineData("dbeac", 0, Outcome.Wrong)]
    public void An_ordering_by_neighbours_pays_for_the_share_that_is_right(string order, decimal points, Outcome outcome) =>
        Score(Items.Ordering(new AdjacentRule()), Ordered(order)).Should().Be((points, outcome));

    [Fact]
    public void A_share_that_does_not_divide_is_rounded_to_a_thousandth_in_the_persons_favour()
    {
        // Four elements have three pairs of neighbours. The right pairs are ab, bc and cd; the first answer keeps two
        // of them, and the second keeps one.
        var item = Items.Ordering(new AdjacentRule(), points: 1, key: ["a", "b", "c", "d"], elements: "abcd");
        Score(item, Ordered("bcda")).Should().Be((0.667m, Outcome.Partial));
        Score(item, Ordered("cdba")).Should().Be((0.333m, Outcome.Partial));
    }

    [Fact]
    public void Untouched_blank_and_wrong_orders_are_three_facts()
    {
        var item = Items.Ordering();
        item.Score(null, KeyDecisions.None).Outcome.Should().Be(Outcome.Untouched);
        Score(item, new OrderingResponse([])).Should().Be((0m, Outcome.Blank));
        Score(item, Ordered("abcde")).Should().Be((0m, Outcome.Wrong));
    }

    [Fact]
    public void No_response_at_all_is_a_blank_for_every_other_type()
    {
        foreach (var item in new[] { Items.Single(), Items.Multiple(), Items.Matching(), Items.Short(["да"]), Items.Extended() })
            item.Score(null, KeyDecisions.None).Should().Be(new Score(Outcome.Blank, Points.Zero, item.Rule.Name));
    }

    [Fact]
    public void A_short_answer_that_nobody_foresaw_waits_for_a_decision_on_the_key()
    {
        var item = Items.Short(["инклюзия"]);
        item.Score(new ShortAnswerResponse(" Включение "), KeyDecisions.None)
            .Should()
            .Be(new Score(Outcome.Unmatched, Points.Zero, "short_answer/ru-1") { Normalised = "включение" });

        static KeyDecisions Decided(bool yes) =>
            new(AnswerRule.Ru1, new Dictionary<(string, string), bool> { [("demo-1", "включение")] = yes });
        item.Score(new ShortAnswerResponse("ВКЛЮЧЕНИЕ"), Decided(true))
            .Should()
            .Be(new Score(Outcome.Right, Points.From(1), "short_answer/ru-1") { Normalised = "включение" });
        item.Score(new ShortAnswerResponse("включение"), Decided(false)).Outcome.Should().Be(Outcome.Wrong);
        item.Score(new ShortAnswerResponse("интеграция"), Decided(true)).Outcome.Should().Be(Outcome.Unmatched);
        Items
            .Short(["инклюзия"])
            .As("other", 1)
            .Score(new ShortAnswerResponse("включение"), Decided(true))
            .Outcome.Should()
            .Be(Outcome.Unmatched, "a decision holds for its item only");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00A0\t\n")]
    [InlineData("\u00AD\u200B\u200D")]
    [InlineData(null)]
    public void A_short_answer_of_nothing_visible_is_blank(string? text) =>
        Score(Items.Short(["да"]), new ShortAnswerResponse(text)).Should().Be((0m, Outcome.Blank));

    [Fact]
    public void An_extended_response_waits_for_experts() =>
        Score(Items.Extended(), new ExtendedResponse("Ученик перепутал знаки.")).Should().Be((0m, Outcome.AwaitingMarking));

    [Fact]
    public void Every_score_names_its_rule_and_version()
    {
        Items.Single().Score(new SingleChoiceResponse("a"), KeyDecisions.None).Rule.Should().Be("exact/1");
        Items.Multiple().Score(Ticked("a"), KeyDecisions.None).Rule.Should().Be("per_error/1");
        Items.Ordering(new AdjacentRule()).Score(Ordered("abcde"), KeyDecisions.None).Rule.Should().Be("adjacent/1");
    }

    public static TheoryData<string, Item, Response> Broken() =>
        new()
        {
            { "key that names no option", Items.Single("z"), new SingleChoiceResponse("a") },
            { "rule of another type", Items.Single(rule: new AdjacentRule()), new SingleChoiceResponse("b") },
            { "item that is worth nothing", Items.Single(points: 0), new SingleChoiceResponse("b") },
            { "one of the keys names no option", Items.Multiple(key: ["a", "z"]), Ticked("a") },
            { "nothing wrong to choose", Items.Multiple(key: ["a", "b", "c", "d", "e"]), Ticked("a") },
            { "key with one right option", Items.Multiple(key: ["a"]), Ticked("a") },
            { "table that does not reach the maximum", Items.Multiple(Items.Table((0, 1))), Ticked("ac") },
            { "table that pays more for more errors", Items.Multiple(Items.Table((0, 2), (1, 0.5m), (2, 1))), Ticked("ac") },
            { "table with points below zero", Items.Multiple(Items.Table((0, 2), (1, -1))), Ticked("ac") },
            {
                "map that names no option",
                Items.Multiple(new MappedRule(Points.Zero, Points.From(2), Points.Zero), map: Items.Map(("a", 1), ("c", 1), ("z", 1))),
                Ticked("ac")
            },
            {
                "map whose right answer misses the maximum",
                Items.Multiple(new MappedRule(Points.Zero, Points.From(2), Points.Zero), map: Items.Map(("a", 1))),
                Ticked("ac")
            },
            {
                "bound above the maximum",
                Items.Multiple(new MappedRule(Points.Zero, Points.From(3), Points.Zero), map: Items.Map(("a", 1), ("c", 1))),
                Ticked("ac")
            },
            {
                "bounds the wrong way round",
                Items.Multiple(new MappedRule(Points.From(2), Points.From(1), Points.Zero), map: Items.Map(("a", 1), ("c", 1))),
                Ticked("ac")
            },
            {
                "lower bound that pays for anything",
                Items.Multiple(new MappedRule(Points.From(1), Points.From(2), Points.Zero), map: Items.Map(("a", 1), ("c", 1))),
                Ticked("b")
            },
            { "left element without a partner", Items.Matching(key: new() { ["1"] = "a", ["2"] = "b" }), Paired("1a") },
            {
                "partner that is not there",
                Items.Matching(
                    key: new()
                    {
                        ["1"] = "a",
                        ["2"] = "b",
                        ["3"] = "z",
                    }
                ),
                Paired("1a")
            },
            {
                "partner used twice",
                Items.Matching(
                    key: new()
                    {
                        ["1"] = "a",
                        ["2"] = "a",
                        ["3"] = "c",
                    }
                ),
                Paired("1a")
            },
            { "order that misses an element", Items.Ordering(key: ["c", "a", "e", "b"]), Ordered("abcde") },
            { "order with an element twice", Items.Ordering(key: ["c", "a", "e", "b", "b"]), Ordered("abcde") },
            { "two elements of one id", Items.Ordering(key: ["a", "b", "c", "d", "e"], elements: "abcdd"), Ordered("abcde") },
            { "empty key", Items.Short(), new ShortAnswerResponse("да") },
            { "key of blanks", Items.Short([" "]), new ShortAnswerResponse("да") },
            { "number that is none", Items.Short(numbers: [new("около пяти", "0", [])]), new ShortAnswerResponse("5") },
            { "tolerance below zero", Items.Short(numbers: [new("5", "-1", [])]), new ShortAnswerResponse("5") },
            { "division by zero", Items.Short(numbers: [new("1/0", "0", [])]), new ShortAnswerResponse("5") },
            { "pattern that cannot be read", Items.Short(patterns: ["("]), new ShortAnswerResponse("да") },
            { "pattern that breaks out of its anchors", Items.Short(patterns: ["а)|(?:б"]), new ShortAnswerResponse("авось") },
            { "pattern that needs backtracking", Items.Short(patterns: [@"(.)\1"]), new ShortAnswerResponse("аа") },
            { "rubric that does not add up", Items.Extended(points: 5), new ExtendedResponse("текст") },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_key_is_an_error_and_never_a_zero(string what, Item item, Response response) =>
        item.Invoking(broken => broken.Score(response, KeyDecisions.None))
            .Should()
            .Throw<BrokenItemException>(what)
            .WithMessage("*demo-1*");

    internal static MultipleChoiceResponse Ticked(string ids) => new(ids.Select(id => id.ToString()).ToList());

    internal static OrderingResponse Ordered(string ids) => new(ids.Select(id => id.ToString()).ToList());

    /// <summary>Pairs in the form <c>1a 2b</c>.</summary>
    internal static MatchingResponse Paired(string pairs) =>
        new(pairs.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(pair => pair[..1], pair => pair[1..]));

    private static (decimal, Outcome) Score(Item item, Response response)
    {
        var score = item.Score(response, KeyDecisions.None);
        return (score.Points.ToDecimal(), score.Outcome);
    }
}
