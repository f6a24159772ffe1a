using System.Net.Http.Json;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.People;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The expert's pages as forms, and what they hold of the person.</summary>
public sealed class MarkingWithoutScriptsTests(TestService service) : IClassFixture<TestService>
{
    private static readonly string[] Planted =
    [
        "Канарейкина",
        "Желтопёрая",
        "Певчевна",
        "canary@example.org",
        "Канареечная гимназия",
        "мастер пения",
        "kanareyka-17",
    ];

    [Fact]
    public async Task Scripts_are_marked_taken_back_and_passed_on_with_forms_alone()
    {
        var scene = await MarkingScene.Make(service, 3);
        using var desk = await scene.Desk();
        var queue = await desk.Open("/marking");
        queue.Main.Should().Contain("до 10");
        var first = await Claim(desk, queue);

        var missing = await desk.Submit(await desk.Open(first), "#marks", ("do", "next"), ("comment", "Не потеряйте"));
        missing.Status.Should().Be(422);
        missing.Main.Should().Contain("Нет балла по критерию");
        missing.Find("#comment").TextContent.Should().Be("Не потеряйте");
        var drafted = await desk.Submit(await desk.Open(first), "#marks", [("do", "draft"), ("comment", "Черновик"), .. Points(scene, 1)]);
        drafted.Location.Should().Be(first);
        (await desk.Open(first)).Find("#comment").TextContent.Should().Be("Черновик");
        var stale = await desk.Submit(await desk.Open(first), "#marks", [("do", "next"), ("revision", "0"), .. Points(scene, 2)]);
        stale.Status.Should().Be(412);
        stale.Main.Should().Contain("изменён и в другом окне");
        var second = (await desk.Submit(await desk.Open(first), "#marks", [("do", "next"), .. Points(scene, 2)])).Location!;
        second.Should().StartWith("/marking/scripts/").And.NotBe(first);
        (await scene.Rounds()).Should().BeEmpty();

        var page = await desk.Open(second);
        (await desk.Submit(page, ".mark-back")).Location.Should().Be(first);
        (await desk.Submit(await desk.Open(first), "#marks", [("do", "done"), .. Points(scene, 0)]))
            .Location.Should()
            .Be("/marking?said=held");
        var passed = await desk.Submit(await desk.Open(second), "#pass form", ("kind", "author_revealed"), ("reason", "Назвал школу"));
        passed.Location.Should().Be("/marking?said=flagged");
        var end = await desk.Submit(await desk.Open("/marking"), "form[action$=giving]");
        end.Location.Should().Be("/marking?said=given");

        (await scene.Rounds()).Should().ContainSingle().Which.Points.Should().Be(Engine.Points.Zero);
    }

    [Fact]
    public async Task The_same_form_sent_twice_gives_marks_and_claims_once()
    {
        var scene = await MarkingScene.Make(service, 4);
        using var desk = await scene.Desk();
        var page = await desk.Open(await Claim(desk, await desk.Open("/marking")));
        (string, string)[] typed = [("do", "next"), .. Points(scene, 2)];

        var once = await desk.Submit(page, "#marks", typed);
        var twice = await desk.Submit(page, "#marks", typed);

        twice.Location.Should().Be(once.Location).And.StartWith("/marking/scripts/");
        (await desk.Open("/marking")).Document.QuerySelectorAll(".mark-list li").Should().HaveCount(2);
    }

    [Fact]
    public async Task Marks_sent_after_the_lease_are_shown_and_not_lost()
    {
        var scene = await MarkingScene.Make(service, 1);
        using var desk = await scene.Desk();
        var page = await desk.Open(await Claim(desk, await desk.Open("/marking")));
        service.Clock.Advance(Duration.FromMinutes(31));

        var late = await desk.Submit(page, "#marks", [("do", "next"), ("comment", "Набрано до срока"), .. Points(scene, 2)]);

        late.Status.Should().Be(409);
        late.Main.Should().Contain("Набрано до срока").And.Contain("вернулась в очередь");
        var flag = await desk.Submit(page, "#pass form", ("kind", "dangerous"), ("reason", "Просит о помощи"));
        flag.Status.Should().Be(409);
        flag.Main.Should().Contain("Просит о помощи").And.Contain("вернулась в очередь");
        flag.Find(".actions a").GetAttribute("href").Should().Be("/marking");
        (await scene.Rounds()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_training_benchmark_shows_the_agreed_marks_and_gives_no_round()
    {
        var scene = await MarkingScene.Make(service, 1);
        var agreed = scene.Criteria.ToDictionary(criterion => criterion.Code, criterion => criterion.Maximum.ToDecimal());
        await service
            .Admin.PostAsJsonAsync(
                "/api/v1/marking/benchmarks",
                new
                {
                    campaignId = scene.Scene.Id,
                    itemCode = scene.Item,
                    purpose = "training",
                    answer = "Учебный ответ",
                    criteria = agreed,
                    comment = "Причина названа прямо.",
                }
            )
            .Json(201);
        using var desk = await scene.Desk();
        var queue = await desk.Open("/marking/items");
        var form = $"form[action='/marking/training']:has(input[value='{scene.Item}'])";
        queue
            .Document.QuerySelectorAll("form[action='/marking/training']")
            .Should()
            .ContainSingle("the other items have nothing to learn on");
        var unmarked = await desk.Open("/marking");
        unmarked.Find("form[action='/marking/training'] button").TextContent.Should().Be("Сначала потренироваться");
        var training = (await desk.Submit(queue, form)).Location!;
        training.Should().EndWith("?training");

        var result = await desk.Submit(await desk.Open(training), "#marks", [("do", "check"), .. Points(scene, 1)]);

        result.Main.Should().Contain("Причина названа прямо.");
        // By hand: 1 of 2 by each of two criteria is 2 points away from the agreed 2 and 2.
        result.Find("h1").TextContent.Should().Be("Расхождение с согласованными баллами: 2");
        // A second look at the only one; then it is in hand, and there is no other.
        (await desk.Submit(result, "form[action='/marking/training']"))
            .Location.Should()
            .EndWith("?training");
        var none = await desk.Submit(unmarked, form);
        none.Location.Should().Be("/marking?said=no-training");
        (await desk.Open(none.Location!)).Main.Should().Contain("Продолжите начатую или возьмите настоящую");
        (await desk.Open("/marking/items")).Document.QuerySelectorAll("form[action='/marking/training']").Should().BeEmpty();
        (await desk.Submit(result, "form[action='/marking/claims']")).Location.Should().StartWith("/marking/scripts/");
        (await scene.Rounds()).Should().BeEmpty();
    }

    [Fact]
    public async Task Equal_answers_are_listed_as_written_before_the_marks_and_get_the_same_ones()
    {
        var scene = await MarkingScene.Make(service, 0);
        foreach (var text in (string[])["Объяснил бы ещё раз.", "объяснил бы ещё раз", "ОБЪЯСНИЛ БЫ  ЕЩЕ РАЗ", "Другой ответ"])
            await scene.Scene.Session(slot => slot.Item.Code == scene.Item ? new ExtendedResponse(text) : null);
        await scene.Scene.Score();
        using var desk = await scene.Desk();
        var page = await desk.Open(await Claim(desk, await desk.Open("/marking")));
        if (page.Find(".mark-text").TextContent == "Другой ответ")
        {
            page.Document.QuerySelector("#alike").Should().BeNull();
            page = await desk.Open((await desk.Submit(page, "#marks", [("do", "next"), .. Points(scene, 2)])).Location!);
        }

        page.Find("#alike-heading").TextContent.Should().Be("Одинаковые ответы: ещё 2\u00A0работы");
        page.Document.QuerySelectorAll(".mark-alike li .lines")
            .Select(line => line.TextContent)
            .Append(page.Find(".mark-text").TextContent)
            .Should()
            .BeEquivalentTo("Объяснил бы ещё раз.", "объяснил бы ещё раз", "ОБЪЯСНИЛ БЫ  ЕЩЕ РАЗ");
        await desk.Submit(page, "#marks", [("do", "done"), ("alike", "on"), .. Points(scene, 1)]);
        var held = await desk.Open("/marking");
        held.Main.Should().Contain("вместе с одинаковыми ответами");
        await desk.Submit(held, "form[action$=giving]");

        // By hand: 1 of 2 by each of two criteria.
        (await scene.Rounds())
            .Count(round => round.Points == Engine.Points.From(2))
            .Should()
            .Be(3);
    }

    [Fact]
    public async Task The_page_says_who_learns_of_each_flag_and_how_soon_by_the_policy_of_the_campaign()
    {
        var policy = new MarkingPolicy(1, LeaseMinutes: 30, Flags: [new(ScriptFlag.Unreadable, [Role.Operator], WithinMinutes: 90)]);
        var scene = await MarkingScene.Make(service, 1, policy);
        using var desk = await scene.Desk();
        var page = await desk.Open(await Claim(desk, await desk.Open("/marking")));

        string Hint(string kind) => page.Find($"#pass label:has(input[value={kind}]) .small").TextContent;
        Hint("author_revealed").Should().EndWith("Узнает председатель комиссии; посмотрит до утверждения результатов.");
        Hint("unreadable").Should().EndWith("Узнает оператор диагностики; посмотрит не позже чем через 90\u00A0минут.");
        Hint("dangerous").Should().EndWith("Узнают председатель комиссии и оператор диагностики; посмотрят не позже чем через 1\u00A0час.");
        Hint("return").Should().NotContain("Узна");
        var empty = await desk.Submit(page, "#pass form", ("kind", "dangerous"), ("reason", " "));
        empty.Status.Should().Be(422);
        empty.Find("#pass").HasAttribute("open").Should().BeTrue();
        (await desk.Submit(page, "#pass form", ("kind", "dangerous"), ("reason", "Просит о помощи")))
            .Location.Should()
            .Be("/marking?said=flagged");

        var flag = (await service.Admin.GetAsync($"/api/v1/marking/flags?campaignId={scene.Scene.Id}&toMe=true").Json())["items"]![0]!;
        (flag["kind"]!.GetValue<string>(), flag["comment"]!.GetValue<string>()).Should().Be(("dangerous", "Просит о помощи"));
    }

    [Fact]
    public async Task What_waits_and_what_was_marked_are_tables_with_addresses_and_files()
    {
        var scene = await MarkingScene.Make(service, 2);
        using var desk = await scene.Desk();
        await desk.Submit(await desk.Open(await Claim(desk, await desk.Open("/marking"))), "#marks", [("do", "done"), .. Points(scene, 2)]);
        await desk.Submit(await desk.Open("/marking"), "form[action$=giving]");

        var items = await desk.Open($"/marking/items?find={scene.Item}");
        var row = items.Document.QuerySelectorAll("main tbody tr").Should().ContainSingle().Subject;
        row.QuerySelectorAll("td.num").Select(cell => cell.TextContent.Trim()).Should().Equal("до\u00A010", "1");
        var file = await desk.Open($"/marking/items?find={scene.Item}&as=csv");
        // Ten at most wait, and one is marked; what only the page needs is not in the file.
        file.Html.Split("\r\n")[1].Split(';')[3..5].Should().Equal("10", "1");
        file.Html.Should().NotContain("Действия");
        var days = await desk.Open($"/marking/mine?item={scene.Item}");
        days.Document.QuerySelectorAll("main tbody tr")
            .Should()
            .ContainSingle()
            .Subject.QuerySelectorAll("td.num")[0]
            .TextContent.Trim()
            .Should()
            .Be("1");
        (await desk.Open("/marking/mine?as=xlsx")).Header("Content-Disposition").Should().Contain("moya-rabota");
    }

    [Fact]
    public async Task Nobody_but_an_expert_opens_the_pages_and_no_expert_those_of_another()
    {
        var scene = await MarkingScene.Make(service, 2);
        using var desk = await scene.Desk();
        using var other = await scene.Desk();
        var script = await Claim(desk, await desk.Open("/marking"));

        (await other.Open(script)).Status.Should().Be(404);
        (await other.Open(script + "/picture")).Status.Should().Be(404);
        using var person = (await (await PageScene.Make(service)).Sit()).Browser;
        foreach (var path in (string[])["/marking", "/marking/items", "/marking/mine"])
            (await person.Open(path)).Status.Should().Be(403);
        (await person.Open(script)).Status.Should().Be(403);
    }

    [Fact]
    public async Task The_first_sign_in_leads_from_the_new_password_straight_to_the_queue()
    {
        var scene = await MarkingScene.Make(service, 1);
        var made = await service
            .Admin.PostAsJsonAsync(
                "/api/v1/accounts",
                new { userName = $"expert-{Guid.NewGuid():N}"[..20], grants = new[] { new { role = "expert", scope = "all" } } }
            )
            .Json(201);
        var (userName, given) = (made["userName"]!.GetValue<string>(), made["password"]!.GetValue<string>());
        using var desk = await Browser.Of(service, userName, given);
        var first = await desk.Open("/");
        first.Location.Should().Be("/account?first");

        var changed = await desk.Submit(
            await desk.Open(first.Location!),
            "form[action='/account/password']",
            ("currentPassword", given),
            ("newPassword", TestService.Chosen(given))
        );

        // Each answer is a redirection: the next page that the person sees is the queue.
        changed.Location.Should().Be("/");
        (await desk.Open("/")).Location.Should().Be("/marking");
        var queue = await desk.Open("/marking");
        queue.Document.QuerySelectorAll("main button")[0].TextContent.Should().Be("Взять работу");
        (await Claim(desk, queue)).Should().StartWith("/marking/scripts/");
        scene.Criteria.Should().NotBeEmpty();
    }

    [Fact]
    public async Task What_waits_in_all_is_rounded_once_and_not_the_sum_of_rounded_numbers()
    {
        var scene = await MarkingScene.Make(service, 0);
        await scene.Scene.Scored(slot => slot.Item.Rubric is null ? null : new ExtendedResponse($"Ответ на {slot.Slot}"));
        using var desk = await scene.Desk();

        var items = await desk.Open("/marking/items");
        var queue = await desk.Open("/marking");

        // One answer to each of several items: ten at most, though each item says "up to ten".
        items
            .Document.QuerySelectorAll("main tbody tr")
            .Count(row => row.TextContent.Contains("до\u00A010", StringComparison.Ordinal))
            .Should()
            .BeInRange(2, 10);
        queue.Find(".mark-facts dd").TextContent.Should().Be("до\u00A010");
    }

    [Fact]
    public async Task A_refusal_names_a_field_by_its_label()
    {
        var scene = await MarkingScene.Make(service, 1);
        using var desk = await scene.Desk();
        var page = await desk.Open(await Claim(desk, await desk.Open("/marking")));
        var tooLong = new string('я', 4001);

        var marks = await desk.Submit(page, "#marks", [("do", "next"), ("comment", tooLong), .. Points(scene, 1)]);
        var draft = await desk.Submit(page, "#marks", [("do", "draft"), ("comment", tooLong), .. Points(scene, 1)]);
        var flag = await desk.Submit(page, "#pass form", ("kind", "unreadable"), ("reason", tooLong));
        var back = await desk.Submit(page, "#pass form", ("kind", "return"), ("reason", ""));

        Error(marks).Should().Be(("#comment", "Поле «Комментарий» длиннее 4000 знаков."));
        Error(draft).Should().Be(("#comment", "Поле «Комментарий» длиннее 4000 знаков."));
        Error(flag).Should().Be(("#reason", "Поле «Поясните» длиннее 4000 знаков."));
        Error(back).Should().Be(("#reason", "Заполните поле «Поясните»."));
        back.Find("label[for=reason]").TextContent.Should().Be("Поясните");

        static (string?, string) Error(Shown page) => (page.Find("#errors a").GetAttribute("href"), page.Find("#errors a").TextContent);
    }

    [Fact]
    public async Task A_form_without_a_sign_in_leads_back_to_its_page_after_signing_in_and_so_does_its_own_address()
    {
        var scene = await MarkingScene.Make(service, 1);
        using var desk = await scene.Desk();
        var script = await Claim(desk, await desk.Open("/marking"));
        var form = script + "/passing-on";
        using var nobody = new Browser(service);

        async Task<string?> Sent(string? from)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, form) { Content = new FormUrlEncodedContent([new("kind", "return")]) };
            if (from is not null)
                request.Headers.Referrer = new Uri(from);
            return (await nobody.Send(request)).Location;
        }

        (await Sent(service.Url + script)).Should().Be("/sign-in?to=" + Uri.EscapeDataString(script));
        // The page of a refused form has the form's own address, which leads to the page above.
        (await Sent(service.Url + form))
            .Should()
            .Be("/sign-in?to=" + Uri.EscapeDataString(form));
        (await desk.Open(form)).Location.Should().Be(script);
        (await desk.Open("/marking/claims")).Location.Should().Be("/marking");
        (await Sent("https://example.org" + script)).Should().Be("/sign-in?to=%2F");
        (await Sent(null)).Should().Be("/sign-in?to=%2F");
        (await nobody.Open(form)).Location.Should().Be("/sign-in?to=" + Uri.EscapeDataString(form));
    }

    [Fact]
    public async Task A_page_that_refuses_leads_back_to_where_the_person_came_from()
    {
        using var desk = await (await MarkingScene.Make(service, 1)).Desk();

        async Task<string?> Back(string? from)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/marking/scripts/{Guid.NewGuid()}/picture");
            if (from is not null)
                request.Headers.Referrer = new Uri(from);
            return (await desk.Send(request)).Find(".plate .actions a").GetAttribute("href");
        }

        (await Back(service.Url + "/marking/items?sort=item")).Should().Be("/marking/items?sort=item");
        (await Back("https://example.org/marking")).Should().Be("/");
        (await Back(null)).Should().Be("/");
    }

    [Fact]
    public async Task Nothing_of_the_person_is_in_any_byte_of_the_experts_pages()
    {
        var scene = await MarkingScene.Make(service, 0);
        var (person, now) = (Guid.CreateVersion7(), service.Clock.GetCurrentInstant());
        await scene.Scene.Database.Write(async db =>
        {
            await db.Execute(
                "UPDATE sites SET name = 'ППД-попугай', address = 'Канареечный переулок, 17' WHERE id = @SiteId",
                new { scene.Scene.SiteId }
            );
            return await PersonStore.Add(
                db,
                new PersonRow
                {
                    ParticipantId = person,
                    Surname = "Канарейкина",
                    GivenName = "Желтопёрая",
                    Patronymic = "Певчевна",
                    Email = "canary@example.org",
                    Position = "мастер пения",
                    Organisation = "Канареечная гимназия",
                    Territory = "82",
                    ExternalId = "kanareyka-17",
                },
                now
            );
        });
        var id = await scene.Scene.Scored(
            slot => slot.Item.Code == scene.Item ? new ExtendedResponse("Ответ без имени") : null,
            person: person
        );
        var equal = await scene.Scene.Scored(slot => slot.Item.Code == scene.Item ? new ExtendedResponse("ответ без имени.") : null);
        var other = (await scene.Scene.Find(equal))!;
        var session = (await scene.Scene.Find(id))!;
        service.Clock.Advance(Duration.FromMinutes(7));
        using var desk = await scene.Desk();
        List<Shown> seen = [await desk.Open("/marking")];
        var script = await Claim(desk, seen[0]);
        seen.Add(await desk.Open(script));
        seen.Add(await desk.Open(script + "/picture"));
        seen.Add(await desk.Submit(seen[1], "#marks", ("do", "next")));
        seen.Add(await desk.Submit(seen[1], "#marks", [("do", "done"), .. Points(scene, 1)]));
        seen.Add(await desk.Open("/marking?said=held"));
        seen.Add(await desk.Submit(seen[5], "form[action$=giving]"));
        seen.Add(await desk.Open("/marking"));
        seen.Add(await desk.Open(script));
        seen.Add(await desk.Open("/marking/items"));
        seen.Add(await desk.Open("/marking/items?as=csv"));
        seen.Add(await desk.Open("/marking/mine"));
        seen.Add(await desk.Open("/marking/mine?as=csv"));
        seen.Add(await desk.Open("/marking/items?as=xlsx"));
        seen.Add(await desk.Open("/marking/mine?as=xlsx"));
        seen.Add(await desk.Open("/account"));
        seen.Add(await desk.Open("/"));
        // What the module asks for beside the page.
        using var second = await scene.Desk();
        var claim = await Claim(second, await second.Open("/marking"));
        seen.Add(await second.Open(claim));
        foreach (var path in (string[])["", "/alike"])
            seen.Add(await second.Send(OfModule($"/api/v1/marking/assignments/{claim.Split('/')[^1]}{path}")));
        seen.Add(await second.Send(OfModule($"/api/v1/marking/flags/rules?campaignId={scene.Scene.Id}")));
        seen.Add(await second.Submit(await second.Open(claim), "#pass form", ("kind", "dangerous"), ("reason", "")));
        seen.Add(await second.Open(claim + "/passing-on"));
        seen.Add(await second.Submit(await second.Open(claim), "#marks", [("do", "draft"), ("revision", "7"), .. Points(scene, 1)]));
        var abandoned = await second.Open(claim);
        seen.Add(await second.Submit(await second.Open(claim), "#pass form", ("kind", "dangerous"), ("reason", "Опасно")));
        seen.Add(await second.Open("/marking?said=flagged"));
        seen.Add(await second.Submit(abandoned, "#marks", [("do", "next"), .. Points(scene, 1)]));
        seen.Add(await second.Submit(abandoned, "#pass form", ("kind", "dangerous"), ("reason", "Опасно")));
        foreach (var act in (string[])["/taking-back", "/giving"])
            seen.Add(await second.Send(Act(abandoned, claim + act)));

        seen[1].Main.Should().Contain("Одинаковые ответы");
        seen[1].Main.Should().Contain("Ответ без имени");
        string[] canaries =
        [
            .. Planted,
            "ППД-попугай",
            "Канареечный переулок",
            .. new[]
            {
                session.Id,
                session.ApplicationId,
                session.ParticipantId,
                scene.Scene.SiteId,
                other.Id,
                other.ApplicationId,
                other.ParticipantId,
            }.SelectMany(each => new[] { each.ToString("D"), each.ToString("N") }),
            session.StartedAt!.Value.ToString("uuuu-MM-dd'T'HH:mm", null),
        ];
        foreach (var shown in seen)
        foreach (var canary in canaries)
        {
            shown.Html.Should().NotContainEquivalentOf(canary, shown.Answer.RequestMessage!.RequestUri!.AbsolutePath);
            $"{shown.Location} {shown.Answer.Headers} {shown.Answer.Content.Headers}".Should().NotContainEquivalentOf(canary);
        }
    }

    private static HttpRequestMessage Act(Shown page, string path)
    {
        var request = Browser.Request(page, "#marks");
        request.RequestUri = new Uri(path, UriKind.Relative);
        return request;
    }

    private static HttpRequestMessage OfModule(string path) =>
        new(HttpMethod.Get, path) { Headers = { { "X-Diagnostics-Page", "1" }, { "Accept", "application/json" } } };

    private static async Task<string> Claim(Browser desk, Shown queue)
    {
        var claimed = await desk.Submit(queue, "form.actions[action='/marking/claims']");
        claimed.Location.Should().StartWith("/marking/scripts/", claimed.Main);
        return claimed.Location!;
    }

    private static IEnumerable<(string, string)> Points(MarkingScene scene, int points) =>
        scene.Criteria.Select(criterion => ($"m-{criterion.Code}", points.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
