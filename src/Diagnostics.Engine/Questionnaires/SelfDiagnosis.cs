using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using NodaTime;

namespace Diagnostics.Engine.Questionnaires;

/// <summary>What a person's answers to a questionnaire say.</summary>
/// <param name="Sections">In the order of the questionnaire.</param>
public sealed record SelfDiagnosis(IReadOnlyList<SectionResult> Sections, Reflection Reflection, IReadOnlyList<Evidence> Evidence)
{
    /// <summary>The code of this source of evidence.</summary>
    public const string Source = "self_diagnosis";

    /// <param name="answers">Code of a question → answer, each checked. Questions may be left out.</param>
    /// <param name="at">When the last answer was given.</param>
    public static SelfDiagnosis Of(
        Questionnaire questionnaire,
        Framework framework,
        IReadOnlyDictionary<string, SelfAnswer> answers,
        Instant at
    )
    {
        var rated = questionnaire
            .Sections.Select(section =>
                (
                    section,
                    Ratings: section
                        .Questions.Where(question => answers.ContainsKey(question.Code))
                        .SelectMany(question => Rated(question, answers[question.Code]))
                        .ToList()
                )
            )
            .ToList();
        return new(
            rated
                .Select(pair => new SectionResult(
                    pair.section.Code,
                    pair.section.Title,
                    pair.section.Questions.Count,
                    pair.section.Questions.Count(question => answers.ContainsKey(question.Code)),
                    Points.From(pair.Ratings.Sum(one => one.Earned)),
                    Points.From(pair.Ratings.Sum(one => one.Maximum))
                ))
                .ToList(),
            Reflection.Of(questionnaire, answers),
            rated
                .SelectMany(pair => pair.Ratings)
                .Where(one => one.Competency is not null)
                .Select(one => new Evidence(
                    Source,
                    at,
                    framework.BlockOfCompetency(one.Competency!)!.Code,
                    one.Competency!,
                    Points.From(one.Earned),
                    Points.From(one.Maximum),
                    one.Element
                ))
                .ToList()
        );
    }

    private static IEnumerable<(string? Competency, string? Element, int Earned, int Maximum)> Rated(Question question, SelfAnswer answer)
    {
        if (question.Scale is { } scale)
            return [(question.Competency, question.Element, answer.Rating!.Value - scale.Lowest, scale.Highest - scale.Lowest)];
        if (question.Multiple)
            return question.Options.Select(option =>
                (
                    option.Competency ?? question.Competency,
                    option.Competency is null ? question.Element : option.Element,
                    answer.Chosen.Contains(option.Id) ? 0 : 1,
                    1
                )
            );
        var rating = question.Options.FirstOrDefault(option => answer.Chosen.Contains(option.Id))?.Rating;
        return rating is { } earned ? [(question.Competency, question.Element, earned, question.BestRating)] : [];
    }
}

/// <param name="Questions">Number of questions.</param>
/// <param name="Answered">Number of questions that the person answered.</param>
/// <param name="Earned">Points of all rated answers, those without a competency included.</param>
/// <param name="Maximum">The most points that the answered questions give; 0 where no answer is rated.</param>
public sealed record SectionResult(string Code, string Title, int Questions, int Answered, Points Earned, Points Maximum);

/// <summary>
/// Number and length of the open answers, a sign of how deeply the person reflects on difficulties (clause 4.1). It is
/// no evidence of any competency.
/// </summary>
/// <param name="OpenQuestions">Number of open questions.</param>
/// <param name="Answered">How many of them have an answer.</param>
/// <param name="Extended">How many of the answers are extended: at least <see cref="ExtendedFromWords"/> words.</param>
/// <param name="Words">Words in all open answers together.</param>
public sealed record Reflection(int OpenQuestions, int Answered, int Extended, int Words)
{
    public const int ExtendedFromWords = 10;

    internal static Reflection Of(Questionnaire questionnaire, IReadOnlyDictionary<string, SelfAnswer> answers)
    {
        var open = questionnaire.Questions.Where(question => question.Kind is QuestionKind.Open).ToList();
        var lengths = open.Where(question => answers.ContainsKey(question.Code))
            .Select(question => Length(answers[question.Code]))
            .ToList();
        return new(open.Count, lengths.Count, lengths.Count(words => words >= ExtendedFromWords), lengths.Sum());
    }

    // A dash with blanks around it is no word.
    private static int Length(SelfAnswer answer) =>
        answer.Text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(word => word.Any(char.IsLetterOrDigit)) ?? 0;
}
