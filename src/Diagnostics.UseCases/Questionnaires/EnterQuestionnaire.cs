using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Storage;
using Diagnostics.Storage.Questionnaires;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Questionnaires;

/// <summary>A questionnaire that was answered on paper (clause 7.2).</summary>
/// <param name="AnsweredOn">The day on which it was filled in.</param>
/// <param name="Answers">Code of a question → answer; questions may be left out.</param>
public sealed record PaperQuestionnaireRequest(
    QuestionnaireReference Questionnaire,
    DateOnly AnsweredOn,
    IReadOnlyDictionary<string, SelfAnswer> Answers
);

/// <summary>Enters a paper questionnaire whole, or refuses it with the faults of all answers.</summary>
internal sealed class EnterQuestionnaire(Executor executor, EvidenceChanged changed)
    : UseCase<EnterQuestionnaire.Request, QuestionnaireSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(EnterQuestionnaire),
        PersonEvidence.Enterers,
        Trail.Writes("questionnaire.entered")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal InFuture = Refusal
        .Invalid("answered-on-invalid", "answeredOn — день, который уже наступил.")
        .With("field", "answeredOn");

    internal sealed record Request(Guid ParticipantId, PaperQuestionnaireRequest Paper);

    internal static Refusal Invalid(IReadOnlyList<string> faults) =>
        Refusal.Invalid("answers-invalid", $"Анкета не внесена. {string.Join(" ", faults.Take(3))}").With("faults", faults);

    protected override Task<Result<QuestionnaireSession>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<QuestionnaireSession>> (db) =>
            {
                var (participantId, paper) = request;
                if (await PersonEvidence.CheckEnterer(db, caller, participantId) is { } refusal)
                    return refusal;
                if (await LoadedQuestionnaire.Form(db, paper.Questionnaire.Code, paper.Questionnaire.Version) is not var (questionnaire, _))
                    return InstrumentRules.NotFound;
                var now = Now;
                // In the east of the country the day begins before it does in UTC.
                if (LocalDate.FromDateOnly(paper.AnsweredOn) > now.InUtc().Date.PlusDays(1))
                    return InFuture;
                if (paper.Answers.Count == 0)
                    return FinishQuestionnaire.Empty;
                if (Faults(questionnaire, paper).ToList() is { Count: > 0 } faults)
                    return Invalid(faults);
                var row = new QuestionnaireSessionRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    ParticipantId = participantId,
                    QuestionnaireCode = questionnaire.Code,
                    QuestionnaireVersion = questionnaire.Version,
                    StartedAt = now,
                    AnsweredOn = paper.AnsweredOn.ToString("O", CultureInfo.InvariantCulture),
                    EnteredBy = caller.Id,
                };
                await Store(db, row, paper, now);
                var entered = (await LoadedQuestionnaire.Load(db, row.Id))!;
                await entered.Note(db, now, caller, "questionnaire.entered");
                await changed(db, participantId, now);
                return entered.View();
            }
        );

    private static IEnumerable<string> Faults(Questionnaire questionnaire, PaperQuestionnaireRequest paper)
    {
        foreach (var (code, answer) in paper.Answers)
            if (questionnaire.Find(code) is not { } question)
                yield return $"Вопроса «{code}» в анкете нет.";
            else if (question.Check(answer) is { } fault)
                yield return fault.Detail;
    }

    private static async Task Store(Db db, QuestionnaireSessionRow row, PaperQuestionnaireRequest paper, Instant now)
    {
        await QuestionnaireSessionStore.Add(db, row);
        foreach (var (code, answer) in paper.Answers)
            await QuestionnaireSessionStore.Save(
                db,
                row.Id,
                new()
                {
                    Question = code,
                    Revision = 1,
                    Content = CanonicalJson.Of(answer),
                    SavedAt = now,
                }
            );
        await QuestionnaireSessionStore.Finish(db, row.Id, now);
    }
}
