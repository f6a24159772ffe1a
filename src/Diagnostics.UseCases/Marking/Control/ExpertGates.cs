using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Marking;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Marking;

/// <summary>
/// Decides, for every open item of a campaign, what an expert may receive under the rules for qualification and for
/// control scripts.
/// </summary>
internal sealed class ExpertGates
{
    private readonly MarkingPolicy policy;
    private readonly long seed;
    private readonly Dictionary<string, ExpertBeforeItem> items;

    private ExpertGates(MarkingPolicy policy, long seed, Dictionary<string, ExpertBeforeItem> items) =>
        (this.policy, this.seed, this.items) = (policy, seed, items);

    /// <summary>
    /// Does the same as <see cref="Load"/>, but reads nothing when the policy requires neither qualification nor
    /// control scripts.
    /// </summary>
    internal static Task<ExpertGates> Of(Db db, TaskFilter expert, MarkingPolicy policy, FormContent form, Instant now) =>
        policy is { Qualification: null, Control: null }
            ? Task.FromResult(new ExpertGates(policy, expert.Seed, []))
            : Load(db, expert.CampaignId, expert.ExpertId, expert.Seed, policy, form, now);

    internal static async Task<ExpertGates> Load(
        Db db,
        Guid campaignId,
        Guid expertId,
        int seed,
        MarkingPolicy policy,
        FormContent form,
        Instant now
    )
    {
        var benchmarks = (await BenchmarkStore.OfCampaign(db, campaignId)).ToLookup(row => row.ItemCode, BenchmarkOf);
        var acts = (await AdmissionStore.OfCampaign(db, campaignId, expertId)).ToLookup(row => row.ItemCode, ActOf);
        var trials = (await TrialStore.OfCampaign(db, campaignId, expertId)).ToLookup(row => row.ItemCode, row => TrialOf(row, now));
        var scripts = (await TrialStore.ScriptsGiven(db, campaignId, expertId)).ToDictionary(row => row.ItemCode, row => row.Scripts);
        return new(
            policy,
            seed,
            OpenItems(form)
                .ToDictionary(
                    slot => slot.Item.Code,
                    slot => new ExpertBeforeItem(
                        expertId,
                        slot.Item.Code,
                        benchmarks[slot.Item.Code].ToList(),
                        acts[slot.Item.Code].ToList(),
                        trials[slot.Item.Code].ToList(),
                        scripts.GetValueOrDefault(slot.Item.Code)
                    )
                )
        );
    }

    internal static IEnumerable<FormSlot> OpenItems(FormContent form) =>
        form.Variants.OrderBy(variant => variant.Key).SelectMany(variant => variant.Value).Where(slot => slot.Item.Rubric is not null);

    internal static AdmissionEvent ActOf(AdmissionRow row) => new(Codes.Parse<AdmissionAct>(row.Act), row.AfterTrials, row.At);

    internal static Trial TrialOf(TrialRow row, Instant now) =>
        new(
            row.Number,
            row.BenchmarkId,
            Codes.Parse<BenchmarkPurpose>(row.Purpose),
            row.Standing is ClaimState.Claimed && row.LeaseUntil < now ? ClaimState.Lapsed : row.Standing,
            row.Within,
            row.AfterScripts,
            TakenBack: row is { Standing: ClaimState.Lapsed, Reason: not null },
            row.ClosedAt
        );

    /// <summary>
    /// Items that are closed to the expert now, so that neither scripts nor benchmarks are given out.
    /// </summary>
    internal IReadOnlyList<string> Closed => items.Keys.Where(item => At(item) is Passage.Closed).ToList();

    /// <summary>
    /// What the expert gets on claiming this item. For an unknown item the result is a script, but the queue then has
    /// no such script.
    /// </summary>
    internal Passage At(string itemCode) =>
        items.TryGetValue(itemCode, out var expert) ? ItemGate.Decide(policy, expert, seed) : new Passage.Script();

    /// <summary>What is known about the expert and this item; null if it is not an open item of the campaign.</summary>
    internal ExpertBeforeItem? Before(string itemCode) => items.GetValueOrDefault(itemCode);

    private static Benchmark BenchmarkOf(BenchmarkRow row) =>
        new(row.Id, Codes.Parse<BenchmarkPurpose>(row.Purpose), row.RetiredAt is not null);
}
