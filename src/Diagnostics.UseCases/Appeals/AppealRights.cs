using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

internal static class AppealRights
{
    /// <summary>Longest statement, reason or dissent, in characters.</summary>
    internal const int MaxText = 4000;

    internal const int MaxClause = 500;

    internal static readonly AccessRule Person = AccessRule.Of(Role.Participant.OfOwn());

    /// <summary>Who file appeals; heads of sites those about the procedure.</summary>
    internal static readonly AccessRule Filers = AccessRule.Of(Role.Participant.OfOwn(), Role.SiteHead.OfSite());

    /// <summary>Heads of the site where a session was sat.</summary>
    internal static readonly AccessRule SiteHeads = AccessRule.Of(Role.SiteHead.OfSite());

    internal static readonly AccessRule Members = AccessRule.Of(Role.ConflictMember.OfCampaign());

    /// <summary>Chair and deputies of the conflict commission.</summary>
    internal static readonly AccessRule Chairs = AccessRule.Of(Role.ConflictChair.OfCampaign());

    internal static readonly AccessRule Readers = AccessRule.Of(
        Role.Participant.OfOwn(), Role.SiteHead.OfSite(), Role.Operator.OfCampaign(), Role.ConflictMember.OfCampaign());

    /// <summary>Those who see how it goes: the commission and the operator.</summary>
    internal static readonly AccessRule Overseers = AccessRule.Of(Role.Operator.OfCampaign(), Role.ConflictMember.OfCampaign());

    /// <summary>Also for an appeal of somebody else: that it exists is none of the caller's business.</summary>
    internal static readonly Refusal NotFound = Refusal.NotFound("appeal-not-found", "Такой апелляции нет.");

    internal static readonly Refusal Changed =
        Refusal.Conflict("appeal-changed", "Апелляция только что изменилась; прочитайте её и повторите.");

    internal static readonly Refusal NotPublished =
        Refusal.Conflict("results-not-published", "Результат этого сеанса ещё не опубликован: апелляцию о баллах подают после публикации.");

    internal static readonly Refusal SessionAnnulled =
        Refusal.Conflict("session-annulled", "Сеанс аннулирован: баллов, о которых можно спорить, больше нет.");
}

/// <summary>What happened to an appeal, in its own history and in the audit trail at once.</summary>
internal static class AppealLog
{
    /// <param name="details">Codes, numbers and account ids only: both records outlive the person's data.</param>
    internal static async Task Add(Db db, Guid appealId, string kind, Instant now, string actor, object? details = null)
    {
        await AppealStore.AddEvent(db, new AppealEventRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            AppealId = appealId,
            Kind = kind,
            At = now,
            Actor = actor,
            Details = details is null ? null : CanonicalJson.Of(details),
        });
        await Audit(db, appealId, kind, now, actor, details);
    }

    /// <summary>A look, which changes nothing.</summary>
    internal static Task Audit(Db db, Guid appealId, string kind, Instant now, string actor, object? details = null) =>
        AuditStore.Append(db, now, actor, $"appeal.{kind}", $"appeal:{appealId:D}", details);
}
