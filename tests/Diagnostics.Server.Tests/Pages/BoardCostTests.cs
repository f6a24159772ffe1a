using System.Diagnostics;
using Diagnostics.TestKit.Server;
using Xunit.Abstractions;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>What open boards cost the server.</summary>
public sealed class BoardCostTests(ITestOutputHelper output) : IAsyncLifetime
{
    // To enter hundreds of people takes more requests than one account may send.
    private readonly TestService service = new() { More = ServerProcess.Unlimited };

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    /// <summary>
    /// The processor time of one question of a board, all of it counted: the client and the whole service are this
    /// process. A hundred boards ask ten times a second together.
    /// </summary>
    [SqliteTheory]
    [InlineData(30)]
    [InlineData(300)]
    public async Task A_hundred_open_boards_cost_next_to_nothing(int people)
    {
        var scene = await SiteScene.Make(service, people, seats: Math.Max(30, people));
        // One account may not ask as often as a hundred.
        var desks = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.Desk()));
        var state = $"{scene.Path}/board/state?by=need";
        var changed = await desks[0].Open(state);
        var tag = changed.Header("ETag");
        await Ask(100);
        var shown = Stopwatch.StartNew();
        var page = await desks[0].Open($"{scene.Path}/board");
        output.WriteLine(
            $"{people} seats: page {shown.ElapsedMilliseconds} ms, {page.Html.Length / 1024} KiB; changed {changed.Body.Length / 1024} KiB; unchanged 0 B"
        );
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        const int times = 400;
        await Ask(times);
        var each = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / times;
        var share = each * 10 / 2000;
        output.WriteLine($"{each:0.00} ms of processor time a question; 100 boards of {people} seats: {share:P2} of two cores");
        share.Should().BeLessThan(0.05);

        async Task Ask(int number)
        {
            for (var time = 0; time < number; time++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, state);
                request.Headers.Add("If-None-Match", tag);
                (await desks[time % desks.Length].Send(request)).Status.Should().Be(304);
            }
        }
    }
}
