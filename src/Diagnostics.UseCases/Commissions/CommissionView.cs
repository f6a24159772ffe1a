using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Commissions;
using Diagnostics.Engine.People;
using Diagnostics.Storage;
using Diagnostics.Storage.Commissions;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Commissions;

/// <param name="AccountId">The member's account.</param>
/// <param name="Standing">The expert's standing (main, senior or lead), which decides who may be the third
/// expert.</param>
/// <param name="Blocks">Blocks of the framework that the expert marks; empty for all blocks.</param>
/// <param name="LeftAt">When the member left; absent for a current member.</param>
/// <param name="NearOrganisations">Organisations of people in this campaign whose names resemble the name of the
/// member's organisation but do not count as the same. If one of them is the member's own organisation, correct the
/// name in the member's record or in the people's records, because the name decides which scripts are withheld from the
/// member.</param>
public sealed record CommissionMember(
    Guid AccountId,
    string UserName,
    string? Organisation,
    CommissionRole Role,
    ExpertStanding Standing,
    IReadOnlyList<string> Blocks,
    Instant AppointedAt,
    Instant? LeftAt,
    string? LeftReason,
    IReadOnlyList<string> NearOrganisations
)
{
    /// <param name="organisations">Organisations of the people in the campaign.</param>
    internal static CommissionMember Of(MemberRow row, IReadOnlyList<string> organisations) =>
        new(
            AccountId: row.AccountId,
            UserName: row.UserName,
            Organisation: row.Organisation,
            Role: Codes.Parse<CommissionRole>(row.Role),
            Standing: Codes.Parse<ExpertStanding>(row.Standing),
            Blocks: BlocksOf(row),
            AppointedAt: row.AppointedAt,
            LeftAt: row.LeftAt,
            LeftReason: row.LeftReason,
            NearOrganisations: row.LeftAt is not null || row.Organisation is null
                ? []
                : organisations.Where(name => OrganisationName.AreNear(name, row.Organisation)).Order(StringComparer.Ordinal).ToList()
        );

    internal static IReadOnlyList<string> BlocksOf(MemberRow row) => JsonSerializer.Deserialize<IReadOnlyList<string>>(row.Blocks)!;
}

/// <summary>A declared relation to a person, whose scripts the member therefore does not judge.</summary>
public sealed record DeclaredConflict(Guid AccountId, Guid ParticipantId, string Reason, Instant DeclaredAt);

/// <summary>A commission with all current and former members.</summary>
/// <param name="EndedAt">When the commission ended; absent while it works.</param>
public sealed record CommissionView(
    Guid Id,
    CommissionKind Kind,
    Guid CampaignId,
    string Title,
    Instant CreatedAt,
    Instant? EndedAt,
    IReadOnlyList<CommissionMember> Members,
    IReadOnlyList<DeclaredConflict> Conflicts
)
{
    internal static async Task<CommissionView> Read(Db db, Guid id)
    {
        var row = (await CommissionStore.Find(db, id))!;
        var organisations = await CommissionStore.OrganisationsOfPeople(db, row.CampaignId);
        return new(
            row.Id,
            Codes.Parse<CommissionKind>(row.Kind),
            row.CampaignId,
            row.Title,
            row.CreatedAt,
            row.EndedAt,
            (await CommissionStore.Members(db, id)).Select(member => CommissionMember.Of(member, organisations)).ToList(),
            (await CommissionStore.Conflicts(db, id))
                .Select(conflict => new DeclaredConflict(conflict.AccountId, conflict.ParticipantId, conflict.Reason, conflict.DeclaredAt))
                .ToList()
        );
    }
}

/// <summary>The rights concerning commissions.</summary>
internal static class CommissionRules
{
    /// <summary>People who may appoint members.</summary>
    internal static readonly AccessRule Keepers = AccessRule.Of(Role.Operator.OfCampaign());

    /// <summary>
    /// People who may read a commission: those who may appoint members, the chair of a marking commission, whose experts do not
    /// learn who else marks, and all members of a conflict commission, who sit together.
    /// </summary>
    internal static readonly AccessRule Readers = AccessRule.Of(
        Role.Operator.OfCampaign(),
        Role.Chair.OfCampaign(),
        Role.ConflictMember.OfCampaign()
    );

    /// <summary>What a look at a commission shows: its members, and who is close to whom.</summary>
    internal static Looked Shown(CommissionView commission) =>
        new($"commission:{commission.Id:D}", commission.Conflicts.Select(conflict => conflict.ParticipantId).Distinct().ToList());

    private static readonly AccessRule ReadersOfMarking = AccessRule.Of(Role.Operator.OfCampaign(), Role.Chair.OfCampaign());

    private static readonly AccessRule ReadersOfConflict = AccessRule.Of(Role.Operator.OfCampaign(), Role.ConflictMember.OfCampaign());

    internal static readonly Refusal NotFound = Refusal.NotFound("commission-not-found", "Такой комиссии нет.");

    internal static readonly Refusal Ended = Refusal.Conflict("commission-ended", "Комиссия уже закончила работу: её состав не меняют.");

    internal static bool MayRead(Caller caller, CommissionRow row) =>
        (row.Kind == Codes.Of(CommissionKind.Marking) ? ReadersOfMarking : ReadersOfConflict).Covers(caller, row.Target);

    /// <summary>
    /// Ends the claims of a member of a marking commission: scripts return to the queue, and benchmarks are taken back.
    /// </summary>
    /// <returns>Number of scripts that returned to the queue.</returns>
    internal static async Task<int> TakeBack(Db db, CommissionRow commission, Guid accountId, string reason, Instant now)
    {
        if (commission.Kind != Codes.Of(CommissionKind.Marking))
            return 0;
        await TrialStore.LapseOfExpert(db, commission.CampaignId, accountId, reason, now);
        return await AssignmentStore.LapseOfExpert(db, commission.CampaignId, accountId, reason, now);
    }

    extension(CommissionRow row)
    {
        internal Target Target => new() { Campaign = row.CampaignId };
    }
}
