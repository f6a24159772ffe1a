using System.Collections.Concurrent;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Which sign-ins have ended although a token that rests on them has not run out. Every node keeps the list in memory and
/// reads what is new once a second: an end takes effect everywhere within seconds, and a request is checked without a
/// statement.
/// </summary>
/// <remarks>
/// The list holds the ends of the last day and no more: neither a token nor a cookie lives longer. A look begins a minute before the last
/// one ended, because an end may be committed later than it is dated, and nodes' clocks differ by seconds.
/// </remarks>
internal sealed class EndedSignIns(Database database, IClock clock, ILogger<EndedSignIns> log) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly Duration Overlap = Duration.FromMinutes(1);

    // Of one statement: an exam that is over ends thousands at once.
    private const int Page = 1000;

    private readonly ConcurrentDictionary<Guid, Instant> ended = new();
    private Instant? seen;

    internal bool Has(Guid signIn) => ended.ContainsKey(signIn);

    /// <summary>Reads what is new; whoever ends a sign-in runs it, so that the end is known here at once.</summary>
    internal async Task Look()
    {
        var now = clock.GetCurrentInstant();
        var oldest = now - SignIns.Absolute - Overlap;
        var since = seen is { } before && before - Overlap > oldest ? before - Overlap : oldest;
        var last = new EndedSignInRow { EndedAt = since };
        IReadOnlyList<EndedSignInRow> page;
        do
        {
            var from = last;
            page = await database.Read(db => SignInStore.EndedSince(db, from.EndedAt, from.Id, Page));
            foreach (var row in page) ended[row.Id] = row.EndedAt;
            last = page.LastOrDefault(from);
        }
        while (page.Count == Page);
        foreach (var (id, at) in ended)
            if (at < oldest) ended.TryRemove(id, out _);
        seen = now;
    }

    /// <summary>
    /// Before the first request is taken. A database that is away or behind lets the node start, to say so: nothing can be done
    /// with a token there either.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Attempt(Look, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task Work(CancellationToken stopping) => Look();

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);
}
