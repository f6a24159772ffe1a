using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Recused">Why the member takes no part; absent for a member who takes part.</param>
public sealed record SittingMember(Guid AccountId, string UserName, CommissionRole Role, RecusalCause? Recused);

/// <param name="Dissent">The member's dissent («особое мнение»).</param>
public sealed record CastVoteView(Guid MemberId, bool InFavour, string? Dissent, Instant VotedAt);

/// <param name="Number">Number of the proposal, from 1; the last one is current.</param>
/// <param name="Criteria">Points for each criterion, when the decision changes them.</param>
/// <param name="ProposedBy">The member who presides over this vote.</param>
/// <param name="Votes">The votes. A member of the commission who has not voted on the current proposal does not see
/// them yet, so that nobody's vote leans on another's.</param>
/// <param name="VotesCast">Number of votes, those not shown included.</param>
/// <param name="VotesHidden">Whether the votes are not shown to the caller yet.</param>
public sealed record ProposalView(
    int Number,
    AppealOutcome Outcome,
    IReadOnlyDictionary<string, Points>? Criteria,
    string Clause,
    string Reason,
    Guid ProposedBy,
    Instant ProposedAt,
    IReadOnlyList<CastVoteView> Votes,
    int VotesCast = 0,
    bool VotesHidden = false
)
{
    internal static ProposalView Of(ProposalRow row, IReadOnlyList<VoteRow> votes, bool hidden) =>
        new(
            Number: row.Number,
            Outcome: Codes.Parse<AppealOutcome>(row.Outcome),
            Criteria: CriteriaOf(row),
            Clause: row.Clause,
            Reason: row.Reason,
            ProposedBy: row.ProposedBy,
            ProposedAt: row.ProposedAt,
            Votes: votes
                .Where(vote => !hidden && vote.Proposal == row.Number)
                .Select(vote => new CastVoteView(vote.MemberId, vote.InFavour, vote.Dissent, vote.VotedAt))
                .ToList(),
            VotesCast: votes.Count(vote => vote.Proposal == row.Number),
            VotesHidden: hidden
        );

    internal static IReadOnlyDictionary<string, Points>? CriteriaOf(ProposalRow row) =>
        row.Criteria is null ? null : JsonSerializer.Deserialize<IReadOnlyDictionary<string, Points>>(row.Criteria, ItemJson.Options);
}

/// <param name="Kind">Kind of the event, e.g. <c>filed</c>, <c>admitted</c>, <c>proposed</c>, <c>voted</c>,
/// <c>decided</c>.</param>
/// <param name="Actor">Id of the account that acted. Members of the commission read <c>filer</c> in place of the id of
/// whoever filed the appeal.</param>
public sealed record AppealEvent(string Kind, Instant At, string Actor, JsonNode? Details)
{
    /// <summary>The commission judges the work and not the person, so it does not learn who acted for the person.</summary>
    private const string Filer = "filer";

    /// <param name="hidden">Number of the proposal on which votes are not shown; null when all are.</param>
    internal static AppealEvent Of(AppealEventRow row, bool toMember, int? hidden)
    {
        var details = row.Details is null ? null : JsonNode.Parse(row.Details);
        if (row.Kind == "voted" && hidden is { } proposal && details?["proposal"]?.GetValue<int>() == proposal)
            details = new JsonObject { ["proposal"] = proposal };
        return new(row.Kind, row.At, toMember && row.Kind is ("filed" or "attached" or "withdrawn") ? Filer : row.Actor, details);
    }
}

/// <summary>
/// The record of an appeal: the members, the recusals with their reasons, every proposal with its votes, and every
/// step.
/// </summary>
/// <param name="Eligible">Number of members who may vote.</param>
/// <param name="Quorum">The quorum that a decision needs.</param>
public sealed record AppealProceedings(
    Guid AppealId,
    IReadOnlyList<SittingMember> Members,
    int Eligible,
    Quorum Quorum,
    IReadOnlyList<ProposalView> Proposals,
    IReadOnlyList<AppealEvent> Events
)
{
    /// <param name="member">The member of the commission who reads; null for the operator, who may know the author of
    /// the work and does not vote.</param>
    internal static async Task<AppealProceedings> Read(Db db, AppealRow appeal, Hearing hearing, Guid? member)
    {
        var (policy, _) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
        var votes = await VoteStore.Votes(db, appeal.Id);
        var toMember = member is not null;
        int? hidden =
            toMember
            && appeal.Standing is AppealState.InConsideration
            && !votes.Any(vote => vote.Proposal == appeal.Proposal && vote.MemberId == member)
                ? appeal.Proposal
                : null;
        return new(
            appeal.Id,
            hearing
                .Members.Select(member => new SittingMember(
                    member.AccountId,
                    member.UserName,
                    Codes.Parse<CommissionRole>(member.Role),
                    hearing.Recused.TryGetValue(member.AccountId, out var cause)
                        ? toMember
                            ? Hearing.Told(cause)
                            : cause
                        : null
                ))
                .ToList(),
            hearing.Eligible,
            policy.Quorum,
            (await VoteStore.Proposals(db, appeal.Id))
                .Select(proposal => ProposalView.Of(proposal, votes, proposal.Number == hidden))
                .ToList(),
            (await AppealStore.Events(db, appeal.Id)).Select(row => AppealEvent.Of(row, toMember, hidden)).ToList()
        );
    }
}
