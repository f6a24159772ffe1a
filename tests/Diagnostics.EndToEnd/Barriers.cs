using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Diagnostics.EndToEnd;

/// <summary>What axe finds on a page that keeps people with a disability out.</summary>
internal static class Barriers
{
    private static readonly string Program = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// Our pages have no frames, so axe runs within the page itself: collecting the results of frames in a window of its
    /// own, as the package for browsers does, takes six times as long.
    /// </summary>
    private const string Run = """
        async rules => {
            const found = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
            return JSON.stringify(found.violations.map(it => `${it.id}, ${it.help}: ${it.nodes.map(node => node.html).join('; ')}`));
        }
        """;

    private static readonly string[] Wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    /// <param name="page">The page.</param>
    /// <param name="bestPractice">Whether axe also asks for what no standard demands, such as headings without a gap.</param>
    internal static async Task<IReadOnlyList<string>> Of(IPage page, bool bestPractice)
    {
        string[] rules = bestPractice ? [.. Wcag, "best-practice"] : Wcag;
        await page.EvaluateAsync(Program);
        return JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Run, rules))!;
    }
}
