using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diagnostics.TestKit.Server;

/// <summary>The service as a process of its own, which can be killed without warning.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, int port) => (this.process, Port) = (process, port);

    internal int Port { get; }

    /// <summary>From the start of the process to the first good answer of <c>/health/ready</c>.</summary>
    internal TimeSpan StartUp { get; private init; }

    internal static Task<ServerProcess> Start(string dataFolder, string bankFolder, params string[] settings) => StartAt(FreePort(), dataFolder, bankFolder, settings);

    /// <summary>At an address that others know already.</summary>
    internal static async Task<ServerProcess> StartAt(int port, string dataFolder, string bankFolder, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Diagnostics.Server.dll"),
            $"--Urls=http://127.0.0.1:{port}", $"--Diagnostics:Data={dataFolder}", $"--Diagnostics:Bank={bankFolder}", "--Logging:LogLevel:Default=Warning", .. settings])
            start.ArgumentList.Add(argument);
        // The generator's own setting.
        start.Environment.Remove(Wire.InlineCompletions);
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => { lock (output) if (line.Data is { } text) output.Add(text); };
        process.ErrorDataReceived += (_, line) => { lock (output) if (line.Data is { } text) output.Add(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (process.HasExited) break;
            try
            {
                using var answer = await client.GetAsync($"http://127.0.0.1:{port}/health/ready");
                if (answer.IsSuccessStatusCode) return new(process, port) { StartUp = watch.Elapsed };
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(20);
            }
        }
        lock (output) throw new InvalidOperationException($"The server did not become ready:\n{string.Join('\n', output)}");
    }

    internal bool HasEnded => process.HasExited;

    /// <summary>SIGKILL: no chance to flush, close or say goodbye.</summary>
    internal void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, as an operator, a container engine or systemd stops a service; does not wait.</summary>
    internal void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <returns>The exit code; null when it has not ended in time.</returns>
    internal int? WaitForEnd(TimeSpan atMost) => process.WaitForExit(atMost) ? process.ExitCode : null;

    /// <summary>Runs a verb of the service to its end.</summary>
    internal static async Task<(int Code, string Output)> RunVerb(params string[] arguments)
    {
        var (code, output, errors) = await Run("Diagnostics.Server.dll", arguments);
        return (code, output + errors);
    }

    /// <summary>Runs a program that lies beside this one to its end.</summary>
    internal static async Task<(int Code, string Output, string Errors)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, program), .. arguments]) start.ArgumentList.Add(argument);
        start.Environment.Remove(Wire.InlineCompletions);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Resident memory, MB.</summary>
    internal double ResidentMegabytes()
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Processor time used so far, all threads.</summary>
    internal TimeSpan ProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
