using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Marking;

/// <summary>A claim of an expert on a script, live or closed.</summary>
internal sealed record ClaimOnScript(Guid ScriptId, string ItemCode, ScriptClaim Claim);

/// <summary>The points that an expert gave for one criterion of a script.</summary>
/// <param name="ScriptId">The script; null when the commission no longer has it, or when it is hidden.</param>
/// <param name="Hidden">Whether it is hidden which script has these points, because the caller may still get the script
/// to mark.</param>
/// <param name="Expert">Name of the expert's account; null with a hidden script.</param>
internal sealed record CriterionMark(
    Guid? ScriptId,
    bool Hidden,
    string ItemCode,
    int ItemVersion,
    string Criterion,
    Points Points,
    string? Expert
);

/// <summary>
/// Lists the single claims and marks that the numbers of a campaign's marking count, for the pages of those who lead it.
/// </summary>
internal sealed class MarkingDetails(Executor executor)
{
    internal static readonly AccessRule Access = MarkingRights.Leaders;

    /// <summary>All claims, including those on scripts that the commission no longer has.</summary>
    internal Task<Result<IReadOnlyList<ClaimOnScript>>> Claims(Guid campaignId, Caller caller) =>
        Read<IReadOnlyList<ClaimOnScript>>(
            campaignId,
            caller,
            async (db, experts) =>
                (await ScriptStore.AllClaims(db, campaignId))
                    .Select(row => new ClaimOnScript(row.ScriptId, row.ItemCode, ScriptClaim.Of(row, experts, null, executor.Now)))
                    .ToList()
        );

    /// <summary>The marks from which <see cref="GetMarkingStatistics"/> makes the distributions of the criteria.</summary>
    internal Task<Result<IReadOnlyList<CriterionMark>>> Marks(Guid campaignId, Caller caller) =>
        Read<IReadOnlyList<CriterionMark>>(
            campaignId,
            caller,
            async (db, experts) =>
            {
                var rows = await ScriptStore.OfCampaign(db, campaignId, null, int.MaxValue);
                var scripts = (await ScriptInCommission.Read(db, campaignId, rows, experts, caller, executor.Now))
                    .Zip(rows)
                    .ToDictionary(pair => (pair.Second.SessionId, pair.Second.Slot), pair => pair.First);
                return (await RoundStore.ByExperts(db, campaignId))
                    .SelectMany(round => MarksOf(round, scripts.GetValueOrDefault((round.SessionId, round.Slot))))
                    .ToList();
            }
        );

    private static IEnumerable<CriterionMark> MarksOf(MarkingRound round, ScriptInCommission? script)
    {
        var hidden = script is { Blind: true };
        return round.Criteria!.Select(mark => new CriterionMark(
            ScriptId: hidden ? null : script?.Id,
            Hidden: hidden,
            ItemCode: round.ItemCode,
            ItemVersion: round.ItemVersion,
            Criterion: mark.Key,
            Points: mark.Value,
            Expert: hidden ? null : script?.Claims.LastOrDefault(claim => claim.ExpertId == round.MarkedBy)?.UserName
        ));
    }

    private async Task<Result<T>> Read<T>(Guid campaignId, Caller caller, Func<Storage.Db, int, Task<T>> read)
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        return await executor.Read(async db =>
        {
            if (!Access.Covers(caller, MarkingRights.Of(campaignId)))
                return MarkingRights.NotLeading;
            if (await CampaignStore.Find(db, campaignId) is null)
                return MarkingRights.NoCampaign;
            var policy = await CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking);
            return (Result<T>)await read(db, policy.Experts);
        });
    }
}
