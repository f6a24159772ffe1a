using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Appeals;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using NodaTime;

namespace Diagnostics.UseCases.Profiles;

/// <param name="Before">Points for the criterion in the round that decides now; null when it gives none by criteria.</param>
public sealed record CriterionEffect(string Title, Points? Before, Points? After, Points Maximum);

/// <param name="LevelBefore">Label of the present level.</param>
public sealed record BlockEffect(string Title, decimal PercentBefore, string LevelBefore, decimal PercentAfter, string LevelAfter);

/// <summary>What a proposed decision on an appeal about points would change, or has changed.</summary>
/// <param name="Total">The points of the whole work, before and after.</param>
/// <param name="Blocks">The blocks of the profile; empty while another answer of the work is still being marked.</param>
public sealed record ProposalEffect(
    Points Before,
    Points After,
    Points Maximum,
    (Points Before, Points After, Points Maximum) Total,
    IReadOnlyList<CriterionEffect> Criteria,
    IReadOnlyList<BlockEffect> Blocks
);

/// <summary>
/// Tries out proposals for the commission's pages: their rounds are computed and then thrown away. The results before the
/// appeal belong to the earlier marks, so nothing is computed until the chair has opened those.
/// </summary>
internal sealed class ProposalEffects(Executor executor, FormCatalog forms)
{
    internal static readonly AccessRule Access = CommissionCases.Access;

    /// <param name="proposals">The points that each proposal gives; null for one that leaves the points as they
    /// are.</param>
    /// <returns>One effect for each proposal; nothing when the appeal is not about points or the earlier marks are
    /// closed. A proposal whose points the rubric no longer allows has no effect.</returns>
    internal async Task<Result<IReadOnlyList<ProposalEffect?>>> Run(
        Guid appealId,
        IReadOnlyList<IReadOnlyDictionary<string, Points>?> proposals,
        Caller caller
    )
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        if (await executor.Read(db => AppealStore.FormOf(db, appealId)) is not { } formId)
            return AppealRights.NotFound;
        var form = await forms.Get(formId);
        return await executor.Read(async db =>
        {
            if ((await Hearing.Of(db, appealId, caller)).Refused(out var stranger, out var own))
                return stranger;
            if (own.Appeal.Slot is not { } slot)
                return Nothing;
            var (policy, _) = await AppealRulebook.OfCampaign(db, own.Appeal.CampaignId);
            if (!AppealView.MarksOpened(own.Appeal, policy))
                return Nothing;
            var session = (await SessionStore.Find(db, own.Appeal.SessionId))!;
            var loaded = await LoadedLedger.Load(db, session, form);
            var before = Undecided(loaded, slot);
            var levels = await BlockLevels.Of(db, loaded);
            return (Result<IReadOnlyList<ProposalEffect?>>)proposals.Select(each => Of(before, slot, each, form, levels)).ToList();
        });
    }

    private static Result<IReadOnlyList<ProposalEffect?>> Nothing => (Result<IReadOnlyList<ProposalEffect?>>)new List<ProposalEffect?>();

    /// <summary>The ledger without the commission's own round: a decided appeal, too, is compared with what was before.</summary>
    private static SessionLedger Undecided(LoadedLedger loaded, int slot)
    {
        var ledger = loaded.Ledger;
        var rounds = ledger
            .Slots.SelectMany(each => ledger.Rounds(each.Slot))
            .Where(round => round.Slot != slot || round.Kind is not RoundKind.Appeal);
        return new(ledger.SessionId, ledger.Slots, rounds, ledger.Policy, ledger.AwaitsKeyReview);
    }

    private static ProposalEffect? Of(
        SessionLedger before,
        int slot,
        IReadOnlyDictionary<string, Points>? criteria,
        FormContent form,
        BlockLevels levels
    )
    {
        var item = before.Slots.First(each => each.Slot == slot).Item;
        if (before.Deciding(slot) is not { } deciding)
            return null;
        var after = before;
        if (criteria is not null)
        {
            if (RubricMarks.Of(item, criteria).Refused(out _, out var marks))
                return null;
            criteria = marks.Criteria;
            after = before.Appeal(slot, marks, Guid.Empty, "", Instant.MinValue).Ledger;
        }
        return new(
            deciding.Points,
            after.Deciding(slot)!.Points,
            item.MaxPoints,
            (before.Points, after.Points, before.Slots.Select(each => each.Item.MaxPoints).Sum()),
            item.Rubric!.Criteria.Select(criterion => new CriterionEffect(
                    $"{criterion.Code}. {criterion.Title}",
                    Find(deciding.Criteria, criterion.Code),
                    Find(criteria ?? deciding.Criteria, criterion.Code),
                    criterion.Maximum
                ))
                .ToList(),
            Blocks(before, after, form, levels)
        );
    }

    private static Points? Find(IReadOnlyDictionary<string, Points>? criteria, string code) =>
        criteria is not null && criteria.TryGetValue(code, out var points) ? points : null;

    private static IReadOnlyList<BlockEffect> Blocks(SessionLedger before, SessionLedger after, FormContent form, BlockLevels levels)
    {
        if (EffectiveResults.Of(before) is not { } old || EffectiveResults.Of(after) is not { } changed)
            return [];
        return old.Select(result => result.Block)
            .Distinct()
            .Select(block =>
            {
                var (from, to) = (levels.Of(old, block), levels.Of(changed, block));
                var title = form.Framework.FindBlock(block)?.Title ?? block;
                return new BlockEffect(title, from.Share.Percent, from.Level.Label, to.Share.Percent, to.Level.Label);
            })
            .ToList();
    }
}
