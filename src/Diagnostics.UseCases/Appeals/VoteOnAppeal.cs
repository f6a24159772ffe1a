using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Appeals;

/// <param name="Proposal">Number of the proposal that the member has read.</param>
/// <param name="Dissent">The member's dissent («особое мнение»), up to 4,000 characters; only with a vote
/// against.</param>
public sealed record VoteRequest(int Proposal, bool InFavour, string? Dissent = null);

/// <summary>
/// Records an open vote. Each member votes once on each proposal, and a member who disagrees may write down why.
/// </summary>
internal sealed class VoteOnAppeal(Executor executor) : UseCase<VoteOnAppeal.Request, AppealProceedings>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(VoteOnAppeal), AppealRights.Members, Trail.Writes("appeal.voted"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal Given = Refusal.Conflict("vote-given", "Вы уже голосовали по этому предложению.");

    internal static readonly Refusal Another = Refusal.Conflict("proposal-changed", "На голосовании другое предложение: прочитайте его.");

    internal sealed record Request(Guid AppealId, VoteRequest Vote);

    protected override Task<Result<AppealProceedings>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (appealId, (proposal, inFavour, dissent)) = request;
                if (dissent is not null && TextRules.Check("dissent", dissent, AppealRights.MaxText) is { } wrong)
                    return wrong;
                if (inFavour && dissent is not null)
                    return Refusal.Invalid("dissent-unexpected", "Особое мнение подают, голосуя против.").With("field", "dissent");
                if ((await Hearing.Of(db, appealId, caller)).Refused(out var refusal, out var own))
                    return refusal;
                if (own.Appeal.Standing.CheckInConsideration() is { } notYet)
                    return notYet;
                if (own.Appeal.Proposal != proposal || proposal == 0)
                    return Another.With("proposal", own.Appeal.Proposal);
                if (await VoteStore.HasVoted(db, appealId, proposal, caller.AccountId))
                    return Given;
                var now = Now;
                var vote = new VoteRow
                {
                    AppealId = appealId,
                    Proposal = proposal,
                    MemberId = caller.AccountId,
                    InFavour = inFavour,
                    Dissent = dissent?.Trim(),
                    VotedAt = now,
                };
                if (!await VoteStore.Vote(db, vote))
                    return AppealRights.Changed;
                await AppealLog.Add(
                    db,
                    appealId,
                    "voted",
                    now,
                    caller.Id,
                    new
                    {
                        Proposal = proposal,
                        InFavour = inFavour,
                        dissent = dissent is not null,
                    }
                );
                return await AppealProceedings.Read(db, own.Appeal, own.Hearing, caller.AccountId);
            }
        );
}
