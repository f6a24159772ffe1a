using Diagnostics.EndToEnd;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>
/// The way of an expert who has never been here: from the one-time password to the first marks. The pages say little
/// before the first script, and the script can be marked where it opens.
/// </summary>
public sealed class FirstMarkTests : OnScreen
{
    /// <summary>What a person meets on the way; the words are those of the whole page without head and foot.</summary>
    private sealed record Walk(List<(string Path, int Words)> Pages)
    {
        internal int Clicks { get; set; }
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
        await Click("button.big", url => url.Contains("/marking/scripts/", StringComparison.Ordinal));
        await page.WaitForSelectorAsync("#show-keys:not([hidden])", new() { State = WaitForSelectorState.Attached });
        (await InView(".mark-text")).Should().BeTrue("the answer is read without scrolling");
        (await InView(".mark-criterion legend")).Should().BeTrue("and the first criterion too");
        (await InView(".mark-criterion label")).Should().BeTrue();
        walk.Clicks.Should().Be(3, "one to sign in, one to choose a password, one to take a script");
        walk.Pages.Select(step => step.Path).SkipLast(1).Should().Equal("/sign-in", "/account", "/marking");
        // Reading 200 words takes a minute.
        walk.Pages.SkipLast(1).Sum(step => step.Words).Should().BeLessThan(220);
        walk.Pages[2].Words.Should().BeLessThan(45, "the list of work offers one thing to do");

        // By mouse: the form lies below the marks, and comes into view when it is opened.
        await page.ClickAsync("#pass summary");
        await Assertions.Expect(page.Locator("#pass input[name=kind]").First).ToBeFocusedAsync();
        (await InView("#pass legend")).Should().BeTrue();
        (await InView("#pass input")).Should().BeTrue();

        // The first marks.
        foreach (var criterion in scene.Criteria)
            await page.Locator($"#m-{criterion.Code}-2").CheckAsync();
        await page.ClickAsync("button[value=done]");
        await Arrive(page, "/marking?said=held");
        (await page.Locator(".mark-facts dd").First.InnerTextAsync()).Should().Be(width > 400 ? "до\u00A010" : "нет");
        Faults.Should().BeEmpty();

        async Task Click(string button, Func<string, bool> there)
        {
            walk.Clicks++;
            await page.ClickAsync(button);
            await Arrive(page, there);
            await Read();
        }

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
    }
}
