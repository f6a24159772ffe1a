using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>People on pages.</summary>
/// <param name="OpenWithin">Seconds within which everybody opens the first page, evenly.</param>
/// <param name="Seconds">How long they stay.</param>
/// <param name="Waiting">Share of people whose test has not begun.</param>
internal sealed record PagesPlan(int People, int OpenWithin, int Seconds, double Waiting, long Seed);

/// <param name="Page">All pages together; must stay under 300 ms at the 99th percentile.</param>
/// <param name="Test">The page of the running test alone.</param>
/// <param name="Save">Must stay under 150 ms at the 99th percentile.</param>
/// <param name="File">Modules, stylesheets.</param>
/// <param name="Errors">By request and status; must be empty.</param>
/// <param name="ServiceCores">Processor seconds per second of the service; the generator has the rest of the
/// machine.</param>
internal sealed record PagesReport(
    PagesPlan Plan, string Provider, double Seconds, Rate Page, Rate Test, Rate Other, Rate Save, Rate Poll, Rate File,
    IReadOnlyDictionary<string, int> Errors, IReadOnlyDictionary<string, int> Retries, double ServiceCores, double ResidentMegabytes, ServerLoad? Postgres)
{
    internal bool Holds => Errors.Count == 0 && Page.P99 < 300 && Save.P99 < 150;
}

/// <summary>
/// The browsers of a morning. Most people sit a test, whose page saves and asks for the time; the others sit in the
/// waiting room and read. Everybody opens the first page with its files, like a browser without any of them.
/// </summary>
internal static partial class Pages
{
    // The intervals of the pages' modules.
    private const double PollOfTest = 30, PollOfRoom = 10;

    private const double SaveEvery = 20, ReloadEvery = 300, ReadEvery = 20;

    /// <summary>Slots of type single_choice in the teachers' blueprint.</summary>
    private static readonly int[] Choices = [1, 3, 11, 16, 17, 21];

    internal static async Task<PagesReport> Run(PagesPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.People} people");
        var waiting = (int)(plan.People * plan.Waiting);
        List<Sitting> desks = [.. Enumerable.Repeat(Sitting.Scheduled, waiting), .. Enumerable.Repeat(Sitting.Started, plan.People - waiting)];
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, desks, experts: 0, database.Settings);
        var postgres = await PostgresProcesses.Of(database);
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, database.Settings);
        var measures = new Measures();
        await WarmUp(exam.Desks[0], exam.Desks[^1], server.Port);
        await progress.WriteLineAsync("people open their pages");
        var watch = Stopwatch.StartNew();
        var (before, postgresBefore) = (server.ProcessorTime(), postgres?.ProcessorTime() ?? default);
        var over = TimeSpan.FromSeconds(plan.OpenWithin + plan.Seconds);
        await Task.WhenAll(exam.Desks.Select((desk, place) => Task.Run(() => new Person(
            desk, place < waiting, server.Port, measures, SeededRandom.For(plan.Seed, place.ToString(CultureInfo.InvariantCulture)), watch, over)
            .Stay(TimeSpan.FromSeconds(plan.OpenWithin * ((place * 7919L) % plan.People) / (double)plan.People)))));
        var seconds = watch.Elapsed.TotalSeconds;
        var load = postgres is null ? null : new ServerLoad((postgres.ProcessorTime() - postgresBefore).TotalSeconds / seconds, postgres.ResidentMegabytes());
        return new(plan, database.Provider, seconds, measures.Rate("page", seconds), measures.Rate("test", seconds), measures.Rate("other", seconds),
            measures.Rate("save", seconds), measures.Rate("poll", seconds), measures.Rate("file", seconds), measures.Errors, measures.Retries,
            (server.ProcessorTime() - before).TotalSeconds / seconds, server.ResidentMegabytes(), load);
    }

    /// <summary>
    /// A node that has just started compiles each page at its first request; no real morning begins like this.
    /// </summary>
    private static async Task WarmUp(Desk waits, Desk sits, int port)
    {
        using var one = new Line(port, waits.Token, kept: true, browser: true);
        using var other = new Line(port, sits.Token, kept: true, browser: true);
        for (var turn = 0; turn < 30; turn++)
        {
            await other.Send("GET", $"/sessions/{sits.SessionId}/test", null);
            foreach (var page in PagesToRead(waits)) await one.Send("GET", page, null);
        }
    }

    private static string[] PagesToRead(Desk desk) => ["/", $"/sessions/{desk.SessionId}", "/help", "/results", "/appeals", "/account"];

    [GeneratedRegex("(?:href|src)=\"(/a/[^\"]+)\"")]
    private static partial Regex Files();

    private sealed class Person(
        Desk desk, bool waits, int port, Measures measures, SeededRandom random, Stopwatch watch, TimeSpan over)
    {
        private readonly Line browser = new(port, desk.Token, kept: true, browser: true);
        private readonly int[] revisions = new int[Choices.Length];
        private readonly string session = $"/api/v1/sessions/{desk.SessionId}";
        private int saves, looks;

        internal async Task Stay(TimeSpan comes)
        {
            using var end = browser;
            await Task.Delay(comes);
            var first = waits ? $"/sessions/{desk.SessionId}" : $"/sessions/{desk.SessionId}/test";
            await OpenWithFiles(first);
            // The next actions and their times; each repeats after about its interval.
            List<(TimeSpan At, double Every, Func<Task> Act)> next = waits
                ? [Soon(PollOfRoom, Poll), Soon(ReadEvery, Read)]
                : [Soon(PollOfTest, Poll), Soon(SaveEvery, Save), Soon(ReloadEvery, () => Open("test", first))];
            while (true)
            {
                var at = next.IndexOf(next.MinBy(each => each.At));
                var (due, every, act) = next[at];
                if (due > over) return;
                if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed);
                await act();
                next[at] = (watch.Elapsed + TimeSpan.FromSeconds(every * (0.8 + 0.4 * random.NextDouble())), every, act);
            }
        }

        private (TimeSpan At, double Every, Func<Task> Act) Soon(double every, Func<Task> act) =>
            (watch.Elapsed + TimeSpan.FromSeconds(every * random.NextDouble()), every, act);

        private async Task OpenWithFiles(string path)
        {
            await Open(waits ? "other" : "test", path);
            // The page came compressed; its files are known, since they are the same for everybody.
            foreach (var file in await FilesOf(waits ? "waiting" : "test", path)) await measures.Send(browser, "file", "GET", file, null);
        }

        private async Task Open(string kind, string path)
        {
            var began = watch.Elapsed;
            if ((await measures.Send(browser, kind, "GET", path, null)).Length > 0) measures.Took("page", watch.Elapsed - began);
        }

        private Task Read()
        {
            var pages = PagesToRead(desk);
            return Open("other", pages[looks++ % pages.Length]);
        }

        private Task Poll() => measures.Send(browser, "poll", "GET", session, null);

        private async Task Save()
        {
            var place = saves++ % Choices.Length;
            var answer = await measures.Send(browser, "save", "PUT", $"{session}/responses/{Choices[place]}",
                $$"""{"baseRevision":{{revisions[place]}},"response":{"type":"single_choice","option":"{{1 + saves % 4}}"} }""");
            if (answer.Length > 0) revisions[place] = JsonNode.Parse(answer)!["revision"]!.GetValue<int>();
        }

        /// <summary>The files of a kind of page, read once by a client that accepts no compression.</summary>
        private async Task<IReadOnlyList<string>> FilesOf(string kind, string path) => await KnownFiles.GetOrAdd(kind, _ => new(async () =>
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            http.DefaultRequestHeaders.Add("Cookie", $"diagnostics={desk.Token}");
            http.DefaultRequestHeaders.Add("Accept", "text/html");
            return Files().Matches(await http.GetStringAsync(path)).Select(match => match.Groups[1].Value).Distinct().ToList();
        })).Value;

        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<string>>>> KnownFiles = new();
    }
}
