using Diagnostics.Engine;
using Diagnostics.Engine.Questionnaires;
using Diagnostics.Storage;
using Diagnostics.Storage.Questionnaires;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Questionnaires;

/// <summary>Lists a person's sessions of self-diagnosis; others than the person see finished ones only.</summary>
internal sealed class ListQuestionnaireSessions(Executor executor) : ListEvidence<QuestionnaireSessionSummary>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListQuestionnaireSessions),
        PersonEvidence.Readers,
        Trail.Shows("questionnaire.viewed")
    );

    protected override async Task<Page<QuestionnaireSessionSummary>> List(Db db, Request request, Caller caller)
    {
        var (participantId, after, limit) = request;
        var rows = await QuestionnaireSessionStore.OfParticipant(
            db,
            participantId,
            finishedOnly: caller.ParticipantId != participantId,
            after,
            Page<QuestionnaireSessionRow>.Take(limit)
        );
        return Page<QuestionnaireSessionSummary>.Of(
            rows.Select(QuestionnaireSessionSummary.Of).ToList(),
            limit,
            one => one.Id.ToString("D")
        );
    }
}

/// <summary>Returns a session with its answers, so that the person can continue it, and with its result once finished.</summary>
internal sealed class GetQuestionnaireSession(Executor executor) : UseCase<Guid, QuestionnaireSession>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetQuestionnaireSession),
        PersonEvidence.Readers,
        Trail.Shows("questionnaire.viewed")
    );

    protected override Task<Result<QuestionnaireSession>> Handle(Guid sessionId, Caller caller) =>
        Write(
            caller,
            async Task<Result<QuestionnaireSession>> (db) =>
            {
                if (await LoadedQuestionnaire.Load(db, sessionId) is not { } session)
                    return LoadedQuestionnaire.NotFound;
                var person = session.Row.ParticipantId;
                if (await PersonEvidence.CheckReader(db, caller, person) is { } refusal)
                    return refusal == ProfileAccess.NoPerson ? LoadedQuestionnaire.NotFound : refusal;
                // What somebody has not finished yet concerns nobody else.
                if (caller.ParticipantId != person && session.Row.FinishedAt is null)
                    return LoadedQuestionnaire.NotFound;
                await PersonEvidence.NoteLook(db, Now, caller, person, "questionnaire.viewed");
                return session.View();
            }
        );
}

/// <summary>A save that was not taken.</summary>
/// <param name="Reason">Why: <c>stale</c> or <c>finished</c>.</param>
/// <param name="Answer">What was sent; absent where the answer was to be cleared.</param>
public sealed record RejectedAnswer(
    Guid Id,
    string Question,
    int BaseRevision,
    string Reason,
    Instant ReceivedAt,
    SelfAnswer? Answer = null
);

/// <summary>Lists what the person has sent and what was not taken, so that nothing is lost.</summary>
internal sealed class ListRejectedAnswers(Executor executor)
    : UseCase<ListRejectedAnswers.Request, Page<RejectedAnswer>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListRejectedAnswers), LoadedQuestionnaire.Own, Trail.Own);

    internal sealed record Request(Guid SessionId, Guid? After, int? Limit);

    protected override Task<Result<Page<RejectedAnswer>>> Handle(Request request, Caller caller) =>
        Read(
            async Task<Result<Page<RejectedAnswer>>> (db) =>
            {
                var (sessionId, after, limit) = request;
                if (await QuestionnaireSessionStore.Find(db, sessionId) is not { } session || session.ParticipantId != caller.ParticipantId)
                    return LoadedQuestionnaire.NotFound;
                return Page<RejectedAnswer>.Of(
                    (await QuestionnaireSessionStore.Rejected(db, sessionId, after, Page<RejectedAnswer>.Take(limit)))
                        .Select(row => new RejectedAnswer(
                            row.Id,
                            row.Question,
                            row.BaseRevision,
                            row.Reason,
                            row.ReceivedAt,
                            SavedAnswer.Read(row.Content)
                        ))
                        .ToList(),
                    limit,
                    one => one.Id.ToString("D")
                );
            }
        );
}
