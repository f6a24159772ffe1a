using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Instruments;
using Diagnostics.Storage.Questionnaires;
using Diagnostics.UseCases.Competencies;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Questionnaires;

/// <summary>A version of a questionnaire.</summary>
public sealed record QuestionnaireReference(string Code, int Version);

/// <summary>A line of a list of sessions.</summary>
/// <param name="FinishedAt">Absent while the person is answering.</param>
/// <param name="AnsweredOn">The day on which the paper was filled in; absent for a session over the network.</param>
/// <param name="WithdrawnAt">Present when the person has withdrawn the session, which then says nothing any more.</param>
public sealed record QuestionnaireSessionSummary(
    Guid Id,
    Guid ParticipantId,
    QuestionnaireReference Questionnaire,
    Instant StartedAt,
    Instant? FinishedAt = null,
    DateOnly? AnsweredOn = null,
    Instant? WithdrawnAt = null
)
{
    internal static QuestionnaireSessionSummary Of(QuestionnaireSessionRow row) =>
        new(
            row.Id,
            row.ParticipantId,
            new(row.QuestionnaireCode, row.QuestionnaireVersion),
            row.StartedAt,
            row.FinishedAt,
            row.AnsweredOn is { } day ? DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture) : null,
            row.WithdrawnAt
        );
}

/// <summary>An answer as it is stored.</summary>
/// <param name="Revision">The base of the next save.</param>
/// <param name="Answer">Absent where the person has cleared the answer.</param>
public sealed record SavedAnswer(string Question, int Revision, Instant SavedAt, SelfAnswer? Answer = null)
{
    internal static SavedAnswer Of(QuestionnaireAnswerRow row) => new(row.Question, row.Revision, row.SavedAt, Read(row.Content));

    internal static SelfAnswer? Read(string? content) =>
        content is null ? null : JsonSerializer.Deserialize<SelfAnswer>(content, Json.Stored);
}

/// <summary>What the answers say about one competency.</summary>
/// <param name="Answers">Number of findings: rated answers, and options of questions with many choices.</param>
public sealed record SelfCompetency(string Code, string Title, string Block, int Answers, decimal ResultPercent);

/// <summary>What a finished session says.</summary>
/// <param name="Reflection">Number and length of the open answers, a sign of reflection (clause 4.1).</param>
public sealed record QuestionnaireResult(
    IReadOnlyList<SectionResult> Sections,
    IReadOnlyList<SelfCompetency> Competencies,
    Reflection Reflection
);

/// <summary>A session of self-diagnosis.</summary>
/// <param name="Answers">The last revision of each answer, by code of the question.</param>
/// <param name="Result">Present once the session is finished, unless it was withdrawn.</param>
public sealed record QuestionnaireSession(
    Guid Id,
    Guid ParticipantId,
    QuestionnaireReference Questionnaire,
    FrameworkReference Framework,
    Instant StartedAt,
    IReadOnlyList<SavedAnswer> Answers,
    Instant? FinishedAt = null,
    DateOnly? AnsweredOn = null,
    Instant? WithdrawnAt = null,
    QuestionnaireResult? Result = null
);

/// <summary>A session with its questionnaire and its answers.</summary>
internal sealed record LoadedQuestionnaire(
    QuestionnaireSessionRow Row,
    Questionnaire Questionnaire,
    Framework Framework,
    IReadOnlyList<QuestionnaireAnswerRow> Answers
)
{
    internal static readonly AccessRule Own = AccessRule.Of(Role.Participant.OfOwn());

    internal static readonly Refusal NotFound = Refusal.NotFound("questionnaire-session-not-found", "Такого сеанса самодиагностики нет.");

    internal static readonly Refusal NoQuestion = Refusal.NotFound("question-not-found", "Такого вопроса в анкете нет.");

    /// <returns>Null when there is no such session.</returns>
    internal static async Task<LoadedQuestionnaire?> Load(Db db, Guid id)
    {
        if (await QuestionnaireSessionStore.Find(db, id) is not { } row)
            return null;
        var (questionnaire, framework) = (await Form(db, row.QuestionnaireCode, row.QuestionnaireVersion))!.Value;
        return new(row, questionnaire, framework, await QuestionnaireSessionStore.Answers(db, id));
    }

    /// <returns>Null when there is no such version of a questionnaire.</returns>
    internal static async Task<(Questionnaire Questionnaire, Framework Framework)?> Form(Db db, string code, int version) =>
        await InstrumentStore.Find(db, InstrumentKind.Questionnaire, code, version) is { } row
            ? (
                JsonSerializer.Deserialize<Questionnaire>(row.Content, Json.Stored)!,
                (await FrameworkCatalog.Find(db, row.FrameworkCode, row.FrameworkVersion))!
            )
            : null;

    /// <summary>When the last answer was given: on paper, on the day that the paper names.</summary>
    internal Instant AnsweredAt =>
        Row.AnsweredOn is { } day
            ? LocalDate.FromDateOnly(DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture)).AtMidnight().InUtc().ToInstant()
            : Answers.Select(answer => answer.SavedAt).DefaultIfEmpty(Row.StartedAt).Max();

    internal SelfDiagnosis Result() =>
        SelfDiagnosis.Of(
            Questionnaire,
            Framework,
            Answers
                .Where(answer => answer.Content is not null)
                .ToDictionary(answer => answer.Question, answer => SavedAnswer.Read(answer.Content)!),
            AnsweredAt
        );

    internal QuestionnaireSession View()
    {
        var summary = QuestionnaireSessionSummary.Of(Row);
        return new(
            Id: Row.Id,
            ParticipantId: Row.ParticipantId,
            Questionnaire: summary.Questionnaire,
            Framework: new(Framework.Code, Framework.Version),
            StartedAt: Row.StartedAt,
            Answers: Answers.Select(SavedAnswer.Of).ToList(),
            FinishedAt: Row.FinishedAt,
            AnsweredOn: summary.AnsweredOn,
            WithdrawnAt: Row.WithdrawnAt,
            Result: Row.FinishedAt is not null && Row.WithdrawnAt is null ? Told(Result()) : null
        );
    }

    internal Task Note(Db db, Instant now, Caller caller, string action) =>
        AuditStore.Append(db, now, caller.Id, action, $"participant:{Row.ParticipantId:D}", new { session = Row.Id.ToString("D") });

    private QuestionnaireResult Told(SelfDiagnosis found)
    {
        var evidence = found.Evidence.ToLookup(one => one.Competency);
        return new(
            found.Sections,
            (
                from block in Framework.Blocks
                from competency in block.Competencies
                let own = evidence[competency.Code].ToList()
                where own.Count > 0
                select new SelfCompetency(
                    competency.Code,
                    competency.Title,
                    block.Code,
                    own.Count,
                    new ResultShare(
                        Points.FromThousandths(own.Sum(one => one.Earned.Thousandths)),
                        Points.FromThousandths(own.Sum(one => one.Maximum.Thousandths))
                    ).Percent
                )
            ).ToList(),
            found.Reflection
        );
    }
}
