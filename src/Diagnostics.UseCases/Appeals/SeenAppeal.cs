using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>
/// An appeal, and how much of it a caller may see. The person, the head of the site and the operator see all of it; the
/// commission does not see whose it is.
/// </summary>
/// <param name="Own">Whether the appeal is the caller's own.</param>
/// <param name="MayFile">Whether the caller could have filed the appeal, and so may add to it.</param>
internal sealed record SeenAppeal(AppealRow Row, bool Own, bool Anonymous, bool MayFile)
{
    internal static async Task<Result<SeenAppeal>> Of(Db db, Guid appealId, Caller caller)
    {
        if (await AppealStore.Find(db, appealId) is not { } row)
            return AppealRights.NotFound;
        if (AppealRights.Person.Covers(caller, new Target { Participant = row.ParticipantId }))
            return new SeenAppeal(row, Own: true, Anonymous: false, MayFile: true);
        var heads = await HeadsSite(db, row, caller);
        if (heads || caller.OperatesCampaign(row.CampaignId))
            return new SeenAppeal(row, Own: false, Anonymous: false, MayFile: heads);
        return (await Hearing.Of(db, appealId, caller)).Refused(out var refusal, out _)
            ? refusal
            : new SeenAppeal(row, Own: false, Anonymous: true, MayFile: false);
    }

    /// <summary>Records that somebody read what the person wrote or sent, unless the reader is that person.</summary>
    internal Task Note(Db db, string kind, Instant now, Caller caller, object? details = null) =>
        Own ? Task.CompletedTask : AppealLog.Audit(db, Row.Id, kind, now, caller.Id, details);

    /// <summary>
    /// Whether the caller heads the site of the session; heads see procedural appeals of their sites.
    /// </summary>
    private static async Task<bool> HeadsSite(Db db, AppealRow row, Caller caller) =>
        row.AppealKind is AppealKind.Procedural
        && AppealRights.SiteHeads.Covers(caller, new Target { Site = (await SessionStore.Find(db, row.SessionId))!.SiteId });
}
