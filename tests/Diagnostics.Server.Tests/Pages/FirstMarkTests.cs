using System.Net.Http.Json;
using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.TestKit;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>
/// The way of an expert who has never been here: from the one-time password to the first marks. The pages say little
/// before the first script, and the script can be marked where it opens.
/// </summary>
public sealed class FirstMarkTests : OnScreen
{
    /// <summary>What a person meets on the way.</summary>
    private sealed record Walk(List<(string Path, int Words)> Pages)
    {
        internal int Clicks { get; set; }

        internal int Words => Pages.Sum(page => page.Words);
    }

    [BrowserFact]
    public async Task A_new_expert_opens_the_first_script_after_three_clicks_and_few_words()
    {
        var scene = await MarkingScene.Make(Service, 2);
        foreach (var (width, height) in new[] { (1440, 900), (360, 640) })
            await Walks(scene, width, height);
    }

    private async Task Walks(MarkingScene scene, int width, int height)
    {
        var (userName, password) = await scene.Newcomer();
        var page = await Screen(width, ColorScheme.Light);
        await page.SetViewportSizeAsync(width, height);
        var walk = new Walk([]);
        await page.GotoAsync(Service.Url + "/");
        await Read();
        await page.FillAsync("#user-name", userName);
        await page.FillAsync("#password", password);
        await Click("main button[type=submit]", url => url.EndsWith("/account?first", StringComparison.Ordinal));
        await page.FillAsync("#currentPassword", password);
        await page.FillAsync("#newPassword", "long-enough-1");
        await Click("main form.card button[type=submit]", url => url.EndsWith("/marking", StringComparison.Ordinal));
        (await InView("button.big")).Should().BeTrue("the act stands where the page opens");
        (await page.Locator("main button.big").CountAsync()).Should().Be(1);
        await Shoot("queue");
        await Click("button.big", url => url.Contains("/marking/scripts/", StringComparison.Ordinal));
        await page.WaitForSelectorAsync("#show-keys:not([hidden])", new() { State = WaitForSelectorState.Attached });
        await Shoot("script");

        File.AppendAllText("/tmp/mk/walk.txt", $"{width}: {walk.Clicks} clicks, {walk.Words} words: {string.Join("; ", walk.Pages)}; answer {await InView(".mark-text")}, criterion {await InView(".mark-criterion label")} all {await InView(".mark-criterion:first-of-type")}\n");

        async Task Click(string button, Func<string, bool> there)
        {
            walk.Clicks++;
            await page.ClickAsync(button);
            await Arrive(page, there);
            await Read();
        }

        // The words that are on the screen before any scrolling, and those of the whole page without head and foot.
        async Task Read() =>
            walk.Pages.Add(
                (
                    new Uri(page.Url).AbsolutePath,
                    await page.EvaluateAsync<int>("document.querySelector('main').innerText.split(/\\s+/).filter(Boolean).length")
                )
            );

        Task<bool> InView(string selector) =>
            page.EvaluateAsync<bool>(
                """
                selector => {
                    const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
                    return top >= 0 && bottom <= innerHeight;
                }
                """,
                selector
            );

        Task Shoot(string name) => page.ScreenshotAsync(new() { Path = $"/tmp/mk/{name}-{width}.png" });
    }
}
