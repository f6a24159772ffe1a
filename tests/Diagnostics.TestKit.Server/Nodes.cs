using System.Globalization;

namespace Diagnostics.TestKit.Server;

/// <summary>Processes of the service on one database, each with a data folder of its own and an address that it keeps when it is started again.</summary>
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

    /// <summary>Nodes that nobody killed and that are gone nevertheless.</summary>
    internal int Fallen => processes.Count(process => process is { HasEnded: true });

    /// <param name="settings">Besides those of the database.</param>
    internal static async Task<Nodes> Start(LoadDatabase database, int count, params string[] settings)
    {
        var nodes = new Nodes(database, count, settings);
        try
        {
            for (var node = 0; node < count; node++) await nodes.Start(node);
            return nodes;
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }

    /// <summary>Ready when it ends.</summary>
    internal async Task Start(int node) => processes[node] =
        await ServerProcess.StartAt(Ports[node], Folder(node), Repository.Bank, [.. ServerProcess.Unlimited, .. database.Settings, .. settings]);

    /// <summary>Used so far by the nodes that run.</summary>
    internal TimeSpan ProcessorTime() => TimeSpan.FromTicks(processes.OfType<ServerProcess>().Sum(process => process.ProcessorTime().Ticks));

    /// <summary>SIGKILL.</summary>
    internal void Kill(int node)
    {
        processes[node]!.Dispose();
        processes[node] = null;
    }

    /// <summary>SIGTERM to all, and their end.</summary>
    /// <returns>Nodes that did not end with 0.</returns>
    internal int Stop()
    {
        var badly = 0;
        foreach (var process in processes.OfType<ServerProcess>()) process.Terminate();
        for (var node = 0; node < Count; node++)
        {
            if (processes[node]?.WaitForEnd() is not 0) badly++;
            processes[node]?.Dispose();
            processes[node] = null;
        }
        return badly;
    }

    /// <summary>Runs <c>verify</c> with the heads of the audit trail that each node wrote down.</summary>
    /// <returns>What it found, a line each.</returns>
    internal async Task<IReadOnlyList<string>> Verify()
    {
        var findings = new List<string>();
        for (var node = 0; node < Count; node++)
        {
            var (code, output) = await ServerProcess.RunVerb(["verify", $"--Diagnostics:Data={Folder(node)}", .. database.Settings]);
            if (code != 0) findings.AddRange(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        return findings;
    }

    public void Dispose()
    {
        foreach (var process in processes) process?.Dispose();
    }

    // The file of SQLite lies in the folder of its only node.
    private string Folder(int node) => Count == 1 ? database.Folder : Path.Combine(database.Folder, string.Create(CultureInfo.InvariantCulture, $"node-{node + 1}"));
}
