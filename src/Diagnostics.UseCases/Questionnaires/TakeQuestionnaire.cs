using Diagnostics.Engine;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Storage;
using Diagnostics.Storage.Questionnaires;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.UseCases.Questionnaires;

/// <param name="Questionnaire">The questionnaire to answer.</param>
public sealed record StartQuestionnaireRequest(QuestionnaireReference Questionnaire);

/// <summary>Begins a session of self-diagnosis; it may be interrupted and continued at any time, and repeated once finished.</summary>
internal sealed class StartQuestionnaire(Executor executor) : UseCase<StartQuestionnaireRequest, QuestionnaireSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(StartQuestionnaire),
        LoadedQuestionnaire.Own,
        Trail.Writes("questionnaire.started")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <param name="sessionId">The session that waits for answers.</param>
    internal static Refusal IsOpen(Guid sessionId) =>
        Refusal.Conflict("questionnaire-open", "Эта анкета уже начата: продолжите её.").With("sessionId", sessionId);

    protected override Task<Result<QuestionnaireSession>> Handle(StartQuestionnaireRequest request, Caller caller) =>
        Write(
            caller,
            async Task<Result<QuestionnaireSession>> (db) =>
            {
                var (participantId, asked, now) = (caller.ParticipantId!.Value, request.Questionnaire, Now);
                if (await LoadedQuestionnaire.Form(db, asked.Code, asked.Version) is null)
                    return InstrumentRules.NotFound;
                if (await PersonEvidence.CheckTakesPart(db, participantId) is { } refusal)
                    return refusal;
                if (await QuestionnaireSessionStore.FindOpen(db, participantId, asked.Code) is { } open)
                    return IsOpen(open.Id);
                var row = new QuestionnaireSessionRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    ParticipantId = participantId,
                    QuestionnaireCode = asked.Code,
                    QuestionnaireVersion = asked.Version,
                    StartedAt = now,
                };
                await QuestionnaireSessionStore.Add(db, row);
                var started = (await LoadedQuestionnaire.Load(db, row.Id))!;
                await started.Note(db, now, caller, "questionnaire.started");
                return started.View();
            }
        );
}

/// <summary>An answer to be saved.</summary>
/// <param name="BaseRevision">The revision that the page shows; 0 before the first save.</param>
/// <param name="Answer">Null to clear the answer.</param>
/// <param name="Cleared">Whether the person cleared the answer on purpose; otherwise nothing replaces an answer by none.</param>
public sealed record SaveAnswerRequest(int BaseRevision, SelfAnswer? Answer, bool Cleared = false);

/// <summary>
/// Saves an answer, and answers only when it is durable. A save on an older revision, or after the end, is refused and kept
/// aside.
/// </summary>
internal sealed class SaveQuestionnaireAnswer(Executor executor)
    : UseCase<SaveQuestionnaireAnswer.Request, SavedAnswer>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(SaveQuestionnaireAnswer), LoadedQuestionnaire.Own, Trail.Own);

    internal static readonly Refusal Finished = Refusal.Conflict(
        "questionnaire-finished",
        "Анкета уже завершена: присланный ответ сохранён отдельно и на результат не влияет."
    );

    internal sealed record Request(Guid SessionId, string Question, SaveAnswerRequest Save);

    /// <param name="Refusal">Why the answer was not taken; what was sent is kept nevertheless.</param>
    private sealed record Outcome(SavedAnswer? Saved, Refusal? Refusal = null);

    protected override async Task<Result<SavedAnswer>> Handle(Request request, Caller caller)
    {
        // A refusal would undo the transaction, and with it the answer that is kept aside, so the outcome is no result.
        var outcome = await WritePart(caller, db => Save(db, request, caller));
        return outcome.Refusal is { } refusal ? refusal : outcome.Saved!;
    }

    internal static Refusal Stale(SavedAnswer? current, SaveAnswerRequest rejected) =>
        new Refusal(
            "stale-base",
            RefusalKind.Stale,
            "Этот ответ уже изменён в другом окне. Присланный сохранён отдельно; выберите, какой верен, и сохраните ещё раз."
        )
            .With("current", current)
            .With("rejected", rejected);

    private async Task<Outcome> Save(Db db, Request request, Caller caller)
    {
        var (sessionId, code, save) = request;
        if (await LoadedQuestionnaire.Load(db, sessionId) is not { } session || session.Row.ParticipantId != caller.ParticipantId)
            return new(null, LoadedQuestionnaire.NotFound);
        if (session.Questionnaire.Find(code) is not { } question)
            return new(null, LoadedQuestionnaire.NoQuestion);
        if (save.BaseRevision is < 0 or > 1_000_000)
            return new(null, Refusal.Invalid("base-revision-invalid", "baseRevision — целое число от 0."));
        if (save.Answer is { } answer && question.Check(answer) is { } wrong)
            return new(null, wrong);
        var (now, content) = (Now, save.Answer is null ? null : CanonicalJson.Of(save.Answer));
        if (session.Row.FinishedAt is not null || session.Row.WithdrawnAt is not null)
            return await KeepAside("finished", Finished);
        var current = session.Answers.FirstOrDefault(one => one.Question == code);
        var revision = current?.Revision ?? 0;
        // The confirmation of this very save was lost on its way.
        if (current is not null && save.BaseRevision == revision - 1 && current.Content == content)
            return new(SavedAnswer.Of(current));
        if (save.BaseRevision != revision)
            return await KeepAside("stale", Stale(current is null ? null : SavedAnswer.Of(current), save));
        if (content is null && current?.Content is not null && !save.Cleared)
            return new(null, SaveResponse.BlankRefused(revision));
        var saved = new QuestionnaireAnswerRow
        {
            Question = code,
            Revision = revision + 1,
            Content = content,
            SavedAt = now,
        };
        return await QuestionnaireSessionStore.Save(db, sessionId, saved)
            ? new(SavedAnswer.Of(saved))
            : await KeepAside("stale", Stale(SavedAnswer.Of((await QuestionnaireSessionStore.Answer(db, sessionId, code))!), save));

        async Task<Outcome> KeepAside(string reason, Refusal refusal)
        {
            await QuestionnaireSessionStore.KeepAside(
                db,
                new()
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    SessionId = sessionId,
                    Question = code,
                    BaseRevision = save.BaseRevision,
                    Reason = reason,
                    Content = content,
                    ReceivedAt = now,
                }
            );
            return new(null, refusal);
        }
    }
}

/// <param name="Manifest">For each answered question, the last revision that the server has acknowledged.</param>
public sealed record FinishQuestionnaireRequest(IReadOnlyDictionary<string, int> Manifest);

/// <param name="Expected">The revision that the client named.</param>
/// <param name="Actual">The last revision that the server has; 0 for none.</param>
internal sealed record MissingAnswer(string Question, int Expected, int Actual);

/// <summary>Finishes a session, at most once; a repeated request gets the same result.</summary>
internal sealed class FinishQuestionnaire(Executor executor, EvidenceChanged changed)
    : UseCase<FinishQuestionnaire.Request, QuestionnaireSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(FinishQuestionnaire),
        LoadedQuestionnaire.Own,
        Trail.Writes("questionnaire.finished")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Empty = Refusal.Conflict("questionnaire-empty", "В анкете нет ни одного ответа.");

    internal static readonly Refusal Withdrawn = Refusal.Conflict("questionnaire-withdrawn", "Этот сеанс самодиагностики отозван.");

    internal sealed record Request(Guid SessionId, FinishQuestionnaireRequest Finish);

    internal static Refusal Missing(IReadOnlyList<MissingAnswer> missing) =>
        Refusal
            .Conflict("answers-missing", "Не все ответы дошли до службы: пришлите недостающие и завершите ещё раз.")
            .With("missing", missing);

    protected override Task<Result<QuestionnaireSession>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async Task<Result<QuestionnaireSession>> (db) =>
            {
                var (sessionId, finish) = request;
                if (await LoadedQuestionnaire.Load(db, sessionId) is not { } session || session.Row.ParticipantId != caller.ParticipantId)
                    return LoadedQuestionnaire.NotFound;
                if (session.Row.WithdrawnAt is not null)
                    return Withdrawn;
                if (session.Row.FinishedAt is not null)
                    return session.View();
                var saved = session.Answers.ToDictionary(answer => answer.Question, answer => answer.Revision);
                var missing = finish
                    .Manifest.Where(named => saved.GetValueOrDefault(named.Key) < named.Value)
                    .Select(named => new MissingAnswer(named.Key, named.Value, saved.GetValueOrDefault(named.Key)))
                    .ToList();
                if (missing.Count > 0)
                    return Missing(missing);
                if (session.Answers.All(answer => answer.Content is null))
                    return Empty;
                var now = Now;
                await QuestionnaireSessionStore.Finish(db, sessionId, now);
                await session.Note(db, now, caller, "questionnaire.finished");
                await changed(db, session.Row.ParticipantId, now);
                return (await LoadedQuestionnaire.Load(db, sessionId))!.View();
            }
        );
}

/// <summary>Withdraws the person's own session: self-diagnosis is voluntary (clause 7.2).</summary>
internal sealed class WithdrawQuestionnaire(Executor executor, EvidenceChanged changed)
    : UseCase<Guid, QuestionnaireSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(WithdrawQuestionnaire),
        LoadedQuestionnaire.Own,
        Trail.Writes("questionnaire.withdrawn")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<QuestionnaireSession>> Handle(Guid sessionId, Caller caller) =>
        Write(
            caller,
            async Task<Result<QuestionnaireSession>> (db) =>
            {
                if (await LoadedQuestionnaire.Load(db, sessionId) is not { } session || session.Row.ParticipantId != caller.ParticipantId)
                    return LoadedQuestionnaire.NotFound;
                var now = Now;
                if (await QuestionnaireSessionStore.Withdraw(db, sessionId, caller.Id, now))
                {
                    await session.Note(db, now, caller, "questionnaire.withdrawn");
                    await changed(db, session.Row.ParticipantId, now);
                }
                return (await LoadedQuestionnaire.Load(db, sessionId))!.View();
            }
        );
}
