using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A decision put to the vote.</summary>
/// <param name="Clause">The rule or criterion it rests on, up to 500 characters.</param>
/// <param name="Reason">Why, up to 4,000 characters; the person reads it.</param>
/// <param name="Criteria">Criterion → points, for every criterion; only where the decision changes points.</param>
public sealed record ProposalRequest(AppealOutcome Outcome, string Clause, string Reason, IReadOnlyDictionary<string, Points>? Criteria = null);

/// <summary>What a proposal would do, checked against the ledger and the policy as they are now.</summary>
/// <param name="Score">New score of the slot; null where no points change.</param>
/// <param name="Rounds">The slot's ledger; empty for a procedural appeal.</param>
internal sealed record CheckedProposal(SessionRow Session, FormSlot? Slot, IReadOnlyList<MarkingRound> Rounds, Score? Score)
{
    internal static async Task<Result<CheckedProposal>> Of(
        Db db, AppealRow appeal, FormContent form, AppealsPolicy policy, AppealOutcome outcome, IReadOnlyDictionary<string, Points>? criteria)
    {
        var session = (await SessionStore.Find(db, appeal.SessionId))!;
        if (session.Clock.State is SessionState.Annulled && outcome is not AppealOutcome.Rejected) return AppealRights.SessionAnnulled;
        if (appeal.Slot is not { } number)
        {
            if (criteria is not null) return Refusal.Invalid("criteria-unexpected", "Апелляция о нарушении порядка баллов не меняет.").With("field", "criteria");
            return AppealRules.CheckOutcome(AppealKind.Procedural, outcome, null, null, policy) is { } unfit ? unfit : new CheckedProposal(session, null, [], null);
        }
        var slot = form.Find(session.Variant, number)!;
        var rounds = (await RoundStore.OfSession(db, session.Id)).Where(round => round.Slot == number).ToList();
        Score? score = null;
        if (criteria is not null && RubricMarking.Score(slot.Item, criteria).Refused(out var odd, out score)) return odd;
        var marking = await CampaignPolicies.Get<MarkingPolicy>(db, session.CampaignId, PolicyKind.Marking);
        return AppealRules.CheckOutcome(AppealKind.Score, outcome, Ledger.Deciding(rounds, marking)?.Points, score, policy) is { } refusal
            ? refusal
            : new CheckedProposal(session, slot, rounds, score);
    }
}

/// <summary>The presiding member formulates the decision; the commission then votes on exactly that.</summary>
internal sealed class ProposeDecision(Transactions transactions, FormCatalog forms, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder appeals) => appeals.MapPost("/{appealId:guid}/proposals", Handle)
        .WithName("ProposeAppealDecision").WithSummary("Поставить решение на голосование").AllowedTo(AppealRights.Chairs).Idempotent();

    private static Task<Results<Created<AppealProceedings>, ProblemHttpResult>> Handle(Guid appealId, ProposalRequest request, Caller caller, ProposeDecision useCase) =>
        useCase.Run(appealId, request, caller).Created(proceedings => $"/api/v1/appeals/{proceedings.AppealId:D}/proceedings");

    private async Task<Result<AppealProceedings>> Run(Guid appealId, ProposalRequest request, Caller caller)
    {
        if ((TextRules.Check("clause", request.Clause, AppealRights.MaxClause) ?? TextRules.Check("reason", request.Reason, AppealRights.MaxText)) is { } wrong) return wrong;
        if (await transactions.Read(db => AppealStore.FormOf(db, appealId)) is not { } formId) return AppealRights.NotFound;
        var form = await forms.Get(formId);
        return await transactions.Write<Result<AppealProceedings>>(async db =>
        {
            if ((await Sitting.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own)) return refusal;
            var (appeal, sitting) = own;
            if (appeal.Standing.CheckInConsideration() is { } notYet) return notYet;
            var (policy, _) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
            if (await Carried(db, appeal, sitting, policy)) return Refusal.Conflict("proposal-carried", "Комиссия уже проголосовала за действующее предложение: вынесите решение.");
            if ((await CheckedProposal.Of(db, appeal, form, policy, request.Outcome, request.Criteria)).Refused(out var unfit, out _)) return unfit;
            var now = clock.GetCurrentInstant();
            var proposal = new ProposalRow
            {
                AppealId = appealId,
                Number = appeal.Proposal + 1,
                Outcome = Codes.Of(request.Outcome),
                Criteria = request.Criteria is null ? null : JsonSerializer.Serialize(request.Criteria, ItemJson.Options),
                Clause = request.Clause.Trim(),
                Reason = request.Reason.Trim(),
                ProposedBy = caller.AccountId,
                ProposedAt = now,
            };
            if (!await VoteStore.Propose(db, appeal, proposal)) return AppealRights.Changed;
            await AppealLog.Add(db, appealId, "proposed", now, caller.Id, new { proposal.Number, proposal.Outcome });
            return await AppealProceedings.Read(db, (await AppealStore.Find(db, appealId))!, sitting);
        });
    }

    // A chair whom the vote does not suit may not simply ask again.
    private static async Task<bool> Carried(Db db, AppealRow appeal, Sitting sitting, AppealsPolicy policy) =>
        appeal.Proposal > 0 && (await CastVote.Count(db, appeal, sitting, policy)) is { Refusal: null, Value.Accepted: true };
}
