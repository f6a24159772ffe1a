using System.Diagnostics;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Forms;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Demonstration;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Profiles;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Load;

/// <summary>The cost of issuing the final profile of one session.</summary>
/// <param name="Milliseconds">Processor time per session, all threads, round by round; warm-up rounds come
/// first.</param>
/// <param name="Best">The smallest of these times, which comes closest to the time on a machine without other
/// work.</param>
/// <param name="PerSecond">Published sessions per second of clock time, in the best round.</param>
/// <param name="DocumentCharacters">Average length of a stored profile.</param>
internal sealed record PublicationReport(
    int Sessions,
    IReadOnlyList<double> Milliseconds,
    double Best,
    double PerSecond,
    double KilobytesAllocated,
    double DocumentCharacters
);

/// <summary>
/// Publishes one closed campaign of marked sessions again and again, each time on a fresh copy of the SQLite file. To
/// compare two builds, run them alternately, each in its own folder.
/// </summary>
internal static class PublicationBenchmark
{
    private const string FileName = "diagnostics.db";

    /// <summary>
    /// How many rounds to run first, uncounted, while the runtime recompiles the code that has turned out to be hot.
    /// </summary>
    private const int WarmUp = 3;

    /// <param name="folder">Folder in which the filled file is kept between runs of the same build.</param>
    internal static async Task<PublicationReport> Run(string folder, int sessions, int rounds, TextWriter progress)
    {
        Directory.CreateDirectory(folder);
        var filled = Path.Combine(folder, FileName);
        if (!File.Exists(filled))
            await Fill(folder, sessions, progress);
        var measured = new List<(double Milliseconds, double PerSecond, double Kilobytes, double Characters)>();
        for (var round = 0; round < WarmUp + rounds; round++)
        {
            using var copy = new TemporaryFolder();
            File.Copy(filled, copy.File(FileName));
            measured.Add(await Publish(copy.Path, sessions));
        }
        var counted = measured.Skip(WarmUp).ToList();
        var best = counted.MinBy(round => round.Milliseconds);
        return new(
            sessions,
            measured.ConvertAll(round => Math.Round(round.Milliseconds, 3)),
            Math.Round(best.Milliseconds, 3),
            Math.Round(best.PerSecond),
            Math.Round(best.Kilobytes),
            Math.Round(best.Characters)
        );
    }

    private static async Task Fill(string folder, int sessions, TextWriter progress)
    {
        // Fill the file elsewhere and move it: an interrupted run then leaves nothing that looks filled.
        using var making = new TemporaryFolder();
        await using (var app = Exam.Build(making.Path, Repository.Bank))
        {
            await Startup.Prepare(app.Services, TextWriter.Null);
            var database = app.Services.GetRequiredService<Database>();
            var form = (await database.Read(FormStore.List)).First(form => form.BlueprintCode == "teacher-mathematics-5-9");
            var expert = await database.Write(db =>
                Accounts.Create(
                    db,
                    app.Services.GetRequiredService<IPasswordHasher<AccountRow>>(),
                    SystemClock.Instance.GetCurrentInstant(),
                    "publication-expert",
                    Accounts.NewPassword(),
                    [new(Role.Expert, GrantScope.All, null)],
                    "load"
                )
            );
            var past = new PastCampaign(
                database,
                await app.Services.GetRequiredService<FormCatalog>().Get(form.Id),
                SystemClock.Instance,
                SeededRandom.For(1, "publication"),
                expert.Value.Id
            );
            await past.Write("Публикация", "Учителя математики 5–9 классов", "учитель математики", sessions, _ => { });
        }
        File.Copy(making.File(FileName), Path.Combine(folder, FileName));
        await progress.WriteLineAsync($"{sessions} sessions are filled in");
    }

    private static async Task<(double Milliseconds, double PerSecond, double Kilobytes, double Characters)> Publish(
        string folder,
        int sessions
    )
    {
        await using var app = Exam.Build(folder, Repository.Bank);
        await Startup.Prepare(app.Services, TextWriter.Null);
        var profiles = app.Services.GetRequiredService<FinalProfiles>();
        var database = app.Services.GetRequiredService<Database>();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (watch, bytes, before) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        await profiles.Finish(campaignId: null);
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var busy = (process.TotalProcessorTime - before).TotalMilliseconds / sessions;
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - bytes) / 1024.0 / sessions;
        var stored = await database.Read(db =>
            db.Query<double>(
                "SELECT COUNT(*) FROM profiles WHERE status = 'final' UNION ALL SELECT AVG(length(content)) FROM profiles WHERE status = 'final'"
            )
        );
        if ((int)stored[0] != sessions)
            throw new InvalidOperationException($"{stored[0]} of {sessions} sessions were published.");
        return (busy, sessions / seconds, allocated, stored[1]);
    }
}
