using Diagnostics.Engine.Appeals;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;

namespace Diagnostics.Server.Pages.Appeals;

public sealed partial class CasePage
{
    /// <summary>What an appeal waits for.</summary>
    /// <param name="Whose">Whose step it is; null when the appeal waits for nobody.</param>
    /// <param name="Own">Whether it is the viewer's.</param>
    /// <param name="Decides">Whether the step ends the appeal.</param>
    public sealed record CaseStep(string Text, string? Whose, bool Own, bool Decides = false)
    {
        private const string Chair = "председатель";

        private const string Members = "члены комиссии";

        /// <summary>What the register knows about the step.</summary>
        internal static CaseStep Of(CommissionCase own) =>
            own switch
            {
                { Appeal.State: AppealState.Filed } => ByChair("принять апелляцию или отказать в приёме", own),
                { Appeal.State: AppealState.Admitted, HearingAt: { } at } => ByChair(
                    $"начать рассмотрение; заседание {Dates.Moment(at, own.TimeZone)}",
                    own
                ),
                { Appeal.State: AppealState.Admitted } => ByChair("назначить заседание или начать рассмотрение", own),
                { Appeal.State: AppealState.InConsideration, Proposal: 0 } => ByChair("поставить решение на голосование", own),
                { Appeal.State: AppealState.InConsideration, Voted: false } => new(
                    $"проголосовать по предложению {own.Proposal}",
                    Members,
                    own.TakesPart
                ),
                { Appeal.State: AppealState.InConsideration } => new(
                    "дождаться кворума и вынести решение",
                    Chair,
                    own.Presides && own.TakesPart
                ),
                { Appeal.State: AppealState.Decided or AppealState.Refused } => new("передать участнику письмо", null, false),
                _ => new("ничего", null, false),
            };

        /// <summary>What the case itself knows: who has voted, and, after the viewer's own vote, how.</summary>
        internal static CaseStep Of(CommissionCase own, AppealProceedings proceedings)
        {
            if (own is not { Appeal.State: AppealState.InConsideration, Voted: true } || proceedings.Proposals is not [.., var current])
                return Of(own);
            return Voting
                    .Count(Votes(current, proceedings), proceedings.Eligible, current.ProposedBy, proceedings.Quorum)
                    .Refused(out _, out var tally)
                    ? new("дождаться голосов остальных членов комиссии", Members, false)
                : tally.Accepted ? ByChair("вынести решение: предложение принято", own) with { Decides = true }
                : ByChair("поставить на голосование другое решение: это отклонено", own);
        }

        /// <summary>The votes that count: those of members who take part.</summary>
        internal static List<Vote> Votes(ProposalView proposal, AppealProceedings proceedings) =>
            proposal
                .Votes.Where(vote => proceedings.Members.Any(member => member.AccountId == vote.MemberId && member.Recused is null))
                .Select(vote => new Vote(vote.MemberId, vote.InFavour))
                .ToList();

        private static CaseStep ByChair(string text, CommissionCase own) => new(text, Chair, own.Presides && own.TakesPart);
    }
}
