using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.TestKit;
using NodaTime;

namespace Diagnostics.Load;

/// <param name="PerSecond">Answered requests a second.</param>
/// <param name="P50">Milliseconds; so are the others.</param>
internal sealed record Rate(double PerSecond, double P50, double P95, double P99, double Max);

/// <summary>Everything one run measured; ratios within it are what counts, the machine is noisy.</summary>
internal sealed record SaveReport(
    int Sessions, int Connections, int Seconds, int Rounds, Rate Ceiling, Rate Saves, double SavesToCeiling,
    double StoragePathPerSecond, double FloorPerSecond, double StorageToFloor,
    Rate Paced, double PacedPerSecondAsked, double StartUpSeconds, double ResidentMegabytes, int Refused);

/// <summary>
/// Durable saves a second over HTTP on SQLite with <c>synchronous=FULL</c>, beside two limits of the same run: the ceiling
/// (an endpoint that only authenticates, parses and answers) and the floor (one transaction per save, in process).
/// </summary>
internal static class SaveBenchmark
{
    internal static async Task<SaveReport> Run(int sessions, int connections, int seconds, int rounds, TextWriter progress)
    {
        using var folder = new TemporaryFolder();
        // A session answers one request at a time, so more connections than sessions would have nobody to serve.
        connections = Math.Min(connections, sessions);
        var exam = await Exam.Prepare(folder.Path, Repository.Bank, sessions);
        await progress.WriteLineAsync($"{sessions} sessions are open; starting the server");
        var ceilings = new List<Rate>();
        var saves = new List<Rate>();
        double startUp, resident = 0;
        int refused;
        Rate paced;
        double pace;
        using (var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, "--Diagnostics:RequestsPerSecond=100000"))
        {
            startUp = server.StartUp.TotalSeconds;
            var takers = exam.Desks.Select(desk => new Taker(desk)).ToList();
            await Drive(server.Port, takers, connections, seconds, check: true);
            await Drive(server.Port, takers, connections, seconds, check: false);
            for (var round = 1; round <= rounds; round++)
            {
                ceilings.Add(await Drive(server.Port, takers, connections, seconds, check: true));
                saves.Add(await Drive(server.Port, takers, connections, seconds, check: false));
                resident = Math.Max(resident, server.ResidentMegabytes());
                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"round {round}/{rounds}: ceiling {ceilings[^1].PerSecond:F0}/s, saves {saves[^1].PerSecond:F0}/s, p99 {saves[^1].P99:F1} ms, {resident:F0} MB"));
            }
            pace = Math.Round(Median(saves).PerSecond * 0.5);
            paced = await Drive(server.Port, takers, connections, seconds, check: false, pace);
            resident = Math.Max(resident, server.ResidentMegabytes());
            refused = takers.Sum(taker => taker.Refused);
        }
        await progress.WriteLineAsync("measuring the storage path and the floor");
        var (storage, floor) = await InProcess(exam, seconds);
        var (ceiling, save) = (Median(ceilings), Median(saves));
        return new(sessions, connections, seconds, rounds, ceiling, save, save.PerSecond / ceiling.PerSecond,
            storage, floor, storage / floor, paced, pace, startUp, resident, refused);
    }

    /// <summary>Each connection serves its share of the sessions in turn, one request at a time.</summary>
    /// <param name="perSecond">0: as fast as answered; else requests leave on a schedule and latency counts from it.</param>
    private static async Task<Rate> Drive(int port, List<Taker> takers, int connections, int seconds, bool check, double perSecond = 0)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        var until = TimeSpan.FromSeconds(seconds);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(place => Task.Run(async () =>
        {
            using var wire = await Wire.Connect(port);
            var mine = takers.Where((_, index) => index % connections == place).ToList();
            var taken = new List<double>();
            for (var turn = 0; watch.Elapsed < until; turn++)
            {
                var due = watch.Elapsed;
                if (perSecond > 0)
                {
                    due = TimeSpan.FromSeconds((turn + (double)place / connections) * connections / perSecond);
                    if (due >= until) break;
                    if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed);
                }
                await mine[turn % mine.Count].Send(wire, check);
                taken.Add((watch.Elapsed - due).TotalMilliseconds);
            }
            latencies.Add(taken);
        })));
        // Off the thread on which the last answer arrived.
        await Task.Yield();
        var elapsed = watch.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(each => each).Order().ToArray();
        double At(double share) => all[Math.Min(all.Length - 1, (int)(share * all.Length))];
        return new(all.Length / elapsed, At(0.50), At(0.95), At(0.99), all[^1]);
    }

    private static async Task<(double Storage, double Floor)> InProcess(Exam exam, int seconds)
    {
        await using var database = new Database(Path.Combine(exam.DataFolder, "diagnostics.db"));
        var now = SystemClock.Instance.GetCurrentInstant();
        var watch = Stopwatch.StartNew();
        // As many callers as a busy node has requests in flight.
        var counts = await Task.WhenAll(Enumerable.Range(0, 128).Select(place => Task.Run(async () =>
        {
            var desk = exam.Desks[place % exam.Desks.Count];
            var done = 0;
            for (var revision = 0; watch.Elapsed.TotalSeconds < seconds; revision++, done++)
                await ResponseStore.Save(database, new(desk.SessionId, 1000 + place, revision, """{"type":"single_choice","option":"a"}""", false, now));
            return done;
        })));
        var storage = counts.Sum() / watch.Elapsed.TotalSeconds;

        watch.Restart();
        var single = 0;
        // One transaction per save on one connection: what a server does that commits each save by itself.
        await using var alone = new SingleCommit(Path.Combine(exam.DataFolder, "diagnostics.db"));
        for (; watch.Elapsed.TotalSeconds < seconds; single++)
            alone.Save(exam.Desks[0].SessionId, 2000, single, """{"type":"single_choice","option":"a"}""", now);
        return (storage, single / watch.Elapsed.TotalSeconds);
    }

    private static Rate Median(List<Rate> rates) => rates.OrderBy(rate => rate.PerSecond).ElementAt(rates.Count / 2);

    /// <summary>One person: answers the single-choice slots in turn, always on the last acknowledged revision.</summary>
    private sealed class Taker(Desk desk)
    {
        // Slots of type single_choice in the teachers' blueprint.
        private static readonly int[] Slots = [1, 3, 11, 16, 17, 21];

        private readonly int[] revisions = new int[Slots.Length];
        private int turn;

        internal int Refused { get; private set; }

        internal async Task Send(Wire wire, bool check)
        {
            var place = turn++ % Slots.Length;
            var body = $$"""{"baseRevision":{{revisions[place]}},"response":{"type":"single_choice","option":"{{1 + turn % 4}}"} }""";
            var path = check ? $"/api/v1/sessions/connection-check/{Slots[place]}" : $"/api/v1/sessions/{desk.SessionId}/responses/{Slots[place]}";
            var (status, answer) = await wire.Send("PUT", path, desk.Token, body);
            if (status != 200) Refused++;
            else if (Revision(answer) is var revision && !check) revisions[place] = revision;
        }

        /// <summary>Read by hand: a serializer would cost the generator a tenth of what a save costs the server.</summary>
        private static int Revision(string answer)
        {
            const string field = "\"revision\":";
            var digits = answer.AsSpan(answer.IndexOf(field, StringComparison.Ordinal) + field.Length);
            return int.Parse(digits[..digits.IndexOfAny(",}")], CultureInfo.InvariantCulture);
        }
    }
}
