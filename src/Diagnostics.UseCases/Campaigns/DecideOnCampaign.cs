using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A decision on a campaign, made when people already knew its terms.</summary>
/// <param name="Number">Number of the decision in the campaign, from 1.</param>
/// <param name="Details">The old and the new values; which ones depends on the kind of decision.</param>
/// <param name="DecidedBy">Id of the account that decided.</param>
public sealed record CampaignDecision(
    int Number,
    CampaignDecisionKind Kind,
    JsonNode Details,
    string Reason,
    string DecidedBy,
    Instant DecidedAt
)
{
    internal static CampaignDecision Of(CampaignDecisionRow row) =>
        new(
            row.Number,
            Codes.Parse<CampaignDecisionKind>(row.Kind),
            JsonNode.Parse(row.Details)!,
            row.Reason,
            row.DecidedBy,
            row.DecidedAt
        );
}

/// <summary>A decision and its result.</summary>
/// <param name="Details">Details that are recorded with the decision.</param>
/// <param name="After">The changed campaign; null when the campaign itself stays the same and only something that
/// belongs to it changes.</param>
internal sealed record Decided(CampaignDecisionKind Kind, object Details, CampaignRow? After = null);

/// <summary>
/// Changes terms that people already know. A change is always recorded as a decision with its author and reason; it
/// overwrites nothing, and it is refused where people have already answered. Each decision gives the campaign its next
/// revision, so of two decisions made at the same time the second must be based on the result of the first.
/// </summary>
internal abstract class DecideOnCampaign<TRequest, TResult>(Operation operation, Executor executor)
    : UseCase<TRequest, TResult>(operation, executor)
{
    internal const int MaxReason = 2000;

    internal static readonly AccessRule Operators = AccessRule.Of(Role.Operator.OfCampaign());

    /// <param name="reason">The reason; not needed for a draft, because nobody else knows of it.</param>
    /// <param name="decide">Checks the decision and makes the changes, in the transaction.</param>
    /// <param name="show">Reads the result after all writes.</param>
    /// <param name="move">The move that the campaign must allow; null means <see cref="CampaignMoves.Decide"/>. If the
    /// move is also allowed for a draft, a change to a draft is not recorded as a decision.</param>
    protected Task<Result<TResult>> Decide(
        Caller caller,
        Guid campaignId,
        string? reason,
        Func<Db, CampaignRow, Instant, Task<Result<Decided>>> decide,
        Func<Db, Task<TResult>> show,
        Move<CampaignStatus>? move = null
    ) =>
        Write(
            caller,
            async db =>
            {
                if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                    return CampaignRefusals.NoCampaign;
                var isDraft = campaign.State is CampaignStatus.Draft;
                if (!Reaches(caller, new Target { Campaign = campaignId }))
                    return isDraft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
                if ((move ?? CampaignMoves.Decide).Check(campaign.State) is { } stands)
                    return stands;
                if (!isDraft && TextRules.Check("reason", reason, MaxReason) is { } noReason)
                    return noReason;
                var now = Now;
                if ((await decide(db, campaign, now)).Refused(out var refusal, out var decided))
                    return refusal;
                var kept = decided.After switch
                {
                    null => await CampaignStore.Touch(db, campaign),
                    { CancelledAt: { } at } => await CampaignStore.Cancel(db, campaign, at),
                    var after => await CampaignStore.ChangePublished(db, after),
                };
                if (!kept)
                    return Revisions.Stale(campaign.Revision);
                if (isDraft)
                {
                    await AuditStore.Append(
                        db,
                        now,
                        caller.Id,
                        "campaign.changed",
                        $"campaign:{campaignId:D}",
                        new { revision = campaign.Revision + 1 }
                    );
                }
                else
                {
                    await CampaignDecisionStore.Append(
                        db,
                        new CampaignDecisionRow
                        {
                            CampaignId = campaignId,
                            Kind = Codes.Of(decided.Kind),
                            Details = CanonicalJson.Of(decided.Details),
                            Reason = reason!.Trim(),
                            DecidedBy = caller.Id,
                            DecidedAt = now,
                        }
                    );
                    await AuditStore.Append(
                        db,
                        now,
                        caller.Id,
                        $"campaign.{Codes.Of(decided.Kind)}",
                        $"campaign:{campaignId:D}",
                        decided.Details
                    );
                }
                return await show(db);
            }
        );
}

internal sealed class ListCampaignDecisions(Executor executor) : UseCase<Guid, IReadOnlyList<CampaignDecision>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListCampaignDecisions),
        AccessRule.Of(Role.Operator.OfCampaign(), Role.Auditor.OfEverything()),
        Trail.None
    );

    protected override Task<Result<IReadOnlyList<CampaignDecision>>> Handle(Guid campaignId, Caller caller) =>
        Read(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is not { } campaign)
                return CampaignRefusals.NoCampaign;
            if (!Reaches(caller, new Target { Campaign = campaignId }))
                return campaign.State is CampaignStatus.Draft ? CampaignRefusals.NoCampaign : CampaignRefusals.NotYours;
            return (await CampaignDecisionStore.OfCampaign(db, campaignId)).Select(CampaignDecision.Of).ToList();
        });
}
