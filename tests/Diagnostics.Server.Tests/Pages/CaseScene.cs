using Diagnostics.Server.Tests.Appeals;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>A published result, the person in a browser, and members of the conflict commission in theirs.</summary>
internal sealed class CaseScene(TestService service, AppealScene scene) : IDisposable
{
    private const string Password = "long-enough-1";

    private readonly List<Browser> browsers = [];

    private Browser? person;

    internal AppealScene Appeals => scene;

    /// <summary>The person's account, once an appeal has been filed.</summary>
    internal (string UserName, string Password) Person { get; private set; }

    internal static async Task<CaseScene> Make(TestService service, int members = 3, string organisation = "КАНАРЕЙКА-ШКОЛА") =>
        new(service, await AppealScene.Make(service, members, organisation: organisation));

    internal async Task<(string UserName, string Password)> NameOf(int member) => (await NameOf(scene.Members[member].AccountId), Password);

    internal async Task<Browser> Member(int member) => await BrowserOf(scene.Members[member].AccountId);

    internal async Task<Browser> BrowserOf(Guid account) => Kept(await Browser.Of(service, await NameOf(account), Password));

    /// <summary>The person files an appeal on the page.</summary>
    /// <param name="slot">The disputed answer; null for the first one.</param>
    internal async Task<Guid> File(int? slot = null)
    {
        if (person is null)
        {
            var (_, userName, password) = await PageScene.AccountOf(service, scene.Person);
            (Person, person) = ((userName, password), Kept(await Browser.Of(service, userName, password)));
        }
        var form = await person.Open($"/appeals/new?session={scene.Session}&slot={slot ?? scene.Slot}");
        var filed = await person.Submit(form, "main form", ("ground", "marks"), ("statement", AppealScene.Statement));
        filed.Status.Should().Be(303, filed.Main);
        return Guid.Parse(filed.Location!.Split('/')[^1].Split('?')[0]);
    }

    /// <summary>Opens the page of an act and sends its form.</summary>
    internal static async Task<Shown> Act(Browser by, Guid appeal, string act, params (string Name, string Value)[] typed) =>
        await by.Submit(await by.Open($"/cases/{appeal}/{act}"), "form[data-written]", typed);

    /// <summary>Presses a button of the case's own page.</summary>
    internal static async Task<Shown> Press(Browser by, Guid appeal, string act) =>
        await by.Submit(await by.Open($"/cases/{appeal}"), $"form[action$='/{act}']");

    /// <summary>The fields of a proposal with the lowest or the highest points of every criterion.</summary>
    internal (string Name, string Value)[] Proposal(string outcome, bool? full) =>
        [
            ("outcome", outcome),
            ("clause", "Критерии задания"),
            ("reason", "Ответ сверен с критериями."),
            .. full is { } highest
                ? scene
                    .Criteria(highest)
                    .Select(mark => ($"m-{mark.Key}", mark.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                : [],
        ];

    public void Dispose()
    {
        foreach (var browser in browsers)
            browser.Dispose();
    }

    private Browser Kept(Browser browser)
    {
        browsers.Add(browser);
        return browser;
    }

    private async Task<string> NameOf(Guid account) =>
        (
            await scene.Scene.Database.Read(db =>
                db.Find<string>("SELECT user_name FROM access_accounts WHERE id = @account", new { account })
            )
        )!;
}
