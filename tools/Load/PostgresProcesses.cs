using System.Globalization;
using Diagnostics.TestKit.Server;
using Npgsql;

namespace Diagnostics.Load;

/// <summary>
/// Processor time and memory of a PostgreSQL server on this machine, over all its processes, read from <c>/proc</c>.
/// </summary>
internal sealed class PostgresProcesses
{
    // Indexes of fields in /proc/…/stat, counted from the state, which follows the name in brackets (man 5 proc).
    private const int Parent = 1,
        UserTime = 11,
        SystemTime = 12,
        UserTimeOfEnded = 13,
        SystemTimeOfEnded = 14;

    // USER_HZ, the same on every architecture on which .NET runs.
    private const double TicksPerSecond = 100;

    private readonly int postmaster;

    private PostgresProcesses(int postmaster) => this.postmaster = postmaster;

    /// <returns>The server's processes; null on SQLite, and when the server is not on this machine or its processes are
    /// not visible.</returns>
    internal static async Task<PostgresProcesses?> Of(LoadDatabase database)
    {
        if (database.ConnectionString is not { } connectionString)
            return null;
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString()
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return
            Stat(backend) is { } stat
            && Name(backend) == "postgres"
            && int.Parse(stat[Parent], CultureInfo.InvariantCulture) is var parent
            && Name(parent) == "postgres"
            ? new(parent)
            : null;
    }

    /// <summary>Processor time used so far, including processes that have ended.</summary>
    internal TimeSpan ProcessorTime()
    {
        var ticks = Stat(postmaster) is { } own ? Ticks(own, UserTime, SystemTime, UserTimeOfEnded, SystemTimeOfEnded) : 0;
        return TimeSpan.FromSeconds(
            (ticks + Children().Sum(child => Stat(child) is { } stat ? Ticks(stat, UserTime, SystemTime) : 0)) / TicksPerSecond
        );
    }

    /// <summary>Resident memory in MB, with shared memory counted once; 0 when the kernel does not report it.</summary>
    internal double ResidentMegabytes() => Children().Append(postmaster).Sum(ProportionalKilobytes) / 1024.0;

    private List<int> Children() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0 && Stat(process) is { } stat && stat[Parent] == postmaster.ToString(CultureInfo.InvariantCulture))
            .ToList();

    private static long Ticks(string[] stat, params ReadOnlySpan<int> fields)
    {
        var sum = 0L;
        foreach (var field in fields)
            sum += long.Parse(stat[field], CultureInfo.InvariantCulture);
        return sum;
    }

    private static string? Name(int process) => Text(process, "comm")?.Trim();

    /// <summary>The fields of the process in <c>/proc/…/stat</c>; null for a process that no longer exists.</summary>
    private static string[]? Stat(int process) => Text(process, "stat") is { } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static long ProportionalKilobytes(int process) =>
        Text(process, "smaps_rollup")?.Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line["Pss:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            : 0;

    private static string? Text(int process, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
