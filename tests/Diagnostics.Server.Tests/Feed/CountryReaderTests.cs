using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Tests.Campaigns;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests.Feed;

/// <summary>
/// The reader of <c>samples/python/country.py</c> on two regions, each of which is a database of one PostgreSQL server.
/// </summary>
public sealed class CountryReaderTests
{
    private const string V1 = "/api/v1";

    [PostgresFact]
    public async Task A_country_is_read_region_by_region_and_a_person_moves_with_the_results()
    {
        using var folder = new TemporaryFolder();
        var dagestan = new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) };
        var moscow = new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) };
        try
        {
            await dagestan.InitializeAsync();
            await moscow.InitializeAsync();
            var number = CampaignScene.Unique("ext");
            var (before, after) = (await Tested(dagestan, number, Answer.Right), await Tested(moscow, number, Answer.Nothing));
            await File.WriteAllLinesAsync(folder.File("regions"), [await Line("05", dagestan), await Line("77", moscow)]);

            var stream = await Reader(folder, "sync");
            var again = await Reader(folder, "sync");
            var deficits = await Reader(folder, "deficits");
            var exported = await Reader(folder, "export", "05", $"{before}", folder.File("person.json"));
            var imported = await Reader(folder, "import", "77", $"{after}", folder.File("person.json"));
            var twice = await Reader(folder, "import", "77", $"{after}", folder.File("person.json"));
            var results = await Reader(folder, "results", "77", $"{after}");

            stream.Code.Should().Be(0, stream.Errors);
            var events = stream.Lines;
            events.Select(line => line[1]).Distinct().Should().BeEquivalentTo("05", "77");
            events.Select(line => line[0]).Should().BeInAscendingOrder(StringComparer.Ordinal, "the two feeds are one stream");
            events.Count(line => line[2] == "profile.issued").Should().BeGreaterThanOrEqualTo(2);
            again.Lines.Should().BeEmpty("nothing has happened since");

            var (right, blank) = (await Levels(dagestan, before), await Levels(moscow, after));
            deficits
                .Lines.Select(line => (Key: $"{line[1]}={line[2]}", Count: int.Parse(line[3], null)))
                .Should()
                .BeEquivalentTo(right.Concat(blank).GroupBy(level => level).Select(group => (Key: group.Key, Count: group.Count())));

            exported.Code.Should().Be(0, exported.Errors);
            (imported.Code, twice.Code).Should().Be((0, 0), imported.Errors);
            results
                .Lines.Select(line => (Region: line[0], Levels: string.Join(' ', line[3..])))
                .Should()
                .BeEquivalentTo([("05", string.Join(' ', right)), ("77", string.Join(' ', blank))], "each result comes once");
        }
        finally
        {
            await dagestan.DisposeAsync();
            await moscow.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task Results_are_not_taken_from_a_changed_file_nor_for_somebody_whom_the_region_does_not_show()
    {
        using var folder = new TemporaryFolder();
        await using var region = new DisposedService();
        await region.Service.InitializeAsync();
        var person = await Tested(region.Service, CampaignScene.Unique("ext"), Answer.Right);
        await File.WriteAllLinesAsync(folder.File("regions"), [await Line("05", region.Service)]);
        (await Reader(folder, "export", "05", $"{person}", folder.File("person.json"))).Code.Should().Be(0);

        var stranger = await Reader(folder, "import", "05", $"{Guid.NewGuid()}", folder.File("person.json"));
        var text = await File.ReadAllTextAsync(folder.File("person.json"));
        await File.WriteAllTextAsync(folder.File("person.json"), text.Replace("\"minimal\"", "\"high\"", StringComparison.Ordinal));
        var changed = await Reader(folder, "import", "05", $"{person}", folder.File("person.json"));

        (stranger.Code, changed.Code).Should().Be((1, 1));
        stranger.Errors.Should().Contain("enrol them there first");
        changed.Errors.Should().Contain("not as it was exported");
    }

    /// <summary>A region that is away must not hold up the others.</summary>
    [Fact]
    public async Task A_region_that_is_away_is_left_out()
    {
        using var folder = new TemporaryFolder();
        await using var region = new DisposedService();
        await region.Service.InitializeAsync();
        await Tested(region.Service, CampaignScene.Unique("ext"), Answer.Right);
        await File.WriteAllLinesAsync(folder.File("regions"), ["01 http://127.0.0.1:1 portal secret", await Line("05", region.Service)]);

        var stream = await Reader(folder, "sync");

        stream.Code.Should().Be(0, stream.Errors);
        stream.Errors.Should().Contain("region 01 is away");
        stream.Lines.Select(line => line[1]).Distinct().Should().Equal("05");
    }

    /// <summary>A person with a published result and with consent.</summary>
    private static async Task<Guid> Tested(
        TestService service,
        string number,
        Func<Engine.Forms.FormSlot, Engine.ItemBank.Response?> answer
    )
    {
        var scene = await Scene.Make(service);
        var person = (
            await service.Admin.PostAsJsonAsync($"{V1}/people", CampaignScene.PersonBody(territory: "82", externalId: number)).Json(201)
        )["participantId"]!.GetValue<Guid>();
        await scene.Consent(person);
        await scene.Scored(answer, person: person);
        await service.Admin.PostAsync($"{V1}/campaigns/{scene.Id}/results/publication", null).Json();
        return person;
    }

    private static async Task<IReadOnlyList<string>> Levels(TestService service, Guid person)
    {
        var profiles = (await service.Admin.GetAsync($"{V1}/people/{person}/profiles").Json())["items"]!.AsArray();
        var latest = profiles.Single(profile => profile!["isLatest"]!.GetValue<bool>())!;
        var document = await service.Admin.GetAsync($"{V1}/profiles/{latest["id"]}").Json();
        return document["blocks"]!.AsArray().Select(block => $"{block!["code"]}={block["result"]!["level"]}").ToList();
    }

    private static async Task<string> Line(string region, TestService service)
    {
        var client = CampaignScene.Unique("country");
        var made = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/clients",
                new
                {
                    clientId = client,
                    name = "Свод страны",
                    scopes = new[] { "profiles.read" },
                }
            )
            .Json(201);
        return $"{region} {service.Url} {client} {made["secret"]!.GetValue<string>()}";
    }

    private static async Task<(int Code, IReadOnlyList<string[]> Lines, string Errors)> Reader(
        TemporaryFolder folder,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "samples", "python", "country.py"), .. arguments]);
        start.Environment["DIAGNOSTICS_REGIONS"] = folder.File("regions");
        start.Environment["COUNTRY_FOLDER"] = folder.File("country");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var (code, output, errors) = await ChildProcess.Run(start);
        return (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')).ToList(), errors);
    }

    private sealed class DisposedService : IAsyncDisposable
    {
        internal TestService Service { get; } = new();

        public async ValueTask DisposeAsync() => await Service.DisposeAsync();
    }
}
