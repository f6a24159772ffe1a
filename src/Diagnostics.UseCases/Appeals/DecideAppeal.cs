using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Proposal">Number of the proposal that was carried.</param>
/// <param name="ResitUntil">Of an upheld procedural appeal: until when the new session may be begun; needed when the campaign's window is over.</param>
public sealed record DecisionRequest(int Proposal, Instant? ResitUntil = null);

/// <summary>
/// Carries out what the commission voted for, in one transaction: a new round of the ledger and with it a new version of
/// the profile; or the session annulled and another one given, on a variant that the person has not seen.
/// </summary>
internal sealed class DecideAppeal(Transactions transactions, FormCatalog forms, ScoresChanged changed, IClock clock)
{
    internal const string Cause = "appealed";
    private static readonly Duration LongestResit = Duration.FromDays(366);

    internal static void Map(IEndpointRouteBuilder appeals) => appeals.MapPost("/{appealId:guid}/decision", Handle)
        .WithName("DecideAppeal").WithSummary("Вынести решение по итогам голосования").AllowedTo(AppealRights.Chairs).Idempotent();

    private static Task<Results<Ok<AppealView>, ProblemHttpResult>> Handle(Guid appealId, DecisionRequest request, Caller caller, DecideAppeal useCase) =>
        useCase.Run(appealId, request, caller).Ok();

    private async Task<Result<AppealView>> Run(Guid appealId, DecisionRequest request, Caller caller)
    {
        if (await transactions.Read(db => AppealStore.FormOf(db, appealId)) is not { } formId) return AppealRights.NotFound;
        var form = await forms.Get(formId);
        return await transactions.Write<Result<AppealView>>(async db =>
        {
            if ((await Sitting.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
            var (appeal, sitting) = own;
            if (appeal.Standing.Decide().Refused(out var stands, out var next)) return stands;
            if (appeal.Proposal == 0) return Refusal.Conflict("proposal-missing", "Решение ещё не поставлено на голосование.");
            if (appeal.Proposal != request.Proposal) return CastVote.Another.With("proposal", appeal.Proposal);
            var (policy, reference) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
            if ((await CastVote.Count(db, appeal, sitting, policy)).Refused(out var uncounted, out var tally)) return uncounted;
            if (!tally.Accepted) return Refusal.Conflict("proposal-voted-down", "Комиссия проголосовала против: поставьте на голосование другое решение.").With("inFavour", tally.InFavour).With("against", tally.Against);

            var proposal = (await VoteStore.Proposals(db, appealId))[^1];
            var outcome = Codes.Parse<AppealOutcome>(proposal.Outcome);
            // Checked anew: since the proposal was made the ledger may have grown and the session may have been annulled.
            if ((await CheckedProposal.Of(db, appeal, form, policy, outcome, ProposalView.CriteriaOf(proposal))).Refused(out var unfit, out var plan)) return unfit;
            var now = clock.GetCurrentInstant();
            Guid? newSession = null;
            if (outcome is AppealOutcome.Upheld)
            {
                if ((await Resit(db, appeal, plan.Session, request.ResitUntil, caller, now)).Refused(out var noSession, out var given)) return noSession;
                newSession = given;
            }
            if (!await AppealStore.Close(db, appeal, next, outcome, proposal.Clause, proposal.Reason, newSession, caller.Id, now)) return AppealRights.Changed;
            if (plan.Score is not null) await Award(db, plan, proposal, form, caller, now);
            await AppealLog.Add(db, appealId, "decided", now, caller.Id, new
            {
                outcome, proposal.Number, tally.InFavour, tally.Against, tally.CastingVote, sitting.Eligible, points = plan.Score?.Points, policy = $"{reference.Code}/{reference.Version}", newSession,
            });
            return await AppealView.Read(db, appealId, now, anonymous: true);
        });
    }

    private async Task Award(Db db, CheckedProposal plan, ProposalRow proposal, FormContent form, Caller caller, Instant now)
    {
        var (slot, score) = (plan.Slot!, plan.Score!);
        await RoundStore.Add(db, new MarkingRound
        {
            SessionId = plan.Session.Id,
            Slot = slot.Slot,
            Number = plan.Rounds[^1].Number + 1,
            Kind = RoundKind.Appeal,
            ResponseRevision = plan.Rounds.Last(round => round.Kind is RoundKind.Auto).ResponseRevision,
            Outcome = score.Outcome,
            Points = score.Points,
            Maximum = slot.Item.MaxPoints,
            Rule = score.Rule,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            Criteria = ProposalView.CriteriaOf(proposal),
            MarkedBy = caller.AccountId,
            Reason = proposal.Reason,
            At = now,
        });
        await changed(db, plan.Session, form, Cause, now);
    }

    private static async Task<Result<Guid>> Resit(Db db, AppealRow appeal, SessionRow session, Instant? until, Caller caller, Instant now)
    {
        var campaign = (await CampaignStore.Find(db, appeal.CampaignId))!;
        if (until is null && (campaign.State is not CampaignStatus.Published || now >= campaign.SittingTo))
            return Refusal.Invalid("resit-until-missing", "Срок проведения диагностики прошёл: укажите resitUntil, до какого времени можно начать новый сеанс.").With("field", "resitUntil");
        if (until is { } end && (end <= now || end > now + LongestResit))
            return Refusal.Invalid("resit-until-invalid", "resitUntil — время в будущем, не дальше года.").With("field", "resitUntil");
        if (session.Clock.Annul(now).Refused(out var refusal, out var annulled)) return refusal;
        if (!await SessionStore.Move(db, session, annulled)) return SessionRefusals.Changed;
        await SessionLog.Add(db, session.Id, "annul", now, caller.Id, new { reason = "appeal_upheld", appealId = appeal.Id });
        var application = (await ApplicationStore.Find(db, session.ApplicationId))!;
        if ((await ScheduleSession.Run(db, campaign, application, now, until)).Refused(out var noSeat, out var given)) return noSeat;
        return given.Id;
    }
}
