using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diagnostics.TestKit.Server;

/// <summary>The service as a separate process, which can be killed without warning.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>
    /// Settings without request limits, for a service that gets everybody's requests from a single generator.
    /// </summary>
    internal static readonly string[] Unlimited = ["--Diagnostics:RequestsPerSecond=1000000", "--Diagnostics:SavesPerSecond=1000000"];

    private readonly ChildProcess process;

    private ServerProcess(ChildProcess process, int port) => (this.process, Port) = (process, port);

    internal int Port { get; }

    /// <summary>Time from the start of the process to the first good answer of <c>/health/ready</c>.</summary>
    internal TimeSpan StartUp { get; private set; }

    internal static Task<ServerProcess> Start(string dataFolder, string bankFolder, params string[] settings) =>
        StartAt(FreePort(), dataFolder, bankFolder, settings);

    /// <summary>Starts the service at an address that other processes already know.</summary>
    internal static async Task<ServerProcess> StartAt(int port, string dataFolder, string bankFolder, params string[] settings)
    {
        var watch = Stopwatch.StartNew();
        var server = new ServerProcess(
            ChildProcess.Start(
                Command(
                    "Diagnostics.Server.dll",
                    [
                        $"--Urls=http://127.0.0.1:{port}",
                        $"--Diagnostics:Data={dataFolder}",
                        $"--Diagnostics:Bank={bankFolder}",
                        "--Logging:LogLevel:Default=Warning",
                        .. settings,
                    ]
                )
            ),
            port
        );
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
            await server.Until($"http://127.0.0.1:{port}/health/ready answers 200", () => IsReady(client, port));
            server.StartUp = watch.Elapsed;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    internal bool HasEnded => process.HasEnded;

    /// <inheritdoc cref="ChildProcess.LastOutput"/>
    internal string LastOutput => process.LastOutput;

    /// <inheritdoc cref="ChildProcess.Until"/>
    internal Task Until(string what, Func<Task<bool>> happened) => process.Until(what, happened);

    /// <inheritdoc cref="ChildProcess.Until"/>
    internal Task Until(string what, Func<bool> happened, TimeSpan? atMost = null) =>
        process.Until(what, () => Task.FromResult(happened()), atMost);

    /// <summary>Sends SIGKILL: the process has no chance to flush or close anything.</summary>
    internal void Kill() => process.Kill();

    /// <summary>Sends SIGTERM, as an operator, a container engine or systemd does; does not wait.</summary>
    internal void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <inheritdoc cref="ChildProcess.WaitForEnd"/>
    internal int WaitForEnd() => process.WaitForEnd();

    /// <inheritdoc cref="ChildProcess.EndsWithin"/>
    internal bool EndsWithin(TimeSpan time) => process.EndsWithin(time);

    /// <summary>Runs a verb of the service to its end.</summary>
    internal static async Task<(int Code, string Output)> RunVerb(params string[] arguments)
    {
        var (code, output, errors) = await ChildProcess.Run(Command("Diagnostics.Server.dll", arguments));
        return (code, output + errors);
    }

    /// <summary>The command that starts a program in the folder of the running one.</summary>
    internal static ProcessStartInfo Command(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]);
        // This setting is for the generator only.
        start.Environment.Remove(Wire.InlineCompletions);
        return start;
    }

    /// <summary>Resident memory, MB.</summary>
    internal double ResidentMegabytes() => process.ResidentMegabytes();

    /// <summary>Processor time used so far, all threads.</summary>
    internal TimeSpan ProcessorTime() => process.ProcessorTime();

    public void Dispose() => process.Dispose();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsReady(HttpClient client, int port)
    {
        try
        {
            using var answer = await client.GetAsync($"http://127.0.0.1:{port}/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
