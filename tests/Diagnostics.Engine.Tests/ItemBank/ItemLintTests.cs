using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using static Diagnostics.Engine.Tests.ItemBank.LintBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ItemLintTests
{
    private static readonly Stimulus Case = new("case", "text", "Случай", "Ученик решил задачу.", null, null);

    [Fact]
    public void Three_options_of_a_single_choice_are_too_few_and_four_enough()
    {
        var finding = Found("option-count", Choice("Сколько?", "1", "2", "3")).Should().ContainSingle().Subject;
        (finding.Severity, finding.Clause, finding.Item).Should().Be((Severity.Error, "п. 3.6.3", "demo-1"));
        Found("option-count", Choice("Сколько?", "1", "2", "3", "4")).Should().BeEmpty();
        Found("option-count", Choice("Сколько?", "1", "2", "3", "4", "5", "6", "7", "8"))
            .Should()
            .BeEmpty("clause 3.6.3 sets no upper bound here");
    }

    [Theory]
    [InlineData("abc", true)]
    [InlineData("abcd", false)]
    [InlineData("abcdefg", false)]
    [InlineData("abcdefgh", true)]
    public void A_multiple_choice_has_from_four_to_seven_options(string options, bool found) =>
        Found("option-count", Items.Multiple(options: options)).Any().Should().Be(found);

    [Theory]
    [InlineData("abc", true)]
    [InlineData("abcd", false)]
    [InlineData("abcdefg", false)]
    [InlineData("abcdefgh", true)]
    public void An_ordering_has_from_four_to_seven_elements(string elements, bool found) =>
        Found("option-count", Items.Ordering(elements: elements, key: elements.Select(id => id.ToString()).ToArray()))
            .Any()
            .Should()
            .Be(found);

    [Theory]
    [InlineData("Столица России — Москва.", true)]
    [InlineData("Столица России — ____.", false)]
    [InlineData("Столица России — …", false)]
    [InlineData("Столица России — ....", false)]
    [InlineData("Между ____ и ____ расстояние 700 км.", true)]
    public void A_short_answer_marks_one_gap(string stem, bool found) => Found("gap-marked", Gap(stem, "Москва")).Any().Should().Be(found);

    [Theory]
    [InlineData("индивидуальный учебный план школьника", true)]
    [InlineData("индивидуальный учебный план", false)]
    [InlineData("психолого-медико-педагогическая комиссия", false)]
    public void A_key_has_at_most_three_words(string text, bool found) =>
        Found("key-words", Gap("Это ____.", text)).Any().Should().Be(found);

    [Fact]
    public void An_extended_response_needs_a_stimulus()
    {
        Found("stimulus-present", Items.Extended()).Should().ContainSingle().Which.Clause.Should().Be("п. 3.7");
        Found("stimulus-present", Items.Extended() with { Stimulus = Case }).Should().BeEmpty();
        Found("stimulus-present", Items.Single()).Should().BeEmpty("closed items may do without");
    }

    [Fact]
    public void An_extended_response_needs_two_exemplars()
    {
        static Item WithExemplars(int count) =>
            Items.Of(
                new ExtendedTask(
                    Items.TwoCriteria,
                    Enumerable.Repeat(new Exemplar("Ответ", Items.Map(("K1", 2), ("K2", 1)), "Полно"), count).ToList()
                ),
                new RubricRule(),
                4
            );

        Found("exemplar-count", WithExemplars(1)).Should().ContainSingle();
        Found("exemplar-count", WithExemplars(2)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("<svg/>", null, true)]
    [InlineData("<svg/>", " ", true)]
    [InlineData("<svg/>", "Прямая через точки (0; 1) и (1; 3)", false)]
    [InlineData(null, null, false)]
    public void A_drawing_needs_words(string? svg, string? alt, bool found) =>
        Found("image-alt", Items.Extended() with { Stimulus = Case with { Svg = svg, Alt = alt } }).Any().Should().Be(found);

    [Fact]
    public void A_table_that_pays_for_ticking_everything_is_reported()
    {
        // Two of the four options are right, so ticking all four makes two errors.
        var generous = Items.Table((0, 2), (1, 1), (2, 0.5m));
        Found("tick-all-pays", Items.Multiple(generous, options: "abcd")).Should().ContainSingle();
        Found("tick-all-pays", Items.Multiple(generous, options: "abcde")).Should().BeEmpty("three errors pay nothing");
        Found(
                "tick-all-pays",
                Items.Multiple(
                    new MappedRule(Points.Zero, Points.From(2), Points.Zero),
                    map: Items.Map(("a", 1), ("c", 1), ("b", -0.5m)),
                    options: "abcd"
                )
            )
            .Should()
            .ContainSingle();
        Found(
                "tick-all-pays",
                Items.Multiple(
                    new MappedRule(Points.Zero, Points.From(2), Points.From(-1)),
                    map: Items.Map(("a", 1), ("c", 1)),
                    options: "abcd"
                )
            )
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_table_that_pays_for_one_partner_to_all_is_reported()
    {
        static Item Reusing(string third) =>
            Items.Matching(
                key: new()
                {
                    ["1"] = "a",
                    ["2"] = "a",
                    ["3"] = third,
                },
                reuse: true
            );

        Found("tick-all-pays", Reusing("b")).Should().ContainSingle("a to all is one error, which pays 1");
        Found(
                "tick-all-pays",
                Items.Matching(
                    key: new()
                    {
                        ["1"] = "a",
                        ["2"] = "b",
                        ["3"] = "c",
                    },
                    reuse: true
                )
            )
            .Should()
            .BeEmpty();
        Found("tick-all-pays", Items.Matching()).Should().BeEmpty("without reuse nobody can do that");
    }

    [Fact]
    public void Likeness_is_the_rule_inside_a_facet_and_a_fault_between_two()
    {
        var first = Choice(
            "Учитель Петров проверил 24 работы, в 6 из них нашёл ошибки. Какую долю составляют работы с ошибками?",
            "25 %",
            "20 %",
            "6 %",
            "24 %"
        );
        var renamed = Choice(
            "Учитель Смирнов проверил 30 работ, в 9 из них нашёл ошибки. Какую долю составляют работы с ошибками?",
            "30 %",
            "27 %",
            "9 %",
            "39 %"
        );
        var other = Choice(
            "В классе 25 учеников, 10 занимаются в кружках. На сколько процентов больше тех, кто в кружки не ходит?",
            "50 %",
            "20 %",
            "5 %",
            "15 %"
        );

        var finding = Found("item-similar", Form(Facet(first.As("one", 1)), Facet(renamed.As("two", 1)))).Should().ContainSingle().Subject;
        finding.Item.Should().Be("two-1");
        finding.Message.Should().Contain("one-1");
        Found("item-similar", Form(Facet(first.As("one", 1)), Facet(other.As("two", 1)))).Should().BeEmpty();
        Found("item-similar", first.As("demo", 1), renamed.As("demo", 2))
            .Should()
            .BeEmpty("clause 3.6.2 asks for items of one kind in a facet");
        Found("item-repeated", first.As("demo", 1), renamed.As("demo", 2)).Should().BeEmpty("it is alike, not the same");
    }

    [Fact]
    public void Items_that_differ_in_signs_alone_are_not_the_same()
    {
        Found("item-repeated", Choice("2 + 2 = ?", "4", "0", "1", "3").As("demo", 1), Choice("2 − 2 = ?", "0", "4", "1", "3").As("demo", 2))
            .Should()
            .BeEmpty();
        Found(
                "item-repeated",
                Choice("2 + 2 = ?", "4", "0", "1", "3").As("demo", 1),
                Choice("2  +  2 = ?", "4", "0", "1", "3").As("demo", 2)
            )
            .Should()
            .ContainSingle();
    }

    [Fact]
    public void The_same_item_in_two_facets_of_a_form_is_found_and_in_unrelated_facets_is_not()
    {
        var item = Choice(
            "Что проверяет входная диагностика?",
            "Знания до начала курса",
            "Знания в конце курса",
            "Явку на занятия",
            "Скорость чтения"
        );
        Facet[] facets = [Facet(item.As("one", 1)), Facet(item.As("two", 3))];

        Found("item-repeated", Form(facets))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Finding>(finding => finding.Item == "two-3" && finding.Message.Contains("one-1"));
        Found("item-repeated", facets).Should().BeEmpty();
    }

    [Fact]
    public void A_waiver_turns_its_finding_into_an_info_with_the_reason()
    {
        var item = Choice("Какое число рациональное?", "1/3", "√2", "π", "√3");

        Found("quality-word", item).Should().ContainSingle().Which.Severity.Should().Be(Severity.Error);
        var waived = Found("quality-word", item.Waiving("quality-word", "термин «рациональное число»")).Should().ContainSingle().Subject;
        waived.Severity.Should().Be(Severity.Info);
        waived.Message.Should().StartWith("Осознанное исключение: термин «рациональное число»");
        Found("waiver-unused", item.Waiving("quality-word", "термин")).Should().BeEmpty();
    }

    [Fact]
    public void A_waiver_at_either_item_of_a_pair_holds()
    {
        var item = Choice("2 + 2 = ?", "4", "0", "1", "3");
        Found("item-repeated", item.As("demo", 1).Waiving("item-repeated", "якорное задание"), item.As("demo", 2))
            .Should()
            .ContainSingle()
            .Which.Severity.Should()
            .Be(Severity.Info);
    }

    [Fact]
    public void A_waiver_of_another_rule_changes_nothing_and_is_itself_reported()
    {
        var item = Choice("Какое число рациональное?", "1/3", "√2", "π", "√3").Waiving("clue-word", "просто так");
        Found("quality-word", item).Should().ContainSingle().Which.Severity.Should().Be(Severity.Error);
        Found("waiver-unused", item).Should().ContainSingle().Which.Severity.Should().Be(Severity.Info);
    }

    [Fact]
    public void A_waiver_of_no_known_rule_is_a_warning()
    {
        Found("waiver-unknown", Items.Single().Waiving("qualty-word", "описка"))
            .Should()
            .ContainSingle()
            .Which.Severity.Should()
            .Be(Severity.Warning);
        Found("waiver-unknown", Items.Single().Waiving("clue-word", "причина")).Should().BeEmpty();
    }
}
