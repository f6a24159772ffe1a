using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>
/// A matter in a session against which a procedural appeal may be filed, and the time until which the appeal need not
/// state why it is late.
/// </summary>
/// <param name="DisputedAt">The time of the disputed decision; null when the dispute is about how the session
/// went.</param>
/// <param name="Deadline">The end of the day on which the matter arose, by the clocks of the site.</param>
internal sealed record ProceduralMatter(Instant? DisputedAt, Instant Deadline)
{
    internal static readonly Refusal NotBegun = Refusal.Conflict("session-not-begun", "Сеанс не начинался: оспаривать нечего.");

    internal static readonly Refusal NotAnnulled = Refusal.Conflict(
        "session-not-annulled",
        "Сеанс не аннулирован: оспаривать аннулирование нечего."
    );

    internal static readonly Refusal Begun = Refusal.Conflict(
        "session-begun",
        "Сеанс начат или закончен: участника допустили. Об остальном заявляют как о нарушении порядка."
    );

    internal static readonly Refusal TooEarly = Refusal.Conflict(
        "sitting-not-begun",
        "Время сеанса ещё не наступило: о недопуске заявляют в день проведения."
    );

    /// <summary>
    /// Causes of annulment that do not blame the person, each with the text that refuses an appeal against it.
    /// </summary>
    private static readonly Dictionary<string, string> NoReproach = new()
    {
        [CancelCampaign.Cause] = "Мероприятие отменено, и сеанс вместе с ним: оспаривать нечего.",
        ["application_withdrawn"] = "Сеанс отменён, потому что заявление отозвано: оспаривать нечего.",
        [DecideAppeal.AnnulledBecause] = "Сеанс аннулирован по удовлетворённой апелляции участника: оспаривать нечего.",
    };

    internal static async Task<Result<ProceduralMatter>> Of(
        Db db,
        SessionRow session,
        AppealGround ground,
        AppealRulebook rules,
        Instant now
    )
    {
        switch (ground)
        {
            case AppealGround.Annulment:
                if (session.Clock.State is not SessionState.Annulled)
                    return NotAnnulled;
                if (await WhyOf(db, session.Id) is { } why && NoReproach.TryGetValue(why, out var text))
                    return Refusal.Conflict("not-appealable", text).With("because", why);
                return new ProceduralMatter(session.EndedAt, Deadlines.SameDay(session.EndedAt!.Value, rules.SiteZone));
            case AppealGround.NonAdmission:
                if (session.Clock.State is not (SessionState.Scheduled or SessionState.Open))
                    return Begun;
                var window = await SessionStore.Window(db, session);
                if (now < window.Begins)
                    return TooEarly;
                // Subtract the smallest duration, so that a sitting that ends at midnight does not count as one of the
                // following day.
                return new ProceduralMatter(window.Begins, Deadlines.SameDay(window.LastEnd - Duration.Epsilon, rules.SiteZone));
            default:
                // An annulled session is not excluded, because its course may still be disputed.
                return session.StartedAt is null
                    ? NotBegun
                    : new ProceduralMatter(null, Deadlines.SameDay(session.EndedAt ?? now, rules.SiteZone));
        }
    }

    /// <summary>
    /// The recorded reason for the last annulment; a code when the service itself annulled the session.
    /// </summary>
    private static async Task<string?> WhyOf(Db db, Guid sessionId) =>
        await SessionStore.Details(db, sessionId, SessionLog.Annulment) is [.., var details]
            ? JsonSerializer.Deserialize<ReasonRequest>(details, Json.Stored)?.Reason
            : null;
}
