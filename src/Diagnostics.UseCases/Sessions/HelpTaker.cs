using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Who may help a taker to sign in again: operators of the territory or of a campaign to which the person's application stands,
/// and the staff of the site, from the day before until the session is over. The taker's account must have no other role.
/// </summary>
internal static class TakersHelp
{
    internal static readonly AccessRule Helpers = AccessRule.Of(
        Role.Operator.OfTerritory(),
        Role.Operator.OfCampaign(),
        Role.SiteHead.OfSite(),
        Role.Invigilator.OfSite()
    );

    private static readonly Refusal NotFound = Refusal.NotFound("account-not-found", "Такого человека нет, или входа у него нет.");

    private static readonly Refusal Staff = Refusal.Forbidden(
        "account-of-staff",
        "У этой учётной записи есть и другие роли: ей помогает администратор."
    );

    internal static async Task<Result<AccountRow>> Account(Db db, Guid participantId, Caller caller, Instant now)
    {
        if (await PersonStore.Find(db, participantId) is not { } person)
            return NotFound;
        var reaches = Helpers.Covers(caller, new Target { Territory = person.Territory });
        foreach (var application in reaches ? [] : await ApplicationStore.OfParticipant(db, participantId))
            reaches |= await Helps(db, application, caller, now);
        if (!reaches || await AccountStore.FindByParticipant(db, participantId) is not { } account)
            return NotFound;
        return (await AccountStore.Grants(db, account.Id)).Any(grant => grant.Role is not Role.Participant) ? Staff : account;
    }

    private static async Task<bool> Helps(Db db, ApplicationRow application, Caller caller, Instant now)
    {
        if (application.State is not (ApplicationStatus.Submitted or ApplicationStatus.Approved))
            return false;
        if (Helpers.Covers(caller, new Target { Campaign = application.CampaignId }))
            return true;
        return Helpers.Covers(caller, new Target { Campaign = application.CampaignId, Site = application.SiteId })
            && await SessionStore.LiveOf(db, application.Id) is { } session
            && !session.Clock.State.IsOver()
            && !(
                (await SessionStore.Window(db, session)).Begins
                >= await SessionRights.NamesBefore(db, caller, session.CampaignId, session.SiteId, now)
            );
    }
}

/// <summary>Gives a taker a new password, which must be changed at the first sign-in.</summary>
internal sealed class ResetTakerPassword(Executor executor, PasswordLane lane) : UseCase<Guid, OneTimePassword>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ResetTakerPassword), TakersHelp.Helpers, Trail.Writes("password.reset"))
    {
        Repetition = Repetition.TellsThatItWasDone,
        EndsSignIns = true,
    };

    protected override async Task<Result<OneTimePassword>> Handle(Guid participantId, Caller caller)
    {
        // Hashing is expensive, so check the request first. The transaction checks it again.
        if ((await Fetch(db => TakersHelp.Account(db, participantId, caller, Now))).Refused(out var noRight, out var found))
            return noRight;
        if (found.Disabled)
            return AccountRefusals.Disabled;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        return await Write(
            caller,
            async db =>
                (await TakersHelp.Account(db, participantId, caller, Now)).Refused(out var refusal, out var account)
                    ? refusal
                    : await AccountRepair.Reset(db, account, password, hash, caller.Id, Now)
        );
    }
}

/// <summary>Forgets the failed password attempts with a taker's name.</summary>
internal sealed class UnlockTaker(Executor executor) : UseCase<Guid, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(UnlockTaker), TakersHelp.Helpers, Trail.Writes("account.unlocked"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(Guid participantId, Caller caller) =>
        Write(
            caller,
            async db =>
                (await TakersHelp.Account(db, participantId, caller, Now)).Refused(out var refusal, out var account)
                    ? refusal
                    : await AccountRepair.Unlock(db, account, caller.Id, Now)
        );
}
