using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Keys and scales that give points to people who do not know the answer. In each list, cases that somebody reported
/// come first.
/// </summary>
public class LoopholeTests
{
    public static TheoryData<string, Item> Paying() =>
        new()
        {
            { "map where a, b, c and d reach the maximum", Mapped(0, ("a", 1), ("b", 1)) },
            { "default by which d and e reach the maximum", Mapped(1, ("a", 1), ("b", 1)) },
            { "map that pays a wrong option as a right one", Mapped(0, ("a", 1), ("b", 1), ("c", 1)) },
            { "map that pays a little for a wrong option", Mapped(0, ("a", 1), ("b", 1), ("c", 0.5m), ("d", -1), ("e", -1)) },
            { "map that needs one right option only", Mapped(-1, ("a", 2), ("b", 2)) },
            { "map that pays for a right option nothing", Mapped(-1, ("a", 2), ("b", 0)) },
            { "default that pays for the right ones by the way", Mapped(1, ("c", -1), ("d", -1), ("e", -1)) },
            { "matching with a hole in its table", Items.Matching(Items.Table((0, 2), (2, 1))) },
            { "multiple choice with a hole in its table", Items.Multiple(Items.Table((0, 2), (2, 1))) },
            { "ordering with a hole in its table", Items.Ordering(Items.Table((0, 2), (3, 1))) },
            { "table that pays in full for an error", Items.Matching(Items.Table((0, 2), (1, 2))) },
            { "table that pays for nothing right", Items.Matching(Items.Table((0, 2), (1, 1), (2, 1), (3, 1))) },
            { "matching whose undeclared pairs pay", Pairs(0.5m, ("1:a", 1), ("2:b", 0.5m), ("3:c", 0.5m)) },
            { "matching that pays a wrong pair as the right one", Pairs(0, ("1:a", 1), ("1:d", 1), ("2:b", 0.5m), ("3:c", 0.5m)) },
            { "matching that needs two pairs of three", Pairs(0, ("1:a", 1), ("2:b", 1), ("3:c", 1)) },
            { "matching that pays nothing for a pair", Pairs(0, ("1:a", 1), ("2:b", 1)) },
            { "two options that read the same", Single("12", "13", "14", "12") },
            { "options that differ in a blank", Single("12", "13", "14", " 12\u00A0") },
            { "options that differ in a stop", Single("12", "13", "14", "12.") },
            { "options that differ in a dash", Single("5–7", "13", "14", "5-7") },
            { "options that differ in the alphabet", Single("СО", "13", "14", "CO") },
            { "options that differ in what nobody sees", Single("да", "13", "14", "д\u200Bа") },
            {
                "right texts of a matching that read the same",
                Items.Of(
                    new Matching(
                        Items.Entries("12"),
                        [new("a", "число"), new("b", "«число»"), new("c", "\"число\"")],
                        new Dictionary<string, string> { ["1"] = "a", ["2"] = "b" },
                        new Dictionary<string, Points>()
                    ),
                    new ExactRule(),
                    2
                )
            },
            {
                "elements of an order that read the same",
                Items.Of(new Ordering([new("a", "Шаг"), new("b", "Шаг "), new("c", "Итог")], ["a", "b", "c"]), new ExactRule(), 2)
            },
            { "pattern with a capital", Items.Short(patterns: ["[Тт]еорема Пифагора"]) },
            { "pattern with a decimal comma", Items.Short(patterns: ["0,5( см)?"]) },
            { "pattern that takes everything", Items.Short(patterns: [".*"]) },
            { "pattern with ё", Items.Short(patterns: ["ёж"]) },
            { "pattern with a raised digit", Items.Short(patterns: ["см²"]) },
            { "pattern with a long dash", Items.Short(patterns: ["психолого–педагогический"]) },
            { "pattern with quotes", Items.Short(patterns: ["«да»"]) },
            { "pattern with a comma between any digits", Items.Short(patterns: ["[0-9]+,[0-9]+"]) },
            { "pattern with a line break", Items.Short(patterns: [@"да\nнет"]) },
            { "pattern that takes any word", Items.Short(patterns: [@"\w+"]) },
            { "pattern that takes any letters", Items.Short(patterns: ["[а-яё]+"]) },
            { "pattern that takes any number", Items.Short(patterns: ["[0-9]+"]) },
            { "pattern that takes any long word", Items.Short(patterns: ["[а-яё]{6,12}"]) },
            { "pattern that takes any short word", Items.Short(patterns: ["[а-яё]{1,3}"]) },
            { "pattern that takes any long text", Items.Short(patterns: [".{20,}"]) },
            { "pattern that takes any small number", Items.Short(patterns: ["[0-9]{1,3}"]) },
            { "pattern that takes any digit", Items.Short(patterns: ["[0-9]"]) },
            { "number whose tolerance takes its opposite", Items.Short(numbers: [new("2", "5", [])]) },
            { "number whose share takes its opposite", Items.Short(numbers: [new("-2", "200 %", [])]) },
            { "pattern that takes everything by a branch", Items.Short(patterns: [@"да|(.|\s)+"]) },
            { "digits of every script", Items.Short(patterns: [@"1\d км"]) },
        };

    [Theory]
    [MemberData(nameof(Paying))]
    public void What_pays_for_not_knowing_is_a_fault(string what, Item item) => item.Faults().Should().NotBeEmpty(what);

    [Fact]
    public void What_people_have_sat_already_is_scored_all_the_same() =>
        Mapped(0, ("a", 1), ("b", 1)).Score(ScoringTests.Ticked("ab"), KeyDecisions.None).Points.Should().Be(Points.From(2));

    public static TheoryData<string, Item> Legal() =>
        new()
        {
            { "ordering where one error cannot happen", Items.Ordering(Items.Table((0, 2), (2, 1))) },
            { "map that takes off for wrong options", Mapped(0, ("a", 1), ("b", 1), ("c", -0.5m), ("d", -0.5m), ("e", -0.5m)) },
            { "map with a default that takes off", Mapped(-0.25m, ("a", 1), ("b", 1)) },
            { "matching that adds up", Pairs(0, ("1:a", 1), ("2:b", 0.5m), ("3:c", 0.5m)) },
            { "matching with half a point for a near miss", Pairs(0, ("1:a", 1), ("1:d", 0.5m), ("2:b", 0.5m), ("3:c", 0.5m)) },
            { "table of the examination", Items.Matching() },
            { "multiple choice of the examination", Items.Multiple() },
            { "three points by steps", Items.Matching(Items.Table((0, 3), (1, 2), (2, 1)), points: 3) },
            { "options that differ in case", Single("МВт", "мВт", "кВт", "ГВт") },
            { "options that differ in a power", Single("x²", "x2", "x₂", "x³") },
            { "options that differ in punctuation", Single("Казнить нельзя, помиловать", "Казнить, нельзя помиловать", "x < 3", "x > 3") },
            { "options that differ in ё", Single("осёл", "осел", "13", "14") },
            { "pattern with a capital beside the small letter", Items.Short(patterns: ["[Тт]еорема пифагора"]) },
            { "pattern with a range and ё", Items.Short(patterns: ["инклюзи[а-яё]+"]) },
            { "pattern with a branch that may be left out", Items.Short(patterns: ["(Теорема )?пифагора"]) },
            { "pattern with a word form", Items.Short(patterns: [@"^инклюзивн\w*( образовани\w*)?$"]) },
            { "pattern with a range of digits", Items.Short(patterns: ["[5-9]"]) },
            { "pattern with a few numbers", Items.Short(patterns: ["1[0-9]"]) },
            { "zero with a tolerance", Items.Short(numbers: [new("0", "0.5", [])]) },
            { "number with as wide a tolerance as itself", Items.Short(numbers: [new("1", "1", ["см"])]) },
            { "pattern with a point", Items.Short(patterns: [@"37\.5 ?%"]) },
            { "pattern with repeated letters", Items.Short(patterns: ["а{1,3}б"]) },
            {
                "pattern with capitals where they count",
                Items.Of(new ShortAnswer(new([], [], ["CO2?"]) { CaseSensitive = true }), new ShortAnswerRule(), 1)
            },
        };

    [Theory]
    [MemberData(nameof(Legal))]
    public void What_pays_only_for_knowing_is_none(string what, Item item) => item.Faults().Should().BeEmpty(what);

    [Fact]
    public void Faults_are_those_of_the_item_itself_and_not_of_the_one_it_was_copied_from()
    {
        var item = Mapped(0, ("a", 1), ("b", 1));
        item.Faults().Should().NotBeEmpty();

        (item with { Rule = new ExactRule() }).Faults().Should().BeEmpty();
        (item with { }).Should().Be(item);
    }

    private static Item Mapped(decimal other, params (string Choice, decimal Points)[] map) =>
        Items.Multiple(new MappedRule(Points.Zero, Points.From(2), Points.From(other)), key: ["a", "b"], map: Items.Map(map));

    private static Item Pairs(decimal other, params (string Choice, decimal Points)[] map) =>
        Items.Matching(new MappedRule(Points.Zero, Points.From(2), Points.From(other)), map: Items.Map(map));

    private static Item Single(params string[] options) =>
        Items.Of(new SingleChoice(options.Select((text, at) => new Entry("abcd"[at].ToString(), text)).ToList(), "a"), new ExactRule(), 1);
}
