using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Jobs;
using Diagnostics.Storage;
using Diagnostics.Storage.Jobs;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Testing;

namespace Diagnostics.Server.Tests;

/// <summary>Two nodes of the service on one PostgreSQL.</summary>
public sealed partial class TwoNodesTests
{
    [PostgresFact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_agree_on_one_administrator_and_know_each_others_tokens()
    {
        var connection = await PostgresDatabases.CreateMigrated(SystemClock.Instance.GetCurrentInstant());
        using var folder = new TemporaryFolder();
        var nodes = Enumerable
            .Range(1, 2)
            .Select(number => (App: Node(connection, folder.File($"node{number}")), Output: new StringWriter()))
            .ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => Startup.Prepare(node.App.Services, node.Output))));
        foreach (var (app, _) in nodes)
            await app.StartAsync();

        var password = nodes.Select(node => Password().Match(node.Output.ToString())).Single(match => match.Success).Groups[1].Value;
        nodes.Should().OnlyContain(node => node.Output.ToString().Contains("Банк заданий: 176 заданий", StringComparison.Ordinal));
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = (await TestService.Choose(nodes[0].App.Urls.Single(), "admin", password))
            .DefaultRequestHeaders
            .Authorization;
        foreach (var (app, _) in nodes)
            (await client.GetAsync($"{app.Urls.Single()}/api/v1/accounts").Json())["items"]!.AsArray().Should().ContainSingle();

        foreach (var (app, _) in nodes)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await PostgresDatabases.Drop(connection);
    }

    /// <summary>
    /// Every finish reaches both nodes at the same time, and both look for sessions whose time is over.
    /// </summary>
    [PostgresFact]
    public async Task A_session_is_finished_expired_and_scored_once_whichever_nodes_are_at_it()
    {
        var connection = await PostgresDatabases.SetClock(await PostgresDatabases.CreateMigrated(TestService.Start), now: null);
        using var folder = new TemporaryFolder();
        var clock = new FakeClock(TestService.Start);
        var nodes = Enumerable.Range(1, 2).Select(number => Node(connection, folder.File($"node{number}"), clock)).ToList();
        foreach (var node in nodes)
            await Startup.Prepare(node.Services, TextWriter.Null);
        foreach (var node in nodes)
            await node.StartAsync();
        var exam = await Exam.Populate(nodes[0].Services, folder.Path, desks: 30);

        var receipts = await Task.WhenAll(
            exam.Desks.Take(15).Select(async desk => await Task.WhenAll(nodes.Select(node => Finish(node, desk))))
        );
        clock.Advance(Duration.FromHours(4));
        var database = nodes[0].Services.GetRequiredService<Database>();
        await Wait.Until(
            "every session is scored, because both nodes look by themselves",
            () => database.Read(db => db.Value<int>("SELECT COUNT(*) FROM sessions WHERE scored_at IS NULL")),
            left => left == 0
        );

        receipts.Should().OnlyContain(both => both.Distinct().Count() == 1, "the second answer is the receipt of the first");
        var ended = await database.Read(db =>
            db.Query<string>(
                """
                SELECT s.state || ' ' || e.kind || ' ' || COUNT(*) FROM sessions AS s JOIN session_events AS e ON e.session_id = s.id GROUP BY s.id, s.state, e.kind
                """
            )
        );
        ended
            .CountBy(what => what)
            .Should()
            .BeEquivalentTo(new Dictionary<string, int> { ["finished finish 1"] = 15, ["expired expire 1"] = 15 });
        (await database.Read(db => db.Query<int>("SELECT DISTINCT number FROM marking_rounds"))).Should().Equal(1);
        (await database.Read(db => db.Value<int>("SELECT COUNT(*) FROM marking_rounds")))
            .Should()
            .Be(30 * 24, "every slot of every session has one score");

        foreach (var node in nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }
        await PostgresDatabases.Drop(connection);
    }

    private static async Task<string> Finish(WebApplication node, Desk desk)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", desk.Token);
        return (
            await client
                .PostAsJsonAsync(
                    $"{node.Urls.Single()}/api/v1/sessions/{desk.SessionId}/finish",
                    new { manifest = new Dictionary<string, int>() }
                )
                .Json()
        ).ToJsonString();
    }

    /// <summary>Both nodes look for jobs, and each piece of work would violate a key if it were done twice.</summary>
    [PostgresFact]
    public async Task Jobs_are_shared_by_the_nodes_and_each_piece_of_work_is_done_once()
    {
        const int jobs = 8;
        const int pieces = 200;
        var connection = await PostgresDatabases.CreateMigrated(SystemClock.Instance.GetCurrentInstant());
        using var folder = new TemporaryFolder();
        var nodesOf = new ConcurrentDictionary<(int Node, Guid Job), bool>();
        var kinds = Enumerable.Range(0, 2).Select(node => new CountingKind { Before = (job, _) => Note(node, job) }).ToList();
        var nodes = kinds.Select((kind, node) => Node(connection, folder.File($"node{node}"), kind: kind)).ToList();
        foreach (var node in nodes)
            await Startup.Prepare(node.Services, TextWriter.Null);
        foreach (var node in nodes)
            await node.StartAsync();

        var ids = new List<Guid>();
        for (var job = 0; job < jobs; job++)
            ids.Add(await JobScene.Ask(nodes[0].Services, kinds[0], pieces));
        var database = nodes[0].Services.GetRequiredService<Database>();
        await Wait.Until(
            "all jobs are finished",
            () => database.Read(db => db.Value<int>("SELECT COUNT(*) FROM jobs WHERE state = 'finished' AND done = total")),
            finished => finished == jobs
        );

        foreach (var id in ids)
            (await CountingKind.Done(database, id, pieces)).Should().HaveCount(pieces);
        nodesOf.Keys.Select(key => key.Node).Distinct().Should().HaveCount(2, "a node does two jobs at a time and there are eight");
        foreach (var app in nodes)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        await PostgresDatabases.Drop(connection);

        Task Note(int node, JobRow job)
        {
            nodesOf[(node, job.Id)] = true;
            // Slow enough for the other node to find some of the jobs waiting.
            return Task.Delay(100);
        }
    }

    private static WebApplication Node(string connection, string data, IClock? clock = null, JobKind? kind = null) =>
        Service.Build(
            [
                "--Urls=http://127.0.0.1:0",
                $"--Diagnostics:Data={data}",
                $"--Diagnostics:Bank={Repository.Bank}",
                "--Logging:LogLevel:Default=Warning",
                .. TestService.OnPostgres(connection),
            ],
            services =>
            {
                if (clock is not null)
                    services.AddSingleton(clock);
                if (kind is not null)
                    services.AddSingleton(kind);
            }
        );

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex Password();
}
