using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Diagnostics.TestKit.Server;

/// <summary>An event that a portal has applied.</summary>
internal sealed record AppliedEvent
{
    public string Type { get; init; } = "";
    public Guid? Profile { get; init; }
}

/// <summary>
/// The portal of <c>samples/python</c> as a separate process, which receives events through the feed or a webhook.
/// </summary>
internal sealed class SamplePortal : IDisposable
{
    private readonly ChildProcess process;
    private readonly string path;

    private SamplePortal(ChildProcess process, string path) => (this.process, this.path) = (process, path);

    internal bool HasEnded => process.HasEnded;

    internal string LastOutput => process.LastOutput;

    internal static SamplePortal ByFeed(Uri service, string client, string secret, string path) =>
        Start(service, client, secret, path, "follow");

    internal static async Task<SamplePortal> ByWebhook(Uri service, string client, string secret, string path)
    {
        var portal = Start(service, client, secret, path, "listen", ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture));
        await portal.process.Until(
            "the portal listens",
            () => Task.FromResult(portal.LastOutput.Contains("listening", StringComparison.Ordinal))
        );
        return portal;
    }

    /// <summary>The profiles in the portal's copy, by session.</summary>
    internal async Task<IReadOnlyDictionary<Guid, Guid>> Profiles() =>
        (await Query<(string Session, string Id)>("SELECT session, id FROM profiles")).ToDictionary(
            row => Guid.Parse(row.Session),
            row => Guid.Parse(row.Id)
        );

    /// <summary>Events in the order in which the portal applied them.</summary>
    internal async Task<IReadOnlyList<AppliedEvent>> Applied() =>
        (await Query<(string Type, string? Profile)>("SELECT type, profile FROM seen ORDER BY rowid"))
            .Select(row => new AppliedEvent { Type = row.Type, Profile = row.Profile is { } id ? Guid.Parse(id) : null })
            .ToList();

    public void Dispose() => process.Dispose();

    private async Task<IEnumerable<T>> Query<T>(string sql)
    {
        await using var database = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=60");
        return await database.QueryAsync<T>(sql);
    }

    private static SamplePortal Start(Uri service, string client, string secret, string path, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "samples", "python", "portal.py"), .. arguments]);
        start.Environment["DIAGNOSTICS_URL"] = service.ToString().TrimEnd('/');
        start.Environment["DIAGNOSTICS_CLIENT"] = client;
        start.Environment["DIAGNOSTICS_SECRET"] = secret;
        start.Environment["PORTAL_DATABASE"] = path;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return new(ChildProcess.Start(start), path);
    }
}
