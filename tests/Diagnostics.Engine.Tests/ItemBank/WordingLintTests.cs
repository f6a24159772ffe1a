using Diagnostics.Engine.ItemBank;
using static Diagnostics.Engine.Tests.ItemBank.LintBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class WordingLintTests
{
    [Theory]
    [InlineData("эффективный")]
    [InlineData("эффективно")]
    [InlineData("эффективен")]
    [InlineData("Эффективностью")]
    [InlineData("неэффективными")]
    [InlineData("наиэффективнейший")]
    [InlineData("оптимальное")]
    [InlineData("оптимален")]
    [InlineData("достаточно")]
    [InlineData("достаточен")]
    [InlineData("недостаточная")]
    [InlineData("успешнее")]
    [InlineData("успешен")]
    [InlineData("качественная")]
    [InlineData("качествен")]
    [InlineData("рационального")]
    [InlineData("нерационален")]
    [InlineData("целесообразно")]
    [InlineData("нецелесообразен")]
    [InlineData("адекватную")]
    [InlineData("адекватен")]
    [InlineData("значительно")]
    [InlineData("незначительной")]
    [InlineData("значителен")]
    [InlineData("существенных")]
    [InlineData("существен")]
    [InlineData("полноценное")]
    [InlineData("хорошо")]
    [InlineData("хороша")]
    [InlineData("хорошего")]
    [InlineData("плохими")]
    [InlineData("плох")]
    [InlineData("лучше")]
    [InlineData("лучшая")]
    [InlineData("наилучшим")]
    [InlineData("худшему")]
    [InlineData("хуже")]
    [InlineData("наиболее")]
    [InlineData("НАИБОЛЕЕ")]
    public void A_judging_word_is_found_in_any_form(string word)
    {
        Found("quality-word", Choice($"Какой способ {word} подходит?", "Беседа", "Опрос", "Зачёт", "Тест"))
            .Should()
            .ContainSingle()
            .Which.Clause.Should()
            .Be("п. 3.6.1");
        Found("quality-word", Choice("Какой способ подходит?", "Беседа", word, "Зачёт", "Тест")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("качество образования")]
    [InlineData("оптимизация расписания")]
    [InlineData("недостаток знаний")]
    [InlineData("успеваемость и успех")]
    [InlineData("существует")]
    [InlineData("значение и значимый")]
    [InlineData("иррациональное число")]
    [InlineData("хорошист")]
    [InlineData("улучшить")]
    [InlineData("эффект")]
    [InlineData("более")]
    [InlineData("ухудшение")]
    public void Other_words_of_the_same_root_judge_nothing(string words) =>
        Found("quality-word", Choice($"Что означают слова «{words}»?", "Беседа", "Опрос", "Зачёт", "Тест")).Should().BeEmpty();

    [Fact]
    public void All_judging_words_of_an_item_are_one_finding_that_names_their_places()
    {
        var finding = Found("quality-word", Choice("Какой лучший способ?", "Беседа", "Достаточно опроса", "Зачёт", "Тест"))
            .Should()
            .ContainSingle()
            .Subject;
        finding.Message.Should().Contain("в условии — «лучший»").And.Contain("в варианте 2 — «достаточно»");
    }

    [Fact]
    public void A_word_of_the_stem_in_the_key_alone_is_a_clue_in_any_form()
    {
        const string stem = "Как учитель формирует мотивацию учеников?";
        var finding = Found(
                "clue-word",
                Choice(
                    stem,
                    "Опирается на мотивы детей и мотивации класса",
                    "Чаще ставит отметки",
                    "Вызывает родителей",
                    "Даёт больше заданий"
                )
            )
            .Should()
            .ContainSingle()
            .Subject;
        finding.Message.Should().Contain("«мотивации»");
        Found("clue-word", Choice(stem, "Опирается на интересы детей", "Чаще ставит отметки", "Вызывает родителей", "Даёт больше заданий"))
            .Should()
            .BeEmpty();
        Found("clue-word", Choice(stem, "Измеряет мотивацию", "Оценивает мотивацию отметкой", "Вызывает родителей", "Даёт больше заданий"))
            .Should()
            .BeEmpty("a distractor has the word too");
        Found(
                "clue-word",
                Choice(stem, "Опирается на интересы детей", "Чаще говорит о мотивации", "Вызывает родителей", "Даёт больше заданий")
            )
            .Should()
            .BeEmpty("it stands in a distractor alone");
    }

    [Fact]
    public void Functional_words_are_no_clue() =>
        Found(
                "clue-word",
                Choice("Какой ответ верный, если сумма такая?", "Верный, если слагаемые равны", "Только первый", "Только второй", "Никакой")
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void Each_right_option_of_several_may_hold_a_clue()
    {
        const string stem = "Какие условия нужны для осмысленного чтения?";
        Found("clue-word", Choices(stem, "Цель чтения", "Тихое место", "Новый учебник", "Отметка"))
            .Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("(1)");
        Found("clue-word", Choices(stem, "Ясная цель", "Тихое место", "Новый учебник", "Отметка")).Should().BeEmpty();
    }

    [Fact]
    public void A_key_much_longer_than_any_distractor_is_found()
    {
        Found(
                "key-length",
                Choice(
                    "Что делать?",
                    "Выслушать обе стороны и зафиксировать договорённость письменно",
                    "Наказать обоих",
                    "Вызвать полицию",
                    "Не вмешиваться"
                )
            )
            .Should()
            .ContainSingle();
        Found(
                "key-length",
                Choice("Что делать?", "Выслушать обе стороны", "Наказать виновного", "Вызвать родителей", "Не вмешиваться в спор")
            )
            .Should()
            .BeEmpty();
        Found("key-length", Choice("Сколько?", "−2 и 3", "3", "2", "1")).Should().BeEmpty("a few characters are not noticeable");
        Found(
                "key-length",
                Choice("Что делать?", "Выслушать", "Наказать обоих учеников и вызвать родителей", "Вызвать полицию", "Не вмешиваться")
            )
            .Should()
            .BeEmpty("a long distractor gives nothing away");
    }

    [Fact]
    public void Of_several_keys_all_must_stand_out_to_be_noticeable()
    {
        Found(
                "key-length",
                Choices("Что делать?", "Выслушать обе стороны по очереди", "Зафиксировать договорённость", "Наказать", "Не вмешиваться")
            )
            .Should()
            .ContainSingle();
        Found("key-length", Choices("Что делать?", "Выслушать обе стороны по очереди", "Молчать", "Наказать", "Не вмешиваться"))
            .Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("Беседа с классом о правилах", "12", "Опрос", "Тест", true)]
    [InlineData("12", "13", "14", "15", false)]
    [InlineData("AB = CD", "Треугольник ABC прямоугольный", "Отрезок AC длиннее BC", "AC ⊥ BD", false)]
    [InlineData("Беседа.", "Опрос", "Зачёт", "Тест", true)]
    [InlineData("Беседа.", "Опрос.", "Зачёт.", "Тест.", false)]
    [InlineData("12 руб.", "12 рублей", "13 руб.", "14 руб.", false)]
    [InlineData("беседа", "Опрос", "Зачёт", "Тест", true)]
    [InlineData("беседа", "опрос", "зачёт", "тест", false)]
    [InlineData("Беседа", "Опрос", "Зачёт", "Всё перечисленное", true)]
    [InlineData("Беседа", "Опрос", "Зачёт", "Ни один из ответов", true)]
    [InlineData("Беседа", "Опрос", "Зачёт", "Перечисление фактов", false)]
    public void Options_of_different_kinds_are_found(string one, string two, string three, string four, bool found)
    {
        var findings = Found("option-kind", Choice("Что выбрать?", one, two, three, four));
        findings.Any().Should().Be(found, string.Join("; ", findings.Select(finding => finding.Message)));
        findings.All(finding => finding.Severity == Severity.Warning).Should().BeTrue();
    }

    [Fact]
    public void The_answer_to_one_item_in_the_text_of_another_of_the_variant_is_found()
    {
        var asked = Gap("Совместное обучение детей с ОВЗ и без них называется ____.", "инклюзия", "инклюзивное образование");
        var told = Choice(
            "В школе вводят инклюзивное  образование. Кто составляет адаптированную программу?",
            "Школа",
            "Родители",
            "Министерство",
            "Комиссия"
        );
        var distant = Choice("Кто составляет адаптированную программу?", "Школа", "Родители", "Министерство", "Комиссия");

        var leak = Found("answer-leak", Form(Facet(asked.As("term", 1)), Facet(told.As("who", 1)))).Should().ContainSingle().Subject;
        (leak.Item, leak.Severity).Should().Be(("who-1", Severity.Error));
        leak.Message.Should().Contain("term-1");
        Found("answer-leak", Form(Facet(asked.As("term", 1)), Facet(told.As("who", 2))))
            .Should()
            .ContainSingle("one variant is met at entry, another at the end")
            .Which.Message.Should()
            .NotContain("того же варианта");
        Found("answer-leak", Form(Facet(asked.As("term", 1)), Facet(distant.As("who", 1)))).Should().BeEmpty();
        Found("answer-leak", Facet(asked.As("term", 1)), Facet(told.As("who", 1))).Should().BeEmpty("no form puts them together");
    }

    [Fact]
    public void An_answer_in_another_case_leaks_as_well_and_a_part_of_a_word_does_not()
    {
        var asked = Gap("Число посередине ряда — это ____.", "медиана");
        Found(
                "answer-leak",
                Form(
                    Facet(asked.As("term", 1)),
                    Facet(Choice("Чему равно среднее, если по ряду нашли медиану?", "1", "2", "3", "4").As("who", 1))
                )
            )
            .Should()
            .ContainSingle();
        Found("answer-leak", Form(Facet(asked.As("term", 1)), Facet(Choice("Что изучает медианистика?", "1", "2", "3", "4").As("who", 1))))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void An_answer_in_the_stimulus_of_another_item_leaks_as_well() =>
        Found(
                "answer-leak",
                Form(
                    Facet(Gap("Число посередине ряда — это ____.", "медиана").As("term", 1)),
                    Facet(
                        (Items.Extended() with { Stimulus = new("s", "text", "Отчёт", "Медиана отметок равна 4.", null, null) }).As(
                            "report",
                            1
                        )
                    )
                )
            )
            .Should()
            .ContainSingle();

    [Theory]
    [InlineData("12")]
    [InlineData("да")]
    [InlineData("двадцать пять")]
    public void Numbers_and_very_short_words_stand_in_many_texts_and_do_not_leak(string answer) =>
        Found(
                "answer-leak",
                Form(
                    Facet(Gap("Ответ — ____.", answer).As("term", 1)),
                    Facet(Choice($"В классе {answer} учеников. Верно?", "Да", "Нет", "Может быть", "Неизвестно").As("who", 1))
                )
            )
            .Should()
            .BeEmpty();
}
