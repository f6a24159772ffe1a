using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Diagnostics.Storage;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using NodaTime;

namespace Diagnostics.Load;

/// <param name="PerSecond">Answered requests per second.</param>
/// <param name="P50">The median latency in milliseconds, like the other percentiles.</param>
internal sealed record Rate(double PerSecond, double P50, double P95, double P99, double Max);

/// <summary>The load of a PostgreSQL server, over all its processes.</summary>
/// <param name="Cores">Processor seconds per second.</param>
internal sealed record ServerLoad(double Cores, double Megabytes);

/// <summary>All measurements of one run. Compare only ratios within a run: the machine is noisy.</summary>
/// <param name="ServiceCores">Processor seconds that the service used per second while it saved; the generator has the
/// rest of the machine.</param>
/// <param name="Postgres">Load of the server during the run; null on SQLite, which is part of the service, and when the
/// server's processes are not visible.</param>
internal sealed record SaveReport(
    string Provider,
    int Sessions,
    int Connections,
    int Seconds,
    int Rounds,
    Rate Ceiling,
    Rate Saves,
    double SavesToCeiling,
    double StoragePathPerSecond,
    double FloorPerSecond,
    double StorageToFloor,
    Rate Paced,
    double PacedPerSecondAsked,
    double StartUpSeconds,
    double ResidentMegabytes,
    double ServiceCores,
    ServerLoad? Postgres,
    int Refused
);

/// <summary>
/// Durable saves per second over HTTP, on SQLite with <c>synchronous=FULL</c> or on PostgreSQL with every commit
/// flushed. Two limits are measured in the same run: the ceiling (an endpoint that only authenticates, parses and
/// answers) and the floor (one transaction per save on one connection).
/// </summary>
internal static class SaveBenchmark
{
    internal static async Task<SaveReport> Run(
        LoadDatabase database,
        int sessions,
        int connections,
        int seconds,
        int rounds,
        TextWriter progress
    )
    {
        var prepared = Stopwatch.StartNew();
        var exam = await ExamApart.Prepare(database, sessions);
        await progress.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{sessions} sessions are open after {prepared.Elapsed.TotalSeconds:F1} s; starting the server"
            )
        );
        var postgres = await PostgresProcesses.Of(database);
        var ceilings = new List<Rate>();
        var saves = new List<Rate>();
        double startUp,
            resident = 0,
            postgresResident = 0;
        var (saving, service, server) = (0.0, 0.0, 0.0);
        int refused;
        Rate paced;
        double pace;
        using (var node = await ServerProcess.Start(exam.DataFolder, Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings]))
        {
            startUp = node.StartUp.TotalSeconds;
            var takers = exam.Desks.Select(desk => new Taker(desk)).ToList();
            await Drive(node.Port, takers, connections, seconds, check: true);
            await Drive(node.Port, takers, connections, seconds, check: false, turns: 1);
            await Drive(node.Port, takers, connections, seconds, check: false);
            var watch = Stopwatch.StartNew();
            for (var round = 1; round <= rounds; round++)
            {
                ceilings.Add(await Drive(node.Port, takers, connections, seconds, check: true));
                var (began, nodeTime, postgresTime) = (watch.Elapsed, node.ProcessorTime(), postgres?.ProcessorTime() ?? default);
                saves.Add(await Drive(node.Port, takers, connections, seconds, check: false));
                saving += (watch.Elapsed - began).TotalSeconds;
                service += (node.ProcessorTime() - nodeTime).TotalSeconds;
                server += ((postgres?.ProcessorTime() ?? default) - postgresTime).TotalSeconds;
                resident = Math.Max(resident, node.ResidentMegabytes());
                postgresResident = Math.Max(postgresResident, postgres?.ResidentMegabytes() ?? 0);
                await progress.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"round {round}/{rounds}: ceiling {ceilings[^1].PerSecond:F0}/s, saves {saves[^1].PerSecond:F0}/s, "
                            + $"p99 {saves[^1].P99:F1} ms, {resident:F0} MB"
                    )
                );
            }
            pace = Math.Round(Median(saves).PerSecond * 0.5);
            paced = await Drive(node.Port, takers, connections, seconds, check: false, pace);
            resident = Math.Max(resident, node.ResidentMegabytes());
            refused = takers.Sum(taker => taker.Refused);
        }
        await progress.WriteLineAsync("measuring the storage path and the floor");
        var (storage, floor) = await InProcess(database, exam, seconds);
        var (ceiling, save) = (Median(ceilings), Median(saves));
        return new(
            database.Provider,
            sessions,
            connections,
            seconds,
            rounds,
            ceiling,
            save,
            save.PerSecond / ceiling.PerSecond,
            storage,
            floor,
            storage / floor,
            paced,
            pace,
            startUp,
            resident,
            service / saving,
            postgres is null ? null : new(server / saving, postgresResident),
            refused
        );
    }

    /// <summary>Each connection serves its share of the sessions in turn, one request at a time.</summary>
    /// <param name="perSecond">With 0 each request leaves as soon as the one before it is answered; otherwise requests
    /// leave on a schedule, and latency counts from the scheduled time.</param>
    /// <param name="turns">If not 0, runs until every session has had this many turns, instead of for a number of
    /// seconds. After a session's first turn, the node knows the session.</param>
    internal static async Task<Rate> Drive(
        int port,
        List<Taker> takers,
        int connections,
        int seconds,
        bool check,
        double perSecond = 0,
        int turns = 0
    )
    {
        // A session answers one request at a time, so connections beyond the number of sessions would have no work.
        connections = Math.Min(connections, takers.Count);
        var latencies = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        var until = TimeSpan.FromSeconds(seconds);
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(place =>
                    Task.Run(async () =>
                    {
                        using var wire = await Wire.Connect(port);
                        var mine = takers.Where((_, index) => index % connections == place).ToList();
                        var taken = new List<double>();
                        for (var turn = 0; turns > 0 ? turn < turns * mine.Count : watch.Elapsed < until; turn++)
                        {
                            var due = watch.Elapsed;
                            if (perSecond > 0)
                            {
                                due = TimeSpan.FromSeconds((turn + (double)place / connections) * connections / perSecond);
                                if (due >= until)
                                    break;
                                if (due > watch.Elapsed)
                                    await Task.Delay(due - watch.Elapsed);
                            }
                            await mine[turn % mine.Count].Send(wire, check);
                            taken.Add((watch.Elapsed - due).TotalMilliseconds);
                        }
                        latencies.Add(taken);
                    })
                )
        );
        // Leave the thread on which the last answer arrived, because inline completions would keep the rest of the run
        // on it.
        await Task.Yield();
        var elapsed = watch.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(each => each).Order().ToArray();
        double At(double share) => all[Math.Min(all.Length - 1, (int)(share * all.Length))];
        return new(all.Length / elapsed, At(0.50), At(0.95), At(0.99), all[^1]);
    }

    private static async Task<(double Storage, double Floor)> InProcess(LoadDatabase target, Exam exam, int seconds)
    {
        await using var database = target.Connect();
        var now = SystemClock.Instance.GetCurrentInstant();
        var watch = Stopwatch.StartNew();
        // The number of callers is the number of requests that a busy node has in flight.
        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, 128)
                .Select(place =>
                    Task.Run(async () =>
                    {
                        var desk = exam.Desks[place % exam.Desks.Count];
                        var done = 0;
                        for (var revision = 0; watch.Elapsed.TotalSeconds < seconds; revision++, done++)
                            await ResponseSaves.Save(
                                database,
                                new(desk.SessionId, 1000 + place, revision, """{"type":"single_choice","option":"a"}""", false, now)
                            );
                        return done;
                    })
                )
        );
        var storage = counts.Sum() / watch.Elapsed.TotalSeconds;

        watch.Restart();
        var single = 0;
        // One transaction per save on one connection: the method of a server that commits each save by itself.
        await using var alone = await SingleCommit.Open(target);
        for (; watch.Elapsed.TotalSeconds < seconds; single++)
            await alone.Save(exam.Desks[0].SessionId, 2000, single, """{"type":"single_choice","option":"a"}""", now);
        return (storage, single / watch.Elapsed.TotalSeconds);
    }

    private static Rate Median(List<Rate> rates) => rates.OrderBy(rate => rate.PerSecond).ElementAt(rates.Count / 2);

    /// <summary>
    /// One person, who answers the single-choice slots in turn, always on the last acknowledged revision.
    /// </summary>
    internal sealed class Taker(Desk desk)
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
            var path = check
                ? $"/api/v1/sessions/connection-check/{Slots[place]}"
                : $"/api/v1/sessions/{desk.SessionId}/responses/{Slots[place]}";
            var (status, answer) = await wire.Send("PUT", path, desk.Token, body);
            if (status != 200)
                Refused++;
            else if (Revision(answer) is var revision && !check)
                revisions[place] = revision;
        }

        /// <summary>
        /// Parses by hand: a serializer would cost the generator a tenth of what a save costs the server.
        /// </summary>
        private static int Revision(string answer)
        {
            const string field = "\"revision\":";
            var digits = answer.AsSpan(answer.IndexOf(field, StringComparison.Ordinal) + field.Length);
            return int.Parse(digits[..digits.IndexOfAny(",}")], CultureInfo.InvariantCulture);
        }
    }
}
