using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

public sealed class ResultPageTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private AppealScene scene = null!;
    private Browser browser = null!;
    private (Guid Id, string UserName, string Password) account;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        scene = await AppealScene.Make(service);
        account = await PageScene.AccountOf(service, scene.Person);
        await SignIn();
    }

    private async Task SignIn() => browser = await Browser.Of(service, account.UserName, account.Password);

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task A_result_says_in_words_what_it_means_before_any_figure()
    {
        var list = await browser.Open("/results");
        var page = await browser.Open(list.Find("main .cards a").GetAttribute("href")!);

        page.Find("h1").TextContent.Should().Be("Ваш результат");
        page.Find("main section h2").TextContent.Should().Be("Главное");
        page.Main.Should().Contain("Уровень дефицита: средний").And.Contain("Результат диагностики не является основанием для санкций.");
        page.Main.IndexOf("Ваша опора", StringComparison.Ordinal)
            .Should()
            .BeLessThan(page.Main.IndexOf("По блокам компетенций", StringComparison.Ordinal));
        // Every drawing has a description in words.
        page.Document.QuerySelectorAll("svg.bar")
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(bar => bar.QuerySelector("title")!.TextContent.StartsWith("Результат "));
        var ids = page.Document.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        ids.Should().OnlyHaveUniqueItems();
        (await browser.Open($"{new Uri(new Uri(service.Url), list.Find("main .cards a").GetAttribute("href")).AbsolutePath}/sheet"))
            .Status.Should()
            .Be(200);
    }

    [Fact]
    public async Task What_a_route_needs_is_folded_when_it_is_long_and_the_conclusion_counts_no_blocks_when_all_are_alike()
    {
        var address = (await browser.Open("/results")).Find("main .cards a").GetAttribute("href")!;
        var stored = (await service.Admin.GetAsync($"/api/v1/profiles/{address.Split('/')[^1]}").Json()).ToJsonString();
        var profile = JsonSerializer.Deserialize<DeficitProfile>(stored, Json.Stored)!;

        var list = (await browser.Open(address)).Find("section[aria-labelledby=route-heading] details");

        var deficits = JsonNode.Parse(stored)!["routeForm"]!["deficits"]!.AsArray();
        list.QuerySelector("summary")!.TextContent.Should().Be($"Перечень дефицитов: {deficits.Count}");
        list.QuerySelectorAll("li").Should().HaveCount(deficits.Count);
        list.HasAttribute("open").Should().Be(deficits.Count is <= 5);
        var high = profile with
        {
            Blocks = [.. profile.Blocks.Select(block => block with { Result = block.Result with { Level = DeficitLevel.High } })],
        };
        Words.Conclusion(high).Should().Equal("Уровень дефицита высокий во всех блоках: начинать стоит с основ.");
    }

    [Fact]
    public async Task A_person_shares_the_profile_and_takes_it_back()
    {
        var given = await browser.Submit(await browser.Open("/results"), "form[action='/results/sharing']", ("sharing", "1"));
        var shared = await browser.Open("/results?sharing=given");
        var ended = await browser.Submit(shared, "form[action='/results/sharing/withdrawal']");
        var consents = (await service.Admin.GetAsync($"/api/v1/people/{scene.Person}/consents").Json()).Items();

        given.Location.Should().Be("/results?sharing=given#sharing");
        shared.Main.Should().Contain("Разрешение дано");
        ended.Location.Should().Be("/results?sharing=withdrawn#sharing");
        consents.Single(consent => consent!["kind"]!.GetValue<string>() == "profile_sharing")!["withdrawnAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task Own_answers_and_marks_are_shown_and_a_mark_is_disputed_to_the_decision()
    {
        var answers = await browser.Open($"/appeals/sessions/{scene.Session}");
        answers.Main.Should().Contain(scene.Task.Rubric.Criteria[0].Title).And.Contain("Подать апелляцию можно");
        var form = await browser.Open(answers.Find($"a[href*='slot={scene.Slot}']").GetAttribute("href")!);
        var empty = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", "  "));
        var filed = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", AppealScene.Statement));
        var page = await browser.Open(filed.Location!);
        var appeal = Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]);

        empty.Status.Should().Be(422);
        empty.Main.Should().Contain("Напишите, почему вы не согласны с баллом.");
        page.Main.Should().Contain("Апелляция подана").And.Contain(AppealScene.Statement);
        (await browser.Open($"/appeals/sessions/{scene.Session}")).Find($"a[href='/appeals/{appeal}']").Should().NotBeNull();

        await scene.Consider(appeal);
        await scene.Decided(appeal, "satisfied_up", scene.Criteria(full: true));
        var decided = await browser.Open($"/appeals/{appeal}");
        decided.Main.Should().Contain("балл повышен").And.Contain("Ответ сверен с критериями.");
        decided.Document.QuerySelector("form[action$=withdrawal]").Should().BeNull();
    }

    [Fact]
    public async Task An_appeal_is_taken_back_before_it_is_decided()
    {
        var form = await browser.Open($"/appeals/new?session={scene.Session}&slot={scene.Slot}");
        var filed = await browser.Submit(form, "main form", ("ground", "technical"), ("statement", "Ответ потерян."));

        var taken = await browser.Submit(await browser.Open(filed.Location!), "form[action$=withdrawal]");

        (await browser.Open(taken.Location!)).Main.Should().Contain("Отозвана");
    }

    [Fact]
    public async Task A_person_adds_a_file_reads_when_the_appeal_is_heard_and_has_the_letter_with_the_decision()
    {
        var form = await browser.Open($"/appeals/new?session={scene.Session}&slot={scene.Slot}");
        var filed = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", AppealScene.Statement));
        var appeal = Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]);
        await AppealScene.Do(scene.Chair, appeal, "admission").Json();
        await AppealScene
            .Do(
                scene.Chair,
                appeal,
                "hearing",
                new
                {
                    at = "2026-09-16T01:00:00Z",
                    place = "ул. Школьная, 1, каб. 12",
                    invitation = "Вы можете присутствовать.",
                }
            )
            .Json();
        var page = await browser.Open($"/appeals/{appeal}");
        page.Main.Should().Contain("16 сентября 2026 г., 13:00").And.Contain("каб. 12").And.Contain("Вы можете присутствовать.");

        var refused = await browser.SubmitFile(page, "form[action$=attachments]", "file", "{}");
        var added = await browser.SubmitFile(page, "form[action$=attachments]", "file", "%PDF-1.7 справка");

        (refused.Status, added.Status, added.Location).Should().Be((422, 303, $"/appeals/{appeal}"));
        refused.Main.Should().Contain("К апелляции прилагают файлы PDF, PNG и JPEG");
        var link = (await browser.Open($"/appeals/{appeal}")).Find("main a[download]");
        link.TextContent.Should().Be("otvety.json.pdf");
        var file = await browser.Open(link.GetAttribute("href")!);
        (file.Status, file.Header("Content-Type"), file.Header("X-Content-Type-Options")).Should().Be((200, "application/pdf", "nosniff"));
        file.Header("Content-Disposition").Should().StartWith("attachment;");
        await AppealScene.Do(scene.Chair, appeal, "consideration").Json();
        await scene.Decided(appeal, "rejected");
        var letter = await browser.Open((await browser.Open($"/appeals/{appeal}")).Find("a[href$=letter]").GetAttribute("href")!);
        letter.Main.Should().Contain("Решение по апелляции №").And.Contain("Апелляция отклонена, баллы не изменились.");
    }

    [Fact]
    public async Task An_annulment_is_disputed_on_its_day_and_later_with_a_cause()
    {
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Телефон в руках" }).Json();
        var today = await browser.Open("/appeals");
        today.Main.Should().Contain("Аннулирование сеанса: Входная диагностика");

        service.Clock.Advance(Duration.FromHours(6));
        await SignIn();
        var form = await browser.Open((await browser.Open("/appeals")).Find("details a[href*='ground=annulment']").GetAttribute("href")!);
        form.Find("h1").TextContent.Should().Be("Апелляция на аннулирование сеанса");
        var uncaused = await browser.Submit(form, "main form", ("statement", "Телефон был не мой."), ("lateCause", " "));
        uncaused.Main.Should().Contain("назовите её");
        var filed = await browser.Submit(form, "main form", ("statement", "Телефон был не мой."), ("lateCause", "Меня увезли в больницу."));

        (await browser.Open(filed.Location!)).Main.Should().Contain("Об аннулировании сеанса").And.Contain("Меня увезли в больницу.");
    }

    [Fact]
    public async Task After_the_deadline_the_page_says_so_and_offers_no_form()
    {
        service.Clock.Advance(Duration.FromDays(20));
        await SignIn();

        var answers = await browser.Open($"/appeals/sessions/{scene.Session}");

        answers.Main.Should().Contain("Срок апелляции прошёл");
        answers.Document.QuerySelectorAll("a[href*='/appeals/new']").Should().BeEmpty();
        (await browser.Open("/appeals")).Main.Should().Contain("Сейчас оспаривать нечего");
    }

    [Fact]
    public async Task A_result_that_was_superseded_or_annulled_says_so_first()
    {
        var address = (await browser.Open("/results")).Find("main .cards a").GetAttribute("href")!;
        var form = await browser.Open($"/appeals/new?session={scene.Session}&slot={scene.Slot}");
        var filed = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", AppealScene.Statement));
        var appeal = Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]);
        await scene.Consider(appeal);
        await scene.Decided(appeal, "satisfied_up", scene.Criteria(full: true));
        var superseded = await browser.Open(address);
        await service.Admin.PostAsJsonAsync($"/api/v1/sessions/{scene.Session}/annulment", new { reason = "Решение оператора" }).Json();

        superseded.Find("main .notice").TextContent.Should().Contain("Есть более новая версия");
        (await browser.Open(address)).Find("main .notice").TextContent.Should().Contain("Этот результат не действует");
    }
}
