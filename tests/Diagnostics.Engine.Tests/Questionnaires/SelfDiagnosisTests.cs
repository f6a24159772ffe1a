using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Engine.Tests.ItemBank;
using NodaTime;

namespace Diagnostics.Engine.Tests.Questionnaires;

public sealed class SelfDiagnosisTests
{
    private const string Sample = """
        questionnaire: sample
        version: 1
        title: Анкета
        framework: {code: teacher, version: 1}
        introduction: Отвечайте, как есть.
        sections:
          - code: one
            title: Первый раздел
            questions:
              - code: a
                text: Сколько лет вы работаете?
                kind: closed
                options: [{id: few, text: Мало}, {id: many, text: Много}]
              - code: b
                text: Насколько легко вам планировать урок?
                kind: scale
                competency: methodical.planning
                scale: {lowest: 1, lowestLabel: Трудно, highest: 5, highestLabel: Легко}
              - code: c
                text: Как часто вы разбираете ошибки?
                kind: closed
                competency: methodical.assessment
                element: methodical.assessment.errors
                options:
                  - {id: never, text: Никогда, rating: 0}
                  - {id: often, text: Часто, rating: 3}
                  - {id: none, text: Ошибок нет}
              - code: d
                text: Что вам трудно?
                kind: half_closed
                multiple: true
                competency: methodical.planning
                options:
                  - {id: goals, text: Цели}
                  - {id: tools, text: Инструменты, competency: methodical.digital, element: methodical.digital.tools}
              - code: e
                text: Расскажите об уроке.
                kind: open
          - code: two
            title: Второй раздел
            questions:
              - code: f
                text: Насколько легко вам вести журнал?
                kind: scale
                scale: {lowest: 0, lowestLabel: Трудно, highest: 2, highestLabel: Легко}
              - code: g
                text: Что ещё вы хотите сказать?
                kind: open
        """;

    private static readonly Instant Answered = Instant.FromUtc(2026, 11, 2, 17, 30);
    private static readonly IReadOnlyList<Framework> Frameworks = ShippedBank.Reading.Bank.Frameworks;
    private static readonly (IReadOnlyList<Questionnaire> Questionnaires, IReadOnlyList<Finding> Findings) Shipped =
        QuestionnaireFiles.Read(ShippedBank.Files, Frameworks);

    [Fact]
    public void The_shipped_questionnaires_are_read_without_findings()
    {
        Shipped.Findings.Should().BeEmpty();
        Shipped
            .Questionnaires.Select(one => (one.Code, string.Join(' ', one.Sections.Select(section => section.Code))))
            .Should()
            .Equal(
                ("school-head", "processes resources personnel results information"),
                ("teacher-mathematics-5-9", "subject methodical psychological communicative"),
                ("young-teacher", "pedagogical psychological methodical theoretical organisational")
            );
    }

    [Fact]
    public void The_full_questionnaires_ask_about_every_competency_more_than_once()
    {
        foreach (var questionnaire in Shipped.Questionnaires.Where(one => one.Code != "young-teacher"))
        {
            var asked = questionnaire
                .Sections.SelectMany(section => section.Questions)
                .SelectMany(question => question.Options.Select(option => option.Competency).Append(question.Competency))
                .OfType<string>()
                .CountBy(code => code)
                .ToDictionary();
            Frameworks
                .Single(framework => framework.Code == questionnaire.Framework.Code)
                .Blocks.SelectMany(block => block.Competencies)
                .Should()
                .OnlyContain(competency => asked.GetValueOrDefault(competency.Code) >= 3);
        }
    }

    /// <summary>Worked by hand; the points stand beside each answer.</summary>
    [Fact]
    public void Every_kind_of_answer_gives_the_evidence_that_it_holds()
    {
        var result = Diagnose(
            ("a", new(["few"])), // says nothing about a difficulty
            ("b", new([], Rating: 4)), // three steps of four from the lowest
            ("c", new(["often"])), // 3 of 3
            ("d", new(["tools"], "И журнал")), // planning is no difficulty: 1 of 1; digital is one: 0 of 1
            ("e", new([], "Урок о дробях — тот, где никто не спросил, зачем они нужны в жизни.")),
            ("f", new([], Rating: 0)) // 0 of 2, about no competency
        );

        result
            .Evidence.Select(one => (one.Source, one.At, one.Block, one.Competency, one.Element, one.Earned, one.Maximum))
            .Should()
            .Equal(
                ("self_diagnosis", Answered, "methodical", "methodical.planning", null, Points.From(3), Points.From(4)),
                (
                    "self_diagnosis",
                    Answered,
                    "methodical",
                    "methodical.assessment",
                    "methodical.assessment.errors",
                    Points.From(3),
                    Points.From(3)
                ),
                ("self_diagnosis", Answered, "methodical", "methodical.planning", null, Points.From(1), Points.From(1)),
                ("self_diagnosis", Answered, "methodical", "methodical.digital", "methodical.digital.tools", Points.Zero, Points.From(1))
            );
        // 3 + 3 + 1 + 0 of 4 + 3 + 1 + 1
        result
            .Sections.Should()
            .Equal(
                new SectionResult("one", "Первый раздел", 5, 5, Points.From(7), Points.From(9)),
                new SectionResult("two", "Второй раздел", 2, 1, Points.Zero, Points.From(2))
            );
        // урок о дробях тот где никто не спросил зачем они нужны в жизни: 13 words, the dash is none
        result.Reflection.Should().Be(new Reflection(2, 1, 1, 13));
    }

    [Fact]
    public void A_question_left_out_is_evidence_of_nothing()
    {
        Diagnose().Evidence.Should().BeEmpty();
        Diagnose(("c", new(["none"]))).Evidence.Should().BeEmpty("the option is not rated");
        Diagnose(("d", new([]))).Evidence.Should().HaveCount(2, "none of the difficulties is an answer too");
        Diagnose(("e", new([], "Коротко")), ("g", new([], "Да"))).Reflection.Should().Be(new Reflection(2, 2, 0, 2));
    }

    [Theory]
    [InlineData("b", new string[0], null, null, "Вопрос «b»: нужно число на шкале.")]
    [InlineData("b", new string[0], null, 6, "Вопрос «b»: 6 — не на шкале 1–5.")]
    [InlineData("b", new string[0], "легко", 5, "Вопрос «b»: ответа своими словами этот вопрос не предусматривает.")]
    [InlineData("c", new[] { "often", "never" }, null, null, "Вопрос «c»: можно выбрать только один вариант.")]
    [InlineData("c", new[] { "rarely" }, null, null, "Вопрос «c»: варианта «rarely» нет.")]
    [InlineData("c", new string[0], null, null, "Вопрос «c»: ответ пуст.")]
    [InlineData("c", new[] { "often" }, null, 3, "Вопрос «c»: шкалы в этом вопросе нет.")]
    [InlineData("d", new[] { "goals", "goals" }, null, null, "Вопрос «d»: вариант назван дважды.")]
    [InlineData("e", new string[0], "  ", null, "Вопрос «e»: ответ пуст.")]
    [InlineData("e", new[] { "goals" }, "Текст", null, "Вопрос «e»: варианта «goals» нет.")]
    public void An_answer_that_does_not_fit_its_question_is_refused(
        string code,
        string[] chosen,
        string? text,
        int? rating,
        string detail
    ) => Question(code).Check(new(chosen, text, rating))!.Detail.Should().Be(detail);

    [Theory]
    [InlineData("a", new[] { "few" }, null, null)]
    [InlineData("b", new string[0], null, 1)]
    [InlineData("d", new string[0], null, null)]
    [InlineData("d", new[] { "goals", "tools" }, "И другое", null)]
    [InlineData("d", new string[0], "Другое", null)]
    [InlineData("e", new string[0], "Текст", null)]
    public void An_answer_that_fits_is_taken(string code, string[] chosen, string? text, int? rating) =>
        Question(code).Check(new(chosen, text, rating)).Should().BeNull();

    [Theory]
    // The open question comes before the half-closed one.
    [InlineData(
        "kind: open\n      - code: z\n        text: Что ещё?\n        kind: closed\n        options: [{id: x, text: Икс}, {id: y, text: Игрек}]",
        "question-order-simple"
    )]
    // A question about an element comes before one about its competency.
    [InlineData(
        "kind: scale\n        competency: methodical.planning\n        element: methodical.planning.goals\n"
            + "        scale: {lowest: 0, lowestLabel: Н, highest: 1, highestLabel: В}\n"
            + "      - code: z\n        text: Что ещё?\n        kind: scale\n        competency: methodical.planning\n"
            + "        scale: {lowest: 0, lowestLabel: Н, highest: 1, highestLabel: В}",
        "question-order-general"
    )]
    [InlineData("kind: open", "question-kinds")]
    [InlineData("kind: open", "question-block-missing")]
    [InlineData("kind: closed\n        options: [{id: x, text: Икс}]", "field-invalid")]
    [InlineData("kind: closed\n        options: [{id: x, text: Икс, rating: 1}, {id: y, text: Игрек, rating: 1}]", "field-invalid")]
    [InlineData("kind: closed\n        options: [{id: x, text: Икс}, {id: x, text: Игрек}]", "code-duplicate")]
    [InlineData("kind: open\n        options: [{id: x, text: Икс}]", "field-unknown")]
    [InlineData("kind: scale\n        scale: {lowest: 5, lowestLabel: Н, highest: 5, highestLabel: В}", "field-invalid")]
    [InlineData("kind: open\n        competency: resources.finance", "element-unknown")]
    [InlineData("kind: open\n        element: methodical.planning.goals", "field-invalid")]
    public void What_clause_4_1_does_not_want_is_found(string question, string code) =>
        Read(
            $"""
            questionnaire: sample
            version: 1
            title: Анкета
            framework: {"{code: teacher, version: 1}"}
            introduction: Отвечайте.
            sections:
              - code: one
                title: Раздел
                questions:
                  - code: a
                    text: Что вам трудно?
                    {question}
            """
        )
            .Findings.Select(finding => finding.Code)
            .Should()
            .Contain(code);

    private static (IReadOnlyList<Questionnaire> Questionnaires, IReadOnlyList<Finding> Findings) Read(string text) =>
        QuestionnaireFiles.Read(new(new Dictionary<string, string> { ["instruments/questionnaires/sample.yaml"] = text }), Frameworks);

    private static Questionnaire Questionnaire => Read(Sample).Questionnaires.Single();

    private static Question Question(string code) =>
        Questionnaire.Sections.SelectMany(section => section.Questions).Single(question => question.Code == code);

    private static SelfDiagnosis Diagnose(params (string Code, SelfAnswer Answer)[] answers) =>
        SelfDiagnosis.Of(
            Questionnaire,
            Frameworks.Single(framework => framework.Code == "teacher"),
            answers.ToDictionary(one => one.Code, one => one.Answer),
            Answered
        );
}
