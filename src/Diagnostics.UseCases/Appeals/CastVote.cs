using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Proposal">Number of the proposal that the member has read.</param>
/// <param name="Dissent">Особое мнение, up to 4,000 characters; with a vote against.</param>
public sealed record VoteRequest(int Proposal, bool InFavour, string? Dissent = null);

/// <summary>An open vote, one a member and proposal; whoever disagrees may put down why.</summary>
internal static class CastVote
{
    internal static void Map(IEndpointRouteBuilder appeals) => appeals.MapPost("/{appealId:guid}/votes", Vote)
        .WithName("VoteOnAppeal").WithSummary("Проголосовать за решение или против него, с особым мнением").AllowedTo(AppealRights.Members).Idempotent();

    internal static readonly Refusal Given = Refusal.Conflict("vote-given", "Вы уже голосовали по этому предложению.");

    internal static readonly Refusal Another = Refusal.Conflict("proposal-changed", "На голосовании другое предложение: прочитайте его.");

    /// <summary>The votes on the standing proposal, of those who hold a place and are not recused.</summary>
    internal static async Task<Result<Tally>> Count(Db db, AppealRow appeal, Sitting sitting, AppealsPolicy policy)
    {
        var presiding = (await VoteStore.Proposals(db, appeal.Id))[^1].ProposedBy;
        var votes = (await VoteStore.Votes(db, appeal.Id))
            .Where(vote => vote.Proposal == appeal.Proposal && !sitting.Recused.ContainsKey(vote.MemberId) && sitting.Members.Any(member => member.AccountId == vote.MemberId))
            .Select(vote => new Vote(vote.MemberId, vote.InFavour)).ToList();
        return Voting.Count(votes, sitting.Eligible, presiding, policy.Quorum);
    }

    private static Task<Results<Created<AppealProceedings>, ProblemHttpResult>> Vote(Guid appealId, VoteRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<AppealProceedings>>(async db =>
        {
            if (request.Dissent is not null && TextRules.Check("dissent", request.Dissent, AppealRights.MaxText) is { } wrong) return wrong;
            if (request is { InFavour: true, Dissent: not null })
                return Refusal.Invalid("dissent-unexpected", "Особое мнение подают, голосуя против.").With("field", "dissent");
            if ((await Sitting.Of(db, appealId, caller)).Refused(out var refusal, out var own)) return refusal;
            if (own.Appeal.Standing.CheckInConsideration() is { } notYet) return notYet;
            if (own.Appeal.Proposal != request.Proposal || request.Proposal == 0) return Another.With("proposal", own.Appeal.Proposal);
            if (await VoteStore.HasVoted(db, appealId, request.Proposal, caller.AccountId)) return Given;
            var now = clock.GetCurrentInstant();
            var vote = new VoteRow { AppealId = appealId, Proposal = request.Proposal, MemberId = caller.AccountId, InFavour = request.InFavour, Dissent = request.Dissent?.Trim(), VotedAt = now };
            if (!await VoteStore.Vote(db, vote)) return AppealRights.Changed;
            await AppealLog.Add(db, appealId, "voted", now, caller.Id, new { request.Proposal, request.InFavour, dissent = request.Dissent is not null });
            return await AppealProceedings.Read(db, own.Appeal, own.Sitting);
        }).Created(proceedings => $"/api/v1/appeals/{proceedings.AppealId:D}/proceedings");
}
