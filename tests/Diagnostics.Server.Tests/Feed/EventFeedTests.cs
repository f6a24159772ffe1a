using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Feed;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diagnostics.Server.Tests.Feed;

/// <summary>When the node stops, requests that wait for more events end properly.</summary>
public sealed class EventFeedTests
{
    [Fact]
    public async Task A_node_that_stops_ends_every_wait_without_a_fault()
    {
        using var folder = new TemporaryFolder();
        await using var database = new Database(folder.File("diagnostics.db"));
        await Migrator.Migrate(database, TestService.Start);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var feed = new EventFeed(database, lifetime);
        var waiting = Enumerable.Range(0, 20).Select(_ => feed.WaitBehind(0, TimeSpan.FromMinutes(5), CancellationToken.None)).ToList();

        lifetime.StopApplication();

        (await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(1))).Should().OnlyContain(found => !found);
    }
}
