using System.Text.Json.Nodes;
using Diagnostics.Engine;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>An expert who marks as the exemplars do, apart from a personal severity.</summary>
/// <param name="severity">From −1 to 1. Its size is the share of criteria that are marked one level off: one level too
/// low when the severity is positive, one too high when it is negative.</param>
/// <param name="tires">Whether the expert, after a while, marks everything a level lower until a control script reveals
/// it.</param>
internal sealed class SimulatedExpert(ApiClient api, Guid campaignId, double severity, SeededRandom random, bool tires)
{
    private const int TiresAfter = 10;

    private int marked;
    private bool rested;

    /// <summary>Marks one training benchmark, with feedback.</summary>
    internal async Task Train(string itemCode)
    {
        if (await api.Post("marking/training", new { campaignId, itemCode }) is { } script)
            await Award(script, severity);
    }

    /// <returns>False when no script waits for this expert.</returns>
    internal async Task<bool> MarkNext()
    {
        if (await Claim() is not { } script)
            return false;
        await Award(script, await IsTired(script["itemCode"]!.GetValue<string>()) ? 1 : severity);
        marked++;
        return true;
    }

    /// <summary>Sends the next script to the chair with a comment, without marking it.</summary>
    internal async Task Flag(string comment)
    {
        if (await Claim() is { } script)
            await api.Post($"marking/assignments/{script["assignmentId"]}/flags", new { kind = "author_revealed", comment });
    }

    private async Task<JsonNode?> Claim()
    {
        try
        {
            return await api.Post("marking/claims", new { campaignId });
        }
        catch (ApiRefusal refusal) when (refusal.Code == "expert-paused")
        {
            return null;
        }
    }

    private async Task<bool> IsTired(string itemCode)
    {
        if (!tires || rested || marked < TiresAfter)
            return false;
        var admissions = (await api.Get($"marking/admissions/mine?campaignId={campaignId}"))!["items"]!
            .AsArray()
            .ToDictionary(item => item!["itemCode"]!.GetValue<string>(), item => item!["state"]!.GetValue<string>());
        rested = admissions.ContainsValue("paused");
        return !rested && admissions[itemCode] == "admitted";
    }

    private async Task Award(JsonNode script, double severity)
    {
        var exemplar = script["exemplars"]!
            .AsArray()
            .FirstOrDefault(known => known!["text"]!.GetValue<string>().Trim() == script["answer"]!.GetValue<string>().Trim());
        var criteria = new JsonObject();
        foreach (var criterion in script["rubric"]!["criteria"]!.AsArray())
        {
            var code = criterion!["code"]!.GetValue<string>();
            var levels = criterion["levels"]!.AsArray().Select(level => level!["points"]!.GetValue<decimal>()).Order().ToList();
            var deserved = levels.IndexOf(exemplar?["points"]?[code]?.GetValue<decimal>() ?? 0m);
            var shift = random.NextDouble() < Math.Abs(severity) ? -Math.Sign(severity) : 0;
            criteria[code] = levels[Math.Clamp(deserved + shift, 0, levels.Count - 1)];
        }
        await api.Post(
            $"marking/assignments/{script["assignmentId"]}/marks",
            new JsonObject { ["criteria"] = criteria, ["comment"] = "Отмечено по критериям." }
        );
    }
}
