using System.Diagnostics.Metrics;
using System.Globalization;
using Diagnostics.Storage;
using Diagnostics.Storage.Operations;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// How far this node's clock is from that of the database server. The node that takes a request times it (G5), so nodes
/// whose clocks differ would end one session at two moments. Each is held to the one clock that they share: beyond the
/// bound a node does not start, and one that drifts there is not ready and ends nobody's session.
/// </summary>
/// <remarks>
/// Two nodes then differ by twice the bound at most, which a session's grace outweighs. A node that is out of step still
/// answers what it is sent: which of two clocks is wrong cannot be told from here, and if it is the server's, all nodes
/// would fall silent at once.
/// </remarks>
internal sealed class ClockSkew : BackgroundService
{
    internal const string SettingName = "Diagnostics:MaxClockSkewSeconds";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly IClock clock;
    private readonly ILogger<ClockSkew> log;
    private readonly Meter meter = new(StorageMeters.Name);
    private volatile Measured? last;

    public ClockSkew(Database database, IClock clock, ILogger<ClockSkew> log)
    {
        (this.database, this.clock, this.log) = (database, clock, log);
        meter.CreateObservableGauge("diagnostics.clock.skew", () => Ahead is { } ahead ? [new Measurement<double>(ahead.TotalSeconds)] : (IEnumerable<Measurement<double>>)[],
            "s", "How far the node's clock is ahead of the database server's");
    }

    /// <summary>The bound. Null, and nobody looks, unless the process itself serves: in a test the clock is the test's.</summary>
    internal Duration? AtMost { get; set; }

    /// <summary>Negative when this node is behind; null before the first look, and where there is nothing to compare with.</summary>
    internal Duration? Ahead => last?.Ahead;

    internal bool TooFar => AtMost is { } bound && Ahead is { } ahead && (ahead > bound || -ahead > bound);

    /// <summary>0.1 to 60 seconds; anything else is the nearest of them, and what is no number is 2.</summary>
    internal static Duration Setting(IConfiguration configuration) =>
        Duration.FromSeconds(double.TryParse(configuration[SettingName], CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? Math.Clamp(seconds, 0.1, 60) : 2);

    /// <summary>Before anything is written with a wrong time.</summary>
    /// <exception cref="DatabaseUnavailableException">The clocks differ by more than the bound, or the database does not answer.</exception>
    internal async Task Check()
    {
        await Look();
        if (TooFar) throw new DatabaseUnavailableException(Text());
    }

    /// <summary>For an operator.</summary>
    internal string Text() => Ahead is not { } ahead ? "Часы этого узла не сверены." : string.Create(CultureInfo.InvariantCulture,
        $"Часы этого узла {(ahead > Duration.Zero ? "спешат" : "отстают")} на {Math.Abs(ahead.TotalSeconds):F1} с от часов сервера базы данных, а допустимо {AtMost?.TotalSeconds:0.#} с ({SettingName}). Время сеансов считают часы узла: настройте их синхронизацию (NTP) на обеих машинах.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (AtMost is null) return;
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Look();
                if (TooFar) log.LogError("The clock is {Seconds} s ahead of the database server's; this node is not ready and ends no session", Ahead?.TotalSeconds);
            }
            // What was seen last stands: a database that is away has not set anybody's clock.
            catch (Exception fault) when (fault is DatabaseUnavailableException or DatabaseBusyException or System.Data.Common.DbException)
            {
                log.LogWarning(fault, "The database server's clock cannot be read; the next attempt follows");
            }
        }
    }

    internal async Task Look() => last = await DatabaseClock.Difference(database, clock.GetCurrentInstant) is { } ahead ? new(ahead) : null;

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    private sealed record Measured(Duration Ahead);
}
