using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Diagnostics.Engine;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <summary>The fault to cause, how often, and under which load.</summary>
/// <param name="Fault"><c>kill</c> ends a node by SIGKILL; <c>restart</c> restarts the PostgreSQL server by an
/// immediate shutdown.</param>
/// <param name="Calibrate">Whether calibrations run during the campaign; their lease outlives a killed node by a
/// minute.</param>
/// <param name="RoundSeconds">Shortest time from one fault to the next; a node needs two or three seconds to come
/// back.</param>
internal sealed record FaultPlan(string Fault, int Times, int Nodes, long Seed, bool Calibrate = true, double RoundSeconds = 5)
{
    internal const string Kill = "kill";
    internal const string Restart = "restart";
}

/// <param name="Saves">Acknowledged saves; finishes and marks count in the same way.</param>
/// <param name="Expired">Sessions that the service itself ended.</param>
/// <param name="Wrong">Answers that nobody should have got: all answers except the expected one, a broken line, and 429
/// or 503 with Retry-After.</param>
/// <param name="ToldLater">Answers 429 and 503; every such request was sent again.</param>
/// <param name="LongestSilence">Longest time in seconds without any acknowledged save; no person waited longer than
/// this plus one save.</param>
/// <param name="LongestRecovery">Seconds from a fault until twenty more saves were acknowledged.</param>
/// <param name="LongestOutage">Seconds from a fault until the node was ready again, or the database server accepted
/// connections: the part of the recovery for which the service is not responsible.</param>
internal sealed record FaultReport(
    FaultPlan Plan,
    string Provider,
    double Seconds,
    int Saves,
    int Finishes,
    int Expired,
    int Scored,
    int Marks,
    int Calibrations,
    Aftermath Aftermath,
    int NodesFallen,
    IReadOnlyDictionary<string, int> Wrong,
    int ToldLater,
    int BrokenLines,
    double LongestSilence,
    double LongestRecovery,
    double LongestOutage,
    IReadOnlyList<string> Examples
)
{
    /// <summary>Whether nothing was lost, done twice, stuck or wrong.</summary>
    internal bool Clean => Aftermath.Sum == 0 && NodesFallen == 0 && Wrong.Count == 0;
}

/// <summary>
/// Kills a node, or stops the database server, again and again while people start, save, finish and run out of time,
/// and experts mark. Everything acknowledged must be stored, everything that may happen only once must have happened
/// exactly once, and no claim may remain on which nobody works.
/// </summary>
internal static class FaultCampaign
{
    private const int FinishingPeople = 12,
        ExpiringPeople = 6,
        Experts = 2;

    /// <summary>
    /// The numbers of sessions that finish and that expire in a round; there are enough for the longest possible round.
    /// </summary>
    private const int FinishedInRound = 200,
        ExpiredInRound = 10;

    private static readonly TimeSpan RecoveryLimit = Wait.AtMost;

    internal static async Task<FaultReport> Run(FaultPlan plan, LoadDatabase database, TextWriter progress)
    {
        if (plan.Nodes > 1 && database.Provider == LoadDatabase.Sqlite)
            throw new InvalidOperationException("A SQLite file has one node: use --provider postgres.");
        if (plan.Fault == FaultPlan.Restart && database.Server is null)
            throw new InvalidOperationException("Only a PostgreSQL server of the run's own can be restarted.");
        var random = SeededRandom.For(plan.Seed, plan.Fault);
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, Desks(plan, random), Experts, database.Settings);
        using var nodes = await Nodes.Start(database, plan.Nodes);
        var (trouble, promises) = (new Trouble(), new Promises());
        var sitters = new Sitters(exam, nodes.Ports, trouble, promises, plan.Seed);
        using var over = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();

        var waiting = new ConcurrentQueue<Desk>(exam.Desks.Take(plan.Times * FinishedInRound));
        var expiring = exam.Desks.Skip(plan.Times * FinishedInRound).ToList();
        var people = Enumerable
            .Range(0, FinishingPeople)
            .Select(place => Task.Run(() => sitters.Finish(waiting, place, over.Token)))
            .Concat(
                Enumerable
                    .Range(0, ExpiringPeople)
                    .Select(place =>
                        Task.Run(() => sitters.Expire([.. expiring.Where((_, index) => index % ExpiringPeople == place)], place))
                    )
            )
            .ToList();
        var experts = exam.ExpertTokens.Select((token, place) => Task.Run(() => sitters.Mark(token, place, done.Token))).ToList();
        using var @operator = new Roaming(nodes.Ports, 0, exam.OperatorToken, trouble);
        var (fallen, recovery, outage, calibrations) = (0, TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var time = 1; time <= plan.Times; time++)
        {
            var round = Stopwatch.StartNew();
            if (
                plan.Calibrate
                && time % 5 == 1
                && await @operator.Expect(
                    201,
                    "POST",
                    "/api/v1/calibrations",
                    $$"""{"formId":"{{exam.FormId}}","model":"rasch","minPersons":30}"""
                )
                    is not null
            )
                calibrations++;
            await Task.Delay(200 + random.Next(1300));
            fallen += nodes.Fallen;
            var (fault, before) = (Stopwatch.StartNew(), promises.Saves.Count);
            var broken = Break(plan, database, nodes, random);
            while (promises.Saves.Count < before + 20 && fault.Elapsed < RecoveryLimit)
                await Task.Delay(10);
            if (fault.Elapsed > recovery)
                recovery = fault.Elapsed;
            if (await broken is var absent && absent > outage)
                outage = absent;
            if (plan.RoundSeconds - round.Elapsed.TotalSeconds is > 0 and var left)
                await Task.Delay(TimeSpan.FromSeconds(left));
            await progress.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{plan.Fault} {time}/{plan.Times}: {promises.Saves.Count} saves, {promises.Finishes.Count} finishes, "
                        + $"{promises.Marks} marks, {trouble.ToldLater} told later, {trouble.Broken} lines broke, "
                        + $"{trouble.AllWrong.Values.Sum()} wrong answers"
                )
            );
        }
        await over.CancelAsync();
        await Task.WhenAll(people);
        await done.CancelAsync();
        await Task.WhenAll(experts);
        await progress.WriteLineAsync("waiting for what the service does by itself, then looking for everything acknowledged");

        await using var door = database.Connect();
        await Aftermath.Settle(door, exam.CampaignId);
        fallen += nodes.Fallen + nodes.Stop();
        var (aftermath, examples) = await Aftermath.Look(door, exam.CampaignId, promises, await nodes.Verify());
        var (expired, scored) = await Aftermath.Count(door, exam.CampaignId);
        return new(
            plan,
            database.Provider,
            watch.Elapsed.TotalSeconds,
            promises.Saves.Count,
            promises.Finishes.Count,
            expired,
            scored,
            promises.Marks,
            calibrations,
            aftermath,
            fallen,
            trouble.AllWrong,
            trouble.ToldLater,
            trouble.Broken,
            promises.LongestSilence.TotalSeconds,
            recovery.TotalSeconds,
            outage.TotalSeconds,
            [.. trouble.Examples, .. examples]
        );
    }

    /// <summary>Causes the fault.</summary>
    /// <returns>How long the outage lasted.</returns>
    private static async Task<TimeSpan> Break(FaultPlan plan, LoadDatabase database, Nodes nodes, SeededRandom random)
    {
        var gone = Stopwatch.StartNew();
        if (plan.Fault == FaultPlan.Restart)
        {
            await database.Server!.RestartAndWait();
        }
        else
        {
            var node = random.Next(nodes.Count);
            nodes.Kill(node);
            await nodes.Start(node);
        }
        return gone.Elapsed;
    }

    /// <summary>
    /// People who will finish may come at any time; other people's time runs out at times spread over the run.
    /// </summary>
    private static List<Sitting> Desks(FaultPlan plan, SeededRandom random)
    {
        // The nodes need a while to start before anybody can save.
        const double Lead = 5;
        var length = plan.Times * plan.RoundSeconds;
        return
        [
            .. Enumerable.Repeat(Sitting.Scheduled, plan.Times * FinishedInRound),
            .. Enumerable
                .Range(0, plan.Times * ExpiredInRound)
                .Select(_ => new Sitting(Duration.FromMilliseconds((long)(1000 * (Lead + random.NextDouble() * length))), GraceSeconds: 1)),
        ];
    }
}
