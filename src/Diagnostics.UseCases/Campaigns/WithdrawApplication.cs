using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Participation is voluntary until the last moment: until the session starts, the person may withdraw without a
/// reason.
/// </summary>
internal sealed class WithdrawApplication(Executor executor) : UseCase<Guid, ApplicationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(WithdrawApplication),
        ApplicationRights.Concerned,
        Trail.Writes("application.withdrawn")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<ApplicationView>> Handle(Guid applicationId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (
                    await ApplicationStore.Find(db, applicationId) is not { } application
                    || !await ApplicationRights.Concerns(db, caller, application)
                )
                    return CampaignRefusals.NoApplication;
                if (application.State.IsLive() && await Annulled(db, applicationId))
                    return SessionAnnulled;
                if ((await Run(db, application, Now, caller.Id)).Refused(out var refusal, out _))
                    return refusal;
                return await ApplicationView.Read(db, applicationId);
            }
        );

    /// <summary>Withdraws an application and everything attached to it, in the caller's transaction.</summary>
    internal static async Task<Result<Done>> Run(Db db, ApplicationRow application, Instant now, string actor)
    {
        if (application.State.Withdraw().Refused(out var refusal, out var next))
            return refusal;
        if (await SessionStore.LiveOf(db, application.Id) is { } session)
        {
            if (SessionMoves.Withdraw.Check(session.Clock.State) is { } begun)
                return begun;
            if (session.Clock.Annul(now).Refused(out var kept, out var annulled))
                return kept;
            if (!await SessionStore.Move(db, session, annulled))
                return Changed;
            await SessionStore.AddEvent(
                db,
                new SessionEventRow
                {
                    Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                    SessionId = session.Id,
                    Kind = "annul",
                    At = now,
                    Actor = actor,
                    Details = CanonicalJson.Of(new { reason = "application_withdrawn" }),
                }
            );
        }
        if (!await ApplicationStore.Decide(db, application.Id, application.State, next, now, actor, reason: null))
            return Changed;
        await AuditStore.Append(db, now, actor, "application.withdrawn", $"application:{application.Id:D}");
        return default(Done);
    }

    internal static readonly Refusal SessionAnnulled = Refusal.Conflict(
        "session-annulled",
        "Сеанс аннулирован: отозвать заявление и подать его заново нельзя, остаётся апелляция."
    );

    /// <summary>
    /// Whether the application's session was annulled. If it was, the person cannot come back by withdrawing and
    /// applying again. An annulment because the whole campaign was cancelled does not count.
    /// </summary>
    private static async Task<bool> Annulled(Db db, Guid applicationId) =>
        await SessionStore.LastAnnulment(db, applicationId) is { } details
        && JsonDocument.Parse(details).RootElement.GetProperty("reason").GetString() is not CancelCampaign.Cause;

    private static Refusal Changed =>
        Refusal.Conflict("application-changed", "Заявление или сеанс только что изменились; прочитайте их и повторите.");
}
