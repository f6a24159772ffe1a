using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Forms;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Marking;

/// <summary>Gives a benchmark to an expert.</summary>
internal static class GiveTrial
{
    /// <summary>The day that a benchmark shows when it replaces no script: the first day of the sittings.</summary>
    internal static string DayOf(CampaignRow campaign) => LocalDatePattern.Iso.Format(campaign.SittingFrom.InUtc().Date);

    /// <param name="expert">The expert's state for this item, as read in this transaction.</param>
    /// <param name="satOn">ISO date that the benchmark shows: that of the script which it replaces.</param>
    internal static async Task<Result<ClaimedScript>> Run(
        Db db,
        Guid benchmarkId,
        ExpertBeforeItem expert,
        string satOn,
        MarkingPolicy policy,
        FormContent form,
        Instant now
    )
    {
        var benchmark = (await BenchmarkStore.Find(db, benchmarkId))!;
        var notes = await TrialStore.LapsedDraft(db, benchmarkId, expert.ExpertId);
        var trial = new TrialRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            BenchmarkId = benchmarkId,
            CampaignId = benchmark.CampaignId,
            ExpertId = expert.ExpertId,
            ItemCode = expert.ItemCode,
            Number = (expert.Trials.Count == 0 ? 0 : expert.Trials[^1].Number) + 1,
            Code = ClaimScript.NewCode(),
            SatOn = satOn,
            AfterScripts = expert.Scripts,
            ClaimedAt = now,
            LeaseUntil = now + Duration.FromMinutes(policy.LeaseMinutes),
            Draft = notes?.Draft,
            DraftNoAnswer = notes?.DraftNoAnswer is true,
        };
        // This fails when two claims of the same expert arrive at the same time, on two nodes.
        if (!await TrialStore.Add(db, trial))
            return Refusal.Conflict("claim-at-once", "Вы одновременно берёте другую работу: повторите запрос.");
        return ClaimedScript.Of(trial, benchmark, form.OfItem(expert.ItemCode)!.Item);
    }
}
