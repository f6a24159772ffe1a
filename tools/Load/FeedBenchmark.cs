using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Profiles;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Access;
using NodaTime;

namespace Diagnostics.Load;

/// <param name="PlacedPerSecond">Events per second that got their position in the feed, when all of them were waiting
/// for one.</param>
/// <param name="PerSecond">Events that one portal reads per second over HTTP, page after page.</param>
/// <param name="PageP50">Median time to read a page, in milliseconds.</param>
/// <param name="Missed">Written events that the portal did not read; must be 0.</param>
internal sealed record FeedReport(
    string Provider,
    int Events,
    int People,
    int Limit,
    double PlacedPerSecond,
    double PerSecond,
    double PageP50,
    double PageP99,
    int Missed
);

/// <summary>
/// Measures how fast a portal catches up: all events are written first, then one portal of the territory reads all of
/// them.
/// </summary>
internal static class FeedBenchmark
{
    private const int Together = 500;

    internal static async Task<FeedReport> Run(LoadDatabase target, int events, int people, int limit, TextWriter progress)
    {
        var exam = await ExamApart.Prepare(target, people);
        var (client, secret) = ($"feed-{Guid.NewGuid():N}"[..20], Clients.NewSecret());
        double placed;
        await using (var database = target.Connect())
        {
            await Fill(database, exam, client, secret, events);
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{events} events of {people} people are written"));
            var watch = Stopwatch.StartNew();
            while (await database.Write(db => EventStore.Place(db, 1000), Isolation.Guarded) > 0) { }
            placed = events / watch.Elapsed.TotalSeconds;
        }
        using var node = await ServerProcess.Start(exam.DataFolder, Repository.Bank, target.Settings);
        using var portal = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port}") };
        using var answer = await portal.PostAsync(
            "/api/v1/auth/token",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = client,
                    ["client_secret"] = secret,
                }
            )
        );
        var token = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
        portal.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // One read before the measurement warms the node up.
        await Read(portal, limit, []);
        var pages = new List<double>();
        var reading = Stopwatch.StartNew();
        var read = await Read(portal, limit, pages);
        var perSecond = read / reading.Elapsed.TotalSeconds;
        pages.Sort();
        return new(
            target.Provider,
            events,
            people,
            limit,
            placed,
            perSecond,
            pages[pages.Count / 2],
            pages[(int)(0.99 * (pages.Count - 1))],
            events - read
        );
    }

    private static async Task<int> Read(HttpClient portal, int limit, List<double> pages)
    {
        var ids = new HashSet<string>();
        for (var after = ""; ; )
        {
            var began = Stopwatch.GetTimestamp();
            var page = JsonNode.Parse(await portal.GetStringAsync($"/api/v1/profile-feed?type=profile.issued&limit={limit}{after}"))!;
            pages.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            foreach (var item in page["items"]!.AsArray())
                ids.Add(item!["id"]!.GetValue<string>());
            if (!page["more"]!.GetValue<bool>())
                return ids.Count;
            after = $"&after={page["next"]}";
        }
    }

    /// <summary>
    /// Gives every person a consent and a published profile, and writes one event after another about these profiles.
    /// </summary>
    private static async Task Fill(Database database, Exam exam, string client, string secret, int events)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var profiles = await database.Write(
            async db =>
            {
                await ClientStore.Add(
                    db,
                    new ClientRow
                    {
                        Id = client,
                        Name = client,
                        SecretHash = Clients.HashOf(secret),
                        Scopes = Clients.ReadProfiles,
                        Territory = Exam.Territory,
                        CreatedAt = now,
                    }
                );
                List<ProfileRow> made = [];
                foreach (
                    var (session, person) in (await db.Query<Sat>("SELECT id, participant_id FROM sessions ORDER BY id")).Select(sat =>
                        (sat.Id, sat.ParticipantId)
                    )
                )
                {
                    await ConsentStore.Add(
                        db,
                        new ConsentRow
                        {
                            Id = Guid.CreateVersion7(),
                            ParticipantId = person,
                            Kind = ConsentStore.ProfileSharing,
                            TextCode = "profile-sharing",
                            TextVersion = 1,
                            GivenAt = now,
                        }
                    );
                    made.Add(
                        new ProfileRow
                        {
                            Id = Guid.CreateVersion7(),
                            SessionId = session,
                            ParticipantId = person,
                            CampaignId = exam.CampaignId,
                            Version = 1,
                            Status = "final",
                            Cause = "published",
                            Content = "{}",
                            Fingerprint = "",
                            IssuedAt = now,
                        }
                    );
                    await ProfileStore.Add(db, made[^1]);
                }
                return made;
            },
            Isolation.Guarded
        );
        foreach (var some in Enumerable.Range(0, events).Chunk(Together))
            await database.Write(
                async db =>
                {
                    foreach (var number in some)
                    {
                        var profile = profiles[number % profiles.Count];
                        await EventStore.Append(
                            db,
                            now,
                            EventKind.ProfileIssued,
                            new()
                            {
                                CampaignId = profile.CampaignId,
                                ParticipantId = profile.ParticipantId,
                                SessionId = profile.SessionId,
                                ProfileId = profile.Id,
                                Version = 1,
                            }
                        );
                    }
                    return some.Length;
                },
                Isolation.Guarded
            );
        if (database.Provider == LoadDatabase.Postgres)
            await database.Write(db => db.Execute("ANALYZE;"), Isolation.Guarded);
    }

    private sealed record Sat
    {
        public Guid Id { get; init; }
        public Guid ParticipantId { get; init; }
    }
}
