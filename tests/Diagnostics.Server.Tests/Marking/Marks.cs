using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>The actions of an expert, over HTTP.</summary>
internal static class Marks
{
    internal static Task<JsonNode> Claim(HttpClient expert, Scene scene, string? itemCode = null) =>
        expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id, itemCode }).Json(201);

    /// <summary>Claims the next script; null when no script waits for this expert.</summary>
    internal static async Task<JsonNode?> TryClaim(HttpClient expert, Scene scene)
    {
        var answer = await expert.PostAsJsonAsync("/api/v1/marking/claims", new { campaignId = scene.Id });
        return answer.StatusCode is System.Net.HttpStatusCode.NoContent ? null : await Task.FromResult(answer).Json(201);
    }

    /// <summary>The lowest or the highest points of every criterion.</summary>
    internal static Dictionary<string, decimal> Of(JsonNode script, bool full) =>
        script["rubric"]!["criteria"]!
            .AsArray()
            .ToDictionary(
                criterion => criterion!["code"]!.GetValue<string>(),
                criterion =>
                    criterion!["levels"]!.AsArray().Select(level => level!["points"]!.GetValue<decimal>()).Order().ElementAt(full ? ^1 : 0)
            );

    internal static Task<HttpResponseMessage> Award(HttpClient expert, JsonNode script, bool full, string? comment = null) =>
        Award(expert, script, Of(script, full), comment);

    internal static Task<HttpResponseMessage> Award(
        HttpClient expert,
        JsonNode script,
        Dictionary<string, decimal> criteria,
        string? comment = null
    ) => expert.PostAsJsonAsync(Path(script, "marks"), new { criteria, comment });

    /// <summary>Claims the next script and marks it.</summary>
    internal static async Task<JsonNode> Give(HttpClient expert, Scene scene, bool full)
    {
        var script = await Claim(expert, scene);
        await Award(expert, script, full).Json();
        return script;
    }

    internal static string Path(JsonNode script, string action) =>
        $"/api/v1/marking/assignments/{script["assignmentId"]!.GetValue<Guid>()}/{action}";
}
