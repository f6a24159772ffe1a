using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Jobs;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

/// <summary>People are enrolled by a table: one call, one job, one report.</summary>
public sealed class EnrolmentTests(TestService service) : IClassFixture<TestService>
{
    private Database Database => service.Services.GetRequiredService<Database>();

    /// <summary>The calls that make five hundred people ready: the table, the wait for its end, and the codes.</summary>
    [Fact]
    public async Task Five_hundred_people_are_ready_with_three_calls()
    {
        var scene = await Published(service, seats: 500);
        var prefix = Unique("p");
        var csv = new StringBuilder("Фамилия;Имя;Организация;Территория;Номер\n");
        for (var number = 1; number <= 500; number++)
            csv.Append(CultureInfo.InvariantCulture, $"Магомедова;Патимат;МБОУ СОШ № {number % 20 + 1};82-701;{prefix}-{number}\n");

        var asked = await Send(scene.Admin, $"{With(scene)}&approve=true", csv.ToString()).Json(202);
        var job = await Waited(scene.Admin, asked.Id());
        var sheet = await scene.Admin.PostAsJsonAsync($"{V1}/people/enrolments/{asked.Id()}/access-codes", new { }).Json();

        (job.State(), job["result"]!.Number("done"), job["result"]!.Number("faults")).Should().Be(("finished", 500, 0));
        var codes = sheet["codes"]!.AsArray();
        codes.Select(each => each!.Number("row")).Should().Equal(Enumerable.Range(2, 500), "the headings are row 1");
        codes.Select(each => each!["code"]!.Number("seat")).Should().BeEquivalentTo(Enumerable.Range(1, 500));
        sheet["next"].Should().BeNull();
        var code = codes[137]!["code"]!;
        code["person"]!.GetValue<string>().Should().Be("Магомедова Патимат");
        using var anonymous = service.Anonymous();
        var token = await anonymous.PostAsJsonAsync($"{V1}/auth/code", new { code = code["code"]!.GetValue<string>() }).Json();
        token["access_token"].Should().NotBeNull();
        (await scene.Sessions()).Should().HaveCount(500);
        // Nothing readable is left: neither the rows that were sent nor a code.
        (await Database.Read(db => db.Value<int>("SELECT COUNT(*) FROM job_parts")))
            .Should()
            .Be(0);

        // Who has a code keeps it, unless the sheet was lost.
        var path = $"{V1}/people/enrolments/{asked.Id()}/access-codes";
        (await scene.Admin.PostAsJsonAsync(path, new { }).Json())["codes"]!.AsArray().Should().BeEmpty();
        (await scene.Admin.PostAsJsonAsync(path, new { again = true }).Json())["codes"]!.AsArray().Should().HaveCount(500);
    }

    [Fact]
    public async Task The_same_table_sent_again_changes_nothing()
    {
        var scene = await Published(service, seats: 30);
        var prefix = Unique("p");
        var csv =
            $"Фамилия;Имя;Отчество;Организация;Территория;Номер\nАлиева;Зарема;;Лицей № 8;82-701;{prefix}\nОмаров;Шамиль;Алиевич;{prefix};82-701;\n";
        var first = await Run(scene.Admin, $"{With(scene)}&approve=true", csv);

        var again = await Run(scene.Admin, $"{With(scene)}&approve=true", csv);

        (first.Job["result"]!.Number("done"), again.Job["result"]!.Number("done"), again.Job["result"]!.Number("unchanged"))
            .Should()
            .Be((2, 0, 2));
        again.Subjects.Should().Equal(first.Subjects, "both rows name the people who were enrolled before");
        (await scene.Sessions()).Should().HaveCount(2);
    }

    [Fact]
    public async Task Each_bad_row_is_named_and_the_good_ones_are_taken()
    {
        var scene = await Published(service, seats: 2);
        var prefix = Unique("p");
        var csv = $"""
            Фамилия;Имя;Организация;Территория;Номер;Почта;Площадка
            Алиева;Зарема;Лицей № 8;82-701;{prefix}-1;;
            ;Зарема;Лицей № 8;82-701;{prefix}-2;не адрес;
            Алиева;Зарема;Лицей № 8;82-701;{prefix}-1;;
            Гаджиева;Амина;Лицей № 8;82-701;{prefix}-3;;нет-такой
            Омаров;Шамиль;Лицей № 8;82-701;{prefix}-4;;
            Курбанов;Расул;Лицей № 8;82-701;{prefix}-5;;
            """;

        var (job, lines, _) = await Run(scene.Admin, $"{With(scene)}&approve=true", csv);

        (job["result"]!.Number("done"), job["result"]!.Number("faults")).Should().Be((2, 5));
        lines
            .Where(line => line["outcome"]!.GetValue<string>() == "fault")
            .Select(line => (line.Number("row"), line["field"]?.GetValue<string>(), line["code"]!.GetValue<string>()))
            .Should()
            .Equal(
                (3, "surname", "text-missing"),
                (3, "email", "email-invalid"),
                (4, "externalId", "row-repeated"),
                (5, "site", "site-not-in-campaign"),
                (7, null, "site-full")
            );
        // The seventh row got no place, so nothing of it was kept: neither the person nor the application.
        (await Enrolled(prefix))
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task All_or_none_takes_nothing_when_a_row_is_bad_and_everything_when_none_is()
    {
        var scene = await Published(service);
        var prefix = Unique("p");
        var heading = "Фамилия;Имя;Организация;Территория;Номер\n";
        var good = string.Concat(Enumerable.Range(1, 450).Select(number => $"Алиева;Зарема;Лицей № 8;82-701;{prefix}-{number}\n"));

        var (refused, lines, _) = await Run(scene.Admin, "?allOrNone=true", heading + good + $"Алиева;;Лицей № 8;82-701;{prefix}-451\n");
        var none = await Enrolled(prefix);
        var (taken, _, _) = await Run(scene.Admin, "?allOrNone=true", heading + good);

        (refused.State(), refused["result"]!.Number("done"), refused["result"]!.Number("faults"), none).Should().Be(("finished", 0, 1, 0));
        lines.Single().Number("row").Should().Be(452);
        (taken["result"]!.Number("done"), taken.Number("done"), await Enrolled(prefix)).Should().Be((450, 900, 450));
    }

    [Fact]
    public async Task A_dry_run_reports_what_would_be_done_and_does_nothing()
    {
        var scene = await Published(service);
        var prefix = Unique("p");
        var csv =
            $"surname;givenName;organisation;territory;externalId\nАлиева;Зарема;Лицей № 8;82-701;{prefix}-1\nО;;Лицей № 8;82-701;{prefix}-2\n";

        var (job, _, _) = await Run(scene.Admin, $"{With(scene)}&approve=true&dryRun=true", csv);

        (job["result"]!.Number("done"), job["result"]!.Number("faults")).Should().Be((1, 1));
        (await Enrolled(prefix)).Should().Be(0);
        (await scene.Admin.PostAsJsonAsync($"{V1}/people/enrolments/{job.Id()}/access-codes", new { }).ProblemCode(409))
            .Should()
            .Be("enrolment-without-places");
    }

    [Fact]
    public async Task A_workbook_and_rows_in_JSON_say_the_same_as_a_CSV_file()
    {
        var scene = await Published(service);
        var prefix = Unique("p");
        using var workbook = new MemoryStream();
        workbook.SaveAs(
            new[]
            {
                new Dictionary<string, object>
                {
                    ["Фамилия"] = "Алиева",
                    ["Имя"] = "Зарема",
                    ["Организация"] = "Лицей № 8",
                    ["Территория"] = "82-701",
                    ["Номер"] = $"{prefix}-x",
                },
            }
        );

        var xlsx = await Run(scene.Admin, "", workbook.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        using var answer = await scene.Admin.PostAsJsonAsync(
            $"{V1}/people/enrolments",
            new
            {
                people = new object[]
                {
                    new
                    {
                        surname = "Омаров",
                        givenName = "Шамиль",
                        organisation = "Лицей № 8",
                        territory = "82-701",
                        externalId = $"{prefix}-j",
                    },
                    new { surname = "Омаров" },
                },
            }
        );
        var json = await JobScene.Over(scene.Admin, (await Task.FromResult(answer).Json(202)).Id());

        (xlsx.Job["result"]!.Number("done"), json["result"]!.Number("done"), json["result"]!.Number("faults")).Should().Be((1, 1, 3));
        (await Enrolled(prefix)).Should().Be(2);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_and_a_request_without_sense_are_refused_at_once()
    {
        var scene = await Published(service);
        const string Good = "Фамилия;Имя;Организация;Территория\nАлиева;Зарема;Лицей;82-701\n";

        (await Send(scene.Admin, "", "Фамилия;Имя;Территория\nА;Б;82\n").ProblemCode(422)).Should().Be("table-headings");
        (await Send(scene.Admin, "", "Фамилия;Имя;Организация;Территория;Возраст\n").ProblemCode(422)).Should().Be("table-headings");
        (await Send(scene.Admin, "", "Фамилия;Имя;Организация;Территория\n").ProblemCode(422)).Should().Be("table-broken");
        (await Send(scene.Admin, "?approve=true", Good).ProblemCode(422)).Should().Be("campaign-missing");
        (await Send(scene.Admin, $"?campaignId={scene.Campaign}", Good).ProblemCode(422)).Should().Be("consent-missing");
        (await Send(scene.Admin, $"?campaignId={Guid.Empty}", Good).ProblemCode(404)).Should().Be("campaign-not-found");
    }

    /// <summary>A portal enrols people of its own territory only, and gives no places.</summary>
    [Fact]
    public async Task A_portal_enrols_by_table_within_its_rights()
    {
        var scene = await Published(service);
        var prefix = Unique("p");
        using var portal = await scene.Portal("82-701", "people.enrol");
        var csv =
            $"Фамилия;Имя;Организация;Территория;Номер\nАлиева;Зарема;Лицей;82-701;{prefix}-1\nАлиева;Зарема;Лицей;82-702;{prefix}-2\n";

        var (job, lines, _) = await Run(portal, With(scene), csv);

        (job["result"]!.Number("done"), job["result"]!.Number("faults")).Should().Be((1, 1));
        lines[1]["code"]!.GetValue<string>().Should().Be("not-your-territory");
        (await Send(portal, $"{With(scene)}&approve=true", csv).ProblemCode(403)).Should().Be("not-your-campaign");
    }

    private static string With(CampaignScene scene) =>
        $"?campaignId={scene.Campaign}&siteId={scene.Site}&consentCode=participation&consentVersion=2&dataProcessingVersion=1";

    private Task<int> Enrolled(string prefix) =>
        Database.Read(db => db.Value<int>("SELECT COUNT(*) FROM people WHERE external_id LIKE @like", new { like = prefix + "-%" }));

    private static Task<HttpResponseMessage> Send(HttpClient client, string query, string csv) =>
        Send(client, query, Encoding.UTF8.GetBytes(csv), "text/csv");

    private static Task<HttpResponseMessage> Send(HttpClient client, string query, byte[] file, string type)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return client.PostAsync($"{V1}/people/enrolments{query}", content);
    }

    private static Task<(JsonNode Job, IReadOnlyList<JsonNode> Lines, IReadOnlyList<string> Subjects)> Run(
        HttpClient client,
        string query,
        string csv
    ) => Run(client, query, Encoding.UTF8.GetBytes(csv), "text/csv");

    private static async Task<(JsonNode Job, IReadOnlyList<JsonNode> Lines, IReadOnlyList<string> Subjects)> Run(
        HttpClient client,
        string query,
        byte[] file,
        string type
    )
    {
        var id = (await Send(client, query, file, type).Json(202)).Id();
        var job = await JobScene.Over(client, id);
        job.State().Should().Be("finished", job.ToJsonString());
        var lines = (await client.GetAsync($"{V1}/jobs/{id}/lines?limit=500").Json()).Items().Select(line => line!).ToList();
        return (job, lines, lines.Select(line => line["subject"]?.GetValue<string>()).OfType<string>().ToList());
    }

    private static Task<JsonNode> Waited(HttpClient client, Guid id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{V1}/jobs/{id}");
        request.Headers.Add("Prefer", "wait=30");
        return client.SendAsync(request).Json();
    }
}
