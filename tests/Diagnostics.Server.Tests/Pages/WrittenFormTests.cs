using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Diagnostics.EndToEnd;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.TestKit;
using Microsoft.Playwright;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Forms in which people write: what they typed survives a sign-in that ends.</summary>
public sealed partial class WrittenFormTests : OnScreen
{
    /// <summary>Forms that keep what is typed in another way, or ask for nothing worth keeping.</summary>
    private static readonly string[] Others =
    [
        // Names, passwords and codes.
        "Access/",
        "Site/SignInDialog.razor",
        // The draft of the marks is saved on the server as it is typed.
        "Marking/MarkingPage.razor#marks",
        // Its rows change under the form every few seconds; a reason there is a line for several people at once.
        "SiteDays/BoardPage.razor#board-form",
        // The code that stands on the sheet, and a file that a browser lets nobody choose for somebody.
        "SiteDays/ScansPage.razor",
    ];

    [GeneratedRegex("""<form\b[^>]*method="post"[^>]*>.*?</form>""", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("""<textarea|<TextField|type="text"|@Reason\(""")]
    private static partial Regex Written();

    [GeneratedRegex("<(?:Shell|CommissionShell|SiteDayShell|CaseForm)\\b(?:[^>\"]|\"[^\"]*\")*>")]
    private static partial Regex Documents();

    [Fact]
    public void Every_form_in_which_people_write_keeps_what_they_type()
    {
        var pages = Path.Combine(Repository.Root, "src", "Diagnostics.Server", "Pages");
        foreach (var file in Directory.EnumerateFiles(pages, "*.razor", SearchOption.AllDirectories))
        {
            var (name, text) = (Path.GetRelativePath(pages, file).Replace('\\', '/'), File.ReadAllText(file));
            foreach (Match form in Forms().Matches(text))
                if (Written().IsMatch(form.Value) && !Others.Any(other => IsAt(other, name, form.Value)))
                    Assert.Fail($"{name}: people write in this form, so it must be a WrittenForm: {form.Value}");
            if (text.Contains("<WrittenForm", StringComparison.Ordinal))
                Documents().Match(text).Value.Should().MatchRegex(" (Kept|Written)=", name + " says what stays in place");
        }

        static bool IsAt(string other, string name, string form) =>
            other.Split('#') is [var file, var id]
                ? name == file && form.Contains($"id=\"{id}\"", StringComparison.Ordinal)
                : name.StartsWith(other, StringComparison.Ordinal);
    }

    /// <summary>The sign-in ends before the form is sent, and the person notices it only on the page of signing in.</summary>
    [BrowserFact]
    public async Task An_experts_flag_survives_a_sign_in_that_ends_as_the_form_is_sent()
    {
        var scene = await MarkingScene.Make(Service, 2);
        var (_, userName, password) = await scene.Expert();
        var page = await Script(userName, password);
        var address = page.Url;
        await page.ClickAsync("#pass summary");
        await page.CheckAsync("#pass input[value=dangerous]");
        await page.FillAsync("#reason", "Просит о помощи");
        await EndUnnoticed(page);
        await page.ClickAsync("#pass button[type=submit]");

        await SignInThere(page, userName, password, address);
        await Assertions.Expect(page.Locator("#kept-pass")).ToContainTextAsync("Восстановлено");
        (await page.InputValueAsync("#reason")).Should().Be("Просит о помощи");
        (await page.IsCheckedAsync("#pass input[value=dangerous]")).Should().BeTrue();
        (await page.EvaluateAsync<string>("document.activeElement.id")).Should().Be("reason", "the form is not folded away");
        await Inspect(page, "flag restored");
        await page.ClickAsync("#pass button[type=submit]");
        await Arrive(page, "/marking?said=flagged");

        (await Stored(page)).Should().BeEmpty("the form was carried out");
        var flag = (await Service.Admin.GetAsync($"/api/v1/marking/flags?campaignId={scene.Scene.Id}").Json())["items"]![0]!;
        flag["comment"]!.GetValue<string>().Should().Be("Просит о помощи");
        Faults.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task An_experts_flag_is_sent_after_a_new_sign_in_beside_the_script()
    {
        var scene = await MarkingScene.Make(Service, 1);
        var (_, userName, password) = await scene.Expert();
        var (_, otherName, otherPassword) = await scene.Expert();
        var page = await Script(userName, password);
        await page.ClickAsync("#pass summary");
        await page.CheckAsync("#pass input[value=return]");
        await page.Context.ClearCookiesAsync(new() { Name = "diagnostics" });
        await page.FillAsync("#reason", "Не моя тема");
        await page.ClickAsync("#pass button[type=submit]");

        await page.WaitForSelectorAsync("#sign-in[open]");
        await SignInBeside(page, otherName, otherPassword);
        await Assertions.Expect(page.Locator("#sign-in-wrong")).ToContainTextAsync("другая учётная запись");
        await SignInBeside(page, userName, password);
        await Arrive(page, "/marking?said=passed");

        (await Stored(page)).Should().BeEmpty();
        Faults.Should().BeEmpty();
    }

    /// <summary>
    /// The chair takes a script from an expert, decides on a flag, on short answers and on an admission, and approves a
    /// protocol; the sign-in ends each time before the form is sent.
    /// </summary>
    [BrowserFact]
    public async Task The_forms_of_a_chair_survive_a_sign_in_that_ends()
    {
        var scene = await CommissionScene.Make(Service, 2);
        var script = await Marks.Claim(scene.First.Client, scene.Scene);
        var flagged = await Marks.Claim(scene.Second.Client, scene.Scene);
        await scene.Second.Client.PostAsJsonAsync(Marks.Path(flagged, "flags"), new { kind = "unreadable", comment = "Не прочесть." });
        var page = await Screen(1280, ColorScheme.Light);
        await Enter(page, scene.Chair.UserName, "long-enough-1");

        await page.GotoAsync($"{Service.Url}{scene.Path}/scripts?state=held");
        await page.ClickAsync("tbody th a");
        await Lost("form[action$=reassignment]", "input[name=reason]", "Не отвечает на звонки", "?said=taken");
        (await scene.First.Client.GetAsync("/api/v1/marking/claims").Json()).Items().Should().BeEmpty();

        await page.GotoAsync($"{Service.Url}{scene.Path}/flags?state=open");
        await page.ClickAsync("tbody th a");
        await page.CheckAsync("input[value=dismissed]");
        await Lost("form[data-written]", "#reason", "Прочесть можно", "/flags?said=decided");

        await page.GotoAsync($"{Service.Url}{scene.Path}/answers");
        await page.CheckAsync("input[name=cluster]");
        await page.ClickAsync("button[value=accept]");
        await Arrive(page, url => url.Contains("/answers/preview?", StringComparison.Ordinal));
        await Lost("form[data-written]", "#reason", "Верно по смыслу, решено", "decided=yes&said=2");

        await scene.SignInAgain();
        await scene.MarkAll();
        await page.GotoAsync($"{Service.Url}{scene.Path}/protocol");
        await page.CheckAsync("#checked-1");
        await page.FillAsync("#also", "Проверены выборочно пять работ");
        await Lost("form[data-written]", "#remarks", "Замечаний два", "/protocol/draft?");
        (await page.InnerTextAsync(".sheet")).Should().Contain("Проверены выборочно пять работ").And.Contain("Замечаний два");
        await page.ClickAsync("text=Утвердить протокол");
        await Arrive(page, "/protocols/1");
        (await page.InnerTextAsync(".sheet")).Should().Contain("Третьи проверки и вторые взгляды просмотрены").And.Contain("Замечаний два");
        (await Stored(page)).Should().BeEmpty("everything was carried out");
        Faults.Should().BeEmpty();

        // What is typed is there after signing in, and is carried out when it is sent again.
        async Task Lost(string form, string field, string text, string done)
        {
            var (address, button) = (page.Url, $"{form} button[type=submit]");
            await page.FillAsync($"{form} {field}", text);
            await EndUnnoticed(page);
            await page.ClickAsync(button);
            await SignInThere(page, scene.Chair.UserName, "long-enough-1", address);
            (await page.InputValueAsync($"{form} {field}")).Should().Be(text);
            await page.ClickAsync(button);
            await Arrive(page, url => url.Contains(done, StringComparison.Ordinal));
        }
    }

    private async Task<IPage> Script(string userName, string password)
    {
        var page = await Screen(1280, ColorScheme.Light);
        await Enter(page, userName, password);
        await page.GotoAsync(Service.Url + "/marking");
        await page.ClickAsync("button.big");
        await page.WaitForSelectorAsync("#show-keys:not([hidden])");
        return page;
    }

    /// <summary>Ends the sign-in so late that the module, which asks before it sends the form, does not notice.</summary>
    private static async Task EndUnnoticed(IPage page)
    {
        await page.Context.ClearCookiesAsync(new() { Name = "diagnostics" });
        await page.RouteAsync("**/api/v1/auth/me", route => route.FulfillAsync(new() { Status = 200, Body = "{}" }));
    }

    private async Task SignInThere(IPage page, string userName, string password, string address)
    {
        await Arrive(page, url => url.Contains("/sign-in?to=", StringComparison.Ordinal));
        await page.UnrouteAsync("**/api/v1/auth/me");
        await page.FillAsync("#user-name", userName);
        await page.FillAsync("#password", password);
        await page.ClickAsync("main button[type=submit]");
        await Arrive(page, address);
    }

    private static async Task SignInBeside(IPage page, string userName, string password)
    {
        await page.FillAsync("#sign-in #user-name", userName);
        await page.FillAsync("#sign-in #password", password);
        await page.ClickAsync("#sign-in button[type=submit]");
    }

    private static Task<string[]> Stored(IPage page) =>
        page.EvaluateAsync<string[]>(
            "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(name => name.startsWith('kept:')).sort()"
        );
}
