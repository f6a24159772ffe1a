using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using static Diagnostics.Engine.Tests.ItemBank.LintBank;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>Tests the rules for parallel items in a facet on copies of faults that the shipped bank once had.</summary>
public class FacetOfOneKindLintTests
{
    [Fact]
    public void Items_of_one_facet_that_take_unlike_time_to_read_are_found()
    {
        var brief = Choice("Кто вычисляет среднее по четырём отметкам ученика в конце четверти?", "Учитель", "Ученик", "Завуч", "Директор");
        var wordy = Choice(
            "Новый учитель пришёл в школу в середине года, получил журнал, в котором у всех разное число отметок, "
                + "и хочет узнать, кто в конце каждой четверти вычисляет среднее по отметкам?",
            "Учитель",
            "Ученик",
            "Завуч",
            "Директор"
        );

        Found("facet-length", brief.As("mark", 1), brief.As("mark", 2), brief.As("mark", 3), wordy.As("mark", 4))
            .Should()
            .Contain(finding => finding.Item == "mark-4")
            .Which.Clause.Should()
            .Be("п. 3.6.2");
        Found("facet-length", brief.As("mark", 1), brief.As("mark", 2)).Should().BeEmpty();
        Found(
                "facet-length",
                Choice("2 + 2?", "4", "5", "6", "7").As("sum", 1),
                Choice("Чему равна сумма 3 + 4?", "7", "5", "6", "8").As("sum", 2)
            )
            .Should()
            .BeEmpty("a few words are nothing");
    }

    [Fact]
    public void Two_right_options_in_one_item_and_three_in_another_are_found()
    {
        var two = Choices("Какие числа чётные?", "2", "4", "5", "7");
        var three = two with { Body = ((MultipleChoice)two.Body) with { Key = ["1", "2", "3"] } };

        Found("facet-right-count", two.As("even", 1), three.As("even", 2)).Should().ContainSingle().Which.Item.Should().Be("even-2");
        Found("facet-right-count", two.As("even", 1), two.As("even", 2)).Should().BeEmpty();
    }

    [Fact]
    public void Values_of_a_map_that_differ_inside_a_facet_are_found()
    {
        static Item Mapped(decimal right) =>
            Items.Multiple(
                new MappedRule(Points.Zero, Points.From(2), Points.Zero),
                map: Items.Map(("a", right), ("c", 2 - right), ("b", -1)),
                options: "abcd"
            );

        Found("facet-values", Mapped(1).As("data", 1), Mapped(0.5m).As("data", 2))
            .Should()
            .ContainSingle()
            .Which.Item.Should()
            .Be("data-2");
        Found("facet-values", Mapped(1).As("data", 1), Mapped(1).As("data", 2)).Should().BeEmpty();
    }

    [Fact]
    public void An_answer_that_is_right_in_two_items_of_a_facet_is_found()
    {
        var four = Gap("Квадратный корень из 16 равен ____.", "четыре");
        Found("key-repeated", four.As("root", 1), Gap("Сумма двух и двух равна ____.", "Четыре").As("root", 2))
            .Should()
            .ContainSingle()
            .Which.Item.Should()
            .Be("root-2");
        Found("key-repeated", four.As("root", 1), Gap("Квадратный корень из 25 равен ____.", "пять").As("root", 2)).Should().BeEmpty();
        var leads = Choice("Кто ведёт урок?", "Учитель", "Ученик", "Завуч", "Гость");
        var marks = Choice("Кто ставит отметку?", "Учитель", "Мать", "Отец", "Брат");
        Found("key-repeated", leads.As("who", 1), marks.As("who", 2)).Should().ContainSingle();
        Found("key-repeated", four.As("root", 1), Gap("Сумма двух и двух равна ____.", "четыре").As("sum", 1))
            .Should()
            .BeEmpty("facets may share an answer");
    }

    [Theory]
    // Steps from items of the ordering type, about a talk with a mother, a plan of work, the start of a school year,
    // and a canteen.
    [InlineData("Отобрать работы, по которым видно снижение|Показать матери отобранные работы|Выслушать мать|Составить план", true)]
    [InlineData("Выбрать показатели для итогов|Измерить исходные значения выбранных показателей|Провести уроки|Сравнить значения", true)]
    [InlineData("Утвердить учебный план|Распределить часы утверждённого учебного плана|Составить расписание|Начать год", true)]
    [InlineData("Подсчёт: обедают 40 %|Цель: к маю обедают 80 % вместо 40 %|Приказ: открыть вторую раздачу|Подсчёт: обедают 65 %", false)]
    public void A_participle_that_tells_the_order_is_found(string elements, bool found)
    {
        var entries = elements.Split('|').Select((text, place) => new Entry($"{(char)('a' + place)}", text)).ToList();
        var item = Items.Of(new Ordering(entries, entries.Select(entry => entry.Id).ToList()), new ExactRule(), 1);

        Found("order-grammar", item).Any().Should().Be(found);
    }

    [Fact]
    public void A_word_that_only_a_pair_shares_is_found()
    {
        static Item Pairs(string left, string right) =>
            Items.Of(
                new Matching(
                    [new("1", left), new("2", "Завод отдал станки без платы")],
                    [new("a", right), new("b", "Акт о списании"), new("c", "Договор дарения")],
                    new Dictionary<string, string> { ["1"] = "a", ["2"] = "c" },
                    new Dictionary<string, Points>()
                ),
                new ExactRule(),
                1
            );

        Found("pair-clue", Pairs("Учитель в рамках имеющейся квалификации учится 36 часов", "Повышение квалификации"))
            .Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("«квалификации»");
        Found("pair-clue", Pairs("Учитель учится 36 часов и получает удостоверение", "Повышение квалификации")).Should().BeEmpty();
    }

    [Theory]
    [InlineData(
        "Комментарий относят к формирующей обратной связи, если он направляет к тому месту, где допущена ошибка. Какие комментарии таковы?",
        true
    )]
    [InlineData("Какие фразы учителя построены как «Я-высказывание» (Т. Гордон): сообщают о его чувстве и не обвиняют ученика?", true)]
    [InlineData("Какие ответы учителя — приём активного слушания, то есть отражают её чувства без оценки?", true)]
    [InlineData(
        "В теории целей различают цель овладения (разобраться в предмете) и цель демонстрации. Какие правила поддерживают первую?",
        true
    )]
    [InlineData(
        "При формирующем оценивании результаты используют, чтобы изменить дальнейшую работу. Какие действия к нему относятся?",
        true
    )]
    [InlineData("Каждый критерий называет один признак. Какие критерии составлены по этому правилу?", true)]
    [InlineData("В классе шумно. Какие фразы учителя построены как «Я-высказывание» (Т. Гордон)? Выберите все верные ответы.", false)]
    public void A_stem_that_prints_the_rule_of_the_answer_is_found(string stem, bool found) =>
        Found("rule-in-stem", Choice(stem, "Первый", "Второй", "Третий", "Четвёртый")).Any().Should().Be(found);

    [Fact]
    public void A_norm_of_law_without_its_source_is_found()
    {
        var item = Choice("Какой срок испытания устанавливает статья 70 ТК РФ?", "Месяц", "Два", "Три", "Год");
        Found("source-missing", item).Should().ContainSingle().Which.Message.Should().Contain("ТК РФ");
        Found("source-missing", item with { Sources = [new("Трудовой кодекс РФ", "2025", "2027-09-01", "ст. 70")] }).Should().BeEmpty();
        Found("source-missing", Choice("Какой закон открыл Ньютон?", "Тяготения", "Сохранения", "Ома", "Гука")).Should().BeEmpty();
    }

    [Fact]
    public void A_code_in_Cyrillic_is_found()
    {
        var latin = Items.Extended();
        var rubric = ((ExtendedTask)latin.Body).Rubric;
        var cyrillic = latin with
        {
            Body = ((ExtendedTask)latin.Body) with { Rubric = rubric with { Criteria = [rubric.Criteria[0] with { Code = "К1" }] } },
        };

        Found("code-letters", Facet(latin)).Should().BeEmpty();
        Found("code-letters", Facet(cyrillic)).Should().ContainSingle().Which.Message.Should().Contain("«К1»");
    }
}
