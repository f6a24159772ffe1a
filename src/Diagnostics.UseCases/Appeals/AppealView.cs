using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Storage;
using Diagnostics.Storage.Appeals;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Appeals;

/// <summary>An appeal and what became of it.</summary>
/// <param name="SessionId">Absent for the commission, which judges the work and not the person.</param>
/// <param name="ParticipantId">Pseudonym; absent for the commission.</param>
/// <param name="Slot">Of a score appeal.</param>
/// <param name="Statement">In the person's words.</param>
/// <param name="DueAt">The first instant at which a decision is too late.</param>
/// <param name="Due">How near that is; absent when the appeal is closed.</param>
/// <param name="Policy">The rules that it is decided by.</param>
/// <param name="EarlierMarksOpened">The commission sees earlier marks.</param>
/// <param name="Clause">What the refusal or decision rests on.</param>
/// <param name="Reason">Why it was refused or decided so.</param>
/// <param name="NewSessionId">Given instead of the annulled one.</param>
public sealed record AppealView(
    Guid Id, AppealKind Kind, Guid CampaignId, Guid? SessionId, Guid? ParticipantId, int? Slot, AppealGround Ground, string Statement, AppealState State,
    Instant FiledAt, Instant DueAt, DueState? Due, PolicyReference Policy, bool EarlierMarksOpened, AppealOutcome? Outcome, string? Clause, string? Reason,
    Instant? ClosedAt, Guid? NewSessionId, int Revision)
{
    /// <param name="anonymous">Without whose it is.</param>
    internal static async Task<AppealView> Read(Db db, Guid id, Instant now, bool anonymous)
    {
        var row = (await AppealStore.Find(db, id))!;
        var (policy, reference) = await AppealRulebook.OfCampaign(db, row.CampaignId);
        return new(
            row.Id, row.AppealKind, row.CampaignId, anonymous ? null : row.SessionId, anonymous ? null : row.ParticipantId, row.Slot,
            Codes.Parse<AppealGround>(row.Ground), row.Statement, row.Standing, row.FiledAt, row.DueAt, DueOf(row, now), reference,
            MarksOpened(row, policy), Codes.Find<AppealOutcome>(row.Outcome), row.Clause, row.Reason, row.ClosedAt, anonymous ? null : row.NewSessionId, row.Revision);
    }

    internal static DueState? DueOf(AppealRow row, Instant now) => row.Standing.IsLive() ? Deadlines.StateAt(now, row.RemindAt, row.DueAt) : null;

    internal static bool MarksOpened(AppealRow row, AppealsPolicy policy) => !policy.EarlierMarksOnRequest || row.MarksOpenedAt is not null;
}
