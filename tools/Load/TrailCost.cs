using System.Diagnostics;
using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage.Audit;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Diagnostics.Load;

/// <param name="With">Marks per second in each round with the audit trail.</param>
/// <param name="Without">Marks per second in each round without it.</param>
/// <param name="Share">The medians of both: with the trail by without it; must be at least 0.8.</param>
/// <param name="EntriesPerMark">Entries of the trail for each mark, in the rounds with it.</param>
internal sealed record TrailReport(
    MarkingPlan Plan,
    string Provider,
    MarkingRate With,
    MarkingRate Without,
    double Share,
    double EntriesPerMark,
    IReadOnlyDictionary<string, int> Errors
)
{
    internal bool Cheap => Share >= 0.8 && Errors.Count == 0;
}

/// <summary>
/// What the audit trail costs: the same experts claim and mark with it and without it in turn, in one run on one
/// database. The service runs in this process, because only its own code can do without the trail.
/// </summary>
internal static partial class Marking
{
    /// <returns>Null when the answers do not suffice for every round.</returns>
    internal static async Task<TrailReport?> RunTrail(MarkingPlan plan, LoadDatabase database, TextWriter progress)
    {
        await progress.WriteLineAsync($"preparing {plan.Sessions} sessions and {plan.Experts} experts");
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, plan.Sessions, true, plan.Experts, database.Settings);
        var scripts = await Scripts.Write(exam, Repository.Bank, database.Settings);
        await using var service = Service.Build([
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={exam.DataFolder}",
            $"--Diagnostics:Bank={Repository.Bank}",
            "--Logging:LogLevel:Default=Warning",
            .. ServerProcess.Unlimited,
            .. database.Settings,
        ]);
        await Startup.Prepare(service.Services, TextWriter.Null);
        await service.StartAsync();
        await using var door = database.Connect();
        await Wait.Until("every session is scored", async () => await Scripts.Unscored(door, exam) == 0);
        var each = (scripts / plan.Experts - 10) / (2 * plan.Rounds);
        if (each <= 0)
        {
            await progress.WriteLineAsync("Too few answers for every round: take more --sessions, or fewer --experts or --rounds.");
            return null;
        }
        var (measures, port) = (new Measures(), new Uri(service.Urls.Single()).Port);
        var experts = exam
            .ExpertTokens.Select(
                (token, place) =>
                    new Expert(
                        token,
                        exam.CampaignId,
                        port,
                        measures,
                        SeededRandom.For(plan.Seed, place.ToString(CultureInfo.InvariantCulture))
                    )
            )
            .ToList();
        await Round("warm-up", experts, TimeSpan.FromSeconds(plan.Seconds), 10, expert => expert.MarkOverApi());
        var (with, without) = (new Rounds(), new Rounds());
        var before = (await door.Read(AuditStore.Head))!.Number;
        for (var round = 1; round <= plan.Rounds; round++)
        {
            with.Add(await Measured("with the trail"));
            AuditStore.IsSilent = true;
            without.Add(await Measured("without it"));
            AuditStore.IsSilent = false;
        }
        var entries = (await door.Read(AuditStore.Head))!.Number - before;
        foreach (var expert in experts)
            expert.Dispose();
        await service.StopAsync();
        return new(
            plan,
            database.Provider,
            with.Report(measures.Rate("with the trail", plan.Seconds * plan.Rounds)),
            without.Report(measures.Rate("without it", plan.Seconds * plan.Rounds)),
            with.Median / without.Median,
            (double)entries / Math.Max(1, measures.Count("with the trail")),
            measures.Errors
        );

        async Task<(double, double)> Measured(string kind)
        {
            var (processor, count, watch) = (Environment.CpuUsage.TotalTime, measures.Count(kind), Stopwatch.StartNew());
            await Round(kind, experts, TimeSpan.FromSeconds(plan.Seconds), each, expert => expert.MarkOverApi());
            var given = measures.Count(kind) - count;
            var rate = given / watch.Elapsed.TotalSeconds;
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind}: {rate:F1} marks a second"));
            return (rate, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / Math.Max(1, given));
        }
    }
}
