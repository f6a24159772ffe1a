using System.Diagnostics;

namespace Diagnostics.TestKit;

/// <summary>A process that a test or a tool starts, with its output; it ends with its owner.</summary>
public sealed class ChildProcess : IDisposable
{
    private const int LinesShown = 40;

    private readonly Process process;
    private readonly string name;
    private readonly Lock gate = new();
    private readonly List<(bool Error, string Line)> said = [];

    private ChildProcess(Process process, string name) => (this.process, this.name) = (process, name);

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>The last lines of both output streams.</summary>
    public string LastOutput
    {
        get
        {
            lock (gate)
                return said.Count == 0 ? "(nothing)" : string.Join('\n', said.TakeLast(LinesShown).Select(line => line.Line));
        }
    }

    /// <summary>The input of the process; closed when the process is disposed.</summary>
    public StreamWriter Input => process.StandardInput;

    /// <param name="start">The program to start. Its output streams are always redirected; its input is redirected only
    /// if <paramref name="start"/> says so.</param>
    public static ChildProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        var process = new Process { StartInfo = start };
        var child = new ChildProcess(
            process,
            $"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList.Take(2).Select(Path.GetFileName))}".TrimEnd()
        );
        process.OutputDataReceived += (_, line) => child.Hear(line.Data, error: false);
        process.ErrorDataReceived += (_, line) => child.Hear(line.Data, error: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="atMost">The time limit; longer than <see cref="Wait.AtMost"/> when the work itself takes
    /// longer.</param>
    /// <exception cref="TimeoutException">The program did not end, and was killed.</exception>
    public static async Task<(int Code, string Output, string Errors)> Run(ProcessStartInfo start, TimeSpan? atMost = null)
    {
        using var child = Start(start);
        var watch = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(atMost ?? Wait.AtMost);
        try
        {
            await child.process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw Wait.GivenUp($"{child.name} ended", watch.Elapsed, null, () => child.LastOutput);
        }
        return (child.process.ExitCode, child.Said(error: false), child.Said(error: true));
    }

    /// <summary>Waits for a condition that this process brings about.</summary>
    /// <param name="what">The condition as a sentence, such as <c>the server is ready</c>.</param>
    /// <exception cref="TimeoutException">The condition did not occur; the message shows the last output of the
    /// process.</exception>
    /// <exception cref="InvalidOperationException">The process ended first; the message shows its last
    /// output.</exception>
    public Task Until(string what, Func<Task<bool>> happened, TimeSpan? atMost = null) =>
        Wait.Until(
            what,
            async () =>
                HasEnded
                    ? throw new InvalidOperationException($"{name} ended before {what}. Said last:\n{await LastWords()}")
                    : await happened(),
            () => LastOutput,
            atMost
        );

    /// <summary>
    /// The last lines of output: all of them once the process has ended, or those that have arrived after 30 seconds.
    /// </summary>
    public async Task<string> LastWords()
    {
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(30)));
        return LastOutput;
    }

    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">The process did not end.</exception>
    public int WaitForEnd() =>
        EndsWithin(Wait.AtMost) ? process.ExitCode : throw Wait.GivenUp($"{name} ended", Wait.AtMost, null, () => LastOutput);

    public bool EndsWithin(TimeSpan time) => process.WaitForExit(time);

    /// <summary>Sends SIGKILL: the process has no chance to flush or close anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Resident memory, MB.</summary>
    public double ResidentMegabytes()
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Processor time used so far, all threads.</summary>
    public TimeSpan ProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }

    private void Hear(string? line, bool error)
    {
        if (line is null)
            return;
        lock (gate)
            said.Add((error, line));
    }

    private string Said(bool error)
    {
        lock (gate)
            return string.Concat(said.Where(line => line.Error == error).Select(line => line.Line + "\n"));
    }
}
