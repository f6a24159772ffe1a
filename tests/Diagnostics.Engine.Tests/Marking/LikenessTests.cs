using Diagnostics.Engine.Marking;

namespace Diagnostics.Engine.Tests.Marking;

public class LikenessTests
{
    /// <summary>
    /// Cases from public trackers of other examination systems: in each, two different answers wrongly got the same
    /// mark.
    /// </summary>
    [Theory]
    [InlineData("Ответ: x < 3", "Ответ: x > 3")]
    [InlineData("−5", "5")]
    [InlineData("1,5", "15")]
    [InlineData("2/3", "23")]
    [InlineData("AB = CD", "AB ≠ CD")]
    [InlineData("a + b", "a − b")]
    [InlineData("20 %", "20")]
    [InlineData("Казнить, нельзя помиловать", "Казнить нельзя, помиловать")]
    // Similar cases made by hand: powers, indices, prime signs, word order, separators and closing punctuation.
    [InlineData("x²", "x2")]
    [InlineData("x²", "x₂")]
    [InlineData("f′(x)", "f″(x)")]
    [InlineData("30′", "30″")]
    [InlineData("x ≤ 3", "x < 3")]
    [InlineData("√5", "5")]
    [InlineData("Собака укусила кота", "Кота укусила собака")]
    [InlineData("(a + b)c", "a + bc")]
    [InlineData("1 5", "15")]
    [InlineData("А; Б", "А, Б")]
    [InlineData("Верно?", "Верно!")]
    [InlineData("Да…", "Да")]
    [InlineData("Да...", "Да")]
    [InlineData("a ∈ B", "a ∉ B")]
    [InlineData("p ∧ q", "p ∨ q")]
    [InlineData("не знаю", "незнаю")]
    [InlineData("①②", "12")]
    public void Signs_powers_primes_separators_and_word_order_tell_answers_apart(string one, string other) =>
        Likeness.Of(one).Should().NotBe(Likeness.Of(other));

    [Theory]
    [InlineData("Да", "да")]
    [InlineData("всё", "все")]
    [InlineData("вс\u0435\u0308", "все")]
    [InlineData("Ответ  есть", "Ответ есть")]
    [InlineData("Ответ\u00A0есть\n", "Ответ есть")]
    [InlineData("от\u00ADвет", "ответ")]
    [InlineData("от\u200Bвет", "ответ")]
    [InlineData("Да.", "Да")]
    [InlineData("Да .", "Да")]
    public void Case_yo_blanks_soft_hyphens_and_one_closing_stop_do_not(string one, string other) =>
        Likeness.Of(one).Should().Be(Likeness.Of(other)).And.NotBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData(" \u200B\u2060\uFEFF")]
    public void A_text_that_shows_nothing_is_like_none(string text) => Likeness.Of(text).Should().BeEmpty();

    [Fact]
    public void A_long_answer_is_like_none() => Likeness.Of(new string('а', Likeness.MaxLength + 1)).Should().BeEmpty();
}
