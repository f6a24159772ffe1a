using System.Diagnostics.Metrics;
using System.Globalization;
using Diagnostics.Storage;
using Diagnostics.Storage.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Operations;

/// <summary>
/// The difference between this node's time and its reference clock: the database server's, which all nodes share, or on
/// SQLite the machine's. A request gets the time of the node that receives it (docs/promises.md, G5), so nodes with
/// different clocks would end the same session at different times. If the difference exceeds the bound, a node does not
/// start, and a running node is not ready and ends nobody's session.
/// </summary>
/// <remarks>
/// <para>When several measurements agree, the node's time is corrected, by no more than the bound at once. Within a few
/// minutes this removes an offset left by a virtual machine's pause or by a late synchronisation. When the offset
/// exceeds <see cref="MostMadeGood"/>, the clock has jumped or this machine has slept. The node then keeps its time,
/// because people's time must not follow such a clock, and reports this until the clock is right again or a person has
/// restarted the node.</para>
/// <para>Two nodes differ by twice the bound at most, which is less than a session's grace. A node that is out of step
/// still answers requests: it cannot tell which of the two clocks is wrong, and if the server's clock were wrong, all
/// nodes would fall silent at the same time.</para>
/// </remarks>
internal sealed class ClockSkew : Worker
{
    internal const string SettingName = "Diagnostics:MaxClockSkewSeconds";

    /// <summary>How many measurements must agree before the last of them corrects the node's time.</summary>
    internal const int Agreeing = 3;

    internal static readonly Duration MostMadeGood = Duration.FromMinutes(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly NodeClock clock;
    private readonly ILogger log;
    private readonly Meter meter = new(StorageMeters.Name);
    private volatile Looks looks = new([]);

    public ClockSkew(Database database, NodeClock clock, ILogger<ClockSkew> log)
        : base(log)
    {
        (this.database, this.clock, this.log) = (database, clock, log);
        meter.CreateObservableGauge(
            "diagnostics.clock.skew",
            () =>
                Ahead is { } ahead ? [new Measurement<double>(ahead.TotalSeconds, database.Labels)] : (IEnumerable<Measurement<double>>)[],
            "s",
            "How far the node's clock is ahead of the database server's; on SQLite, of the machine's"
        );
    }

    /// <summary>
    /// The bound; null when nothing is measured. It is set only when the process serves requests, because tests set
    /// their clocks themselves.
    /// </summary>
    internal Duration? AtMost { get; set; }

    /// <summary>
    /// How far this node is ahead of the reference clock; negative when it is behind, null before the first
    /// measurement.
    /// </summary>
    internal Duration? Ahead => looks.Last;

    internal bool TooFar => AtMost is { } bound && Ahead is { } ahead && Size(ahead) > bound;

    /// <summary>The bound in seconds when the setting is empty.</summary>
    internal const double UsualSeconds = 2;

    /// <summary>
    /// The bound that a setting in seconds means, from 0.1 to 60; a number outside these limits becomes the nearest
    /// limit.
    /// </summary>
    internal static Duration Bound(double seconds) => Duration.FromSeconds(Math.Clamp(seconds, 0.1, 60));

    /// <summary>Checks the clock at start-up, before anything is written with a wrong time.</summary>
    /// <exception cref="DatabaseUnavailableException">The clocks differ by more than the bound, or the database does
    /// not answer.</exception>
    internal async Task Check()
    {
        await Look();
        if (TooFar)
            throw new DatabaseUnavailableException(Text());
    }

    /// <summary>Describes the difference for an operator.</summary>
    internal string Text() =>
        Ahead is not { } ahead
            ? "Часы этого узла не сверены."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Часы этого узла {(ahead > Duration.Zero ? "спешат" : "отстают")} на {Size(ahead).TotalSeconds:F1} с "
                    + $"{Reference}, а допустимо {AtMost?.TotalSeconds:0.#} с ({SettingName}). {Advice(ahead)}"
            );

    // A measurement that fails changes nothing, because an unavailable database has not changed anybody's clock.
    protected override Task Work(CancellationToken stopping) => AtMost is null ? Task.CompletedTask : Look();

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);

    /// <summary>Measures once, and corrects the node's time when the last measurements agree.</summary>
    internal async Task Look()
    {
        var before = TooFar;
        var ahead = await DatabaseClock.Difference(database, clock.GetCurrentInstant) ?? clock.GetCurrentInstant() - clock.OfMachine();
        var seen = looks.With(ahead);
        if (AtMost is { } bound && seen.Agreed(bound / 2) && Size(ahead) <= MostMadeGood)
        {
            var correction = Duration.Max(-bound, Duration.Min(bound, -ahead));
            clock.Correct(correction);
            seen = new([ahead + correction]);
        }
        looks = seen;
        if (TooFar == before)
            return;
        if (TooFar)
            log.LogError(
                "A clock has jumped, or the machine has slept: the node is {Seconds} s ahead of the clock it is held to; it is not ready and ends no session",
                ahead.TotalSeconds
            );
        else
            log.LogWarning("The node is in step with the clock it is held to again, {Seconds} s ahead of it", Ahead?.TotalSeconds);
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    private string Reference => database.Dialect.Clock is null ? "от системных часов машины" : "от часов сервера базы данных";

    private static string Advice(Duration ahead) =>
        "Пока это так, сеансы по времени не завершаются. Настройте синхронизацию часов (NTP) на всех машинах. "
        + (
            Size(ahead) > MostMadeGood
                ? "Часы узла идут ровно и за скачком не следуют: если верны другие, перезапустите узел, когда никто не проходит диагностику."
                : "Узел понемногу поправит свои часы сам."
        );

    private static Duration Size(Duration difference) => Duration.Max(difference, -difference);

    /// <summary>The last differences, oldest first.</summary>
    private sealed record Looks(IReadOnlyList<Duration> Seen)
    {
        internal Duration? Last => Seen is [.., var last] ? last : null;

        internal Looks With(Duration ahead) => new([.. Seen.TakeLast(Agreeing - 1), ahead]);

        internal bool Agreed(Duration within) => Seen.Count == Agreeing && Seen.Max() - Seen.Min() <= within;
    }
}
