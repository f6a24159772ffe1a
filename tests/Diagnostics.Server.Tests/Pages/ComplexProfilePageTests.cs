using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.ComplexProfiles;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

public sealed class ComplexProfilePageTests : OnScreen
{
    [Fact]
    public async Task A_person_makes_the_profile_and_reads_in_words_what_agrees_what_contradicts_and_what_is_missing()
    {
        var (scene, person, browser) = await Told();

        var results = await browser.Open("/results");
        results.Find("main a[href='/results/complex']").TextContent.Should().Be("Комплексный профиль");
        var empty = await browser.Open("/results/complex");
        empty.Main.Should().Contain("Профиль ещё не собран");
        var made = await browser.Submit(empty, "main form");
        made.Status.Should().Be(303);
        var page = await browser.Open(made.Location!);

        page.Main.Should()
            .Contain("«Методические компетенции»: источники расходятся, это показано ниже.")
            .And.Contain("Нет данных от источников: «Самодиагностика».")
            .And.Contain("Ведёт первый по порядку источник")
            .And.Contain(
                "Источники расходятся: «Экспертное наблюдение» — уровень дефицита высокий, «Тест» — минимальный, или дефицита нет."
            )
            .And.Contain("Вместе: уровень дефицита средний.")
            .And.Contain("Самодиагностика — нет данных")
            .And.Contain("Результат диагностики не является основанием для санкций.")
            // The day of the lesson and the weight of the observation.
            .And.Contain("вес 30 · 10 сентября 2026 г.");
        page.Document.QuerySelectorAll("[id]").Select(element => element.Id).Should().OnlyHaveUniqueItems();
        (await browser.Open("/results/complex")).Find("main .cards a").GetAttribute("href").Should().Be(made.Location);

        await scene.Ask(person, 30);
        (await browser.Open(made.Location!)).Main.Should().Contain("Есть более новая версия");
        var latest = await browser.Open((await browser.Open("/results/complex")).Find("main .cards a").GetAttribute("href")!);
        latest.Main.Should().NotContain("Нет данных от источников").And.Contain("данных мало для уровня, возможен дефицит");
    }

    [Fact]
    public async Task A_person_about_whom_nothing_is_found_is_told_so_and_a_stranger_finds_nothing()
    {
        var (scene, person, browser) = await Told();
        var made = await browser.Submit(await browser.Open("/results/complex"), "main form");
        var alone = await PageScene.AccountOf(Service, await scene.Person(null));
        using var stranger = await Browser.Of(Service, alone.UserName, alone.Password);

        var refused = await stranger.Submit(await stranger.Open("/results/complex"), "main form");
        (refused.Status, refused.Main.Contains("Соединять нечего", StringComparison.Ordinal)).Should().Be((422, true));
        var (foreign, none) = (await stranger.Open(made.Location!), await stranger.Open($"/results/complex/{Guid.NewGuid()}"));
        (foreign.Status, none.Status).Should().Be((404, 404));
        foreign.Find("h1").TextContent.Should().Be(none.Find("h1").TextContent);
        (await scene.Versions(person)).Should().ContainSingle();
    }

    [BrowserFact]
    public async Task The_pages_fit_the_screen_and_are_accessible()
    {
        var (_, _, browser) = await Told();
        var made = "";
        foreach (
            var (width, scheme) in new[]
            {
                (320, ColorScheme.Dark),
                (320, ColorScheme.Light),
                (1440, ColorScheme.Dark),
                (1440, ColorScheme.Light),
            }
        )
        {
            var page = await Screen(width, scheme);
            await Enter(page, browser.UserName, browser.Password);
            await Look(page, "/results", "/results/complex");
            if (made.Length == 0)
                made = (await browser.Submit(await browser.Open("/results/complex"), "main form")).Location!;
            await Look(page, "/results/complex", made);
            await Print(page, "complex profile printed");
        }
        Faults.Should().BeEmpty();
    }

    /// <summary>A test of 90 %, a table of 80 and an observation of 40: the observation contradicts the test.</summary>
    private async Task<(ComplexScene Scene, Guid Person, Reader Browser)> Told()
    {
        var scene = await ComplexScene.Of(Service);
        var person = await scene.Person(90);
        await scene.Publish();
        await scene.Observe(person, 40);
        await scene.Practise(person, 80);
        var account = await PageScene.AccountOf(Service, person);
        return (scene, person, new(await Browser.Of(Service, account.UserName, account.Password), account.UserName, account.Password));
    }

    /// <summary>A signed-in person.</summary>
    private sealed record Reader(Browser Browser, string UserName, string Password)
    {
        internal Task<Shown> Open(string path) => Browser.Open(path);

        internal Task<Shown> Submit(Shown page, string form) => Browser.Submit(page, form);
    }
}
