using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using AngleSharp.Dom;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage.Marking;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>What the pages of those who lead marking count, show beforehand and let decide.</summary>
public sealed class CommissionMatterTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Every_number_on_the_chairs_pages_opens_exactly_what_it_counts()
    {
        var scene = await CommissionScene.Make(service, 8);
        await Marks.Give(scene.First.Client, scene.Scene, full: true);
        await Marks.Give(scene.First.Client, scene.Scene, full: true);
        await Marks.Give(scene.Senior.Client, scene.Scene, full: true);
        // Far apart on some scripts: they wait for a third reading.
        for (var script = 0; script < 5; script++)
            await Marks.Give(scene.Second.Client, scene.Scene, full: false);
        await Marks.Claim(scene.First.Client, scene.Scene);
        var returned = await Marks.Claim(scene.Senior.Client, scene.Scene);
        await scene.Senior.Client.PostAsJsonAsync(Marks.Path(returned, "return"), new { reason = "Не моя тема" });
        var flagged = await Marks.Claim(scene.Second.Client, scene.Scene);
        await scene.Second.Client.PostAsJsonAsync(Marks.Path(flagged, "flags"), new { kind = "dangerous", comment = "Угроза" });
        using var chair = await scene.Desk(scene.Chair);
        var seen = new List<int>();

        foreach (
            var page in (string[])
                ["", "/experts", $"/experts/{scene.First.Id}", $"/experts/{scene.Senior.Id}", "/criteria", "/protocol", "/publication"]
        )
        foreach (var link in (await chair.Open(scene.Path + page)).Document.QuerySelectorAll("main a").Where(IsNumber))
        {
            var number = NumberOf(link)!.Value;
            seen.Add(number);
            (await Rows(chair, link.GetAttribute("href")!)).Should().Be(number, $"{page}: {link.GetAttribute("href")}");
        }

        seen.Should().HaveCountGreaterThan(40).And.Contain([0, 1, 2, 5, 8]);
    }

    [Fact]
    public async Task A_flag_is_shown_by_kind_with_its_due_time_to_all_whom_the_policy_has_told()
    {
        var own = new TestService();
        await own.InitializeAsync();
        try
        {
            // 14 September 2026; the policy in force allows an hour for what is dangerous, and no time limit for the rest.
            var scene = await CommissionScene.Make(own, 2);
            await Flag("dangerous", "Пишет, что не хочет жить");
            await Flag("unreadable", "Не читается");
            var due = own.Clock.GetCurrentInstant() + Duration.FromHours(1);
            var shown =
                $"{due.InZone(DateTimeZoneProviders.Tzdb["Europe/Moscow"]).TimeOfDay.ToString("H:mm", CultureInfo.InvariantCulture)}";
            using var chair = await scene.Desk(scene.Chair);
            var (operatorName, password) = await PageScene.Staff(own, "operator");
            using var operates = await Browser.Of(own, operatorName, password);

            var overview = await chair.Open(scene.Path);
            overview.Main.Should().Contain("Пометки «опасное»").And.Contain("Пометки «нечитаемо»").And.NotContain("просрочено");
            overview.Find(".awaited li").TextContent.Replace('\u00A0', ' ').Should().Contain("решить до").And.Contain(shown);
            (await chair.Open("/")).Main.Should().Contain("опасное").And.Contain("нечитаемо");
            var home = await operates.Open("/");
            home.Main.Should().Contain("опасное").And.NotContain("нечитаемо", "the policy tells the operator only of what is dangerous");
            (await Rows(operates, home.Find(".awaited a").GetAttribute("href")!)).Should().Be(1);
            (await operates.Open("/commission")).Status.Should().BeOneOf(200, 303);
            (await chair.Open($"{scene.Path}/publication"))
                .Find("a[href$='/flags?state=open']")
                .TextContent.Should()
                .Be("2 — Нет решения о пометках экспертов");

            foreach (var (kind, until) in new[] { ("dangerous", shown), ("unreadable", "публикации результатов") })
            {
                var list = await chair.Open($"{scene.Path}/flags?kind={kind}");
                var flag = await chair.Open(list.Find("tbody th a").GetAttribute("href")!);
                flag.Main.Should().Contain("Решить до").And.Contain(until).And.NotContain("просрочено");
            }
            own.Clock.Advance(Duration.FromMinutes(61));
            using var later = await scene.Desk(scene.Chair);
            var overdue = await later.Open($"{scene.Path}/flags?due=overdue");
            (await later.Open(overdue.Find("tbody th a").GetAttribute("href")!)).Main.Should().Contain("просрочено");
            (await later.Open(scene.Path)).Main.Should().Contain("просрочено: 1");
            (await Rows(later, $"{scene.Path}/flags?due=overdue")).Should().Be(1);

            await scene.SignInAgain();
            await scene.MarkAll();
            await scene.RejectAnswers();
            await scene
                .Chair.Client.PostAsJsonAsync(
                    $"/api/v1/campaigns/{scene.Scene.Id}/results/approval",
                    new { @checked = new[] { "Все работы" } }
                )
                .Json(201);
            var refused = await scene.Chair.Client.PostAsync($"/api/v1/campaigns/{scene.Scene.Id}/results/publication", null).Json(409);
            refused["open"]!
                .AsArray()
                .Select(matter => (matter!["what"]!.GetValue<string>(), matter["count"]!.GetValue<int>()))
                .Should()
                .Equal(("flags", 2));

            async Task Flag(string kind, string comment)
            {
                var claim = await Marks.Claim(scene.First.Client, scene.Scene);
                (await scene.First.Client.PostAsJsonAsync(Marks.Path(claim, "flags"), new { kind, comment })).EnsureSuccessStatusCode();
            }
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_refused_form_comes_back_with_what_was_typed()
    {
        var tooLong = new string('я', 4001);
        var scene = await CommissionScene.Make(service, 2, CommissionScene.Policy with { Control = new(1, Engine.Points.From(1)) });
        await service
            .Admin.PostAsJsonAsync(
                "/api/v1/marking/benchmarks",
                new
                {
                    campaignId = scene.Scene.Id,
                    itemCode = scene.Open.Item.Code,
                    purpose = "control",
                    answer = "Эталон",
                    criteria = scene.Open.Item.Rubric!.Criteria.ToDictionary(each => each.Code, each => each.Maximum.ToDecimal()),
                    comment = "Согласовано.",
                }
            )
            .Json(201);
        // A script, then a control script, which makes the expert somebody whose admission the chair may decide on.
        await Marks.Claim(scene.First.Client, scene.Scene);
        await Marks.Claim(scene.First.Client, scene.Scene);
        using var chair = await scene.Desk(scene.Chair);

        var script = await chair.Open((await chair.Open($"{scene.Path}/scripts?state=held")).Find("tbody th a").GetAttribute("href")!);
        var receiver = scene.Senior.Id.ToString();
        var taken = await chair.Submit(script, "form[action$='/reassignment']", ("expert", receiver), ("reason", tooLong));
        taken.Status.Should().Be(422);
        taken.Find("form[action$='/reassignment'] option[selected]").GetAttribute("value").Should().Be(receiver);
        Field(taken).GetAttribute("value").Should().Be(tooLong);

        var expert = await chair.Open($"{scene.Path}/experts/{scene.First.Id}");
        var decided = await chair.Submit(expert, "form[action$='/admission']", ("do", "requalify"), ("reason", tooLong));
        decided.Status.Should().Be(422);
        decided.Document.QuerySelectorAll("details[open]").Should().ContainSingle("the form is not folded away");
        Field(decided).GetAttribute("value").Should().Be(tooLong);

        var answers = await chair.Open($"{scene.Path}/answers");
        var ticked = answers.Document.QuerySelectorAll("input[name=answer]")[0].GetAttribute("value")!;
        var undecided = await chair.Submit(answers, "#answers", ("answer", ticked));
        undecided.Status.Should().Be(422);
        undecided.Document.QuerySelectorAll("input[checked]").Select(tick => tick.GetAttribute("value")).Should().Equal(ticked);
        var preview = await chair.Open((await chair.Submit(answers, "#answers", ("answer", ticked), ("decision", "accept"))).Location!);
        var refused = await chair.Submit(preview, "form[data-written]", ("reason", tooLong));
        refused.Status.Should().Be(422);
        refused.Find("#reason").GetAttribute("value").Should().Be(tooLong);
        refused.Find("#errors a").TextContent.Should().Contain("Почему");

        // The error leads to the field that it names.
        static IElement Field(Shown page) => page.Find(page.Find("#errors a").GetAttribute("href")!);
    }

    /// <summary>A script that comes back again and again has more claims than a screen shows.</summary>
    [Fact]
    public async Task The_claims_of_a_script_are_sorted_filtered_and_exported()
    {
        var scene = await CommissionScene.Make(service, 1);
        foreach (var (expert, reason) in new[] { (scene.First, "Не моя тема"), (scene.Second, "Нет времени") })
        {
            var returned = await Marks.Claim(expert.Client, scene.Scene);
            await expert.Client.PostAsJsonAsync(Marks.Path(returned, "return"), new { reason });
        }
        using var chair = await scene.Desk(scene.Chair);
        var path = (await chair.Open($"{scene.Path}/scripts")).Find("tbody th a").GetAttribute("href")!;

        var page = await chair.Open($"{path}?sort=-reason");
        page.Document.QuerySelectorAll("tbody tr td:last-of-type")
            .Select(cell => cell.TextContent.Trim())
            .Should()
            .Equal("Нет времени", "Не моя тема");
        var file = await chair.Open(page.Find("a[href*='as=csv']").GetAttribute("href")!);
        file.Html.Should().Contain("Причина").And.Contain("Не моя тема").And.Contain(scene.Second.UserName);
        (await chair.Open($"{path}?state=marked")).Main.Should().NotContain("Нет времени");
    }

    /// <summary>The service states what it knows; what a form claims about it does not count.</summary>
    [Fact]
    public async Task A_protocol_says_that_flags_and_answers_are_settled_only_when_they_are()
    {
        const string flags = "Пометки экспертов разобраны",
            answers = "Краткие ответы, не совпавшие с ключом, разобраны",
            scripts = "Все работы проверены";
        var scene = await CommissionScene.Make(service, 2);
        var flagged = await Marks.Claim(scene.First.Client, scene.Scene);
        await scene.First.Client.PostAsJsonAsync(Marks.Path(flagged, "flags"), new { kind = "unreadable", comment = "Не прочесть." });
        await scene.MarkAll();
        using var chair = await scene.Desk(scene.Chair);
        var form = await chair.Open($"{scene.Path}/protocol");

        var ticks = form.Document.QuerySelectorAll("input[name=checked]").Select(tick => tick.GetAttribute("value"));
        ticks.Should().NotContain([flags, answers, scripts]).And.HaveCount(2);
        form.Main.Should().Contain("не разобрано 1");
        (await chair.Submit(form, "main form", ("checked", flags))).Status.Should().Be(422, "nobody has ticked what a person may tick");
        (await Checked(flags)).Should().Equal(scripts, "Третьи проверки и вторые взгляды просмотрены");

        var flag = (await scene.Chair.Client.GetAsync($"/api/v1/marking/flags?campaignId={scene.Scene.Id}").Json())["items"]![0]!;
        var decision = new { decision = "dismissed", reason = "Прочесть можно." };
        await scene.Chair.Client.PostAsJsonAsync($"/api/v1/marking/flags/{flag["id"]}/decision", decision).Json();
        await scene.RejectAnswers();
        (await Checked()).Should().Equal(scripts, flags, answers, "Третьи проверки и вторые взгляды просмотрены");
        var approved = await chair.Submit(await Draft(), "form[action$='/protocol']");
        (await chair.Open(approved.Location!)).Main.Should().Contain(flags).And.Contain(answers);

        async Task<Shown> Draft(params string[] also)
        {
            var fields = also.Append("Третьи проверки и вторые взгляды просмотрены").Select(text => ("checked", text)).ToArray();
            return await chair.Open((await chair.Submit(form, "main form", fields)).Location!);
        }

        async Task<IEnumerable<string>> Checked(params string[] also) =>
            (await Draft(also)).Document.QuerySelectorAll(".sheet ol > li").Select(item => item.TextContent).ToList();
    }

    [Fact]
    public async Task A_protocol_is_approved_as_it_was_read_or_not_at_all()
    {
        var scene = await CommissionScene.Make(service, 2);
        await scene.MarkAll();
        await scene.RejectAnswers();
        using var chair = await scene.Desk(scene.Chair);
        using var colleague = await scene.Desk(scene.Chair);
        var remarks = string.Concat(Enumerable.Repeat("Работы прочитаны без замечаний. ", 120));
        var form = await chair.Open($"{scene.Path}/protocol");
        var sent = await chair.Submit(form, "main form", ("checked", "Согласие и строгость экспертов рассмотрены"), ("remarks", remarks));

        sent.Status.Should().Be(303);
        var first = await chair.Open(sent.Location!);
        var second = await colleague.Open(sent.Location!);
        var approved = await chair.Submit(first, "form[action$='/protocol']");
        var stale = await colleague.Submit(second, "form[action$='/protocol']");
        var (byHand, without) = (
            await scene.Chair.Client.GetAsync($"/api/v1/campaigns/{scene.Scene.Id}/results/approval").Json(),
            await colleague.Submit(second, "form[action$='/protocol']", ("draft", ""))
        );

        first.Main.Should().Contain("Работы прочитаны без замечаний.").And.Contain("Проект по данным на");
        approved.Status.Should().Be(303);
        (stale.Status, without.Status).Should().Be((409, 409));
        stale.Document.Title.Should().StartWith("Ошибка: ");
        stale.Main.Should().Contain("Прочитайте новый проект").And.Contain("Протокол № 2").And.Contain("Работы прочитаны без замечаний.");
        (await Protocols()).Should().Be(1);
        // Read after the refusal, the draft says what protocol 1 says, so there is nothing to approve.
        byHand["number"]!.GetValue<int>().Should().Be(2);
        var same = await colleague.Open(sent.Location!);
        same.Main.Should().Contain("протокол № 1 действует и говорит то же самое");
        same.Document.QuerySelectorAll("form[action$='/protocol']").Should().BeEmpty();
        var approval = $"/api/v1/campaigns/{scene.Scene.Id}/results/approval";
        var told = (await scene.Chair.Client.GetAsync($"/api/v1/campaigns/{scene.Scene.Id}/results/protocols").Json()).Items()[0]!;
        var again = new
        {
            @checked = told["checked"],
            remarks = told["remarks"],
            draft = byHand["fingerprint"],
        };
        var refused = await scene.Chair.Client.PostAsJsonAsync(approval, again).Json(409);
        (refused["code"]!.GetValue<string>(), refused["number"]!.GetValue<int>()).Should().Be(("protocol-in-force", 1));
        (await Protocols()).Should().Be(1);
        // With other words, read after the refusal, it can be approved.
        var corrected = await colleague.Submit(
            await colleague.Open($"{scene.Path}/protocol"),
            "main form",
            ("checked", "Согласие и строгость экспертов рассмотрены"),
            ("remarks", "Замечаний нет, кроме опечатки.")
        );
        (await colleague.Submit(await colleague.Open(corrected.Location!), "form[action$='/protocol']")).Status.Should().Be(303);
        (await Protocols()).Should().Be(2);

        Task<int> Protocols() => scene.Scene.Database.Read(async db => (await ProtocolStore.OfCampaign(db, scene.Scene.Id)).Count);
    }

    [Fact]
    public async Task What_a_decision_on_answers_would_change_has_an_address_that_a_colleague_can_open()
    {
        var scene = await CommissionScene.Make(service, 2);
        using var chair = await scene.Desk(scene.Chair);
        using var admin = await Browser.Of(service, "admin", service.AdminPassword);
        var page = await chair.Open($"{scene.Path}/answers");
        var cluster = page.Find("input[name=cluster]").GetAttribute("value")!;

        var sent = await chair.Submit(page, "form#answers", ("cluster", cluster), ("decision", "accept"));

        sent.Status.Should().Be(303);
        sent.Location!.Length.Should().BeLessThan(200);
        var shown = new[] { await chair.Open(sent.Location), await chair.Open(sent.Location), await admin.Open(sent.Location) };
        shown.Should().OnlyContain(each => each.Status == 200 && each.Main.Contains("Баллы изменятся в 2 работах"));
        Encoding.UTF8.GetString((await chair.Open($"{sent.Location}&as=csv")).Body).Split("\r\n").Should().HaveCount(4);
        var unexplained = await chair.Submit(shown[0], "main form.card");
        (unexplained.Status, unexplained.Main.Contains("Напишите почему", StringComparison.Ordinal)).Should().Be((422, true));
        (await chair.Submit(shown[0], "main form.card", ("reason", "Верно"))).Status.Should().Be(303);
        (await chair.Open(sent.Location)).Main.Should().Contain("Баллы не изменятся", "it is decided by now");
        (await chair.Open($"{scene.Path}/answers/preview?decision=accept&answers=0123456789ab"))
            .Main.Should()
            .Contain("Таких ответов больше нет");
    }

    [Fact]
    public async Task How_an_answer_was_typed_is_shown_only_from_the_own_campaign()
    {
        var scene = await CommissionScene.Make(service, 1);
        var other = await CommissionScene.Make(service, 0);
        await other.Scene.Session(Answer.Right.With(other.Short.Slot, new ShortAnswerResponse($"  {scene.Unmatched.ToUpperInvariant()}")));
        await other.Scene.Score();

        (await Samples(scene)).Should().Equal(scene.Unmatched);
        (await Samples(other)).Should().Equal($"  {scene.Unmatched.ToUpperInvariant()}");

        static async Task<IEnumerable<string>> Samples(CommissionScene of) =>
            (await of.Chair.Client.GetAsync($"/api/v1/key-reviews?campaignId={of.Scene.Id}").Json())["items"]!
                .AsArray()
                .SelectMany(group => group!["samples"]!.AsArray().Select(sample => sample!.GetValue<string>()));
    }

    [Fact]
    public void A_long_text_fits_into_an_address_and_what_is_not_one_is_refused()
    {
        var text = string.Concat(Enumerable.Range(0, 160).Select(number => $"Замечание {number}: эксперт {number % 7} строже прочих. "));

        var packed = PackedText.Pack(text)!;

        packed.Should().MatchRegex("^[A-Za-z0-9_-]+$");
        PackedText.Unpack(packed).Should().Be(text);
        foreach (var odd in new[] { "", "!", "AAAA", packed[..^9] })
            PackedText.Unpack(odd).Should().BeNull(odd);
    }

    private static bool IsNumber(IElement link) => NumberOf(link) is not null && link.Closest(".table-pages") is null;

    private static int? NumberOf(IElement link) =>
        link.ChildNodes.OfType<IText>().FirstOrDefault()?.Data.Trim().Replace("\u00A0", "", StringComparison.Ordinal) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The number of rows of a list on all its pages.</summary>
    private static async Task<int> Rows(Browser browser, string path)
    {
        var page = await browser.Open(path);
        page.Status.Should().Be(200, path);
        if (page.Document.QuerySelector("#answers") is { } answers)
            return answers.QuerySelectorAll("input[name=answer]").Length;
        var rows = page.Document.QuerySelectorAll(".table tbody tr").Length;
        foreach (var further in page.Document.QuerySelectorAll(".table-pages a:not([aria-current])"))
            rows += (await browser.Open(further.GetAttribute("href")!)).Document.QuerySelectorAll(".table tbody tr").Length;
        return rows;
    }
}
