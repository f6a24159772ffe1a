using System.Text.Json.Nodes;
using Diagnostics.Engine;

namespace Diagnostics.Server.Demo;

/// <summary>An expert who marks as the exemplars say, but for a severity of one's own.</summary>
/// <param name="severity">−1…1: the share of criteria marked a level lower (above 0) or higher (below 0).</param>
internal sealed class SimulatedExpert(ApiClient api, double severity, SeededRandom random)
{
    /// <returns>False when nothing is waiting.</returns>
    internal async Task<bool> MarkNext(Guid campaignId)
    {
        if (await api.Post("marking/claims", new { campaignId }) is not { } script) return false;
        var exemplar = script["exemplars"]!.AsArray().FirstOrDefault(known => known!["text"]!.GetValue<string>().Trim() == script["answer"]!.GetValue<string>().Trim());
        var criteria = new JsonObject();
        foreach (var criterion in script["rubric"]!["criteria"]!.AsArray())
        {
            var code = criterion!["code"]!.GetValue<string>();
            var levels = criterion["levels"]!.AsArray().Select(level => level!["points"]!.GetValue<decimal>()).Order().ToList();
            var deserved = levels.IndexOf(exemplar?["points"]?[code]?.GetValue<decimal>() ?? 0m);
            var shift = random.NextDouble() < Math.Abs(severity) ? -Math.Sign(severity) : 0;
            criteria[code] = levels[Math.Clamp(deserved + shift, 0, levels.Count - 1)];
        }
        await api.Post($"marking/assignments/{script["assignmentId"]}/marks", new JsonObject { ["criteria"] = criteria, ["comment"] = "Отмечено по критериям." });
        return true;
    }
}
