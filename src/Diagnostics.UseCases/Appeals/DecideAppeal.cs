using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Events;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Sessions;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Proposal">Number of the proposal that was carried.</param>
/// <param name="ResitUntil">The time until which the new session of an upheld procedural appeal may begin; required
/// when the campaign's window is over.</param>
public sealed record DecisionRequest(int Proposal, Instant? ResitUntil = null);

/// <summary>
/// Carries out the commission's vote in one transaction. The vote may add a new round to the ledger, and with it a new
/// version of the profile; or annul the session and give another one, on a variant that the person has not seen; or
/// undo an annulment.
/// </summary>
internal sealed class DecideAppeal(
    Executor executor,
    FormCatalog forms,
    ScoresChanged changed,
    IEnumerable<SessionAnnulled> told,
    RestoredSessions restored
) : UseCase<DecideAppeal.Request, AppealView>(Operation, executor)
{
    private const string Cause = "appealed";

    /// <summary>The cause written to the session's log when a decision annuls the session.</summary>
    internal const string AnnulledBecause = "appeal_upheld";

    private const string NoPlace =
        "На площадке участника нет проведения со свободным местом. Укажите resitUntil — до какого времени можно начать"
        + " новый сеанс; проведение и место оператор назначит переводом заявления.";

    private static readonly Duration LongestResit = Duration.FromDays(366);

    internal static new readonly Operation Operation = new(nameof(DecideAppeal), AppealRights.Chairs, Trail.Writes("appeal.decided"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AppealId, DecisionRequest Decision);

    protected override async Task<Result<AppealView>> Handle(Request request, Caller caller)
    {
        if (await Fetch(db => AppealStore.FormOf(db, request.AppealId)) is not { } formId)
            return AppealRights.NotFound;
        var form = await forms.Get(formId);
        var decided = await Write(caller, db => Decide(db, request.AppealId, request.Decision, form, caller));
        restored.Wake();
        return decided;
    }

    private async Task<Result<AppealView>> Decide(Db db, Guid appealId, DecisionRequest decision, FormContent form, Caller caller)
    {
        if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
            return refusal;
        var (appeal, hearing) = own;
        if (appeal.Standing.Decide().Refused(out var stands, out var next))
            return stands;
        if (appeal.Proposal == 0)
            return Refusal.Conflict("proposal-missing", "Решение ещё не поставлено на голосование.");
        if (appeal.Proposal != decision.Proposal)
            return VoteOnAppeal.Another.With("proposal", appeal.Proposal);
        var policies = await CampaignPolicies.Load(db, appeal.CampaignId);
        var (policy, reference) = await AppealRulebook.OfCampaign(db, policies);
        if ((await hearing.Count(db, appeal, policy)).Refused(out var uncounted, out var tally))
            return uncounted;
        if (!tally.Accepted)
            return Refusal
                .Conflict("proposal-voted-down", "Комиссия проголосовала против: поставьте на голосование другое решение.")
                .With("inFavour", tally.InFavour)
                .With("against", tally.Against);

        var proposal = (await VoteStore.Proposals(db, appealId))[^1];
        var outcome = Codes.Parse<AppealOutcome>(proposal.Outcome);
        // Check again: after the proposal was made, the ledger may have grown, and the session may have been annulled.
        var proposed = await CheckedProposal.Of(db, appeal, form, policies, policy, outcome, ProposalView.CriteriaOf(proposal));
        if (proposed.Refused(out var unfit, out var plan))
            return unfit;
        var now = Now;
        Guid? newSession = null;
        if (outcome is AppealOutcome.Upheld)
        {
            if ((await Redress(db, appeal, plan.Session, decision.ResitUntil, caller, now)).Refused(out var stuck, out newSession))
                return stuck;
        }
        var end = new AppealEnd(next)
        {
            Outcome = outcome,
            Clause = proposal.Clause,
            Reason = proposal.Reason,
            NewSessionId = newSession,
        };
        if (!await AppealStore.Close(db, appeal, end, caller.Id, now))
            return AppealRights.Changed;
        await EventStore.Append(
            db,
            now,
            EventKind.AppealDecided,
            new()
            {
                CampaignId = appeal.CampaignId,
                ParticipantId = appeal.ParticipantId,
                SessionId = appeal.SessionId,
                AppealId = appealId,
            }
        );
        if (plan is { Ledger: { } ledger, Slot: { } slot, Marks: { } marks })
        {
            var change = ledger.Ledger.Appeal(slot, marks, caller.AccountId, proposal.Reason, now);
            await changed(db, await ledger.Save(db, change, now), Cause, now);
        }
        await AppealLog.Add(
            db,
            appealId,
            "decided",
            now,
            caller.Id,
            new
            {
                outcome,
                proposal.Number,
                tally.InFavour,
                tally.Against,
                tally.CastingVote,
                hearing.Eligible,
                points = plan.Marks?.Score.Points,
                policy = $"{reference.Code}/{reference.Version}",
                newSession,
            }
        );
        return await AppealView.Read(db, appealId, now, anonymous: true);
    }

    /// <summary>
    /// Gives the person what an upheld appeal entails: as a rule, a new session. There are two exceptions. An annulled
    /// session that had already ended is restored with its result. Nothing is given when the person already has what
    /// was denied: the person was let in after all, or the annulment was undone.
    /// </summary>
    private async Task<Result<Guid?>> Redress(Db db, AppealRow appeal, SessionRow session, Instant? until, Caller caller, Instant now)
    {
        var moot = Codes.Parse<AppealGround>(appeal.Ground) switch
        {
            AppealGround.NonAdmission => session.StartedAt is not null,
            AppealGround.Annulment => session.Clock.State is not SessionState.Annulled || session.EndedAt != appeal.DisputedAt,
            _ => false,
        };
        if (moot)
            return (Guid?)null;
        if (Codes.Parse<AppealGround>(appeal.Ground) is AppealGround.Annulment && await RestoredSessions.WasOver(db, session))
            return (await restored.Run(db, session, now, caller.Id, AnnulledBecause)).Map(_ => (Guid?)null);
        return (await Resit(db, appeal, session, until, caller, now)).Map(given => (Guid?)given);
    }

    private async Task<Result<Guid>> Resit(Db db, AppealRow appeal, SessionRow session, Instant? until, Caller caller, Instant now)
    {
        var campaign = (await CampaignStore.Find(db, appeal.CampaignId))!;
        if (until is null && (campaign.State is not CampaignStatus.Published || now >= campaign.SittingTo))
            return Refusal
                .Invalid(
                    "resit-until-missing",
                    "Срок проведения диагностики прошёл: укажите resitUntil, до какого времени можно начать новый сеанс."
                )
                .With("field", "resitUntil");
        if (until is { } end && (end <= now || end > now + LongestResit))
            return Refusal.Invalid("resit-until-invalid", "resitUntil — время в будущем, не дальше года.").With("field", "resitUntil");
        // The session may already be annulled: the operator may have done so, and the person may have appealed against
        // that.
        if (session.Clock.State is not SessionState.Annulled)
        {
            if (session.Clock.Annul(now).Refused(out var refusal, out var annulled))
                return refusal;
            if (!await SessionStore.Move(db, session, annulled))
                return SessionRefusals.Changed;
            await SessionLog.Add(
                db,
                session.Id,
                SessionLog.Annulment,
                now,
                caller.Id,
                new
                {
                    reason = AnnulledBecause,
                    appealId = appeal.Id,
                    before = session.Clock,
                }
            );
            foreach (var tell in told)
                await tell(db, session.Id, now);
        }
        var application = (await ApplicationStore.Find(db, session.ApplicationId))!;
        // A repeated session may take place in a reserve sitting; a person with an individual time needs no sitting.
        var choice = new SittingChoice(Reserve: true, Outside: until is not null);
        if (!(await ScheduleSession.Run(db, campaign, application, now, choice, until)).Refused(out var noSeat, out var given))
            return given.Id;
        // The commission does not choose a sitting. It may give the person an individual time; the operator then
        // assigns the sitting and the seat.
        return until is null && noSeat.Code is "no-sitting" or "sitting-full" ? noSeat with { Detail = NoPlace } : noSeat;
    }
}
