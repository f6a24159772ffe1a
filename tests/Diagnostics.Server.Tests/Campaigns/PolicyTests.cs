using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Server.Tests.Campaigns;

using static Diagnostics.Server.Tests.Campaigns.CampaignScene;

public sealed class PolicyTests(TestService service) : IClassFixture<TestService>
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 6, 0);

    [Fact]
    public async Task The_shipped_scale_is_that_of_clause_3_4()
    {
        var scale = (await service.Admin.GetAsync($"{V1}/policies/level_scale/default/1").Json())["content"]!;

        scale["levels"]!
            .AsArray()
            .Select(level => $"{level!["fromPercent"]} {level["code"]} {level["label"]}")
            .Should()
            .Equal("0 high Высокий", "60 medium Средний", "81 minimal Минимальный или отсутствие дефицита");
        scale["levels"]![0]!["recommendation"]!
            .GetValue<string>()
            .Should()
            .Be("Профессиональное развитие по технологии индивидуального плана");
    }

    [Fact]
    public async Task A_next_version_is_numbered_by_the_service()
    {
        var body = new
        {
            kind = "marking",
            code = "numbered",
            content = new { experts = 2, leaseMinutes = 45 },
        };
        (await service.Admin.PostAsJsonAsync($"{V1}/policies", body).Json(201))["version"]!.GetValue<int>().Should().Be(1);
        (await service.Admin.PostAsJsonAsync($"{V1}/policies", body).ProblemCode(409)).Should().Be("policy-unchanged");

        (await service.Admin.PostAsJsonAsync($"{V1}/policies", body with { content = new { experts = 1, leaseMinutes = 45 } }).Json(201))[
            "version"
        ]!
            .GetValue<int>()
            .Should()
            .Be(2);

        (await service.Admin.GetAsync($"{V1}/policies/marking/numbered/1").Json())["content"]!["experts"]!.GetValue<int>().Should().Be(2);
        (await service.Admin.GetAsync($"{V1}/policies?kind=marking").Json())
            .Items()
            .Count(policy => policy!["code"]!.GetValue<string>() == "numbered")
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task A_scale_that_goes_backwards_is_refused_with_all_its_faults()
    {
        var scale = JsonNode.Parse(
            """
            {"levels": [{"code": "high", "fromPercent": 5, "label": "В", "recommendation": "р"}, {"code": "medium", "fromPercent": 5, "label": "С", "recommendation": " "}],
             "gaps": [{"fromPercent": 60, "fromInclusive": true, "toPercent": 60}], "blocks": {}, "evidence": {"minItems": 0, "minPoints": 1}, "notice": "н"}
            """
        );

        var problem = await service
            .Admin.PostAsJsonAsync(
                $"{V1}/policies",
                new
                {
                    kind = "level_scale",
                    code = "backwards",
                    content = scale,
                }
            )
            .Json(422);

        problem["code"]!.GetValue<string>().Should().Be("policy-invalid");
        problem["faults"]!.AsArray().Should().HaveCount(5);
    }

    [Fact]
    public async Task Loading_the_same_files_again_adds_nothing()
    {
        await using var fresh = await FreshDatabase.Make();

        (await PolicyFiles.Import(fresh.Database, Repository.Bank, Now)).Should().Be(17);
        (await PolicyFiles.Import(fresh.Database, Repository.Bank, Now)).Should().Be(0);
    }

    [Fact]
    public async Task A_file_that_changes_a_known_version_stops_the_start_and_is_named()
    {
        await using var fresh = await FreshDatabase.Make();
        using var bank = new TemporaryFolder();
        var file = Write(bank, "kind: session\ncode: default\nversion: 1\ncontent:\n  graceSeconds: 30\n");
        await PolicyFiles.Import(fresh.Database, bank.Path, Now);
        await File.WriteAllTextAsync(file, "kind: session\ncode: default\nversion: 1\ncontent:\n  graceSeconds: 31\n");

        var starting = () => PolicyFiles.Import(fresh.Database, bank.Path, Now);

        (await starting.Should().ThrowAsync<PolicyFilesException>()).WithMessage("policies/session.yaml: версия 1*");
        await File.WriteAllTextAsync(file, "kind: session\ncode: default\nversion: 2\ncontent:\n  graceSeconds: 31\n");
        (await starting()).Should().Be(1);
    }

    [Theory]
    [InlineData("kind: session\ncode: default\nversion: 1\n", "policies/session.yaml:1:*content*")]
    [InlineData("kind: session\ncode: default\nversion: 1\ncontent:\n  graceSeconds: soon\n", "policies/session.yaml:5:*graceSeconds*")]
    [InlineData("kind: sitting\ncode: default\nversion: 1\ncontent:\n  graceSeconds: 30\n", "policies/session.yaml:1:*kind*")]
    [InlineData("kind: session\ncode: default\nversion: 0\ncontent:\n  graceSeconds: 30\n", "policies/session.yaml:3:*version*")]
    [InlineData("kind: session\ncode: default\nversion: 1\nauthor: x\ncontent:\n  graceSeconds: 30\n", "policies/session.yaml:4:*author*")]
    [InlineData("kind: session\ncode: [a\n", "policies/session.yaml:*YAML*")]
    [InlineData("kind: session\ncode: default\nversion: 1\ncontent:\n  ? {a: b}\n  : 30\n", "policies/session.yaml:*")]
    public async Task A_broken_file_stops_the_start_with_file_and_line(string text, string message)
    {
        await using var fresh = await FreshDatabase.Make();
        using var bank = new TemporaryFolder();
        Write(bank, text);

        var starting = () => PolicyFiles.Import(fresh.Database, bank.Path, Now);

        (await starting.Should().ThrowAsync<PolicyFilesException>()).WithMessage(message);
    }

    [Fact]
    public async Task A_bank_without_the_policy_that_older_campaigns_run_by_stops_the_start_and_says_what_to_do()
    {
        await using var fresh = await FreshDatabase.Make();
        using var bank = new TemporaryFolder();
        Directory.CreateDirectory(bank.File("policies"));
        foreach (var shipped in Directory.EnumerateFiles(Path.Combine(Repository.Bank, "policies"), "*.yaml"))
            if (Path.GetFileName(shipped) != "profile.yaml")
                File.Copy(shipped, bank.File($"policies/{Path.GetFileName(shipped)}"));
        var starting = () => PolicyFiles.Import(fresh.Database, bank.Path, Now);
        await starting.Should().NotThrowAsync("nobody needs it yet");
        fresh.AddCampaignOfOldTimes();

        (await starting.Should().ThrowAsync<PolicyFilesException>()).WithMessage("*«profile/default» версии 1*policies*");
        File.Copy(Path.Combine(Repository.Bank, "policies", "profile.yaml"), bank.File("policies/profile.yaml"));
        (await starting()).Should().Be(1);
    }

    private static string Write(TemporaryFolder bank, string text)
    {
        Directory.CreateDirectory(bank.File("policies"));
        var file = bank.File("policies/session.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>A migrated database without policies.</summary>
    private sealed class FreshDatabase : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        private FreshDatabase() => Database = new Database(File);

        private string File => folder.File("diagnostics.db");

        internal Database Database { get; }

        internal static async Task<FreshDatabase> Make()
        {
            var fresh = new FreshDatabase();
            await Migrator.Migrate(fresh.Database, Now);
            return fresh;
        }

        /// <summary>Adds a published campaign without a pinned policy; its form does not matter here.</summary>
        internal void AddCampaignOfOldTimes()
        {
            using var connection = new SqliteConnection($"Data Source={File};Foreign Keys=False;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO campaigns (id, title, audience, form_id, stage, status, time_limit_minutes, applications_from,
                                       applications_to, sitting_from, sitting_to, marking_to, created_at, published_at)
                VALUES ('c', 'Прежнее', 'Учителя', 'f', 'entry', 'published', 90, '1', '2', '3', '4', '5', '0', '0')
                """;
            command.ExecuteNonQuery();
        }

        public async ValueTask DisposeAsync()
        {
            await Database.DisposeAsync();
            folder.Dispose();
        }
    }
}
