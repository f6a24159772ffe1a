using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Campaigns;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>An appeal and its outcome.</summary>
/// <param name="SessionId">The session; absent for the commission, which judges the work and not the person.</param>
/// <param name="ParticipantId">The person's pseudonym; absent for the commission.</param>
/// <param name="Slot">The disputed slot of a score appeal.</param>
/// <param name="Statement">The appeal in the person's own words.</param>
/// <param name="DueAt">The first moment at which a decision is too late.</param>
/// <param name="Due">How near <c>dueAt</c> is; absent when the appeal is closed.</param>
/// <param name="Policy">The policy that governs the decision.</param>
/// <param name="EarlierMarksOpened">Whether the commission sees earlier marks.</param>
/// <param name="Clause">The clause on which the refusal or decision rests.</param>
/// <param name="Reason">The reason for the refusal or decision.</param>
/// <param name="NewSessionId">The session given in place of the annulled one.</param>
/// <param name="LateCause">Why the appeal is late, in the person's words; absent when it was in time.</param>
/// <param name="Hearing">When and where the commission hears the appeal; absent while no hearing is set.</param>
/// <param name="Attachments">Number of files added to the appeal.</param>
public sealed record AppealView(
    Guid Id,
    AppealKind Kind,
    Guid CampaignId,
    Guid? SessionId,
    Guid? ParticipantId,
    int? Slot,
    AppealGround Ground,
    string Statement,
    AppealState State,
    Instant FiledAt,
    Instant DueAt,
    DueState? Due,
    PolicyReference Policy,
    bool EarlierMarksOpened,
    AppealOutcome? Outcome,
    string? Clause,
    string? Reason,
    Instant? ClosedAt,
    Guid? NewSessionId,
    int Revision,
    string? LateCause = null,
    AppealHearing? Hearing = null,
    int Attachments = 0
)
{
    /// <param name="anonymous">Whether to leave out who the person is.</param>
    internal static async Task<AppealView> Read(Db db, Guid id, Instant now, bool anonymous)
    {
        var row = (await AppealStore.Find(db, id))!;
        var (policy, reference) = await AppealRulebook.OfCampaign(db, row.CampaignId);
        return new(
            Id: row.Id,
            Kind: row.AppealKind,
            CampaignId: row.CampaignId,
            SessionId: anonymous ? null : row.SessionId,
            ParticipantId: anonymous ? null : row.ParticipantId,
            Slot: row.Slot,
            Ground: Codes.Parse<AppealGround>(row.Ground),
            Statement: row.Statement,
            State: row.Standing,
            FiledAt: row.FiledAt,
            DueAt: row.DueAt,
            Due: DueOf(row, now),
            Policy: reference,
            EarlierMarksOpened: MarksOpened(row, policy),
            Outcome: Codes.Find<AppealOutcome>(row.Outcome),
            Clause: row.Clause,
            Reason: row.Reason,
            ClosedAt: row.ClosedAt,
            NewSessionId: anonymous ? null : row.NewSessionId,
            Revision: row.Revision,
            LateCause: row.LateCause,
            Hearing: (await AppealHearingStore.Of(db, id)) is [.., var hearing] ? AppealHearing.Of(hearing) : null,
            Attachments: (await AttachmentStore.Of(db, id)).Count
        );
    }

    internal static DueState? DueOf(AppealRow row, Instant now) =>
        row.Standing.IsLive() ? Deadlines.StateAt(now, row.RemindAt, row.DueAt) : null;

    internal static bool MarksOpened(AppealRow row, AppealsPolicy policy) => !policy.EarlierMarksOnRequest || row.MarksOpenedAt is not null;
}
