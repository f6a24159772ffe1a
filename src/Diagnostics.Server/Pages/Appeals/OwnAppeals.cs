using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.Appeals;

/// <summary>A person's own appeal, with the other data that its page shows.</summary>
internal sealed class OwnAppeals(GetAppeal getAppeal, ListAppealAttachments listAttachments, Journeys journeys)
{
    internal async Task<Result<AppealPage.Facts>> Read(Guid appealId, Caller caller)
    {
        if ((await getAppeal.Run(appealId, caller)).Refused(out var refusal, out var appeal))
            return refusal;
        if ((await journeys.All(caller)).Refused(out var unlisted, out var all))
            return unlisted;
        if ((await listAttachments.Run(appealId, caller)).Refused(out var unread, out var attachments))
            return unread;
        var journey = all.FirstOrDefault(each => each.Campaign.Id == appeal.CampaignId);
        return new AppealPage.Facts(
            appeal,
            journey?.Campaign.Title ?? "",
            journey?.Site?.TimeZone ?? Dates.Moscow,
            JustFiled: false,
            Error: null,
            attachments
        );
    }
}

/// <summary>The empty form for a new appeal.</summary>
internal sealed class BlankAppeals(Journeys journeys, ListMySessions listSessions, GetAppealable getAppealable, GetPolicy getPolicy)
{
    internal async Task<Result<NewAppealPage.Facts>> Of(Guid sessionId, int? slot, Caller caller)
    {
        if ((await JourneyOf(sessionId, caller)).Refused(out var unknown, out var journey))
            return unknown;
        var mayLower = false;
        if (slot is not null)
        {
            if ((await getAppealable.Run(sessionId, caller)).Refused(out var refusal, out var session))
                return refusal;
            mayLower = await MayLower(session.Policy, caller);
        }
        return new NewAppealPage.Facts(sessionId, slot, journey.Campaign.Title, mayLower, AppealGround.Marks, Statement: "", Errors: []);
    }

    internal async Task<bool> MayLower(PolicyReference policy, Caller caller) =>
        !(await getPolicy.Run(new(Codes.Of(policy.Kind), policy.Code, policy.Version), caller)).Refused(out _, out var document)
        && PolicyJson.Read<AppealsPolicy>(document.Content.ToJsonString()).MayLower;

    /// <summary>
    /// The journey to which the session belongs. A journey no longer names an annulled session, so the journey of such
    /// a session is found by its campaign.
    /// </summary>
    private async Task<Result<JourneyCard.Facts>> JourneyOf(Guid sessionId, Caller caller)
    {
        if ((await listSessions.Run(default, caller)).Refused(out var unlisted, out var sessions))
            return unlisted;
        if ((await journeys.All(caller)).Refused(out var refusal, out var all))
            return refusal;
        var campaign = sessions.FirstOrDefault(session => session.Id == sessionId)?.CampaignId;
        return all.FirstOrDefault(journey => journey.Campaign.Id == campaign) is { } found ? found : SessionRefusals.NotFound;
    }
}
