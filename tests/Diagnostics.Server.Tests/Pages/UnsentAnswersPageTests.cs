using System.Net.Http.Json;
using System.Text.Json;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Sessions;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The organiser uploads answers that a device could not send.</summary>
public sealed class UnsentAnswersPageTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_organiser_hands_a_file_in_and_is_told_what_became_of_each_answer()
    {
        var scene = await SessionScene.At(service, 1);
        var file = File(scene.Session(), (SessionScene.Text, "не ушло"), (99, "нет такого"));
        using var browser = await Organiser(scene.Exam.SiteId);

        var form = await browser.Open("/unsent-answers");
        var first = await browser.SubmitFile(form, "main form", "file", file);
        var again = await browser.SubmitFile(first, "main form", "file", file);

        form.Document.QuerySelectorAll(".menu a")
            .Select(link => link.TextContent)
            .Should()
            .Equal("Площадка", "Неотправленные ответы", "Помощь");
        first.Main.Should().Contain("Для комиссии сохранено: 1 ответ").And.Contain("Место № 1").And.Contain("Задание 99 — не принято.");
        again.Main.Should().Contain("Нового в файле нет").And.Contain("этот ответ у нас уже есть");
        (await scene.RejectedSaves()).Should().ContainSingle().Which!["content"]!.GetValue<string>().Should().Contain("не ушло");
    }

    [Fact]
    public async Task A_form_sent_again_with_another_file_hands_that_one_in()
    {
        var scene = await SessionScene.At(service, 1);
        using var browser = await Organiser(scene.Exam.SiteId);
        var form = await browser.Open("/unsent-answers");

        await browser.SubmitFile(form, "main form", "file", File(scene.Session(), (SessionScene.Text, "первый")));
        var second = await browser.SubmitFile(form, "main form", "file", File(scene.Session(), (SessionScene.Text, "второй")));

        second.Main.Should().Contain("Для комиссии сохранено: 1 ответ");
        (await scene.RejectedSaves()).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("не JSON")]
    [InlineData("""{"format":"diagnostics-unsent-answers","version":1}""")]
    [InlineData("""{"format":"another","version":1,"sessionId":"0198f9a2-0000-7000-8000-000000000000","answers":[]}""")]
    public async Task What_is_no_such_file_is_told_at_the_field(string content)
    {
        var scene = new CampaignScene(service);
        using var browser = await Organiser(await scene.AddSite());

        var page = await browser.SubmitFile(await browser.Open("/unsent-answers"), "main form", "file", content);

        page.Status.Should().Be(422);
        page.Find("#errors a[href='#file']").TextContent.Should().MatchRegex("Выберите файл|не файл неотправленных ответов");
    }

    [Fact]
    public async Task A_file_of_another_sites_session_is_refused_and_a_taker_comes_to_no_such_page()
    {
        var scene = await SessionScene.At(service, 1);
        using var other = await Organiser(await new CampaignScene(service).AddSite());
        var (_, taker) = await (await PageScene.Make(service)).Sit();

        var page = await other.SubmitFile(
            await other.Open("/unsent-answers"),
            "main form",
            "file",
            File(scene.Session(), (SessionScene.Text, "чужое"))
        );

        (page.Status, page.Main.Contains("сеанса, которого на вашей площадке нет", StringComparison.Ordinal)).Should().Be((404, true));
        (await scene.RejectedSaves()).Should().BeEmpty();
        (await taker.Open("/unsent-answers")).Status.Should().Be(403);
    }

    private async Task<Browser> Organiser(Guid site)
    {
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/accounts",
                new
                {
                    userName = CampaignScene.Unique("organiser"),
                    grants = new[]
                    {
                        new
                        {
                            role = "invigilator",
                            scope = "site",
                            scopeId = site,
                        },
                    },
                }
            )
            .Json(201);
        var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var client = await service.SignIn(userName, given);
        return await Browser.Of(service, userName, TestService.Chosen(given));
    }

    private static string File(Guid session, params (int Slot, string Text)[] answers) =>
        JsonSerializer.Serialize(
            new
            {
                format = "diagnostics-unsent-answers",
                version = 1,
                sessionId = session,
                writtenAt = "2026-09-14T08:00:00Z",
                answers = answers.Select(answer => new
                {
                    slot = answer.Slot,
                    baseRevision = 0,
                    state = "unsure",
                    response = new { type = "short_answer", text = answer.Text },
                }),
            }
        );
}
