using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Tests.Appeals;
using Diagnostics.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Xunit.Abstractions;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>
/// The statements for one view of a page, as reported by SQLite itself. Thousands of people open the exam page in the
/// same minute; on other pages, a person with more applications and sessions must not cause more statements.
/// </summary>
public sealed class PageStatementsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TestService service = new();
    private readonly List<string> told = [];
    private readonly List<string> over = [];

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [SqliteFact]
    public async Task Pages_up_to_the_receipt_ask_the_database_no_more_often_than_this()
    {
        var scene = await PageScene.Make(service);
        var (browser, application, session) = await scene.Scheduled();
        using var person = browser;
        using var nobody = new Browser(service);
        Listen();

        await Asks(nobody, "/sign-in", 0);
        await Asks(browser, "/", 18);
        await Asks(browser, $"/campaigns/{scene.Region.Campaign}", 13);
        await Asks(browser, $"/applications/{application}", 14);
        await Asks(browser, "/account", 5);
        await Asks(browser, "/help", 2);
        await Asks(browser, $"/sessions/{session}", 14);
        await scene.Admit(session);
        (await browser.Submit(await browser.Open($"/sessions/{session}"), "#room-start")).Status.Should().Be(303);
        await Asks(browser, $"/sessions/{session}/test", 2);
        over.Should().BeEmpty();
    }

    [SqliteFact]
    public async Task Pages_after_the_test_ask_the_database_no_more_often_than_this()
    {
        var scene = await AppealScene.Make(service);
        var (_, userName, password) = await PageScene.AccountOf(service, scene.Person);
        using var browser = await Browser.Of(service, userName, password);
        Listen();

        var result = new Uri(
            new Uri(service.Url),
            (await browser.Open("/results")).Find("main .cards a").GetAttribute("href")!
        ).AbsolutePath;
        await Asks(browser, "/", 15);
        await Asks(browser, $"/sessions/{scene.Session}/receipt", 6);
        await Asks(browser, "/results", 18);
        await Asks(browser, result, 29);
        await Asks(browser, $"{result}/sheet", 2);
        await Asks(browser, "/appeals", 27);
        await Asks(browser, $"/appeals/sessions/{scene.Session}", 26);
        over.Should().BeEmpty();
    }

    /// <summary>More appeals before a commission must not cause more statements.</summary>
    [SqliteFact]
    public async Task Pages_of_the_commission_ask_the_database_no_more_often_than_this()
    {
        using var scene = await CaseScene.Make(service);
        var appeal = await scene.File();
        await scene.Appeals.Consider(appeal);
        await AppealScene.Do(scene.Appeals.Chair, appeal, "earlier-marks").Json();
        await scene.Appeals.Propose(appeal, "satisfied_up", scene.Appeals.Criteria(full: true)).Json(201);
        var chair = await scene.Member(0);
        Listen();

        await Asks(chair, "/cases", 7);
        await Asks(chair, $"/cases/{appeal}", 30);
        var slots = scene.Appeals.Scene.Slots().Where(slot => slot.Item.Type == ItemType.ExtendedResponse).ToList();
        slots.Should().HaveCountGreaterThan(1);
        foreach (var slot in slots.Skip(1))
            (await scene.File(slot.Slot)).Should().NotBe(appeal);
        await Asks(chair, "/cases", 7);
        over.Should().BeEmpty();
    }

    [SqliteFact]
    public async Task Pages_of_those_who_lead_marking_ask_no_more_often_when_there_is_more_to_mark()
    {
        var scene = await CommissionScene.Make(service, 3);
        using var chair = await scene.Desk(scene.Chair);
        Listen();
        await Look();
        await scene.MarkAll(apart: true);
        await Look();
        over.Should().BeEmpty();

        async Task Look()
        {
            await Asks(chair, scene.Path, 20);
            await Asks(chair, $"{scene.Path}/scripts", 11);
            await Asks(chair, $"{scene.Path}/experts", 26);
            await Asks(chair, $"{scene.Path}/publication", 20);
        }
    }

    /// <summary>A region announces a dozen campaigns at once, and a person applies to one after another for years.</summary>
    [SqliteFact]
    public async Task Home_asks_no_more_often_when_there_are_more_campaigns()
    {
        var scene = await PageScene.Make(service);
        var (browser, _) = await scene.Applied();
        using var person = browser;
        Listen();
        await Asks(browser, "/", 18);
        for (var more = 0; more < 6; more++)
        {
            var campaign = await scene.Region.AddDraft(scene.Region.Site);
            await scene.Region.Publish(campaign).Json();
            if (more % 2 == 0)
                continue;
            var form = await browser.Open($"/campaigns/{campaign}");
            var filed = await browser.Submit(
                form,
                "main form",
                ("site", scene.Region.Site.ToString()),
                ("consent", "2"),
                ("processing", "1")
            );
            filed.Status.Should().Be(303, filed.Main);
        }

        await Asks(browser, "/", 18);

        (await browser.Open("/")).Document.QuerySelectorAll("main .card").Should().HaveCount(7);
        over.Should().BeEmpty();
    }

    private async Task Asks(Browser browser, string path, int most)
    {
        var least = int.MaxValue;
        string[] asked = [];
        // The service's background work may add statements to one view, but not to every view, so the smallest count
        // belongs to the page alone.
        for (var look = 0; look < 4; look++)
        {
            lock (told)
                told.Clear();
            (await browser.Open(path)).Status.Should().Be(200, path);
            lock (told)
                if (told.Count < least)
                    (least, asked) = (told.Count, [.. told]);
        }
        output.WriteLine($"{least, 3}  {path}");
        if (least <= most)
            return;
        over.Add($"{path}: {least} statements, at most {most}");
        foreach (var statement in asked)
            output.WriteLine($"       {System.Text.RegularExpressions.Regex.Replace(statement, @"\s+", " ")}");
    }

    /// <summary>
    /// Opens traced connections and returns them to the pool. Readers take the connections that were last returned, so
    /// SQLite reports the readers' statements.
    /// </summary>
    private void Listen()
    {
        var file = Directory.EnumerateFiles(service.DataFolder, "*.db").Single();
        var connections = new List<SqliteConnection>();
        for (var reader = 0; reader < 8; reader++)
        {
            connections.Add(SqliteConnections.Open(SqliteConnections.ConnectionString(file)));
            raw.sqlite3_trace(
                connections[^1].Handle,
                (_, statement) =>
                {
                    if (
                        !statement.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase)
                        && !statement.StartsWith("WITH", StringComparison.OrdinalIgnoreCase)
                    )
                        return;
                    lock (told)
                        told.Add(statement);
                },
                null
            );
        }
        foreach (var connection in connections)
            connection.Dispose();
    }
}
