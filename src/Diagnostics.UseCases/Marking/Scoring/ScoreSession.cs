using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>The completed scoring of a session.</summary>
/// <param name="ScoredAt">When the session was scored.</param>
public sealed record ScoringDone(Guid SessionId, Instant ScoredAt);

/// <summary>Tries again to score a session whose scoring failed, after somebody has mended the cause.</summary>
internal sealed class ScoreSession(Executor executor, SessionScoring scoring) : UseCase<Guid, ScoringDone>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ScoreSession),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Writes("session.scoring-asked")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<ScoringDone>> Handle(Guid sessionId, Caller caller)
    {
        if (
            await Fetch(db => SessionStore.Find(db, sessionId)) is not { } session
            || !Reaches(caller, MarkingRights.Of(session.CampaignId))
        )
            return SessionRefusals.NotFound;
        await WritePart(
            caller,
            async db =>
            {
                await AuditStore.Append(db, Now, caller.Id, "session.scoring-asked", $"session:{sessionId:D}");
                return true;
            }
        );
        await scoring.Run(sessionId, caller);
        var after = (await Fetch(db => SessionStore.Find(db, sessionId)))!;
        return after switch
        {
            { ScoredAt: { } at } => new ScoringDone(sessionId, at),
            { ScoringFault: { } fault } => Refusal.Conflict("scoring-fault", $"Сеанс не удаётся оценить: {fault}"),
            _ => Refusal.Conflict("session-state", "Оценить можно только завершённый сеанс.").With("state", after.State),
        };
    }
}
