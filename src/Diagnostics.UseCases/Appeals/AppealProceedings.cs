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
public sealed record ProposalView(
    int Number,
    AppealOutcome Outcome,
    IReadOnlyDictionary<string, Points>? Criteria,
    string Clause,
    string Reason,
    Guid ProposedBy,
    Instant ProposedAt,
    IReadOnlyList<CastVoteView> Votes
)
{
    internal static ProposalView Of(ProposalRow row, IEnumerable<VoteRow> votes) =>
        new(
            row.Number,
            Codes.Parse<AppealOutcome>(row.Outcome),
            CriteriaOf(row),
            row.Clause,
            row.Reason,
            row.ProposedBy,
            row.ProposedAt,
            votes
                .Where(vote => vote.Proposal == row.Number)
                .Select(vote => new CastVoteView(vote.MemberId, vote.InFavour, vote.Dissent, vote.VotedAt))
                .ToList()
        );

    internal static IReadOnlyDictionary<string, Points>? CriteriaOf(ProposalRow row) =>
        row.Criteria is null ? null : JsonSerializer.Deserialize<IReadOnlyDictionary<string, Points>>(row.Criteria, ItemJson.Options);
}

/// <param name="Kind">Kind of the event, e.g. <c>filed</c>, <c>admitted</c>, <c>proposed</c>, <c>voted</c>,
/// <c>decided</c>.</param>
/// <param name="Actor">Id of the account that acted.</param>
public sealed record AppealEvent(string Kind, Instant At, string Actor, JsonNode? Details);

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
    /// <param name="toMember">Whether the reader is a member of the commission; otherwise the reader is the operator,
    /// who may know the author of the work.</param>
    internal static async Task<AppealProceedings> Read(Db db, AppealRow appeal, Hearing hearing, bool toMember)
    {
        var (policy, _) = await AppealRulebook.OfCampaign(db, appeal.CampaignId);
        var votes = await VoteStore.Votes(db, appeal.Id);
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
            (await VoteStore.Proposals(db, appeal.Id)).Select(proposal => ProposalView.Of(proposal, votes)).ToList(),
            (await AppealStore.Events(db, appeal.Id))
                .Select(happened => new AppealEvent(
                    happened.Kind,
                    happened.At,
                    happened.Actor,
                    happened.Details is null ? null : JsonNode.Parse(happened.Details)
                ))
                .ToList()
        );
    }
}
