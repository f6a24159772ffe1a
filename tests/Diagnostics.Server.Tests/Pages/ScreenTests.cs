using System.Net.Http.Json;
using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Server.Tests.Profiles;
using Microsoft.Playwright;
using NodaTime;
using OtpNet;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The pages in a real browser: they work, fit the screen, and are accessible to everybody.</summary>
public sealed class ScreenTests : OnScreen
{
    [BrowserFact]
    public async Task A_person_signs_in_applies_waits_and_the_test_starts_by_itself_when_they_are_admitted()
    {
        var scene = await PageScene.Make(Service);
        var (_, userName, password) = await scene.Person();
        var page = await Screen(320, ColorScheme.Light);

        await Enter(page, userName, password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Подать заявление" }).First.ClickAsync();
        await page.GetByLabel("согласна) участвовать").CheckAsync();
        await page.GetByLabel("согласна) на обработку данных").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Подать заявление" }).ClickAsync();
        await page.GetByText("Заявление отправлено").WaitForAsync();
        var application = new Uri(page.Url).Segments[^1];
        var approved = await scene.Region.Decide(Guid.Parse(application), "approval").Json();
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "В комнату ожидания" }).ClickAsync();
        foreach (var check in new[] { "line", "store", "device" })
            await page.Locator($"#check-{check}.good").WaitForAsync();
        // The test's clock is in September and the device's is not, which makes no difference.
        (await page.Locator("#check-clock").InnerTextAsync())
            .Should()
            .Contain("считает сервер");
        await scene.Admit(approved["sessionId"]!.GetValue<Guid>());
        await page.GetByRole(AriaRole.Heading, new() { Name = "Вас допустили" }).WaitForAsync();
        await Arrive(page, "/test");

        Faults.Should().BeEmpty();
        (await Service.Admin.GetAsync($"/api/v1/sessions/{approved["sessionId"]}/events").Json())
            .Items()
            .Select(happened => happened!["kind"]!.GetValue<string>())
            .Should()
            .Contain("device_checked")
            .And.ContainSingle(kind => kind == "start");
    }

    [BrowserFact]
    public async Task Everything_up_to_the_test_works_without_scripts()
    {
        var scene = await PageScene.Make(Service);
        var (_, userName, password) = await scene.Person();
        var page = await Screen(1280, ColorScheme.Light, scripts: false);

        await Enter(page, userName, password);
        await page.ClickAsync($"a.button[href='/campaigns/{scene.Region.Campaign}']");
        await page.CheckAsync("#consent");
        await page.CheckAsync("#processing");
        await page.ClickAsync("main form button[type=submit]");
        var application = Guid.Parse(new Uri(page.Url).Segments[^1]);
        var session = (await scene.Region.Decide(application, "approval").Json())["sessionId"]!.GetValue<Guid>();
        await scene.Admit(session);
        await page.GotoAsync($"{Service.Url}/sessions/{session}");
        await page.ClickAsync("#room-start button[type=submit]");

        new Uri(page.Url).AbsolutePath.Should().Be($"/sessions/{session}/test");
    }

    [BrowserFact]
    public async Task A_form_that_somebody_writes_is_not_left_unasked_and_a_sign_in_that_ended_meanwhile_is_renewed_beside_it()
    {
        var scene = await PageScene.Make(Service);
        var (person, userName, password) = await scene.Person();
        var (_, otherName, otherPassword) = await scene.Person();
        var page = await Screen(320, ColorScheme.Light);
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.DismissAsync();
        };
        await Enter(page, userName, password);
        await page.GotoAsync($"{Service.Url}/campaigns/{scene.Region.Campaign}");
        await page.FillAsync("#extra", "20");
        await page.CheckAsync("#consent");
        await page.CheckAsync("#processing");

        await page.ClickAsync(".crumb a");
        (await asked.Task.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be("beforeunload");
        await page.Context.ClearCookiesAsync(new() { Name = "diagnostics" });
        await page.ClickAsync("main form[data-written] button[type=submit]");
        await page.WaitForSelectorAsync("#sign-in[open]");
        await Inspect(page, "signed out beside a form");
        await SignInAgain(otherName, otherPassword);
        await Assertions.Expect(page.Locator("#sign-in-wrong")).ToContainTextAsync("другая учётная запись");
        await SignInAgain(userName, password);
        await page.GetByText("Заявление отправлено").WaitForAsync();

        Faults.Should().BeEmpty();
        var filed = (await Service.Admin.GetAsync($"/api/v1/people/{person}/applications").Json()).Items().Should().ContainSingle().Which!;
        filed["accommodationsAsked"]!["extraTime"]!["amount"]!.GetValue<int>().Should().Be(20);

        async Task SignInAgain(string name, string word)
        {
            await page.FillAsync("#sign-in #user-name", name);
            await page.FillAsync("#sign-in #password", word);
            await page.ClickAsync("#sign-in button[type=submit]");
        }
    }

    /// <summary>
    /// Looks at each page empty, filled and refused, narrow in light colours and wide in dark ones. None of them has a
    /// barrier or scrolls sideways.
    /// </summary>
    [BrowserFact]
    public async Task No_page_has_a_barrier_or_is_wider_than_the_screen()
    {
        var appeals = await AppealScene.Make(Service);
        var appeal = await Filed(appeals);
        var scene = await PageScene.Make(Service);
        var fresh = await scene.Person();
        foreach (var (width, scheme) in new[] { (320, ColorScheme.Light), (1280, ColorScheme.Dark) })
        {
            var page = await Screen(width, scheme);
            await Look(page, "/sign-in", "/help", "/no-such-page");
            await page.GotoAsync(Service.Url + "/sign-in");
            await page.FillAsync("#user-name", "nobody");
            await page.FillAsync("#password", "wrong");
            await page.ClickAsync("main button[type=submit]");
            (await page.EvaluateAsync<string>("document.activeElement.id")).Should().Be("errors");
            await Inspect(page, "sign-in refused");

            page = await Screen(width, scheme);
            await Enter(page, fresh.UserName, fresh.Password);
            await Look(page, "/", "/results", "/appeals", "/account", "/account/consents", $"/campaigns/{scene.Region.Campaign}");

            page = await Screen(width, scheme);
            await Enter(page, appeal.UserName, appeal.Password);
            await Look(
                page,
                "/",
                "/results",
                "/appeals",
                $"/appeals/sessions/{appeals.Session}",
                $"/appeals/{appeal.Id}",
                $"/appeals/new?session={appeals.Session}&slot={appeals.Slot}"
            );
            await page.GotoAsync(Service.Url + "/results");
            await page.ClickAsync("main .cards a.button");
            await Inspect(page, "result");
        }
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task A_planted_barrier_is_found()
    {
        var page = await Screen(320, ColorScheme.Light);
        await page.GotoAsync(Service.Url + "/help");
        (await Barriers.Of(page, bestPractice: true)).Should().BeEmpty();

        await page.EvaluateAsync(
            """
            for (const name of ['img', 'button', 'input'])
                document.querySelector('main').append(document.createElement(name));
            document.querySelector('h1').style.color = '#eee';
            document.title = '';
            """
        );

        string[] rules = ["image-alt", "button-name", "label", "color-contrast", "document-title"];
        (await Barriers.Of(page, bestPractice: true)).Select(barrier => barrier[..barrier.IndexOf(',')]).Should().BeEquivalentTo(rules);
    }

    /// <summary>
    /// Pages that need special preparation: special conditions, changes since the entry diagnostic, codes for a lost
    /// phone, a site's staff.
    /// </summary>
    [BrowserFact]
    public async Task Nor_has_a_page_that_few_people_see()
    {
        var scene = await PageScene.Make(Service);
        var (userName, password, result) = await Changed();
        foreach (var (width, scheme) in new[] { (320, ColorScheme.Dark), (1440, ColorScheme.Light) })
        {
            var page = await Screen(width, scheme);
            await Enter(page, userName, password);
            await Look(page, $"/results/{result}", $"/results/{result}/sheet", "/results");

            page = await Screen(width, scheme);
            var applicant = await scene.Person();
            await Enter(page, applicant.UserName, applicant.Password);
            await page.GotoAsync($"{Service.Url}/campaigns/{scene.Region.Campaign}");
            await page.FillAsync("#extra", "полчаса");
            await page.CheckAsync("[name=breaks]");
            await page.CheckAsync("#consent");
            await page.CheckAsync("#processing");
            await Send();
            await page.Locator("#extra-wrong").WaitForAsync();
            await Inspect(page, "application refused");
            await page.FillAsync("#extra", "30");
            await Send();
            await page.GetByText("Заявление отправлено").WaitForAsync();
            await Inspect(page, "application filed");
            await scene.Region.Decide(Guid.Parse(new Uri(page.Url).Segments[^1]), "approval").Json();
            await Look(page, new Uri(page.Url).AbsolutePath, "/");
            await page.ClickAsync("text=В комнату ожидания");
            await page.Locator("#check-device.good").WaitForAsync();
            await Inspect(page, "waiting room");

            await page.GotoAsync(Service.Url + "/account/second-factor");
            await page.ClickAsync("main form button");
            await Inspect(page, "second factor begun");
            var secret = (await page.InnerTextAsync(".secret")).Replace(" ", "", StringComparison.Ordinal);
            await page.FillAsync(
                "#code",
                new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(Service.Clock.GetCurrentInstant().ToDateTimeUtc())
            );
            await page.ClickAsync("form[action$=confirmation] button");
            await page.Locator(".codes").WaitForAsync();
            await Inspect(page, "recovery codes");
            await page.Context.ClearCookiesAsync();
            await Enter(page, applicant.UserName, applicant.Password);
            await page.Locator("form[action$=second-factor]").WaitForAsync();
            await Inspect(page, "second factor asked");

            page = await Screen(width, scheme);
            var (given, once) = await PageScene.NewAccountOf(Service, await scene.Region.Enrol());
            await Enter(page, given, once);
            await Inspect(page, "first password");

            page = await Screen(width, scheme);
            await LookByCode(page, scene);

            page = await Screen(width, scheme);
            await Enter(page, "admin", Service.AdminPassword);
            await Look(page, "/", "/unsent-answers");
            await page.SetInputFilesAsync(
                "#file",
                new FilePayload
                {
                    Name = "otvety.json",
                    MimeType = "application/json",
                    Buffer = "{}"u8.ToArray(),
                }
            );
            await page.ClickAsync("main form button");
            await Inspect(page, "unsent answers refused");

            Task Send() => page.ClickAsync("main form[data-written] > .actions button");
        }
        Faults.Should().BeEmpty();
    }

    /// <summary>Looks at everything that the code of a sheet opens, from a mistyped code to the receipt.</summary>
    private async Task LookByCode(IPage page, PageScene scene)
    {
        var (browser, _, session) = await scene.Scheduled();
        browser.Dispose();
        var issued = await Service.Admin.PostAsJsonAsync($"/api/v1/sessions/{session}/access-code", new { }).Json();
        var code = issued["code"]!.GetValue<string>();
        await page.GotoAsync(Service.Url + "/sign-in");
        await Type("7K2M-XQ9W-PTRR");
        await page.Locator("#errors").WaitForAsync();
        await Inspect(page, "code refused");
        await Type(code);
        await page.Locator("#check-device.good").WaitForAsync();
        await Inspect(page, "waiting room by code");
        await Look(page, "/account");
        await scene.Admit(session);
        using var desk = new Browser(Service);
        await desk.Submit(await desk.Open("/sign-in"), "form[action$=code]", ("code", code));
        await desk.Submit(await desk.Open($"/sessions/{session}"), "#room-start");
        (await desk.Send(Browser.Finish(session))).Status.Should().Be(200);
        await page.GotoAsync($"{Service.Url}/sessions/{session}/receipt");
        await page.GetByText("Закончить и выйти").WaitForAsync();
        await Inspect(page, "receipt by code");

        async Task Type(string typed)
        {
            await page.FillAsync("#code", typed);
            await page.ClickAsync("form[action$=code] button");
        }
    }

    /// <summary>
    /// A person with an entry and a final diagnostic: the methodical block improved, and the subject block did not.
    /// </summary>
    private async Task<(string UserName, string Password, Guid Result)> Changed()
    {
        MadeSlot[] slots =
        [
            .. new[] { 40, 50, 10 }.Select(
                (points, at) => new MadeSlot("subject", at == 1 ? "subject.algebra.equations" : "subject.algebra.numbers", points)
            ),
            .. new[] { 40, 50, 10 }.Select(
                (points, at) => new MadeSlot("methodical", at == 1 ? "methodical.planning.lesson" : "methodical.planning.goals", points)
            ),
        ];
        var form = await MadeForm.Of(Service, "progress", slots);
        var (entry, final) = (await Marking.Scene.Make(Service, formId: form), await Marking.Scene.Make(Service, formId: form));
        await final.Database.Write(db => db.Execute("UPDATE campaigns SET stage = 'final' WHERE id = @Id", new { final.Id }));
        var person = await entry.Person();
        await entry.Scored(slot => slot.Slot is 1 or 4 ? Marking.Answer.Right(slot) : null, person: person);
        await Service.Admin.PostAsync($"/api/v1/campaigns/{entry.Id}/results/publication", null).Json();
        Service.Clock.Advance(Duration.FromMinutes(1));
        await final.Scored(slot => slot.Slot is 1 or 4 or 5 ? Marking.Answer.Right(slot) : null, person: person);
        await Service.Admin.PostAsync($"/api/v1/campaigns/{final.Id}/results/publication", null).Json();
        var account = await PageScene.AccountOf(Service, person);
        var profiles = (await Service.Admin.GetAsync($"/api/v1/campaigns/{final.Id}/profiles").Json())["items"]!.AsArray();
        return (account.UserName, account.Password, profiles.Single()!["id"]!.GetValue<Guid>());
    }

    private async Task<(Guid Id, string UserName, string Password)> Filed(AppealScene scene)
    {
        var account = await PageScene.AccountOf(Service, scene.Person);
        using var browser = await Browser.Of(Service, account.UserName, account.Password);
        var form = await browser.Open($"/appeals/new?session={scene.Session}&slot={scene.Slot}");
        var filed = await browser.Submit(form, "main form", ("ground", "marks"), ("statement", AppealScene.Statement));
        return (Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]), account.UserName, account.Password);
    }
}
