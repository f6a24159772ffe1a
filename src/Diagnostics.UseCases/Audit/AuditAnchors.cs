using System.Text;
using Diagnostics.Engine.Audit;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Operations;
using NodaTime;
using NodaTime.Text;

namespace Diagnostics.UseCases.Audit;

/// <summary>
/// Writes the head of the audit trail to a file outside the database (<c>audit-head.log</c>: number, hash, time), at
/// most once a minute and at shutdown, so that a rewritten trail would no longer match the file. For more safety, copy
/// the file to a separate place.
/// </summary>
internal sealed class AuditAnchors(Database database, string file, IClock clock, ILogger<AuditAnchors> log) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1);
    private AuditAnchor? last;

    // Wait first: at start there is nothing new to write.
    protected override async Task Work(CancellationToken stopping)
    {
        await Task.Delay(Interval, stopping);
        await WriteHead();
    }

    protected override Task Pause(CancellationToken stopping) => Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Attempt(WriteHead, CancellationToken.None);
    }

    /// <summary>Appends the head of the trail if it has moved since the last line of the file was written.</summary>
    internal async Task WriteHead()
    {
        await gate.WaitAsync();
        try
        {
            last ??= Read().Anchors is [.., var known] ? known : null;
            if (await database.Read(AuditStore.Head) is not { } head || head == last)
                return;
            var line = $"{head.Number} {head.Hash} {InstantPattern.General.Format(clock.GetCurrentInstant())}\n";
            DataFolder.Prepare(Path.GetDirectoryName(file)!);
            await using var stream = new FileStream(file, DataFolder.Writing(FileMode.OpenOrCreate, FileShare.Read));
            // If a crash left the last line unfinished, begin a new line, so that the head written now can still be
            // read.
            if (stream.Length > 0 && LastByte(stream) != '\n')
                line = "\n" + line;
            stream.Seek(0, SeekOrigin.End);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line));
            stream.Flush(flushToDisk: true);
            last = head;
        }
        finally
        {
            gate.Release();
        }
    }

    internal static string FileIn(string dataFolder) => Path.Combine(dataFolder, "audit-head.log");

    internal (IReadOnlyList<AuditAnchor> Anchors, int Unreadable) Read() => Read(file);

    /// <summary>All recorded heads, and the number of lines that are not heads.</summary>
    internal static (IReadOnlyList<AuditAnchor> Anchors, int Unreadable) Read(string file)
    {
        if (!File.Exists(file))
            return ([], 0);
        var anchors = new List<AuditAnchor>();
        var unreadable = 0;
        foreach (var line in File.ReadLines(file, Encoding.ASCII))
        {
            if (line.Split(' ') is [var number, { Length: 64 } hash, _] && long.TryParse(number, out var value))
                anchors.Add(new(value, hash));
            else if (line.Length > 0)
                unreadable++;
        }
        return (anchors, unreadable);
    }

    private static int LastByte(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte();
    }

    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }
}
