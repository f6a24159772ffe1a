using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Sessions;

/// <summary>
/// Who may help a taker to sign in again: operators of the territory or of a campaign for which the person has applied,
/// and the staff of the site chosen in the application. The taker's account must have no other role.
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

    internal static async Task<Result<AccountRow>> Account(Db db, Guid participantId, Caller caller)
    {
        if (await PersonStore.Find(db, participantId) is not { } person)
            return NotFound;
        var applications = await ApplicationStore.OfParticipant(db, participantId);
        var reaches =
            Helpers.Covers(caller, new Target { Territory = person.Territory })
            || applications.Any(application =>
                Helpers.Covers(caller, new Target { Campaign = application.CampaignId, Site = application.SiteId })
            );
        if (!reaches || await AccountStore.FindByParticipant(db, participantId) is not { } account)
            return NotFound;
        return (await AccountStore.Grants(db, account.Id)).Any(grant => grant.Role is not Role.Participant) ? Staff : account;
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
        if ((await Fetch(db => TakersHelp.Account(db, participantId, caller))).Refused(out var noRight, out var found))
            return noRight;
        if (found.Disabled)
            return AccountRefusals.Disabled;
        var password = Accounts.NewPassword();
        var hash = await lane.Hash(password, caller.Id);
        return await Write(
            caller,
            async db =>
                (await TakersHelp.Account(db, participantId, caller)).Refused(out var refusal, out var account)
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
                (await TakersHelp.Account(db, participantId, caller)).Refused(out var refusal, out var account)
                    ? refusal
                    : await AccountRepair.Unlock(db, account, caller.Id, Now)
        );
}
