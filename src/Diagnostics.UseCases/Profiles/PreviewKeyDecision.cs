using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <param name="Normalised">The answer as shown in the list of groups.</param>
/// <param name="Decision">The decision to try.</param>
/// <param name="Normalisation">The rule that formed the group, as in a decision.</param>
public sealed record KeyPreviewRequest(
    string ItemCode,
    int ItemVersion,
    string Normalised,
    KeyDecision Decision,
    string? Normalisation = null
)
{
    internal GroupNamed Group => new(ItemCode, ItemVersion, Normalised, Normalisation);
}

/// <param name="Block">Block of the framework.</param>
/// <param name="From">The present level.</param>
/// <param name="To">The level after the decision.</param>
/// <param name="Sessions">Number of sessions whose block would move in this way.</param>
public sealed record LevelChange(string Block, DeficitLevel From, DeficitLevel To, int Sessions);

/// <summary>The effect that a key decision would have; nothing has been changed.</summary>
/// <param name="Sessions">Number of sessions whose score would change.</param>
/// <param name="PublishedSessions">Number of those sessions with a final profile, which would get a new final
/// version.</param>
/// <param name="PointsBefore">Sum of these sessions' points for the item.</param>
/// <param name="PointsAfter">The same sum after the decision.</param>
/// <param name="Levels">The changes of level that blocks would undergo, in sessions whose slots are all
/// decided.</param>
public sealed record KeyDecisionEffect(
    int Sessions,
    int PublishedSessions,
    Points PointsBefore,
    Points PointsAfter,
    IReadOnlyList<LevelChange> Levels
);

/// <summary>Tries out a key decision: its rounds and levels are computed and then thrown away.</summary>
internal sealed class PreviewKeyDecision(Executor executor, FormCatalog forms)
    : UseCase<KeyPreviewRequest, KeyDecisionEffect>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(PreviewKeyDecision), MarkingRights.Leaders, Trail.None);

    protected override async Task<Result<KeyDecisionEffect>> Handle(KeyPreviewRequest request, Caller caller)
    {
        var found = await Fetch(db => AnswersAtStake.Find(db, request.Group, request.Decision, caller));
        if (found.Refused(out var refusal, out var stake))
            return refusal;
        var contents = new Dictionary<Guid, FormContent>();
        foreach (var formId in stake.Given.Select(each => each.FormId).Distinct())
            contents[formId] = await forms.Get(formId);
        return await Read(async db =>
        {
            var policies = new Dictionary<Guid, CampaignPolicies>();
            var (sessions, published, before, after) = (0, 0, Points.Zero, Points.Zero);
            var moves = new List<(string Block, DeficitLevel From, DeficitLevel To)>();
            foreach (var answer in stake.Given)
            {
                if (!policies.TryGetValue(answer.CampaignId, out var pinned))
                    policies[answer.CampaignId] = pinned = await CampaignPolicies.Load(db, answer.CampaignId);
                var session = (await SessionStore.Find(db, answer.SessionId))!;
                var loaded = await LoadedLedger.Load(db, session, contents[answer.FormId], pinned);
                // These rounds are never saved.
                var rescored = loaded
                    .Ledger.Rescore(answer.Slot, request.Decision, caller.AccountId, "", Instant.MinValue)
                    .Ledger.Settle(loaded.Scale, Instant.MinValue)
                    .Ledger;
                var (now, then) = (loaded.Ledger.Deciding(answer.Slot)!, rescored.Deciding(answer.Slot)!);
                if (now.Points == then.Points)
                    continue;
                sessions++;
                before += now.Points;
                after += then.Points;
                if (await ProfileStore.HasFinal(db, answer.SessionId))
                    published++;
                if (EffectiveResults.Of(loaded.Ledger) is { } old && EffectiveResults.Of(rescored) is { } changed)
                    moves.AddRange(Moves(old, changed, await BlockLevels.Of(db, loaded)));
            }
            var levels = moves
                .GroupBy(move => move)
                .Select(group => new LevelChange(group.Key.Block, group.Key.From, group.Key.To, group.Count()))
                .OrderBy(change => change.Block, StringComparer.Ordinal)
                .ThenBy(change => change.From)
                .ThenBy(change => change.To)
                .ToList();
            return new KeyDecisionEffect(sessions, published, before, after, levels);
        });
    }

    private static IEnumerable<(string Block, DeficitLevel From, DeficitLevel To)> Moves(
        IReadOnlyList<SlotResult> before,
        IReadOnlyList<SlotResult> after,
        BlockLevels levels
    ) =>
        from block in before.Select(result => result.Block).Distinct()
        let move = (block, levels.Of(before, block).Level.Code, levels.Of(after, block).Level.Code)
        where move.Item2 != move.Item3
        select move;
}
