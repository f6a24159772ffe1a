using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.UseCases.Appeals;

/// <summary>A decision put to the vote.</summary>
/// <param name="Clause">The rule or criterion behind the decision, up to 500 characters.</param>
/// <param name="Reason">The reason, up to 4,000 characters, which the person will read.</param>
/// <param name="Criteria">The points for every criterion; only when the decision changes points.</param>
public sealed record ProposalRequest(
    AppealOutcome Outcome,
    string Clause,
    string Reason,
    IReadOnlyDictionary<string, Points>? Criteria = null
);

/// <summary>
/// The presiding member writes the text of a decision, and the commission then votes on exactly this text.
/// </summary>
internal sealed class ProposeAppealDecision(Executor executor, FormCatalog forms)
    : UseCase<ProposeAppealDecision.Request, AppealProceedings>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ProposeAppealDecision),
        AppealRights.Chairs,
        Trail.Writes("appeal.proposed")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid AppealId, ProposalRequest Proposal);

    protected override async Task<Result<AppealProceedings>> Handle(Request request, Caller caller)
    {
        var (appealId, (outcome, clause, reason, criteria)) = request;
        if (TextRules.Check("clause", clause, AppealRights.MaxClause) is { } wrongClause)
            return wrongClause;
        if (TextRules.Check("reason", reason, AppealRights.MaxText) is { } wrongReason)
            return wrongReason;
        if (await Fetch(db => AppealStore.FormOf(db, appealId)) is not { } formId)
            return AppealRights.NotFound;
        var form = await forms.Get(formId);
        return await Write(
            caller,
            async db =>
            {
                if ((await Hearing.Of(db, appealId, caller, presiding: true)).Refused(out var refusal, out var own))
                    return refusal;
                var (appeal, hearing) = own;
                if (appeal.Standing.CheckInConsideration() is { } notYet)
                    return notYet;
                var policies = await CampaignPolicies.Load(db, appeal.CampaignId);
                var (policy, _) = await AppealRulebook.OfCampaign(db, policies);
                if (await IsCarried(db, appeal, hearing, policy))
                    return Refusal.Conflict("proposal-carried", "Комиссия уже проголосовала за действующее предложение: вынесите решение.");
                var proposed = await CheckedProposal.Of(db, appeal, form, policies, policy, outcome, criteria);
                if (proposed.Refused(out var unfit, out var checkedProposal))
                    return unfit;
                var now = Now;
                var proposal = new ProposalRow
                {
                    AppealId = appealId,
                    Number = appeal.Proposal + 1,
                    Outcome = Codes.Of(outcome),
                    Criteria = checkedProposal.Marks is { } marks ? JsonSerializer.Serialize(marks.Criteria, ItemJson.Options) : null,
                    Clause = clause.Trim(),
                    Reason = reason.Trim(),
                    ProposedBy = caller.AccountId,
                    ProposedAt = now,
                };
                if (!await VoteStore.Propose(db, appeal, proposal))
                    return AppealRights.Changed;
                await AppealLog.Add(db, appealId, "proposed", now, caller.Id, new { proposal.Number, proposal.Outcome });
                return await AppealProceedings.Read(db, (await AppealStore.Find(db, appealId))!, hearing, caller.AccountId);
            }
        );
    }

    // Checked because a chair who dislikes the result of a vote may not simply call another vote.
    private static async Task<bool> IsCarried(Db db, AppealRow appeal, Hearing hearing, AppealsPolicy policy) =>
        appeal.Proposal > 0 && await hearing.Count(db, appeal, policy) is { Refusal: null, Value.Accepted: true };
}
