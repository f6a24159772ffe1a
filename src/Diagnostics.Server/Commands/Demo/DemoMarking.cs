using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>
/// The commission at work. Experts of different severity learn and qualify on benchmarks, two experts mark each script
/// blind, and a senior one decides where they differ. One expert tires and is caught by a hidden control script; the
/// scripts of this expert are then read again.
/// </summary>
internal sealed class DemoMarking(DemoStaff staff, ApiClient admin, SeededRandom random, Action<DemoProgress> report)
{
    private const string Part = "Проверка экспертами";

    /// <summary>
    /// Adds a version of the shipped marking policy that follows the state examination. The rules for qualification and
    /// control are adapted to the few scripts of the demonstration.
    /// </summary>
    /// <returns>The reference to the policy's version that a campaign pins.</returns>
    internal static async Task<object> AddPolicy(ApiClient admin)
    {
        var content = (await admin.Get("policies/marking/gia/1"))!["content"]!.DeepClone();
        content["qualification"] = new JsonObject { ["scripts"] = 1, ["tolerance"] = 1 };
        content["control"] = new JsonObject { ["every"] = 1, ["tolerance"] = 2 };
        content["inHand"] = 20;
        var added = (
            await admin.Post(
                "policies",
                new
                {
                    kind = "marking",
                    code = "gia-control",
                    content,
                }
            )
        )!;
        return new
        {
            kind = "marking",
            code = "gia-control",
            version = added["version"]!.GetValue<int>(),
        };
    }

    private readonly List<SimulatedExpert> experts = [];

    /// <returns>The chair of the commission. The call returns when everything is marked.</returns>
    internal async Task<ApiClient> Run(Guid campaignId, FormContent form)
    {
        var commission = await staff.Commission(campaignId, "marking", "Региональная комиссия");
        var chair = await staff.Appoint(commission, "chair", "lead", 4);
        var items = form
            .Variants.Values.SelectMany(slots => slots)
            .Select(slot => slot.Item)
            .Where(item => item.Rubric is not null)
            .ToList();
        foreach (var item in items)
            await AddBenchmarks(chair, campaignId, item);
        (double Severity, string Standing, bool Tires)[] members =
        [
            (0.1, "main", true),
            (0.15, "main", false),
            (0, "senior", false),
            (-0.3, "lead", false),
        ];
        foreach (var (severity, standing, tires) in members)
            experts.Add(new(await staff.Appoint(commission, "member", standing, experts.Count), campaignId, severity, random, tires));
        foreach (var expert in experts)
            await expert.Train(items[0].Code);
        // To qualify, this expert has to mark only one script; the next script goes to the chair.
        await experts[1].MarkNext();
        await experts[1].Flag("Узнаю свою коллегу по примеру из её урока.");
        await MarkRest(campaignId, chair);
        return chair;
    }

    /// <summary>Settles the flags of the experts, because results are not published before that.</summary>
    internal static async Task DecideFlags(Guid campaignId, ApiClient chair)
    {
        foreach (var flag in (await chair.Get($"marking/flags?campaignId={campaignId}&limit=500"))!["items"]!.AsArray())
            if (flag!["decided"] is null)
                await chair.Post(
                    $"marking/flags/{flag["id"]!.GetValue<Guid>()}/decision",
                    new { decision = "confirmed", reason = "Работу проверил другой эксперт." }
                );
    }

    /// <summary>
    /// The chair approves the marks. Before that, experts read again the scripts that were sent back because their
    /// expert failed a control script.
    /// </summary>
    internal async Task Approve(Guid campaignId, ApiClient chair)
    {
        while (true)
        {
            try
            {
                await chair.Post(
                    $"campaigns/{campaignId}/results/approval",
                    new { @checked = new List<string> { "Проверены все работы", "Просмотрены третьи проверки" }, remarks = "Без замечаний" }
                );
                return;
            }
            catch (ApiRefusal refusal) when (refusal.Code == "marking-open")
            {
                await MarkRest(campaignId, chair);
            }
        }
    }

    private async Task MarkRest(Guid campaignId, ApiClient chair)
    {
        var third = new SimulatedExpert(chair, campaignId, 0, random, tires: false);
        while (await Waiting(campaignId) > 0)
            if (!await MarkAll(campaignId, third) && !await ResumePaused(chair, campaignId))
                throw new InvalidOperationException("Scripts wait that nobody may mark.");
    }

    /// <summary>
    /// Turns the exemplars that the item's author wrote into benchmarks for training, qualification and control.
    /// </summary>
    private static async Task AddBenchmarks(ApiClient chair, Guid campaignId, Item item)
    {
        var byPoints = item.Exemplars.OrderByDescending(exemplar => exemplar.Points.Values.Sum()).ToList();
        foreach (var (purpose, exemplar) in new[] { ("control", byPoints[0]), ("qualification", byPoints[1]), ("training", byPoints[^1]) })
            await chair.Post(
                "marking/benchmarks",
                new
                {
                    campaignId,
                    itemCode = item.Code,
                    purpose,
                    answer = exemplar.Text.Trim(),
                    criteria = exemplar.Points,
                    comment = exemplar.Comment,
                }
            );
    }

    /// <summary>
    /// Lets the experts mark in turn until nobody finds a script. An expert who finds no script now may find one later,
    /// when a third reading becomes necessary. The chair marks last.
    /// </summary>
    /// <returns>False when no expert found a single script.</returns>
    private async Task<bool> MarkAll(Guid campaignId, SimulatedExpert chair)
    {
        var any = false;
        for (int turn = 0, idle = 0; idle < experts.Count; turn++)
        {
            if (await experts[turn % experts.Count].MarkNext())
                (any, idle) = (true, 0);
            else
                idle++;
            if (turn % 10 == 0)
                await Waiting(campaignId);
        }
        while (await chair.MarkNext())
            any = true;
        return any;
    }

    private async Task<int> Waiting(Guid campaignId)
    {
        var progress = (await admin.Get($"marking/progress?campaignId={campaignId}"))!;
        var (marked, total) = (progress["marked"]!.GetValue<int>(), progress["total"]!.GetValue<int>());
        report(new(Part, marked, total));
        return total - marked;
    }

    /// <returns>False when no expert was paused.</returns>
    private static async Task<bool> ResumePaused(ApiClient chair, Guid campaignId)
    {
        var paused = (await chair.Get($"marking/alerts?campaignId={campaignId}"))!["items"]!
            .AsArray()
            .Where(alert => !alert!["answered"]!.GetValue<bool>())
            .ToList();
        foreach (var alert in paused)
            await chair.Post(
                $"marking/admissions/{alert!["expertId"]}/{alert["itemCode"]}/resumption",
                new { campaignId, reason = "Расхождение разобрано с экспертом, остальные работы ждут." }
            );
        return paused.Count > 0;
    }
}
