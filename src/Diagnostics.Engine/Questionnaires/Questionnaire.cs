using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Questionnaires;

/// <summary>How a question is answered (clause 4.1), from the simplest kind to the most demanding.</summary>
public enum QuestionKind
{
    /// <summary>A number on a scale between two named ends.</summary>
    Scale,

    /// <summary>A choice from a ready list.</summary>
    Closed,

    /// <summary>A choice from a list that also has room for an answer of one's own.</summary>
    HalfClosed,

    /// <summary>An answer in one's own words.</summary>
    Open,
}

/// <summary>
/// A questionnaire for self-diagnosis (clauses 4.1 and 7.2): voluntary, without a time limit. Versions never change.
/// </summary>
/// <param name="Introduction">What the person reads before the first question.</param>
public sealed record Questionnaire(
    string Code,
    int Version,
    string Title,
    FrameworkReference Framework,
    string Introduction,
    IReadOnlyList<QuestionSection> Sections
)
{
    internal IEnumerable<Question> Questions => Sections.SelectMany(section => section.Questions);

    /// <summary>Null when the questionnaire has no such question.</summary>
    public Question? Find(string code) => Questions.FirstOrDefault(question => question.Code == code);
}

/// <param name="Title">The block, or the kind of difficulty, that the section is about.</param>
public sealed record QuestionSection(string Code, string Title, IReadOnlyList<Question> Questions);

/// <param name="Options">The ready answers; none for a scale and for an open question.</param>
/// <param name="Multiple">Whether any number of options may be chosen. Each option of such a question is a difficulty, so
/// every option left alone speaks for the person.</param>
/// <param name="Competency">Null for a general question, which is evidence about no competency.</param>
/// <param name="Element">Null where only the competency is known.</param>
/// <param name="Scale">Present for a scale only.</param>
public sealed record Question(
    string Code,
    string Text,
    QuestionKind Kind,
    IReadOnlyList<QuestionOption> Options,
    bool Multiple,
    string? Competency = null,
    string? Element = null,
    QuestionScale? Scale = null
)
{
    /// <summary>The most points that one of the options earns; 0 where no option is rated.</summary>
    internal int BestRating => Options.Max(option => option.Rating) ?? 0;

    /// <summary>Everything that keeps an answer from being taken; null when nothing does.</summary>
    public Refusal? Check(SelfAnswer answer)
    {
        var fault =
            Kind is QuestionKind.Scale
                ? answer.Rating is not { } rating
                    ? "нужно число на шкале"
                    : rating < Scale!.Lowest || rating > Scale.Highest
                        ? $"{rating} — не на шкале {Scale.Lowest}–{Scale.Highest}"
                        : null
                : answer.Rating is not null
                    ? "шкалы в этом вопросе нет"
                    : answer.Chosen.FirstOrDefault(id => Options.All(option => option.Id != id)) is { } unknown
                        ? $"варианта «{unknown}» нет"
                        : answer.Chosen.Distinct().Count() < answer.Chosen.Count
                            ? "вариант назван дважды"
                            : !Multiple && answer.Chosen.Count > 1
                                ? "можно выбрать только один вариант"
                                : null;
        fault ??=
            answer.Text is null ? null
            : Kind is QuestionKind.Scale or QuestionKind.Closed ? "ответа своими словами этот вопрос не предусматривает"
            : VisibleText.ShowsNothing(answer.Text) ? "ответ пуст"
            : answer.Text.Length > SelfAnswer.MaxText ? $"ответ длиннее {SelfAnswer.MaxText} знаков"
            : answer.Text.Contains('\0') ? "ответ содержит знак U+0000"
            : null;
        fault ??= answer is { Chosen.Count: 0, Text: null, Rating: null } && !Multiple ? "ответ пуст" : null;
        return fault is null ? null : Refusal.Invalid("answer-invalid", $"Вопрос «{Code}»: {fault}.");
    }
}

/// <param name="Rating">Points for the choice, 0 for the greatest difficulty; null where the choice says nothing about
/// one, as in «таких обучающихся у меня нет».</param>
/// <param name="Competency">The competency in which the option is a difficulty; the question's where null.</param>
public sealed record QuestionOption(string Id, string Text, int? Rating = null, string? Competency = null, string? Element = null);

/// <param name="Lowest">The number that stands for the greatest difficulty.</param>
/// <param name="LowestLabel">What the lowest number means.</param>
public sealed record QuestionScale(int Lowest, string LowestLabel, int Highest, string HighestLabel);

/// <summary>An answer to one question. An empty answer to a question with many choices says: none of these.</summary>
/// <param name="Chosen">Ids of the chosen options.</param>
/// <param name="Text">The answer in the person's own words; null where there is none.</param>
/// <param name="Rating">The number on the scale; null for other questions.</param>
public sealed record SelfAnswer(IReadOnlyList<string> Chosen, string? Text = null, int? Rating = null)
{
    internal const int MaxText = 10_000;
}
