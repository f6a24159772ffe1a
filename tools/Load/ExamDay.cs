using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>The course of an exam.</summary>
/// <param name="StartWithin">Seconds within which everybody starts.</param>
/// <param name="Items">Number of items that each person answers.</param>
/// <param name="ThinkFrom">Seconds. This and <paramref name="ThinkTo"/> are the 5th and 95th percentiles of a
/// log-normal think time.</param>
/// <param name="Kept">Share of people whose connection stays open between two answers; the others connect again each
/// time, as phones on mobile lines do.</param>
internal sealed record ExamPlan(
    int Takers,
    int StartWithin,
    int Items,
    double ThinkFrom,
    double ThinkTo,
    double Kept,
    int Experts,
    long Seed
);

/// <param name="Saves">Acknowledged saves.</param>
/// <param name="Lost">Acknowledged saves that the database does not have with the same session, slot, revision and
/// text; must be 0.</param>
/// <param name="Errors">Answers that no taker should see, by status; must be empty.</param>
/// <param name="Retries">Answers 429 and 503, and broken connections, by reason; after each one the taker tried
/// again.</param>
/// <param name="PeakSavesPerSecond">Saves per second in the busiest ten seconds.</param>
/// <param name="CpuMillisecondsPerTaker">Processor time of the service per taker, from the first start to the last
/// finish.</param>
/// <param name="Postgres">Load of the server during the exam; null on SQLite, which is part of the service, and when
/// the server's processes are not visible.</param>
internal sealed record ExamReport(
    ExamPlan Plan,
    double Seconds,
    int Started,
    int Finished,
    int Saves,
    double SavesPerSecond,
    double PeakSavesPerSecond,
    int Lost,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyDictionary<string, int> Retries,
    Rate Start,
    Rate Save,
    Rate Finish,
    Rate Other,
    int Marked,
    double CpuMillisecondsPerTaker,
    double ResidentMegabytesAtHalf,
    double ResidentMegabytes,
    string Provider,
    ServerLoad? Postgres
);

/// <summary>
/// An exam as it happens: people are admitted and start within a minute, think, answer, look again, lose the
/// connection, finish; invigilators watch, and experts mark finished scripts. Afterwards the run checks that every
/// acknowledged save is stored.
/// </summary>
internal static class ExamDay
{
    private const int TakersOfInvigilator = 250;

    internal static async Task<ExamReport> Run(ExamPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.Takers} people");
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, plan.Takers, started: false, plan.Experts, database.Settings);
        var postgres = await PostgresProcesses.Of(database);
        using var server = await ServerProcess.Start(exam.DataFolder, Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings]);
        var measures = new Measures();
        using var over = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var (before, postgresBefore) = (server.ProcessorTime(), postgres?.ProcessorTime() ?? default);
        var takers = exam
            .Desks.Select(
                (desk, place) =>
                    new Taker(
                        desk,
                        server.Port,
                        exam.OperatorToken,
                        plan,
                        SeededRandom.For(plan.Seed, place.ToString(CultureInfo.InvariantCulture)),
                        measures
                    )
            )
            .ToList();
        var staff = Invigilators(exam, server.Port, plan, measures, over.Token)
            .Concat(exam.ExpertTokens.Select(token => Mark(exam, server.Port, token, measures, over.Token)))
            .ToList();
        var memory = new List<double>();
        var reporter = Report(watch, server, measures, memory, plan, progress, over.Token);
        await Task.WhenAll(takers.Select(taker => Task.Run(taker.Sit)));
        var seconds = watch.Elapsed.TotalSeconds;
        var cpu = (server.ProcessorTime() - before).TotalMilliseconds;
        var postgresLoad = postgres is null
            ? null
            : new ServerLoad((postgres.ProcessorTime() - postgresBefore).TotalSeconds / seconds, postgres.ResidentMegabytes());
        await over.CancelAsync();
        await Task.WhenAll(staff);
        await reporter;
        await progress.WriteLineAsync("looking for every acknowledged save");
        var lost = await Missing(exam, server.Port, takers);
        var saves = takers.Sum(taker => taker.Acknowledged.Count);
        return new(
            plan,
            seconds,
            measures.Count("start"),
            measures.Count("finish"),
            saves,
            saves / seconds,
            measures.Peak("save"),
            lost,
            measures.Errors,
            measures.Retries,
            measures.Rate("start", seconds),
            measures.Rate("save", seconds),
            measures.Rate("finish", seconds),
            measures.Rate("other", seconds),
            measures.Count("mark"),
            cpu / plan.Takers,
            memory.Count == 0 ? 0 : memory[memory.Count / 2],
            memory.DefaultIfEmpty().Max(),
            database.Provider,
            postgresLoad
        );
    }

    private static async Task Report(
        Stopwatch watch,
        ServerProcess server,
        Measures measures,
        List<double> memory,
        ExamPlan plan,
        TextWriter progress,
        CancellationToken over
    )
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), over);
                memory.Add(server.ResidentMegabytes());
                await progress.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{watch.Elapsed.TotalSeconds, 5:F0} s: {measures.Count("start")} started, "
                            + $"{measures.Count("finish")} of {plan.Takers} finished, {measures.Count("save")} saves, "
                            + $"{measures.Count("mark")} marks, {measures.Errors.Values.Sum()} errors, "
                            + $"{measures.Retries.Values.Sum()} retries, {memory[^1]:F0} MB"
                    )
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The exam is over.
        }
    }

    /// <summary>Each invigilator polls the list of the site, as the invigilator's page does.</summary>
    private static IEnumerable<Task> Invigilators(Exam exam, int port, ExamPlan plan, Measures measures, CancellationToken over) =>
        Enumerable
            .Range(0, (plan.Takers + TakersOfInvigilator - 1) / TakersOfInvigilator)
            .Select(place =>
                Staff(
                    port,
                    exam.OperatorToken,
                    async line =>
                    {
                        await measures.Send(
                            line,
                            "other",
                            "GET",
                            $"/api/v1/campaigns/{exam.CampaignId}/sessions?siteId={exam.SiteId}",
                            null
                        );
                        return TimeSpan.FromSeconds(10 + place % 10);
                    },
                    over
                )
            );

    private static Task Mark(Exam exam, int port, string token, Measures measures, CancellationToken over) =>
        Staff(
            port,
            token,
            async line =>
            {
                var claimed = await measures.Send(
                    line,
                    "other",
                    "POST",
                    "/api/v1/marking/claims",
                    $$"""{"campaignId":"{{exam.CampaignId}}"}""",
                    allowed: 204
                );
                if (claimed.Length == 0)
                    return TimeSpan.FromSeconds(5);
                var script = JsonNode.Parse(claimed)!;
                var criteria = new JsonObject();
                foreach (var criterion in script["rubric"]!["criteria"]!.AsArray())
                    criteria[criterion!["code"]!.GetValue<string>()] = criterion["levels"]!
                        .AsArray()
                        .Min(level => level!["points"]!.GetValue<decimal>());
                await measures.Send(
                    line,
                    "mark",
                    "POST",
                    $"/api/v1/marking/assignments/{script["assignmentId"]}/marks",
                    new JsonObject { ["criteria"] = criteria, ["comment"] = "нагрузка" }.ToJsonString()
                );
                return TimeSpan.FromSeconds(0.5);
            },
            over
        );

    private static async Task Staff(int port, string token, Func<Line, Task<TimeSpan>> act, CancellationToken over)
    {
        using var line = new Line(port, token, kept: true);
        try
        {
            while (!over.IsCancellationRequested)
                await Task.Delay(await act(line), over);
        }
        catch (OperationCanceledException)
        {
            // The exam is over.
        }
    }

    private static async Task<int> Missing(Exam exam, int port, IReadOnlyList<Taker> takers)
    {
        var lost = 0;
        await Parallel.ForEachAsync(
            takers,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (taker, _) =>
            {
                using var line = new Line(port, exam.OperatorToken, kept: false);
                var (_, answer) = await line.Send("GET", $"/api/v1/sessions/{taker.SessionId}/responses?limit=500", null);
                var stored = JsonNode.Parse(answer)!["saved"]!
                    .AsArray()
                    .ToDictionary(
                        saved => (saved!["slot"]!.GetValue<int>(), saved["revision"]!.GetValue<int>()),
                        saved => saved!["content"]?.GetValue<string>()
                    );
                foreach (var save in taker.Acknowledged)
                    if (
                        !stored.TryGetValue((save.Slot, save.Revision), out var content)
                        || (save.Text is { } text && content?.Contains(text, StringComparison.Ordinal) is not true)
                    )
                        Interlocked.Increment(ref lost);
            }
        );
        return lost;
    }
}

/// <summary>
/// Collects the latencies by kind of request, and the errors. All tasks write to it at the same time.
/// </summary>
internal sealed class Measures
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(double At, double Milliseconds)>> taken = new();
    private readonly ConcurrentDictionary<string, int> errors = new();
    private readonly ConcurrentDictionary<string, int> retries = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();

    internal IReadOnlyDictionary<string, int> Errors => errors;

    internal IReadOnlyDictionary<string, int> Retries => retries;

    internal int Count(string kind) => taken.TryGetValue(kind, out var all) ? all.Count : 0;

    internal Rate Rate(string kind, double seconds)
    {
        var all = taken.TryGetValue(kind, out var known) ? known.Select(each => each.Milliseconds).Order().ToArray() : [];
        double At(double share) => all.Length == 0 ? 0 : all[Math.Min(all.Length - 1, (int)(share * all.Length))];
        return new(all.Length / seconds, At(0.50), At(0.95), At(0.99), At(1));
    }

    internal void Took(string kind, TimeSpan time) =>
        taken.GetOrAdd(kind, _ => new()).Enqueue((watch.Elapsed.TotalSeconds, time.TotalMilliseconds));

    /// <summary>Requests per second in the busiest ten seconds.</summary>
    internal double Peak(string kind) =>
        taken.TryGetValue(kind, out var all) ? all.GroupBy(each => (int)(each.At / 10)).Max(each => each.Count()) / 10.0 : 0;

    /// <summary>
    /// Sends the request again until the answer does not say to try later. The person waits between the attempts, and
    /// the latency counts from the first attempt.
    /// </summary>
    /// <returns>The body; empty when the answer was an error, which is then counted.</returns>
    internal async Task<string> Send(Line line, string kind, string method, string path, string? body, int allowed = 200)
    {
        var began = watch.Elapsed;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (status, answer) = await line.Send(method, path, body);
                if (status is 429 or 503 && attempt < 20)
                {
                    await Later($"{kind} {status}");
                    continue;
                }
                if (status is >= 200 and < 300 || status == allowed)
                {
                    Took(kind, watch.Elapsed - began);
                    return answer;
                }
                Count(errors, $"{kind} {status}");
                return "";
            }
            catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException && attempt < 20)
            {
                await Later($"{kind}: {broken.Message}");
            }
        }
    }

    private Task Later(string reason)
    {
        Count(retries, reason);
        return Task.Delay(TimeSpan.FromSeconds(1));
    }

    internal void Failed(string what) => Count(errors, what);

    private static void Count(ConcurrentDictionary<string, int> reasons, string reason) =>
        reasons.AddOrUpdate(reason, 1, (_, count) => count + 1);
}
