using System.Text.Json;
using Diagnostics.Engine.ItemBank;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.ItemBank;

public class TypographyTests
{
    // The character _ stands for a non-breaking space.
    [Theory]
    [InlineData("Цену повысили на 20 %, а ночью было −12 °C.", "Цену повысили на 20_%, а ночью было −12_°C.")]
    [InlineData("Скорость 60 км/ч, площадь 25 м², масса 2 кг, 3 ч 40 мин", "Скорость 60_км/ч, площадь 25_м², масса 2_кг, 3_ч 40_мин")]
    [InlineData("Фонд 1 250 000 руб., субсидия 3 млн руб., 14 000 р.", "Фонд 1_250_000_руб., субсидия 3_млн_руб., 14_000_р.")]
    [InlineData("закон № 273-ФЗ, § 5, ст. 34, рис. 2", "закон №_273-ФЗ, §_5, ст._34, рис._2")]
    [InlineData("Квадрат, т. е. ромб, и т. д.; до н. э.; и др.", "Квадрат, т._е. ромб, и_т._д.; до н._э.; и_др.")]
    [InlineData("Д. Б. Эльконин и Т. В. Драгунова, метод Т. Гордона", "Д._Б._Эльконин и Т._В._Драгунова, метод Т._Гордона")]
    [InlineData("Эльконин Д. Б. и Выготский Л. С.", "Эльконин_Д._Б. и Выготский_Л._С.")]
    public void A_line_never_ends_inside_what_belongs_together(string typed, string set) =>
        Typography.Bind(typed).Should().Be(set.Replace('_', '\u00A0'));

    [Theory]
    [InlineData("В классе 25 мальчиков, 12 сдали, 5 лет назад")]
    [InlineData("Стороны 3, 4 и 5; в точке A. Найдите угол")]
    [InlineData("1. Ученик сложил\n  2. Ученик умножил\n\n| 5 | 12 |\n|---|---|")]
    [InlineData("Пять\nкг и 20\n%")]
    public void Other_spaces_and_line_ends_stay_as_typed(string typed) => Typography.Bind(typed).Should().Be(typed);

    [Fact]
    public void Nothing_but_the_kind_of_a_space_changes() =>
        Prop.ForAll(
                Arb.From(
                    Gen.Elements("20", "№", "ст.", "т.", "е.", "Д.", "Эльконин", "%", "кг", "000", " ", "\n", "—", "|")
                        .ListOf()
                        .Select(parts => string.Join(' ', parts))
                ),
                text =>
                    Typography.Bind(text).Replace('\u00A0', ' ') == text && Typography.Bind(Typography.Bind(text)) == Typography.Bind(text)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_taker_sees_set_texts_and_the_item_keeps_its_own()
    {
        var item = Items.Of(
            new SingleChoice([new("a", "5 кг"), new("b", "7 %"), new("c", "8 л"), new("d", "9 ч")], "b"),
            new Engine.ItemBank.Scoring.ExactRule(),
            1
        ) with
        {
            Stem = "Сколько, по п. 3 закона № 44-ФЗ?",
            Stimulus = new("s", "text", "Ст. № 1", "Ровно 20 %", null, "Столбец 40 %"),
        };
        var stored = JsonSerializer.Serialize(item, ItemJson.Options);
        var shown = new Presentation(item, 7).Show(1);
        shown.Stem.Should().Be("Сколько, по п.\u00A03 закона №\u00A044-ФЗ?");
        shown
            .Stimulus.Should()
            .BeEquivalentTo(
                new
                {
                    Code = "s",
                    Title = "Ст. №\u00A01",
                    Body = "Ровно 20\u00A0%",
                    Alt = "Столбец 40\u00A0%",
                }
            );
        shown.Options!.Select(option => option.Text).Should().BeEquivalentTo("5\u00A0кг", "7\u00A0%", "8\u00A0л", "9\u00A0ч");
        JsonSerializer.Serialize(item, ItemJson.Options).Should().Be(stored);
    }
}
