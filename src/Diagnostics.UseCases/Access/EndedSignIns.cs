using System.Collections.Concurrent;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// The ended sign-ins whose tokens have not expired yet. Every node keeps this list in memory and reads new entries
/// once a second, so an end takes effect everywhere within seconds, and checking a request needs no SQL statement.
/// </summary>
/// <remarks>
/// The list contains only sign-ins that ended within the last day, because neither a token nor a cookie lives longer.
/// Each reading starts a minute before the previous one stopped, because the end of a sign-in may be committed later
/// than its recorded time, and the nodes' clocks differ by seconds.
/// </remarks>
internal sealed class EndedSignIns(Database database, IClock clock, ILogger<EndedSignIns> log) : Worker(log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly Duration Overlap = Duration.FromMinutes(1);

    // Rows are read page by page, because the end of an exam ends thousands of sign-ins at the same time.
    private const int Page = 1000;

    private readonly ConcurrentDictionary<Guid, Instant> ended = new();
    private Instant? seen;

    internal bool Has(Guid signIn) => ended.ContainsKey(signIn);

    /// <summary>
    /// Reads new entries. Code that ends a sign-in also calls this method, so that this node knows of the end
    /// immediately.
    /// </summary>
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
            foreach (var row in page)
                ended[row.Id] = row.EndedAt;
            last = page.LastOrDefault(from);
        } while (page.Count == Page);
        foreach (var (id, at) in ended)
            if (at < oldest)
                ended.TryRemove(id, out _);
        seen = now;
    }

    /// <summary>
    /// Runs before the first request. A database that is unreachable or has an older schema does not prevent the start:
    /// the node must run in order to report the fault, and without the database nobody can use a token anyway.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Attempt(Look, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task Work(CancellationToken stopping) => Look();

    protected override Task Pause(CancellationToken stopping) => Task.Delay(Interval, stopping);
}
