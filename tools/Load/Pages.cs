using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Engine;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>The people of a run and what they do with the pages.</summary>
/// <param name="OpenWithin">Seconds within which everybody opens the first page, evenly.</param>
/// <param name="Seconds">Seconds for which people stay.</param>
/// <param name="Waiting">Share of people whose exam has not begun.</param>
internal sealed record PagesPlan(int People, int OpenWithin, int Seconds, double Waiting, long Seed);

/// <param name="Page">All pages together; must stay under 300 ms at the 99th percentile.</param>
/// <param name="Test">The exam page alone.</param>
/// <param name="Save">Must stay under 150 ms at the 99th percentile.</param>
/// <param name="File">Requests for modules, stylesheets and pictures of items.</param>
/// <param name="Check">The waiting room's check of the connection.</param>
/// <param name="Note">A page's own report for the session's log, for example that somebody looked elsewhere and came
/// back.</param>
/// <param name="Errors">Number of errors by request and status; must be empty.</param>
/// <param name="ServiceCores">Processor seconds that the service used per second; the generator has the rest of the
/// machine.</param>
internal sealed record PagesReport(
    PagesPlan Plan,
    string Provider,
    double Seconds,
    Rate Page,
    Rate Test,
    Rate Other,
    Rate Save,
    Rate Poll,
    Rate File,
    Rate Check,
    Rate Note,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyDictionary<string, int> Retries,
    double ServiceCores,
    double ResidentMegabytes,
    ServerLoad? Postgres
)
{
    internal bool Errorless => Errors.Count == 0;

    internal bool Fast => Page.P99 < 300 && Save.P99 < 150;
}

/// <summary>
/// The browsers of an exam morning. Most of them show the exam page, which saves answers and asks for the time; the
/// others are in the waiting room and read the pages there. Everybody opens the first page with its files and pictures,
/// like a browser with an empty cache. Signing in is left out: <c>morning</c> measures it.
/// </summary>
internal static partial class Pages
{
    // The intervals, in seconds, at which the modules of the pages poll the service.
    private const double PollOfTest = 30,
        PollOfRoom = 10;

    // A person takes a minute or two for an item, and text is sent every few seconds during typing, so on average a
    // person saves about this often.
    private const double SaveEvery = 20,
        ReloadEvery = 300,
        ReadEvery = 20,
        LookAwayEvery = 240;

    /// <summary>
    /// Slots of the teachers' blueprint in the order of saving: six with a choice and, after each of them, the slot
    /// with a growing text.
    /// </summary>
    private static readonly int[] Slots = [1, 8, 3, 8, 11, 8, 16, 8, 17, 8, 21, 8];

    private const int TextSlot = 8;

    private const string Sentence = "Ученик заменил условие следствием: из равенства площадей ещё не следует равенство треугольников. ";

    internal static async Task<PagesReport> Run(PagesPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.People} people");
        var waiting = (int)(plan.People * plan.Waiting);
        List<Sitting> desks =
        [
            .. Enumerable.Repeat(Sitting.Scheduled, waiting),
            .. Enumerable.Repeat(Sitting.Started, plan.People - waiting),
        ];
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, desks, experts: 0, database.Settings);
        var postgres = await PostgresProcesses.Of(database);
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, database.Settings);
        var measures = new Measures();
        await WarmUp(exam.Desks[0], exam.Desks[^1], server.Port);
        await progress.WriteLineAsync("people open their pages");
        var watch = Stopwatch.StartNew();
        var (before, postgresBefore) = (server.ProcessorTime(), postgres?.ProcessorTime() ?? default);
        var over = TimeSpan.FromSeconds(plan.OpenWithin + plan.Seconds);
        await Task.WhenAll(
            exam.Desks.Select(
                (desk, place) =>
                    Task.Run(() =>
                        new Person(
                            desk,
                            place % 4,
                            place < waiting,
                            server.Port,
                            measures,
                            SeededRandom.For(plan.Seed, place.ToString(CultureInfo.InvariantCulture)),
                            watch,
                            over
                        ).Stay(TimeSpan.FromSeconds(plan.OpenWithin * ((place * 7919L) % plan.People) / (double)plan.People))
                    )
            )
        );
        var seconds = watch.Elapsed.TotalSeconds;
        var load = postgres is null
            ? null
            : new ServerLoad((postgres.ProcessorTime() - postgresBefore).TotalSeconds / seconds, postgres.ResidentMegabytes());
        return new(
            plan,
            database.Provider,
            seconds,
            measures.Rate("page", seconds),
            measures.Rate("test", seconds),
            measures.Rate("other", seconds),
            measures.Rate("save", seconds),
            measures.Rate("poll", seconds),
            measures.Rate("file", seconds),
            measures.Rate("check", seconds),
            measures.Rate("note", seconds),
            measures.Errors,
            measures.Retries,
            (server.ProcessorTime() - before).TotalSeconds / seconds,
            server.ResidentMegabytes(),
            load
        );
    }

    /// <summary>
    /// Requests each page many times before the run. A node that has just started compiles a page at its first request,
    /// and no real morning begins with such a node.
    /// </summary>
    private static async Task WarmUp(Desk waits, Desk sits, int port)
    {
        using var one = new Line(port, waits.Token, kept: true, browser: true);
        using var other = new Line(port, sits.Token, kept: true, browser: true);
        for (var turn = 0; turn < 30; turn++)
        {
            await other.Send("GET", $"/sessions/{sits.SessionId}/test", null);
            foreach (var page in PagesToRead(waits))
                await one.Send("GET", page, null);
        }
    }

    private static string[] PagesToRead(Desk desk) => ["/", $"/sessions/{desk.SessionId}", "/help", "/results", "/appeals", "/account"];

    [GeneratedRegex("(?:href|src)=\"(/a/[^\"]+)\"")]
    private static partial Regex Files();

    [GeneratedRegex("src=\"(pictures/[0-9]+)\"")]
    private static partial Regex PicturesIn();

    private sealed class Person(
        Desk desk,
        int variant,
        bool waits,
        int port,
        Measures measures,
        SeededRandom random,
        Stopwatch watch,
        TimeSpan over
    )
    {
        private readonly Line browser = new(port, desk.Token, kept: true, browser: true);
        private readonly Dictionary<int, int> revisions = [];
        private readonly string session = $"/api/v1/sessions/{desk.SessionId}";
        private int saves,
            looks;

        internal async Task Stay(TimeSpan comes)
        {
            using var end = browser;
            await Task.Delay(comes);
            var first = waits ? $"/sessions/{desk.SessionId}" : $"/sessions/{desk.SessionId}/test";
            await OpenWithFiles(first);
            // The next actions and their times; each action repeats at about its own interval.
            List<(TimeSpan At, double Every, Func<Task> Act)> next = waits
                ? [Soon(PollOfRoom, Poll), Soon(ReadEvery, Read)]
                :
                [
                    Soon(PollOfTest, Poll),
                    Soon(SaveEvery, Save),
                    Soon(LookAwayEvery, LookAway),
                    Soon(ReloadEvery, () => Open("test", first)),
                ];
            while (true)
            {
                var at = next.IndexOf(next.MinBy(each => each.At));
                var (due, every, act) = next[at];
                if (due > over)
                    return;
                if (due > watch.Elapsed)
                    await Task.Delay(due - watch.Elapsed);
                await act();
                next[at] = (watch.Elapsed + TimeSpan.FromSeconds(every * (0.8 + 0.4 * random.NextDouble())), every, act);
            }
        }

        private (TimeSpan At, double Every, Func<Task> Act) Soon(double every, Func<Task> act) =>
            (watch.Elapsed + TimeSpan.FromSeconds(every * random.NextDouble()), every, act);

        private async Task OpenWithFiles(string path)
        {
            await Open(waits ? "other" : "test", path);
            // The page came compressed and is not read, but its files are known, because they are the same for
            // everybody.
            foreach (var file in await FilesOf(waits ? "waiting" : "test", path))
                await measures.Send(browser, "file", "GET", file, null);
            if (!waits)
            {
                foreach (var picture in await PicturesOf(path))
                    await measures.Send(browser, "file", "GET", picture, null);
                return;
            }
            for (var time = 0; time < 3; time++)
                await measures.Send(
                    browser,
                    "check",
                    "PUT",
                    "/api/v1/sessions/connection-check/1",
                    """{"baseRevision":0,"response":null}"""
                );
            await Note("device_checked");
        }

        private async Task Open(string kind, string path)
        {
            var began = watch.Elapsed;
            if ((await measures.Send(browser, kind, "GET", path, null)).Length > 0)
                measures.Took("page", watch.Elapsed - began);
        }

        private Task Read()
        {
            var pages = PagesToRead(desk);
            return Open("other", pages[looks++ % pages.Length]);
        }

        private Task Poll() => measures.Send(browser, "poll", "GET", session, null);

        private async Task Save()
        {
            var slot = Slots[saves++ % Slots.Length];
            var response =
                slot == TextSlot
                    ? $$"""{"type":"extended_response","text":"{{string.Concat(Enumerable.Repeat(Sentence, 1 + saves / 2 % 20))}}"}"""
                    : $$"""{"type":"single_choice","option":"{{1 + saves % 4}}"}""";
            var answer = await measures.Send(
                browser,
                "save",
                "PUT",
                $"{session}/responses/{slot}",
                $$"""{"baseRevision":{{revisions.GetValueOrDefault(slot)}},"response":{{response}},"cleared":false}"""
            );
            if (answer.Length > 0)
                revisions[slot] = JsonNode.Parse(answer)!["revision"]!.GetValue<int>();
        }

        private async Task LookAway()
        {
            await Note("focus_lost");
            await Note("focus_gained");
            await Poll();
        }

        private Task Note(string kind) => measures.Send(browser, "note", "POST", $"{session}/events", $$"""{"kind":"{{kind}}"}""");

        /// <summary>Each kind of page is read once, by a client that accepts no compressed answer.</summary>
        private async Task<IReadOnlyList<string>> FilesOf(string kind, string path) =>
            await KnownFiles
                .GetOrAdd(
                    kind,
                    _ => new(async () => Files().Matches(await Text(path)).Select(match => match.Groups[1].Value).Distinct().ToList())
                )
                .Value;

        /// <summary>
        /// Reads one person's page for each variant, because everybody with the same variant has the same slots with
        /// pictures.
        /// </summary>
        private async Task<IEnumerable<string>> PicturesOf(string path)
        {
            var slots = await KnownPictures
                .GetOrAdd(
                    variant,
                    _ => new(async () => PicturesIn().Matches(await Text(path)).Select(match => match.Groups[1].Value).Distinct().ToList())
                )
                .Value;
            return slots.Select(slot => $"/sessions/{desk.SessionId}/{slot}");
        }

        private async Task<string> Text(string path)
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            http.DefaultRequestHeaders.Add("Cookie", $"diagnostics={desk.Token}");
            http.DefaultRequestHeaders.Add("Accept", "text/html");
            return await http.GetStringAsync(path);
        }

        private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<string>>>> KnownFiles = new();
        private static readonly ConcurrentDictionary<int, Lazy<Task<IReadOnlyList<string>>>> KnownPictures = new();
    }
}
