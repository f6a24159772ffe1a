using System.Net.Http.Json;
using Diagnostics.Server.Tests.Campaigns;

namespace Diagnostics.Server.Tests.Pages;

public sealed class ConsentsPageTests(TestService service) : IClassFixture<TestService>
{
    private const string Page = "/account/consents";

    [Fact]
    public async Task A_person_gives_and_withdraws_each_consent_and_sees_what_has_changed()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();
        foreach (var code in new[] { "participation", "data-processing", "profile-sharing" })
        {
            var before = await browser.Open(Page);
            before.Find($"#{code}").TextContent.Should().Contain("Не дано");
            var given = await browser.Submit(before, $"form[action='{Page}/{code}']", ("accepted", "yes"));
            given.Status.Should().Be(303);
            var after = await browser.Open(given.Location!);
            after.Main.Should().Contain("Согласие записано.");
            after.Find($"#{code}").TextContent.Should().Contain("Действует").And.MatchRegex("Дано 14\\s+сентября\\s+2026");
        }

        var withdrawn = await browser.Submit(await browser.Open(Page), $"form[action='{Page}/profile-sharing/withdrawal']");

        var page = await browser.Open(withdrawn.Location!);
        page.Find("#profile-sharing").TextContent.Should().Contain("Не дано");
        page.Main.Should().Contain("отозвано");
    }

    [Fact]
    public async Task A_consent_without_the_tick_is_refused_and_named()
    {
        var scene = await PageScene.Make(service);
        var (_, browser) = await scene.Sit();

        var refused = await browser.Submit(await browser.Open(Page), $"form[action='{Page}/participation']");

        refused.Status.Should().Be(422);
        refused.Document.Title.Should().StartWith("Ошибка: ");
    }

    [Fact]
    public async Task A_person_asks_for_a_correction_and_reads_the_decision()
    {
        var scene = await PageScene.Make(service);
        var (person, browser) = await scene.Sit();
        var empty = await browser.Submit(
            await browser.Open(Page),
            "form[action='/account/corrections']",
            ("field", "surname"),
            ("value", " ")
        );
        empty.Status.Should().Be(422);
        empty.Find("#errors a[href='#value']").TextContent.Should().Contain("Как должно быть");

        var asked = await browser.Submit(empty, "form[action='/account/corrections']", ("field", "surname"), ("value", "Гаджиева"));
        (await browser.Open(asked.Location!.Split('#')[0]))
            .Find("#corrections")
            .TextContent.Should()
            .Contain("Гаджиева")
            .And.Contain("Ждёт решения");
        await service
            .Admin.PostAsJsonAsync(
                $"{CampaignScene.V1}/people/{person}/corrections/1/decision",
                new { decision = "refused", reason = "В паспорте иначе" }
            )
            .Json(204);

        (await browser.Open(Page)).Find("#corrections").TextContent.Should().Contain("Отказано: В паспорте иначе");
    }

    [Fact]
    public async Task Nobody_who_works_here_opens_the_page()
    {
        using var admin = await Browser.Of(service, "admin", service.AdminPassword);

        (await admin.Open(Page)).Status.Should().Be(403);
    }
}
