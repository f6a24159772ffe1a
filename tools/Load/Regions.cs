using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <param name="Lost">Acknowledged saves that are not stored.</param>
/// <param name="Wrong">Answers other than 200, and 429 or 503 with the time to try again.</param>
/// <param name="LongestSilence">Longest time in seconds without an acknowledged save.</param>
internal sealed record RegionReport(int Saves, int Lost, int Wrong, int ToldLater, double LongestSilence);

/// <param name="QuietP99">Of the saves in the other region, in milliseconds from the moment when a person wanted to
/// save, while no server was killed; <paramref name="KilledP99"/> is the same in the seconds after a kill.</param>
/// <param name="Verify">Lines of <c>verify --all</c>; empty when it found nothing.</param>
internal sealed record RegionsReport(
    int Kills,
    double PerSecond,
    RegionReport Killed,
    RegionReport Other,
    double QuietP50,
    double KilledP50,
    double QuietP99,
    double KilledP99,
    double Ratio,
    string Verify
)
{
    internal bool NothingLost =>
        Killed.Lost + Other.Lost + Killed.Wrong + Other.Wrong + Other.ToldLater == 0 && Verify.Length == 0 && Killed.ToldLater > 0;
}

/// <summary>
/// One service with two regions, each on a PostgreSQL server of its own. One server is shut
/// down immediately and started again, again and again, while people save in both regions. A quiet time and a time with
/// a kill alternate, so that the machine's noise falls on both alike.
/// </summary>
internal static class Regions
{
    private const string Verb = "verify";

    /// <param name="bystander">Kills a third server, which no region uses, and so measures what the restart of a server
    /// costs everybody on this machine.</param>
    internal static async Task<RegionsReport> Run(
        int kills,
        int people,
        double perSecond,
        double seconds,
        bool bystander,
        TextWriter progress
    )
    {
        // On one machine both servers have one disk, and a server that starts after a crash first flushes all its files.
        // The killed one flushes nothing: its processes are killed and not the machine, so it loses nothing either.
        await using var killed = await LoadDatabase.Open(LoadDatabase.Postgres, null, durable: false);
        await using var other = await LoadDatabase.Open(LoadDatabase.Postgres, null);
        await using var third = bystander ? await LoadDatabase.Open(LoadDatabase.Postgres, null, durable: false) : null;
        var (examOfKilled, examOfOther) = (await ExamApart.Prepare(killed, people), await ExamApart.Prepare(other, people));
        using var folder = new TemporaryFolder();
        // The probe of the process's start asks the region that stays.
        string[] settings = [.. Settings("01", killed, "first.localhost"), .. Settings("02", other, "second.localhost;127.0.0.1")];
        using var service = await ServerProcess.Start(folder.Path, Repository.Bank, [.. ServerProcess.Unlimited, .. settings]);
        await WaitFor(service, "first.localhost");

        using var over = new CancellationTokenSource();
        var (first, second) = (new Crowd(examOfKilled, "first.localhost"), new Crowd(examOfOther, "second.localhost"));
        var running = first.Save(service.Port, perSecond, over.Token).Concat(second.Save(service.Port, perSecond, over.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var (quiet, broken) = (new List<double>(), new List<double>());
        for (var kill = 1; kill <= kills; kill++)
        {
            second.Take();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            quiet.AddRange(second.Take());
            var back = (third ?? killed).Server!.RestartAndWait();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            await back;
            broken.AddRange(second.Take());
            await progress.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"kill {kill}/{kills}: {first.Count} and {second.Count} saves, {first.ToldLater} and {second.ToldLater} told later, "
                        + $"p99 of the other region {At(quiet, 0.99):F1} ms quiet, {At(broken, 0.99):F1} ms after kills"
                )
            );
        }
        await over.CancelAsync();
        await Task.WhenAll(running);
        var verified = await ServerProcess.RunVerb([Verb, "--all", $"--Diagnostics:Data={folder.Path}", .. settings]);
        return new(
            kills,
            perSecond,
            await first.Report(killed),
            await second.Report(other),
            At(quiet, 0.5),
            At(broken, 0.5),
            At(quiet, 0.99),
            At(broken, 0.99),
            At(broken, 0.99) / At(quiet, 0.99),
            verified.Code == 0 ? "" : verified.Output
        );
    }

    private static IEnumerable<string> Settings(string region, LoadDatabase database, string hosts) =>
        database
            .Settings.Select(setting => setting.Replace("--", $"--Regions:{region}:", StringComparison.Ordinal))
            .Append($"--Regions:{region}:Hosts={hosts}");

    private static Task WaitFor(ServerProcess service, string host) =>
        service.Until(
            $"the region {host} is ready",
            async () =>
            {
                using var wire = await Wire.Connect(service.Port, host: host);
                return (await wire.Send("GET", "/health/ready", "", "")).Status == 200;
            }
        );

    private static double At(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    /// <summary>People of one region, each of whom saves on a schedule and repeats a save until it is acknowledged.</summary>
    private sealed class Crowd(Exam exam, string host)
    {
        // Slots of type single_choice in the teachers' blueprint.
        private static readonly int[] Slots = [1, 3, 11, 16, 17, 21];

        /// <summary>The shortest time that the service names.</summary>
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

        private readonly ConcurrentQueue<(Guid Session, int Slot, int Revision)> acknowledged = [];
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly Lock gate = new();
        private List<double> taken = [];
        private TimeSpan last,
            silence;
        private int wrong,
            later;

        internal int Count => acknowledged.Count;

        internal int ToldLater => Volatile.Read(ref later);

        internal IEnumerable<Task> Save(int port, double perSecond, CancellationToken over) =>
            exam.Desks.Select((desk, place) => Task.Run(() => Save(desk, place, port, exam.Desks.Count / perSecond, over))).ToList();

        /// <returns>Milliseconds of the saves since the last call.</returns>
        internal List<double> Take()
        {
            lock (gate)
            {
                var since = taken;
                taken = [];
                return since;
            }
        }

        internal async Task<RegionReport> Report(LoadDatabase database)
        {
            await using var door = database.Connect();
            var stored = (
                await door.Read(db => db.Query<(Guid, int, int)>("SELECT session_id, slot, revision FROM session_responses"))
            ).ToHashSet();
            return new(Count, acknowledged.Count(save => !stored.Contains(save)), wrong, later, silence.TotalSeconds);
        }

        private async Task Save(Desk desk, int place, int port, double every, CancellationToken over)
        {
            var (revisions, wire) = (new int[Slots.Length], default(Wire));
            for (var turn = 0; ; turn++)
            {
                var due = TimeSpan.FromSeconds((turn + (double)place / exam.Desks.Count) * every);
                if (due > watch.Elapsed)
                    await Task.Delay(due - watch.Elapsed, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (over.IsCancellationRequested)
                    break;
                var slot = turn % Slots.Length;
                var body =
                    $$"""{"baseRevision":{{revisions[slot]}},"response":{"type":"single_choice","option":"{{1 + turn / 6 % 4}}"} }""";
                wire = await Insist(wire, port, $"/api/v1/sessions/{desk.SessionId}/responses/{Slots[slot]}", desk.Token, body);
                if (wire is null)
                    continue;
                acknowledged.Enqueue((desk.SessionId, Slots[slot], ++revisions[slot]));
                Acknowledge((watch.Elapsed - due).TotalMilliseconds);
            }
            wire?.Dispose();
        }

        /// <summary>Sends a save until the service says yes or no.</summary>
        /// <returns>The line for the next save; null after a no.</returns>
        private async Task<Wire?> Insist(Wire? wire, int port, string path, string token, string body)
        {
            for (; ; await Task.Delay(Pause))
            {
                try
                {
                    wire ??= await Wire.Connect(port, host: host);
                    var (status, _) = await wire.Send("PUT", path, token, body);
                    if (status == 200)
                        return wire;
                    if (status is 429 or 503 && wire.SaysWhen)
                    {
                        Interlocked.Increment(ref later);
                        continue;
                    }
                    Interlocked.Increment(ref wrong);
                    wire.Dispose();
                    return null;
                }
                // Nobody touches the service, so a line that breaks is its fault.
                catch (Exception broken) when (broken is IOException or SocketException)
                {
                    Interlocked.Increment(ref wrong);
                    wire?.Dispose();
                    return null;
                }
            }
        }

        private void Acknowledge(double milliseconds)
        {
            lock (gate)
            {
                taken.Add(milliseconds);
                var now = watch.Elapsed;
                if (last > TimeSpan.Zero && now - last > silence)
                    silence = now - last;
                last = now;
            }
        }
    }
}
