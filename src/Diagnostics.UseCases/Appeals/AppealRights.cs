using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

internal static class AppealRights
{
    /// <summary>The greatest length of a statement, a reason or a dissent, in characters.</summary>
    internal const int MaxText = 4000;

    internal const int MaxClause = 500;

    internal static readonly AccessRule Person = AccessRule.Of(Role.Participant.OfOwn());

    /// <summary>Those who may file appeals: the person, and heads of sites for appeals about the procedure.</summary>
    internal static readonly AccessRule Filers = AccessRule.Of(Role.Participant.OfOwn(), Role.SiteHead.OfSite());

    /// <summary>Heads of the site of a session.</summary>
    internal static readonly AccessRule SiteHeads = AccessRule.Of(Role.SiteHead.OfSite());

    internal static readonly AccessRule Members = AccessRule.Of(Role.ConflictMember.OfCampaign());

    /// <summary>The chair and the deputies of the conflict commission.</summary>
    internal static readonly AccessRule Chairs = AccessRule.Of(Role.ConflictChair.OfCampaign());

    internal static readonly AccessRule Readers = AccessRule.Of(
        Role.Participant.OfOwn(),
        Role.SiteHead.OfSite(),
        Role.Operator.OfCampaign(),
        Role.ConflictMember.OfCampaign()
    );

    /// <summary>Those who may follow the proceedings of an appeal: the commission, the operator and auditors.</summary>
    internal static readonly AccessRule Overseers = AccessRule.Of(
        Role.Operator.OfCampaign(),
        Role.ConflictMember.OfCampaign(),
        Role.Auditor.OfEverything()
    );

    /// <summary>Those who follow the proceedings without taking part in them.</summary>
    internal static readonly AccessRule Onlookers = AccessRule.Of(Role.Operator.OfCampaign(), Role.Auditor.OfEverything());

    /// <summary>
    /// The refusal when there is no such appeal. Another person's appeal is refused in the same way, because the caller
    /// must not learn that it exists.
    /// </summary>
    internal static readonly Refusal NotFound = Refusal.NotFound("appeal-not-found", "Такой апелляции нет.");

    internal static readonly Refusal Changed = Refusal.Conflict(
        "appeal-changed",
        "Апелляция только что изменилась; прочитайте её и повторите."
    );

    internal static readonly Refusal NotPublished = Refusal.Conflict(
        "results-not-published",
        "Результат этого сеанса ещё не опубликован: апелляцию о баллах подают после публикации."
    );

    internal static readonly Refusal SessionAnnulled = Refusal.Conflict(
        "session-annulled",
        "Сеанс аннулирован: баллов, о которых можно спорить, больше нет."
    );
}

/// <summary>Records an action on an appeal, both in the appeal's history and in the audit trail.</summary>
internal static class AppealLog
{
    /// <param name="details">The details: only codes, numbers and account ids, because the appeal's history and the
    /// audit trail outlive the person's data.</param>
    internal static async Task Add(Db db, Guid appealId, string kind, Instant now, string actor, object? details = null)
    {
        await AppealStore.AddEvent(
            db,
            new AppealEventRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
                AppealId = appealId,
                Kind = kind,
                At = now,
                Actor = actor,
                Details = details is null ? null : CanonicalJson.Of(details),
            }
        );
        await Audit(db, appealId, kind, now, actor, details);
    }

    /// <summary>
    /// Records in the audit trail that somebody looked at an appeal. The appeal's own history does not change.
    /// </summary>
    internal static Task Audit(Db db, Guid appealId, string kind, Instant now, string actor, object? details = null) =>
        AuditStore.Append(db, now, actor, $"appeal.{kind}", $"appeal:{appealId:D}", details);
}
