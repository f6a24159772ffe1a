using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.People;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Appeals;

/// <summary>
/// Why a member of the commission may not judge an appeal. Members see only <c>own_statement</c> or
/// <c>not_impartial</c>, because the other causes reveal the author of the work through the author's workplace or
/// acquaintances. The operator sees the actual cause.
/// </summary>
public enum RecusalCause
{
    MarkedScript,
    LedSession,
    DeclaredConflict,
    SameOrganisation,
    OwnStatement,
    NotImpartial,
}

/// <summary>The conflict commission as it stands for one appeal.</summary>
/// <param name="Members">The current members of the commission.</param>
/// <param name="Recused">Recused members, each with the cause. The cause is the member's own statement, or follows from
/// the records without any request.</param>
internal sealed record Hearing(IReadOnlyList<MemberRow> Members, IReadOnlyDictionary<Guid, RecusalCause> Recused)
{
    /// <summary>Number of members who may take part.</summary>
    internal int Eligible => Members.Count - Recused.Count;

    internal static Refusal RecusedRefusal(RecusalCause cause) =>
        Refusal
            .Forbidden(
                "recused",
                cause is RecusalCause.OwnStatement
                    ? "Вы не участвуете в рассмотрении этой апелляции: вы заявили самоотвод."
                    : "Вы не участвуете в рассмотрении этой апелляции: правила не допускают вас к этой работе. Причину знает оператор."
            )
            .With("cause", Codes.Of(Told(cause)));

    /// <summary>The cause as members of the commission may see it.</summary>
    internal static RecusalCause Told(RecusalCause cause) => cause is RecusalCause.OwnStatement ? cause : RecusalCause.NotImpartial;

    internal static async Task<Hearing> On(Db db, AppealRow appeal)
    {
        var commission = await CommissionStore.Live(db, appeal.CampaignId, Codes.Of(CommissionKind.Conflict));
        var members = commission is null
            ? []
            : (await CommissionStore.Members(db, commission.Id)).Where(member => member.LeftAt is null).ToList();
        var entangled = (await VoteStore.Entangled(db, appeal.SessionId, appeal.ParticipantId)).ToLookup(row => row.Actor, row => row.Why);
        var declared = (await VoteStore.Recusals(db, appeal.Id)).Select(recusal => recusal.MemberId).ToHashSet();
        var organisation = (await PersonStore.Find(db, appeal.ParticipantId))?.Organisation;
        var recused = new Dictionary<Guid, RecusalCause>();
        foreach (var member in members)
        {
            var causes = entangled[member.AccountId.ToString("D")].Select(Codes.Parse<RecusalCause>).ToList();
            if (OrganisationName.AreSame(organisation, member.Organisation))
                causes.Add(RecusalCause.SameOrganisation);
            if (declared.Contains(member.AccountId))
                causes.Add(RecusalCause.OwnStatement);
            if (causes.Count > 0)
                recused[member.AccountId] = causes.Min();
        }
        return new(members, recused);
    }

    /// <summary>Finds an appeal that the caller may judge: the caller must be a member who is not recused.</summary>
    /// <param name="presiding">Whether only the chair and the deputies may find it.</param>
    internal static async Task<Result<(AppealRow Appeal, Hearing Hearing)>> Of(Db db, Guid appealId, Caller caller, bool presiding = false)
    {
        if (await AppealStore.Find(db, appealId) is not { } appeal)
            return AppealRights.NotFound;
        if (!(presiding ? AppealRights.Chairs : AppealRights.Members).Covers(caller, new Target { Campaign = appeal.CampaignId }))
            return AppealRights.NotFound;
        var hearing = await On(db, appeal);
        if (hearing.Recused.TryGetValue(caller.AccountId, out var cause))
            return RecusedRefusal(cause);
        // A role granted by hand does not make the caller a member of the commission, and only members vote and count
        // towards the quorum.
        return hearing.Members.Any(member => member.AccountId == caller.AccountId) ? (appeal, hearing) : AppealRights.NotFound;
    }

    /// <summary>Counts the votes on the current proposal by members who are not recused.</summary>
    internal async Task<Result<Tally>> Count(Db db, AppealRow appeal, AppealsPolicy policy)
    {
        var presiding = (await VoteStore.Proposals(db, appeal.Id))[^1].ProposedBy;
        var votes = (await VoteStore.Votes(db, appeal.Id))
            .Where(vote => vote.Proposal == appeal.Proposal && Counts(vote.MemberId))
            .Select(vote => new Vote(vote.MemberId, vote.InFavour))
            .ToList();
        return Voting.Count(votes, Eligible, presiding, policy.Quorum);
    }

    private bool Counts(Guid memberId) => !Recused.ContainsKey(memberId) && Members.Any(member => member.AccountId == memberId);
}
