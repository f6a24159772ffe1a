using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Configuration;

namespace Diagnostics.Server.Tests.Operations;

public sealed class HealthTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Readiness_tells_the_database_and_its_schema_and_no_secret()
    {
        var ready = await service.Anonymous().GetAsync("/health/ready").Json();

        ready.AsObject().Select(field => field.Key).Should().Equal("status", "provider", "schema", "pendingMigrations", "queueLength");
        ready["status"]!.GetValue<string>().Should().Be("ok");
        ready["provider"]!.GetValue<string>().Should().BeOneOf("sqlite", "postgres", "sqlserver");
        ready["schema"]!.GetValue<string>().Should().MatchRegex(@"^\d{4}_\w+\.sql$");
        ready["pendingMigrations"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_schema_that_is_behind_is_named()
    {
        using var folder = new Diagnostics.TestKit.TemporaryFolder();
        await using var app = Service.Build([
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={folder.Path}",
            "--Logging:LogLevel:Default=None",
            "--Database:Provider=sqlite",
        ]);
        await app.StartAsync();
        using var client = new HttpClient();
        var problem = await client.GetAsync($"{app.Urls.Single()}/health/ready").Json(503);

        problem["code"]!.GetValue<string>().Should().Be("not-migrated");
        problem["provider"]!.GetValue<string>().Should().Be("sqlite");
        problem["pendingMigrations"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Contain("0001_initial.sql");
        problem.ToJsonString().Should().NotContain(folder.Path);
        (await HealthVerb.Run(app.Urls.Single(), TextWriter.Null)).Should().Be(1, "not ready is not healthy");
        await app.StopAsync();
    }

    [Fact]
    public async Task The_verb_tells_ready_from_not_ready_and_from_not_there()
    {
        (await HealthVerb.Run(service.Url, TextWriter.Null)).Should().Be(0);
        (await HealthVerb.Run("http://127.0.0.1:1", TextWriter.Null)).Should().Be(1);
        (await HealthVerb.Run("nowhere", TextWriter.Null)).Should().Be(1);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", "http://localhost:5080")]
    [InlineData("http://+:80;https://+:443", "http://localhost:80")]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData(null, "http://localhost:5080")]
    public void It_asks_where_its_own_settings_listen(string? urls, string asked) =>
        HealthVerb
            .Own(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Urls"] = urls }).Build())
            .Should()
            .Be(asked);
}
