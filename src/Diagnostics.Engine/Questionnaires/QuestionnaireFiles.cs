using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;

namespace Diagnostics.Engine.Questionnaires;

/// <summary>Reads <c>instruments/questionnaires/*.yaml</c>, and checks what clause 4.1 wants of questionnaires.</summary>
public static class QuestionnaireFiles
{
    private static readonly BankRule SimpleFirst = new(
        "question-order-simple",
        Severity.Warning,
        "п. 4.1",
        "Вопросы идут от простых к сложным"
    );
    private static readonly BankRule GeneralFirst = new(
        "question-order-general",
        Severity.Warning,
        "п. 4.1",
        "Вопросы идут от общего к частному"
    );
    private static readonly BankRule Kinds = new("question-kinds", Severity.Warning, "п. 4.1", "В анкете есть вопросы всех видов");
    private static readonly BankRule BlockMissing = new(
        "question-block-missing",
        Severity.Warning,
        "п. 4.1",
        "Блок, о котором не спросили"
    );

    private static readonly InstrumentForm<Questionnaire> Files = new(
        "questionnaires",
        "questionnaire",
        "Анкета",
        Read,
        one => new(InstrumentKind.Questionnaire, one.Code, one.Version, one.Title, one.Framework, ""),
        [SimpleFirst, GeneralFirst, Kinds, BlockMissing]
    );

    /// <summary>How the item bank reads documents of this kind.</summary>
    public static InstrumentForm Form => Files;

    /// <returns>The questionnaires without errors, and all findings.</returns>
    public static (IReadOnlyList<Questionnaire> Questionnaires, IReadOnlyList<Finding> Findings) Read(
        BankFiles files,
        IReadOnlyList<Framework> frameworks
    ) => Files.Read(files, frameworks);

    private static Questionnaire Read(Fields fields, FrameworkIndex frameworks)
    {
        var code = FacetReader.ReadCode(fields, "questionnaire");
        var version = fields.Number("version", 1, int.MaxValue);
        var title = fields.Text("title");
        var framework = frameworks.Reference(fields);
        var questionnaire = new Questionnaire(
            code,
            version,
            title,
            framework,
            fields.Text("introduction"),
            fields.List("sections").Select(section => ReadSection(section, framework, frameworks)).ToList()
        );
        fields.Done();
        fields.ReportRepeated("sections", questionnaire.Sections.Select(section => section.Code));
        fields.ReportRepeated("sections", questionnaire.Questions.Select(question => question.Code));
        ReportKinds(fields, questionnaire);
        ReportBlocks(fields, questionnaire, frameworks);
        return questionnaire;
    }

    private static QuestionSection ReadSection(Fields fields, FrameworkReference framework, FrameworkIndex frameworks)
    {
        var entries = fields.List("questions");
        var section = new QuestionSection(
            FacetReader.ReadPlainCode(fields, "code"),
            fields.Text("title"),
            entries.Select(entry => ReadQuestion(entry, framework, frameworks)).ToList()
        );
        fields.Done();
        ReportOrder(entries, section.Questions);
        return section;
    }

    private static Question ReadQuestion(Fields fields, FrameworkReference framework, FrameworkIndex frameworks)
    {
        var kind = fields.Choice("kind", Codes.Find<QuestionKind>, Enum.GetValues<QuestionKind>().Select(Codes.Of), QuestionKind.Open);
        var takesOptions = kind is QuestionKind.Closed or QuestionKind.HalfClosed;
        var multiple = takesOptions && fields.Flag("multiple");
        var question = new Question(
            FacetReader.ReadPlainCode(fields, "code"),
            fields.Text("text"),
            kind,
            takesOptions ? fields.List("options").Select(entry => ReadOption(entry, multiple, framework, frameworks)).ToList() : [],
            multiple,
            fields.OptionalText("competency"),
            fields.OptionalText("element"),
            kind is QuestionKind.Scale ? ReadScale(fields) : null
        );
        fields.Done();
        InstrumentWording.Report(fields, "text");
        if (question.Competency is { } competency)
            frameworks.ReportCompetency(fields, framework, competency, question.Element);
        else if (question.Element is not null)
            fields.Invalid(fields.At("element"), "Элемент назван без компетенции.");
        if (!takesOptions)
            return question;
        fields.ReportRepeated("options", question.Options.Select(option => option.Id));
        if (question.Options.Count < 2)
            fields.Invalid(fields.At("options"), "Вариантов должно быть не меньше двух.");
        var ratings = question.Options.Select(option => option.Rating).OfType<int>().Distinct().ToList();
        if (ratings.Count == 1)
            fields.Invalid(fields.At("options"), "Все варианты оценены одинаково: такой вопрос ничего не измеряет.");
        return question;
    }

    private static QuestionOption ReadOption(Fields fields, bool multiple, FrameworkReference framework, FrameworkIndex frameworks)
    {
        // A chosen option of a question with many choices is a difficulty, so it has no points of its own.
        var option = new QuestionOption(
            FacetReader.ReadPlainCode(fields, "id"),
            fields.Text("text"),
            !multiple && fields.Has("rating") ? fields.Number("rating", 0, 10) : null,
            multiple ? fields.OptionalText("competency") : null,
            multiple ? fields.OptionalText("element") : null
        );
        fields.Done();
        if (option.Competency is { } competency)
            frameworks.ReportCompetency(fields, framework, competency, option.Element);
        else if (option.Element is not null)
            fields.Invalid(fields.At("element"), "Элемент назван без компетенции.");
        return option;
    }

    private static QuestionScale ReadScale(Fields fields)
    {
        if (fields.Mapping("scale") is not { } entry)
            return new(0, "", 1, "");
        var scale = new QuestionScale(
            entry.Number("lowest", 0, 10),
            entry.Text("lowestLabel"),
            entry.Number("highest", 1, 10),
            entry.Text("highestLabel")
        );
        entry.Done();
        if (scale.Highest <= scale.Lowest)
            entry.Invalid(entry.At("highest"), "«highest» больше «lowest».");
        return scale;
    }

    /// <summary>
    /// Within a section, a question that is easier to answer comes first; among questions that are equally easy, one
    /// about the whole block comes before one about a competency, and that before one about an element.
    /// </summary>
    private static void ReportOrder(IReadOnlyList<Fields> entries, IReadOnlyList<Question> questions)
    {
        for (var place = 1; place < questions.Count; place++)
        {
            var (before, after) = (questions[place - 1], questions[place]);
            if (Ease(after) < Ease(before))
                entries[place]
                    .File.Report(
                        SimpleFirst,
                        entries[place].At("code"),
                        $"Вопрос «{after.Code}» проще, чем «{before.Code}» перед ним.",
                        "Сначала шкалы и выбор из списка, потом списки со своим ответом, в конце — ответы своими словами."
                    );
            else if (Ease(after) == Ease(before) && Depth(after) < Depth(before))
                entries[place]
                    .File.Report(
                        GeneralFirst,
                        entries[place].At("code"),
                        $"Вопрос «{after.Code}» более общий, чем «{before.Code}» перед ним.",
                        "Сначала спрашивают о блоке в целом, потом о компетенции, потом об отдельном умении."
                    );
        }
    }

    private static int Ease(Question question) =>
        question.Kind switch
        {
            QuestionKind.Scale or QuestionKind.Closed => 0,
            QuestionKind.HalfClosed => 1,
            _ => 2,
        };

    private static int Depth(Question question) =>
        question.Element is not null ? 2
        : question.Competency is not null ? 1
        : 0;

    private static void ReportKinds(Fields fields, Questionnaire questionnaire)
    {
        var eases = questionnaire.Questions.Select(Ease).ToHashSet();
        if (eases.Count is > 0 and < 3)
            fields.File.Report(
                Kinds,
                fields.At("sections"),
                "В анкете нет вопросов одного из видов: закрытых или шкал, полузакрытых, открытых.",
                "Добавьте вопрос недостающего вида."
            );
    }

    private static void ReportBlocks(Fields fields, Questionnaire questionnaire, FrameworkIndex frameworks)
    {
        var asked = questionnaire
            .Questions.SelectMany(question => question.Options.Select(option => option.Competency).Append(question.Competency))
            .OfType<string>()
            .ToHashSet();
        foreach (var block in frameworks.Find(questionnaire.Framework)?.Blocks ?? [])
            if (block.Competencies.All(competency => !asked.Contains(competency.Code)))
                fields.File.Report(
                    BlockMissing,
                    fields.At("sections"),
                    $"О блоке «{block.Title}» не спрашивает ни один вопрос.",
                    "Добавьте вопрос с компетенцией этого блока."
                );
    }
}
