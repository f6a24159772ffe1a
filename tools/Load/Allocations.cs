using System.Diagnostics;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;

namespace Diagnostics.Load;

/// <summary>
/// The cost of one request, including the generator's part. It serves to compare two builds, or to compare a save with
/// the check, which is a request that does everything except save.
/// </summary>
/// <param name="BytesPerSave">Bytes allocated per save.</param>
/// <param name="BytesPerCheck">Bytes allocated per check.</param>
/// <param name="MicrosecondsPerSave">Processor time of a save, all threads.</param>
/// <param name="MicrosecondsPerCheck">Processor time of the check, all threads.</param>
internal sealed record AllocationReport(
    string Provider,
    int Requests,
    double BytesPerSave,
    double BytesPerCheck,
    double MicrosecondsPerSave,
    double MicrosecondsPerCheck
);

/// <summary>
/// Counts the allocations of a save. The service runs in this process and gets one request at a time, so the count does
/// not depend on other work on the machine.
/// </summary>
internal static class Allocations
{
    internal static async Task<AllocationReport> Run(LoadDatabase database, int requests)
    {
        const int sessions = 20;
        var exam = await ExamApart.Prepare(database, sessions);
        await using var app = Service.Build([
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={exam.DataFolder}",
            $"--Diagnostics:Bank={Repository.Bank}",
            .. ServerProcess.Unlimited,
            "--Logging:LogLevel:Default=Error",
            .. database.Settings,
        ]);
        await Startup.Prepare(app.Services, TextWriter.Null);
        await app.StartAsync();
        using var wire = await Wire.Connect(new Uri(app.Urls.Single()).Port);
        var takers = exam.Desks.Select(desk => new SaveBenchmark.Taker(desk)).ToList();
        // Run twice before counting: compilation, caches and first-time growth belong to no single save.
        await Send(takers, wire, requests, check: false);
        await Send(takers, wire, requests, check: true);
        var (saveBytes, saveTime) = await Send(takers, wire, requests, check: false);
        var (checkBytes, checkTime) = await Send(takers, wire, requests, check: true);
        await app.StopAsync();
        return new(database.Provider, requests, saveBytes, checkBytes, saveTime, checkTime);
    }

    private static async Task<(double Bytes, double Microseconds)> Send(
        List<SaveBenchmark.Taker> takers,
        Wire wire,
        int requests,
        bool check
    )
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var (bytes, time) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
        for (var number = 0; number < requests; number++)
            await takers[number % takers.Count].Send(wire, check);
        process.Refresh();
        return (
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)requests,
            (process.TotalProcessorTime - time).TotalMicroseconds / requests
        );
    }
}
