using System.Diagnostics;
using System.Text;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Outcome = Diagnostics.Engine.ItemBank.Scoring.Outcome;

namespace Diagnostics.Engine.Tests.ItemBank;

public class ShortAnswerTests
{
    [Theory]
    [InlineData("Инклюзия", "инклюзия")]
    [InlineData("  инклюзивное \t образование\n", "инклюзивное образование")]
    [InlineData("учёба ЁЖ", "учеба еж")]
    [InlineData("е\u0308лка", "елка")]
    [InlineData("психолого–педагогический", "психолого-педагогический")]
    [InlineData("психолого—педагогический", "психолого-педагогический")]
    [InlineData("психолого‑педагогический", "психолого-педагогический")]
    [InlineData("−5", "-5")]
    [InlineData("«Педагог»", "\"педагог\"")]
    [InlineData("„Педагог“", "\"педагог\"")]
    [InlineData("“Педагог”", "\"педагог\"")]
    [InlineData("'Педагог'", "\"педагог\"")]
    [InlineData("''Педагог''", "\"педагог\"")]
    [InlineData("12\u00A0500", "12500")]
    [InlineData("12 500", "12500")]
    [InlineData("12\u202F500", "12500")]
    [InlineData("1 234 567,5", "1234567.5")]
    [InlineData("12 500 рублей", "12500 рублей")]
    [InlineData("0,25", "0.25")]
    [InlineData("а, б", "а, б")]
    [InlineData("5 6", "5 6")]
    [InlineData("5 600 12", "5 600 12")]
    [InlineData("2024 125", "2024 125")]
    [InlineData("1 125/250", "1 125/250")]
    [InlineData("１２，５", "12.5")]
    [InlineData("½", "1/2")]
    [InlineData("1½", "1 1/2")]
    [InlineData("3⁄4", "3/4")]
    [InlineData("м²", "м2")]
    [InlineData("5²", "5^2")]
    [InlineData("10⁻³", "10^-3")]
    [InlineData("ин\u00ADклю\u200Bзия", "инклюзия")]
    [InlineData("ﬁ", "fi")]
    [InlineData("50 %", "50 %")]
    [InlineData("", "")]
    public void Normalisation_ru_1_brings_spellings_together(string typed, string normalised) =>
        AnswerText.Normalise(typed).Should().Be(normalised);

    [Fact]
    public void Half_of_a_surrogate_pair_is_a_character_like_any_other()
    {
        // This case is not in the theory above, because half of a surrogate pair cannot be written in an attribute.
        AnswerText.Normalise("а\uD83D").Should().Be("а\uFFFD");
        Items.Short(["да"]).Score(new ShortAnswerResponse("\uDE00\uD83D"), KeyDecisions.None).Outcome.Should().Be(Outcome.Unmatched);
    }

    [Theory]
    [InlineData("Инклюзивное образование", true)]
    [InlineData("«инклюзивное образование»", false)]
    [InlineData("инклюзивного  обучения", false)]
    [InlineData("ИНКЛЮЗИВНОГО ОБУЧЕНИЕ", true)]
    [InlineData("не инклюзивное образование", false)]
    [InlineData("инклюзивное образование детей", false)]
    public void A_pattern_matches_the_whole_normalised_answer(string typed, bool right) =>
        IsRight(Items.Short(patterns: [@"инклюзивн\w* (образование|обучение)"]), typed).Should().Be(right);

    [Theory]
    // The key is exactly 0.25 centimetres.
    [InlineData("0,25", true)]
    [InlineData("0.250", true)]
    [InlineData("1/4", true)]
    [InlineData("¼", true)]
    [InlineData("2/8", true)]
    [InlineData("+0,25", true)]
    [InlineData("0,25 см", true)]
    [InlineData("0,25см", true)]
    [InlineData("0,25 САНТИМЕТРОВ", true)]
    [InlineData("0,25 м", false)]
    [InlineData("-0,25", false)]
    [InlineData("0,26", false)]
    [InlineData("0,250000000000000000000000000001", false)]
    [InlineData("25 %", false)]
    [InlineData("1/0", false)]
    [InlineData("1 / 4", true)]
    [InlineData("четверть", false)]
    public void A_number_is_right_in_any_notation_and_with_its_unit_or_none(string typed, bool right) =>
        IsRight(Items.Short(numbers: [new("0.25", "0", ["см", "сантиметров"])]), typed).Should().Be(right);

    [Theory]
    [InlineData("3,14", true)]
    [InlineData("3,15", true)]
    [InlineData("3,13", true)]
    [InlineData("3,1500000000000000000000000001", false)]
    [InlineData("22/7", true)]
    [InlineData("3,16", false)]
    [InlineData("3", false)]
    public void A_tolerance_is_kept_exactly_at_its_edges(string typed, bool right) =>
        IsRight(Items.Short(numbers: [new("3.14", "0.01", [])]), typed).Should().Be(right);

    [Theory]
    [InlineData("12 500", "12500", true)]
    [InlineData("12500 руб.", "12500", false)]
    [InlineData("12500 ₽", "12500", true)]
    [InlineData("20%", "20", true)]
    [InlineData("20 %", "20", true)]
    [InlineData("1 1/2", "1.5", true)]
    [InlineData("1½", "3/2", true)]
    [InlineData("-2 1/3", "-7/3", true)]
    [InlineData("1 3/2", "2.5", false)]
    [InlineData("5²", "52", false)]
    [InlineData("1/3", "0.333", false)]
    [InlineData("−4", "-4", true)]
    [InlineData("٣", "3", false)]
    [InlineData("3", "3.0", true)]
    [InlineData("03", "3", true)]
    public void Numbers_are_compared_as_exact_fractions(string typed, string key, bool right) =>
        IsRight(Items.Short(numbers: [new(key, "0", ["%", "₽"])]), typed).Should().Be(right);

    [Fact]
    public void Numbers_of_many_digits_are_compared_to_the_last_one()
    {
        var item = Items.Short(numbers: [new("123456789012345678901234567890", "0", [])]);
        IsRight(item, "123 456 789 012 345 678 901 234 567 890").Should().BeTrue();
        IsRight(item, "123456789012345678901234567891").Should().BeFalse();
        IsRight(item, new string('1', 200)).Should().BeFalse();
    }

    [Theory]
    [InlineData("٣")]
    [InlineData("५")]
    [InlineData("\u0000")]
    [InlineData("1/000000000000000000000000000000")]
    [InlineData("𝟙𝟚")]
    public void Whatever_is_typed_is_scored_and_breaks_nothing(string typed) =>
        Items
            .Short(["да"], [new("3", "0", [])], ["а+"])
            .Score(new ShortAnswerResponse(typed), KeyDecisions.None)
            .Points.Should()
            .Be(Points.Zero);

    [Fact]
    public void Patterns_that_ruin_a_backtracking_engine_finish_at_once()
    {
        var item = Items.Short(patterns: ["(а+)+б", "(а|а)*б", "(.*а){12}"]);
        var watch = Stopwatch.StartNew();
        IsRight(item, new string('а', 199) + "в").Should().BeFalse();
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30), "backtracking would need longer than the universe has");
    }

    [Fact]
    public void Normalising_long_hostile_text_finishes_at_once()
    {
        var watch = Stopwatch.StartNew();
        AnswerText.Normalise("ё" + new string('\u0308', 200));
        AnswerText.Normalise(string.Join(' ', Enumerable.Repeat("123", 60)));
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30), "what grows exponentially would need much longer");
    }

    [Fact]
    public void A_copy_of_a_key_reads_its_own_lists()
    {
        var key = new ShortAnswerKey(["да"], [], []);
        key.Read("да", AnswerRule.Ru1).IsRight.Should().BeTrue();

        var copy = key with { Texts = ["нет"] };

        copy.Read("нет", AnswerRule.Ru1).IsRight.Should().BeTrue();
        copy.Read("да", AnswerRule.Ru1).IsRight.Should().BeFalse();
    }

    [Fact]
    public void Normalising_twice_changes_nothing() =>
        Prop.ForAll(Arb.From(Typed), text => AnswerText.Normalise(AnswerText.Normalise(text)) == AnswerText.Normalise(text))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Case_and_outer_blanks_never_matter() =>
        Prop.ForAll(
                Arb.From(GeneratedItems.Text),
                text =>
                    AnswerText.Normalise($"\u00A0 {text.ToUpperInvariant()}\t")
                    == AnswerText.Normalise(text.ToUpperInvariant().ToLowerInvariant())
            )
            .QuickCheckThrowOnFailure();

    /// <summary>
    /// Letters that normalisation changes, combining marks and halves of surrogate pairs, in any order.
    /// </summary>
    private static readonly Gen<string> Typed =
        from letters in Gen.Elements([
                .. "ёЁеЕ \u0308\u0301\u00AD\u200B\uFEFF½¼⁄²³⁻-–—−«»„“'\"′″,.0123456789/ \u00A0\u202F\u2028\tАßİſﬁ",
                '\uD83D',
                '\uDE00',
                '\0',
            ])
            .ArrayOf()
        select new string(letters);

    private static bool IsRight(Item item, string typed) =>
        item.Score(new ShortAnswerResponse(typed), KeyDecisions.None).Outcome is Outcome.Right;
}
