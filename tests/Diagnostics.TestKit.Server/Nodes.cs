using System.Globalization;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// Processes of the service on one database; each has its own data folder and keeps its address across restarts.
/// </summary>
internal sealed class Nodes : IDisposable
{
    private readonly LoadDatabase database;
    private readonly string[] settings;
    private readonly ServerProcess?[] processes;

    private Nodes(LoadDatabase database, int count, string[] settings)
    {
        (this.database, this.settings) = (database, settings);
        processes = new ServerProcess?[count];
        Ports = Enumerable.Range(0, count).Select(_ => ServerProcess.FreePort()).ToList();
    }

    internal IReadOnlyList<int> Ports { get; }

    internal int Count => processes.Length;

    /// <summary>Nodes that ended although nobody killed them.</summary>
    internal int Fallen => processes.Count(process => process is { HasEnded: true });

    /// <param name="settings">Settings besides those of the database.</param>
    internal static async Task<Nodes> Start(LoadDatabase database, int count, params string[] settings)
    {
        var nodes = new Nodes(database, count, settings);
        try
        {
            for (var node = 0; node < count; node++)
                await nodes.Start(node);
            return nodes;
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }

    /// <summary>Starts a node and waits until it is ready.</summary>
    internal async Task Start(int node) =>
        processes[node] = await ServerProcess.StartAt(
            Ports[node],
            Folder(node),
            Repository.Bank,
            [.. ServerProcess.Unlimited, .. database.Settings, .. settings]
        );

    /// <summary>Resident memory of the running node that has most, MB.</summary>
    internal double ResidentMegabytes() => processes.OfType<ServerProcess>().Max(process => process.ResidentMegabytes());

    /// <summary>Processor time used so far by the running nodes.</summary>
    internal TimeSpan ProcessorTime() =>
        TimeSpan.FromTicks(processes.OfType<ServerProcess>().Sum(process => process.ProcessorTime().Ticks));

    /// <summary>Sends SIGKILL.</summary>
    internal void Kill(int node)
    {
        processes[node]!.Dispose();
        processes[node] = null;
    }

    /// <summary>Sends SIGTERM to all nodes, and waits for their end.</summary>
    /// <returns>Number of nodes that did not end with exit code 0.</returns>
    internal int Stop()
    {
        var badly = 0;
        foreach (var process in processes.OfType<ServerProcess>())
            process.Terminate();
        for (var node = 0; node < Count; node++)
        {
            if (processes[node]?.WaitForEnd() is not 0)
                badly++;
            processes[node]?.Dispose();
            processes[node] = null;
        }
        return badly;
    }

    /// <summary>Runs <c>verify</c> for every node, with the heads of the audit trail that the node recorded.</summary>
    /// <returns>The findings, one line each.</returns>
    internal async Task<IReadOnlyList<string>> Verify()
    {
        var findings = new List<string>();
        for (var node = 0; node < Count; node++)
        {
            var (code, output) = await ServerProcess.RunVerb(["verify", $"--Diagnostics:Data={Folder(node)}", .. database.Settings]);
            if (code != 0)
                findings.AddRange(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        return findings;
    }

    public void Dispose()
    {
        foreach (var process in processes)
            process?.Dispose();
    }

    // A single node uses the folder of the database, because a SQLite file is in the folder of its only node.
    private string Folder(int node) =>
        Count == 1 ? database.Folder : Path.Combine(database.Folder, string.Create(CultureInfo.InvariantCulture, $"node-{node + 1}"));
}
