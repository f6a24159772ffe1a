using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>Each test spoils its own audit trail.</summary>
public sealed class AuditPageTests : IAsyncLifetime
{
    private readonly TestService service = new();
    private Browser auditor = null!;

    private Database Database => service.Services.GetRequiredService<Database>();

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        auditor = await BrowserOf("auditor");
    }

    public async Task DisposeAsync()
    {
        auditor.Dispose();
        await service.DisposeAsync();
    }

    [Fact]
    public async Task The_trail_is_searched_by_who_what_which_and_when()
    {
        // The clock of the service stands at a known moment; entries are made on three days.
        var first = service.Clock.GetCurrentInstant();
        await Enter(first, "0190aaaa-0000-7000-8000-000000000001", "appeal.admitted", "appeal:1");
        await Enter(first + Duration.FromDays(1), "0190aaaa-0000-7000-8000-000000000001", "appeal.decided", "appeal:1");
        await Enter(first + Duration.FromDays(2), "client:portal", "person.read", "person:2");
        var day = first.InZone(DateTimeZoneProviders.Tzdb["Europe/Moscow"]).Date;
        string On(int days) => day.PlusDays(days).ToString("dd.MM.uuuu", System.Globalization.CultureInfo.InvariantCulture);

        (await Found("who=0190AAAA-0000-7000-8000-000000000001")).Should().Equal("appeal.decided", "appeal.admitted");
        (await Found("action=appeal.")).Should().Equal("appeal.decided", "appeal.admitted");
        (await Found("action=appeal.decided")).Should().Equal("appeal.decided");
        (await Found("action=appeal")).Should().BeEmpty("a code is looked for whole");
        (await Found("subject=person:2")).Should().Equal("person.read");
        (await Found($"from={On(1)}&to={On(1)}")).Should().Equal("appeal.decided");
        (await Found($"from={On(1)}")).Should().Equal("person.read", "appeal.decided");
        (await Found("who=client:portal&action=appeal.")).Should().BeEmpty();
        (await Found("who=ADMIN")).Should().NotBeEmpty("a member of staff is found by name").And.NotContain("person.read");

        var wrong = await auditor.Open("/audit?from=вчера");
        (wrong.Status, wrong.Main.Contains("Напишите время как", StringComparison.Ordinal)).Should().Be((422, true));
        wrong.Find("#from").GetAttribute("value").Should().Be("вчера");
        var file = await auditor.Open("/audit?action=appeal.&as=csv");
        file.Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(3)
            .And.Contain(line => line.Contains("appeal.decided;"));
        // Sorting keeps the search.
        var sorted = (await auditor.Open("/audit?action=appeal.")).Find("thead a").GetAttribute("href")!;
        (await auditor.Open(sorted)).Main.Should().Contain("Найдено 2");
    }

    [Fact]
    public async Task The_whole_trail_is_found_part_by_part_in_both_directions()
    {
        var now = service.Clock.GetCurrentInstant();
        for (var number = 1; number <= 120; number++)
            await Enter(now, "client:portal", number % 2 == 0 ? "profile.read" : "person.read", $"person:{number}");

        var newest = await auditor.Open("/audit?who=client:portal&action=person.read");
        var oldest = await auditor.Open(newest.Find("thead a").GetAttribute("href")!);
        var behind = await auditor.Open(newest.Find("a[rel=next]").GetAttribute("href")!);
        var again = await auditor.Open(behind.Find("a[rel=prev]").GetAttribute("href")!);
        var file = await auditor.Open(behind.Find(".table-files a").GetAttribute("href")!);

        Subjects(newest).Should().Equal(Enumerable.Range(0, 50).Select(step => $"person:{119 - (2 * step)}"));
        newest.Main.Should().Contain("Найдено 60");
        Subjects(behind).Should().Equal(Enumerable.Range(0, 10).Select(step => $"person:{19 - (2 * step)}"));
        behind.Document.QuerySelectorAll("a[rel=next]").Should().BeEmpty();
        Subjects(again).Should().Equal(Subjects(newest));
        again.Document.QuerySelectorAll("a[rel=prev]").Should().BeEmpty();
        Subjects(oldest).Should().Equal(Enumerable.Range(0, 50).Select(step => $"person:{1 + (2 * step)}"));
        Subjects(await auditor.Open(oldest.Find("a[rel=next]").GetAttribute("href")!)).Should().HaveCount(10).And.StartWith("person:101");
        file.Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(61, "the file has all that were found");

        static IEnumerable<string> Subjects(Shown page) =>
            page.Document.QuerySelectorAll("tbody a[href*='subject=']").Select(link => link.TextContent.Trim()).ToList();
    }

    [Fact]
    public async Task The_verification_says_in_words_what_it_found()
    {
        (await Verify()).Should().Contain("Журнал цел");

        await Enter(service.Clock.GetCurrentInstant(), "client:portal", "person.read", "person:2");
        var last = (await Database.Read(AuditStore.Head))!.Number;
        await Database.Write(async db =>
        {
            await db.Execute("DROP TRIGGER audit_entries_keep_update", new { });
            await db.Execute("UPDATE audit_entries SET action = 'person.erased' WHERE number = @last", new { last });
            return 0;
        });

        (await Verify()).Should().Contain($"Журнал нарушен: запись {last}").And.Contain("запись изменили");

        async Task<string> Verify() => (await auditor.Submit(await auditor.Open("/audit/verification"), "main form")).Main;
    }

    [Fact]
    public async Task The_trail_is_the_auditors_and_an_administrator_may_only_verify_it()
    {
        using var administrator = await Browser.Of(service, "admin", service.AdminPassword);
        using var author = await BrowserOf("author");

        (await auditor.Open("/audit")).Find(".menu a[aria-current]").GetAttribute("href").Should().Be("/audit");
        (await administrator.Open("/audit")).Status.Should().Be(403);
        (await administrator.Open("/audit/verification")).Status.Should().Be(200);
        (await administrator.Open("/")).Html.Should().NotContain("href=\"/audit\"").And.Contain("href=\"/audit/verification\"");
        foreach (var path in new[] { "/audit", "/audit/verification", "/audit?as=xlsx" })
            (await author.Open(path)).Status.Should().Be(403, path);
        (await author.Open("/")).Html.Should().NotContain("href=\"/audit");
        (await auditor.Open("/cases")).Status.Should().Be(403);
    }

    private async Task<IReadOnlyList<string>> Found(string query) =>
        (await auditor.Open($"/audit?{query}"))
            .Document.QuerySelectorAll("tbody tr")
            .Select(row =>
                row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).First(text => text.Contains('.') && !text.Contains(' '))
            )
            .ToList();

    private Task Enter(Instant at, string actor, string action, string subject) =>
        Database.Write(async db =>
        {
            await AuditStore.Append(db, at, actor, action, subject);
            return 0;
        });

    private async Task<Browser> BrowserOf(string role)
    {
        var (userName, password) = await PageScene.Staff(service, role);
        return await Browser.Of(service, userName, password);
    }
}
