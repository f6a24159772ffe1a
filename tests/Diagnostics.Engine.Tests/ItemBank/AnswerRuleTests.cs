using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Outcome = Diagnostics.Engine.ItemBank.Scoring.Outcome;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Tests <c>AnswerRule.Ru2</c>, the second rule for short answers. The rows under the comment "Report" are cases from
/// public trackers of other examination systems; the other rows are similar cases made by hand.
/// </summary>
public class AnswerRuleTests
{
    [Theory]
    // Report.
    [InlineData("f''(x)", "f'(x)", false)]
    [InlineData("f''(x)", "f″(x)", true)]
    [InlineData("f''(x)", "f′′(x)", true)]
    [InlineData("y'", "y\"", false)]
    [InlineData("101₂", "1012", false)]
    [InlineData("x²", "x2", false)]
    [InlineData("x²", "x₂", false)]
    [InlineData("x²", "x^2", true)]
    [InlineData("теорема Пифагора", "теорема Пифагора.", true)]
    [InlineData("теорема Пифагора", "«теорема Пифагора»", true)]
    [InlineData("XIX", "ХIХ", true)]
    [InlineData("№ 5", "№5", true)]
    // Prime signs in all the forms in which people type them.
    [InlineData("f″(x)", "f\"(x)", true)]
    [InlineData("f‴(x)", "f'''(x)", true)]
    [InlineData("f‴(x)", "f″(x)", false)]
    [InlineData("A′", "A’", true)]
    [InlineData("A′", "A", false)]
    [InlineData("A′", "A´", true)]
    [InlineData("f″(x)", "f˝(x)", true)]
    [InlineData("f″(x)", "f»(x)", true)]
    // Powers and indices.
    [InlineData("101₂", "101_2", true)]
    [InlineData("101₂", "101²", false)]
    [InlineData("10⁻³", "10^-3", true)]
    [InlineData("10⁻³", "10-3", false)]
    [InlineData("aⁿ", "a^n", true)]
    [InlineData("aⁿ", "an", false)]
    [InlineData("H₂O", "H2O", false)]
    [InlineData("2²", "22", false)]
    [InlineData("²", "2", false)]
    // It matters where a run of superscripts or subscripts ends, and the whole run is compared.
    [InlineData("log₂8", "log_2 8", true)]
    [InlineData("log₂8", "log₂₈", false)]
    [InlineData("10²3", "10²³", false)]
    [InlineData("10²³", "10^23", true)]
    [InlineData("10² 300", "10²³⁰⁰", false)]
    [InlineData("aⁿb", "aⁿᵇ", false)]
    [InlineData("x²y", "x^2y", true)]
    [InlineData("x²y", "x²ʸ", false)]
    [InlineData("aⁿ⁺¹", "a^(n+1)", true)]
    [InlineData("aⁿ⁺¹", "aⁿ+1", false)]
    [InlineData("a⁽ⁿ⁾", "a^(n)", true)]
    [InlineData("xᵢ₊₁", "x_(i+1)", true)]
    [InlineData("xᵢ₊₁", "xᵢ+1", false)]
    [InlineData("Ca²⁺", "Ca^2+", true)]
    [InlineData("Na⁺", "Na^+", true)]
    [InlineData("SO₄²⁻", "SO_4^2-", true)]
    [InlineData("x²⁺¹", "x²+1", false)]
    // Circled numbers are not read as numbers.
    [InlineData("12", "①②", false)]
    [InlineData("1", "⑴", false)]
    // In words, differences in case, ё, blanks, a full stop, quotes and soft hyphens do not count; any other difference
    // does.
    [InlineData("всё", "ВСЕ", true)]
    [InlineData("теорема Пифагора", "Теорема  Пифагора .", true)]
    [InlineData("теорема Пифагора", "„Теорема Пифагора“.", true)]
    [InlineData("теорема Пифагора", "'теорема Пифагора'", true)]
    [InlineData("теорема Пифагора", "теорема\u00A0Пифа\u00ADгора", true)]
    [InlineData("теорема Пифагора", "теорема Пифагора?", false)]
    [InlineData("теорема Пифагора", "Пифагора теорема", false)]
    [InlineData("психолого-педагогический", "психолого–педагогический", true)]
    [InlineData("x < 3", "x > 3", false)]
    [InlineData("n!", "n", false)]
    [InlineData("1; 2", "1, 2", false)]
    [InlineData("1,2,3", "1.2.3", false)]
    // Look-alike letters.
    [InlineData("CO", "СО", true)]
    [InlineData("ОВЗ", "OBЗ", true)]
    [InlineData("ОВ", "ов", true)]
    [InlineData("pH", "рН", true)]
    [InlineData("x", "х", true)]
    [InlineData("2x", "2х", true)]
    [InlineData("cos", "соs", true)]
    [InlineData("Пифагора", "Пифагopa", true)]
    [InlineData("R", "Я", false)]
    [InlineData("N", "И", false)]
    [InlineData("№ 5", "№ 6", false)]
    [InlineData("ПМПК № 12", "пмпк №12", true)]
    // The key in these rows is a text, even where it looks like a number.
    [InlineData("0,5", ".5", true)]
    [InlineData("0,5", "0,50", false)]
    [InlineData("007", "7", false)]
    public void A_text_is_the_same_where_nothing_that_carries_meaning_differs(string key, string typed, bool right) =>
        IsRight(Items.Short([key]), typed).Should().Be(right);

    [Theory]
    // Report.
    [InlineData("30", "′", "30″", false)]
    [InlineData("12", "см²", "12 см^2", true)]
    [InlineData("12", "см²", "12 см2", true)]
    [InlineData("12", "см²", "12 см₂", false)]
    [InlineData("12", null, "①②", false)]
    [InlineData("5", "МВт", "5 мВт", false)]
    [InlineData("5", "МВт", "5 Мвт", true)]
    [InlineData("12", null, "12.", true)]
    [InlineData("12", null, "12;", true)]
    [InlineData("0.5", null, ",5", true)]
    [InlineData("0.5", null, ".5", true)]
    [InlineData("0.5", null, "5e-1", true)]
    [InlineData("1500", null, "1.5e3", true)]
    [InlineData("1500", null, "1500.", true)]
    // Similar cases.
    [InlineData("30", "′", "30'", true)]
    [InlineData("30", "″", "30\"", true)]
    [InlineData("30", "″", "30'", false)]
    [InlineData("12", "см²", "12см²", true)]
    [InlineData("12", "см²", "12 СМ²", true)]
    [InlineData("12", "см²", "12 см³", false)]
    [InlineData("12", "см²", "12 см", false)]
    [InlineData("12", "м/с²", "12 м/с2", true)]
    [InlineData("12", "кг·м", "12 кг*м", true)]
    [InlineData("5", "МВт", "5 МВт", true)]
    [InlineData("5", "мм", "5 Мм", false)]
    [InlineData("5", "мм", "5 мм.", true)]
    [InlineData("5", "ГПа", "5 гПа", false)]
    [InlineData("5", "мг", "5 Мг", false)]
    [InlineData("5", "МВт·ч", "5 мВт·ч", false)]
    [InlineData("5", "MW", "5 mW", false)]
    [InlineData("5", "кг", "5 КГ", true)]
    [InlineData("5", "Гц", "5 гц", true)]
    [InlineData("5", "Па", "5 па", true)]
    [InlineData("5", "Па", "5 пА", false)]
    [InlineData("5", "мин", "5 МИН", true)]
    [InlineData("5", "руб.", "5 руб", true)]
    [InlineData("36.6", "°C", "36,6 ℃", true)]
    [InlineData("36.6", "°C", "36,6°С", true)]
    [InlineData("30", "°", "30º", true)]
    [InlineData("36.6", "°C", "36,6 ˚С", true)]
    [InlineData("30", "′", "30´", true)]
    [InlineData("5", "кВт·ч", "5 кВт•ч", true)]
    [InlineData("5", "кВт·ч", "5 МВт·ч", false)]
    [InlineData("0.5", null, "0,5", true)]
    [InlineData("0.5", null, "1/2", true)]
    [InlineData("0.5", null, "½", true)]
    [InlineData("0.5", null, "-,5", false)]
    [InlineData("-0.5", null, "−,5", true)]
    [InlineData("0.5", null, "5E−1", true)]
    [InlineData("0.5", null, "5·10⁻¹", true)]
    [InlineData("0.5", null, "50 %", false)]
    [InlineData("1500", null, "1,5·10^3", true)]
    [InlineData("1500", null, "1.5e4", false)]
    [InlineData("1000000", null, "10^6", true)]
    [InlineData("1000000", null, "10⁶", true)]
    [InlineData("0.001", null, "10⁻³", true)]
    [InlineData("-100", null, "-10²", true)]
    [InlineData("10", null, "10²", false)]
    [InlineData("1000", "см", "10³ см", true)]
    [InlineData("8", null, "2³", false)]
    [InlineData("1500", null, "1 500", true)]
    [InlineData("1500", null, "1\u202F500", true)]
    [InlineData("1500", null, "1\u00A0500,0", true)]
    [InlineData("-7", null, "\u20107", true)]
    [InlineData("-7", null, "\u20117", true)]
    [InlineData("-7", null, "－7", true)]
    [InlineData("-7", null, "– 7", true)]
    [InlineData("1500", null, "1.500", false)]
    [InlineData("1500", null, "1e999999999", false)]
    [InlineData("12", null, "«12»", true)]
    [InlineData("12", null, "12..", false)]
    [InlineData("12", null, "12_2", false)]
    [InlineData("12", null, "12^2", false)]
    [InlineData("12", null, "１２", true)]
    [InlineData("3", null, "٣", false)]
    public void A_number_is_right_in_every_usual_notation_and_in_no_other_unit(string value, string? unit, string typed, bool right) =>
        IsRight(Items.Short(numbers: [new(value, "0", unit is null ? [] : [unit])]), typed).Should().Be(right);

    [Theory]
    // Report.
    [InlineData("CO", "Co", false)]
    [InlineData("CO", "CO", true)]
    [InlineData("CO", "СО", true)]
    [InlineData("Co", "Со", true)]
    [InlineData("мВт", "МВт", false)]
    [InlineData("Гамлет", "гамлет", false)]
    public void Capitals_count_where_the_author_says_so(string key, string typed, bool right) =>
        IsRight(Of(new([key], [], []) { CaseSensitive = true }), typed).Should().Be(right);

    [Theory]
    [InlineData("осёл", "осел", false)]
    [InlineData("осёл", "ОСЁЛ", true)]
    [InlineData("осёл", "осе\u0308л", true)]
    public void Yo_counts_where_the_author_says_so(string key, string typed, bool right) =>
        IsRight(Of(new([key], [], []) { Yo = true }), typed).Should().Be(right);

    [Theory]
    [InlineData("50 %", true)]
    [InlineData("50%", true)]
    [InlineData("0,5", true)]
    [InlineData("50", false)]
    [InlineData("0,5 %", false)]
    public void A_percentage_is_a_share_where_the_key_allows(string typed, bool right) =>
        IsRight(Items.Short(numbers: [new("0.5", "0", []) { Percent = true }]), typed).Should().Be(right);

    [Theory]
    [InlineData("12 см", true)]
    [InlineData("12", false)]
    [InlineData("12 м", false)]
    public void A_unit_may_be_required(string typed, bool right) =>
        IsRight(Items.Short(numbers: [new("12", "0", ["см"]) { UnitRequired = true }]), typed).Should().Be(right);

    [Theory]
    [InlineData("190", true)]
    [InlineData("210", true)]
    [InlineData("189,99", false)]
    [InlineData("210,01", false)]
    public void A_tolerance_may_be_a_share_of_the_value(string typed, bool right) =>
        IsRight(Items.Short(numbers: [new("200", "5 %", [])]), typed).Should().Be(right);

    [Fact]
    public void A_share_of_a_negative_value_is_as_wide() =>
        IsRight(Items.Short(numbers: [new("-200", "5%", [])]), "−190").Should().BeTrue();

    [Theory]
    [InlineData("[Тт]еорема Пифагора", "теорема пифагора", true)]
    [InlineData("0,5( см)?", "0,5 см", true)]
    [InlineData("x²", "x^2", true)]
    [InlineData("всё|ничего", "все", true)]
    [InlineData("психолого[–-]педагогический", "психолого—педагогический", true)]
    [InlineData(@"инклюзивн\w* (образование|обучение)", "ИНКЛЮЗИВНОГО ОБУЧЕНИЕ", true)]
    [InlineData(@"[тц]пмпк", "ТПМПК", true)]
    [InlineData(@"[а-я]{3}", "сок", true)]
    [InlineData(@"сор\w*", "сорт", true)]
    [InlineData(@"ХIХ", "XIX", true)]
    [InlineData(@"№5", "№ 5", true)]
    [InlineData(@"№ ?5", "№5", true)]
    [InlineData(@"\d+ ?%", "37 %", true)]
    [InlineData(@"\d+", "٣", false)]
    [InlineData(@"[\d]+", "५", false)]
    [InlineData(@"37\.5 ?%", "37,5%", true)]
    [InlineData(@"а{1,3}", "аа", true)]
    [InlineData(@"12 см²?", "12 см", true)]
    [InlineData(@"12 см²?", "12 см²", true)]
    [InlineData(@"12 см²?", "12 см^", false)]
    [InlineData(@"10²³", "10²³", true)]
    [InlineData(@"10²³", "10²3", false)]
    [InlineData(@"aⁿ⁺¹", "a^(n+1)", true)]
    [InlineData(@"log₂8|3", "log₂8", true)]
    [InlineData(@"log₂8|3", "log₂₈", false)]
    [InlineData(@"10²3|5", "10²3", true)]
    [InlineData(@"10²3|5", "10²³", false)]
    [InlineData(@"Ca²⁺|3", "Ca²⁺", true)]
    [InlineData(@"f''\(x\)", "f″(x)", true)]
    public void A_pattern_is_normalised_as_what_a_person_types(string pattern, string typed, bool right) =>
        IsRight(Items.Short(patterns: [pattern]), typed).Should().Be(right);

    [Theory]
    [InlineData("12", "12.")]
    [InlineData("0,7", ",7")]
    [InlineData("0,7", "7e-1")]
    [InlineData("0,7", "7/10")]
    [InlineData("1500", "1.5e3")]
    [InlineData("12 см²", "12 см^2")]
    [InlineData("12 см²", "12 сантиметров^2")]
    [InlineData("x²", "x^2")]
    [InlineData("теорема", "«Теорема».")]
    public void Answers_equal_under_the_rule_are_one_group(string one, string other) => Group(one).Should().Be(Group(other));

    [Theory]
    [InlineData("101₂", "1012")]
    [InlineData("x²", "x2")]
    [InlineData("f′", "f″")]
    [InlineData("30′", "30″")]
    [InlineData("12 см²", "12 см₂")]
    [InlineData("5 МВт", "5 мВт")]
    [InlineData("①②", "12")]
    [InlineData("12", "12 см²")]
    [InlineData("1/3", "0,333")]
    [InlineData("x < 3", "x > 3")]
    [InlineData("log₂8", "log₂₈")]
    [InlineData("xⁿ⁺¹", "xⁿ+1")]
    public void Answers_that_differ_never_are(string one, string other) => Group(one).Should().NotBe(Group(other));

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u2060\uFEFF")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\u0308")]
    public void What_shows_nothing_is_blank_under_every_rule(string typed)
    {
        new ShortAnswerResponse(typed).IsBlank.Should().BeTrue();
        new ExtendedResponse(typed).IsBlank.Should().BeTrue();
        foreach (var rule in AnswerRule.All)
            Items.Short(["да"]).Score(new ShortAnswerResponse(typed), KeyDecisions.NoneUnder(rule)).Outcome.Should().Be(Outcome.Blank);
    }

    [Fact]
    public void A_score_names_the_rule_that_read_the_answer()
    {
        var item = Items.Short(["инклюзия"]);
        foreach (var rule in AnswerRule.All)
        {
            item.Score(new ShortAnswerResponse("инклюзия"), KeyDecisions.NoneUnder(rule)).Rule.Should().Be($"short_answer/{rule.Name}");
            item.Score(null, KeyDecisions.NoneUnder(rule)).Rule.Should().Be($"short_answer/{rule.Name}");
        }
    }

    [Fact]
    public void What_only_the_second_rule_knows_is_an_error_under_the_first_and_never_a_guess()
    {
        foreach (
            var key in new ShortAnswerKey[]
            {
                new(["CO"], [], []) { CaseSensitive = true },
                new(["осёл"], [], []) { Yo = true },
                new([], [new("5", "5 %", [])], []),
                new([], [new("5", "0", ["м"]) { UnitRequired = true }], []),
                new([], [new("0.5", "0", []) { Percent = true }], []),
            }
        )
        {
            Of(key).Faults().Should().BeEmpty();
            Of(key).Invoking(item => item.Score(new ShortAnswerResponse("5"), KeyDecisions.None)).Should().Throw<BrokenItemException>();
        }
    }

    [Fact]
    public void Reading_a_group_reads_the_same_group() =>
        Prop.ForAll(
                Arb.From(Typed),
                text =>
                {
                    var read = Mixed.Read(text, AnswerRule.Ru2);
                    return Mixed.Read(read.Group, AnswerRule.Ru2) == read;
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>
    /// Plain words and numbers, which most answers are, take a fast path. An invisible character takes an answer off
    /// the fast path and must not change the result.
    /// </summary>
    [Fact]
    public void Signs_that_nobody_sees_change_nothing_wherever_they_stand() =>
        Prop.ForAll(
                Arb.From(Plain),
                Arb.From(Gen.Choose(0, 1000)),
                (text, place) =>
                {
                    var unseen = text.Insert(place % (text.Length + 1), "\u2060");
                    return Mixed.Read(unseen, AnswerRule.Ru2) == Mixed.Read(text, AnswerRule.Ru2);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>A plus sign takes a number off the fast path and must not change the result.</summary>
    [Theory]
    [InlineData("12")]
    [InlineData("12.50")]
    [InlineData("0,5 см")]
    [InlineData("0,5см")]
    [InlineData("50%")]
    [InlineData("50 % см")]
    [InlineData("000000000000000001")]
    [InlineData("123456789012345678")]
    [InlineData("1234567890123456789")]
    [InlineData("0.00000000000000005")]
    [InlineData("7 е")]
    [InlineData("7x")]
    [InlineData("7 абвгдеёжзийклмнопрстуфхцчшщъыьэюяабвгдеёж")]
    [InlineData("7 абвгдеёжзийклмнопрстуфхцчшщъыьэюяабвгдеёжзи")]
    public void A_plain_number_is_read_as_any_other(string typed)
    {
        var plain = Group(typed);
        var signed = Group("+" + typed);
        (signed == plain || (plain == Normalised(typed) && signed == Normalised("+" + typed)))
            .Should()
            .BeTrue("{0} and {1}", plain, signed);
    }

    private static string Normalised(string typed) => new ShortAnswerKey(["нет"], [], []).Read(typed, AnswerRule.Ru2).Group;

    private static readonly Gen<string> Plain =
        from letters in Gen.Elements([.. "аЯёbBxXeЕ0123456789    .,.,-–%/^_()+:;?!№²\u0308"]).ArrayOf()
        select new string(letters);

    private static readonly ShortAnswerKey Mixed = new(["0,25", "x²", "1/3"], [new("0.5", "0.01", ["см²", "%"])], ["[0-9]а?", "№ ?5"]);

    private static readonly Gen<string> Typed =
        from letters in Gen.Elements([
                .. "ёЁеЕхХxX \u0308\u0301\u00AD\u200B½¼⁄²³⁻₂-–—−«»„“'\"′″,.;0123456789/^_№①%мсМİſﬁ\u3164",
                '\uD83D',
                '\uDE00',
                '\0',
            ])
            .ArrayOf()
        select new string(letters);

    private static string Group(string typed) =>
        new ShortAnswerKey([], [new("999", "0", ["см²", "сантиметров²"])], []).Read(typed, AnswerRule.Ru2).Group;

    private static Item Of(ShortAnswerKey key) => Items.Of(new ShortAnswer(key), new ShortAnswerRule(), 1);

    private static bool IsRight(Item item, string typed) =>
        item.Score(new ShortAnswerResponse(typed), KeyDecisions.NoneUnder(AnswerRule.Ru2)).Outcome is Outcome.Right;
}
