using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Server.Description.Examples;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <summary>The result of one receiver.</summary>
/// <param name="Applied">Events, each counted once.</param>
/// <param name="Wrong">Sessions whose profile the receiver has but should not have, or should have but lacks.</param>
/// <param name="OutOfOrder">Events that came before another event that they must follow.</param>
internal sealed record ReceiverReport(string Name, int Applied, int Wrong, int OutOfOrder);

/// <param name="Changes">Versions of profiles that were issued, and sessions that were annulled, by a node that was
/// then killed.</param>
/// <param name="Messages">Messages received in this process, including repeated attempts.</param>
/// <param name="Repeated">Messages that came more than once, which at-least-once delivery permits.</param>
/// <param name="Unsigned">Messages whose signature is not valid.</param>
/// <param name="Current">Valid profiles at the end.</param>
internal sealed record WebhookReport(
    string Provider,
    int Nodes,
    int Kills,
    int Changes,
    int Current,
    int Messages,
    int Repeated,
    int Unsigned,
    IReadOnlyList<ReceiverReport> Receivers,
    double Seconds
)
{
    internal bool Clean => Unsigned == 0 && Receivers.All(receiver => receiver is { Applied: > 0, Wrong: 0, OutOfOrder: 0 });
}

/// <summary>
/// A node is killed again and again between a change of profiles and its delivery. A receiver that applies each event
/// once, in the order of arrival, must end with exactly the valid profiles. There are three receivers: a webhook
/// receiver in this process, and the sample portal twice, once with the feed and once with a webhook of its own.
/// </summary>
internal static class WebhookCampaign
{
    /// <summary>Lets nodes call a receiver on loopback.</summary>
    internal const string ReceiverAllowed = "--Diagnostics:WebhookExceptions=127.0.0.0/8";

    /// <summary>
    /// The webhook timeout is short, so that other nodes can soon claim the deliveries of a killed node, but long
    /// enough for a receiver that queries the service.
    /// </summary>
    private static readonly string[] Settings = [ReceiverAllowed, "--Diagnostics:WebhookTimeoutSeconds=5"];

    private const int People = 40,
        ChangesInRound = 12;

    /// <summary>
    /// Time for everybody to catch up: deliveries that failed often while nodes were killed are tried again only after
    /// a long pause.
    /// </summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(15);

    /// <param name="withPortals">Also runs the sample portal, which needs Python.</param>
    internal static async Task<WebhookReport> Run(
        int kills,
        int nodeCount,
        long seed,
        LoadDatabase database,
        bool withPortals,
        TextWriter progress
    )
    {
        if (nodeCount > 1 && database.Provider == LoadDatabase.Sqlite)
            throw new InvalidOperationException("A SQLite file has one node: use --provider postgres.");
        var watch = Stopwatch.StartNew();
        var random = SeededRandom.For(seed, "webhooks");
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, People, settings: database.Settings);
        await using var door = database.Connect();
        await using var sink = await WebhookSink.Start();
        using var nodes = await Nodes.Start(database, nodeCount, Settings);
        var service = new Uri($"http://127.0.0.1:{nodes.Ports[0]}");
        var (client, secret) = await Subscribe(door, service, sink);
        using var folder = new TemporaryFolder();
        using var byFeed = withPortals ? SamplePortal.ByFeed(service, client, secret, folder.File("by-feed.db")) : null;
        using var byWebhook = withPortals ? await SamplePortal.ByWebhook(service, client, secret, folder.File("by-webhook.db")) : null;

        var standing = exam.Desks.Select(desk => desk.SessionId).ToList();
        var changes = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            var node = random.Next(nodes.Count);
            for (var change = 0; change < ChangesInRound; change++)
            {
                var session = standing[random.Next(standing.Count)];
                await door.Write(db => IssueNext(db, session, SystemClock.Instance.GetCurrentInstant()));
                changes++;
            }
            if (standing.Count > People / 2 && kill % 3 == 0)
            {
                var session = standing[random.Next(standing.Count)];
                standing.Remove(session);
                await Annul(nodes.Ports[node], exam.OperatorToken, session, progress);
                changes++;
            }
            await Task.Delay(random.Next(400));
            nodes.Kill(node);
            await nodes.Start(node);
            await progress.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"kill {kill}/{kills}: {changes} changes, {sink.Count} messages")
            );
        }

        var expected = await door.Read(Current);
        var issued = await door.Read(Issued);
        List<Func<Task<ReceiverReport>>> receivers = [() => Task.FromResult(Judge("webhook", Replay(sink.Received), issued, expected))];
        foreach (var (name, portal) in new[] { ("sample portal by feed", byFeed), ("sample portal by webhook", byWebhook) })
            if (portal is not null)
                receivers.Add(async () => Judge(name, new(await portal.Profiles(), await portal.Applied()), issued, expected));
        IReadOnlyList<ReceiverReport> reports;
        for (var waiting = Stopwatch.StartNew(); ; await Task.Delay(500))
        {
            reports = await Task.WhenAll(receivers.Select(receiver => receiver()));
            if (reports.All(report => report.Wrong == 0) || nodes.Fallen > 0 || waiting.Elapsed > CatchUp)
                break;
        }
        foreach (var portal in new[] { byFeed, byWebhook })
            if (portal is { HasEnded: true })
                throw new InvalidOperationException(portal.LastOutput);
        var received = sink.Received;
        return new(
            Provider: database.Provider,
            Nodes: nodeCount,
            Kills: kills,
            Changes: changes,
            Current: expected.Count,
            Messages: received.Count,
            Repeated: received.Count - received.DistinctBy(message => message.Id).Count(),
            Unsigned: received.Count(message => !message.Signed),
            Receivers: reports,
            Seconds: watch.Elapsed.TotalSeconds
        );
    }

    /// <summary>
    /// Makes a client, to which all people of the campaign give their consent, and the client's webhook.
    /// </summary>
    /// <returns>The client's name and secret.</returns>
    internal static async Task<(string Client, string Secret)> Subscribe(Database door, Uri service, WebhookSink sink)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var (client, secret) = ($"load-{Guid.NewGuid():N}", Clients.NewSecret());
        await door.Write(async db =>
        {
            await db.Execute(
                """
                INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at)
                SELECT s.id, s.participant_id, 'profile_sharing', 'default', 1, @now FROM sessions AS s
                """,
                new { now }
            );
            return await ClientStore.Add(
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
        });
        using var http = new HttpClient { BaseAddress = service };
        using var token = await http.PostAsync(
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
        var bearer = (await Body(token))["access_token"]!.GetValue<string>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var made = await http.PostAsJsonAsync("/api/v1/webhooks", new { url = sink.Url });
        sink.Secrets.Add((await Body(made))["secret"]!.GetValue<string>());
        return (client, secret);
    }

    /// <summary>
    /// Writes and announces the next version of a session's profile, as the service does when it issues one.
    /// </summary>
    internal static async Task<int> IssueNext(Db db, Guid sessionId, Instant now)
    {
        var previous = await ProfileStore.Latest(db, sessionId);
        var of =
            previous
            ?? await db.Find<ProfileRow>(
                "SELECT id AS session_id, participant_id, campaign_id FROM sessions WHERE id = @sessionId",
                new { sessionId }
            );
        var issued = of! with
        {
            Id = Guid.CreateVersion7(),
            Version = (previous?.Version ?? 0) + 1,
            Status = "final",
            Cause = "rescored",
            Fingerprint = "load",
            IssuedAt = now,
        };
        issued = issued with { Content = Content(issued) };
        await ProfileStore.Add(db, issued);
        if (previous is not null)
            await Tell(db, EventKind.ProfileSuperseded, previous, now);
        await Tell(db, EventKind.ProfileIssued, issued, now);
        return issued.Version;
    }

    private static string Content(ProfileRow row) =>
        JsonSerializer.Serialize(
            ProfilesExamples.Profile with
            {
                Version = row.Version,
                Subject = ProfilesExamples.Profile.Subject with
                {
                    ParticipantId = row.ParticipantId,
                    SessionId = row.SessionId,
                    CampaignId = row.CampaignId,
                },
            },
            UseCases.Execution.Json.Options
        );

    private static Task Tell(Db db, EventKind kind, ProfileRow profile, Instant now) =>
        EventStore.Append(
            db,
            now,
            kind,
            new()
            {
                CampaignId = profile.CampaignId,
                ParticipantId = profile.ParticipantId,
                SessionId = profile.SessionId,
                ProfileId = profile.Id,
                Version = profile.Version,
            }
        );

    private static async Task Annul(int port, string token, Guid session, TextWriter progress)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // A node that has just started may not have read its keys yet, or may not have the database; the request is
        // then repeated.
        await Wait.Until(
            "the session is annulled",
            async () =>
            {
                using var answer = await http.PostAsJsonAsync(
                    $"/api/v1/sessions/{session}/annulment",
                    new { reason = "Нарушение порядка" }
                );
                if (answer.IsSuccessStatusCode)
                    return true;
                await progress.WriteLineAsync($"annulment: {await answer.Content.ReadAsStringAsync()}");
                return false;
            }
        );
    }

    private static async Task<JsonNode> Body(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(body)! : throw new InvalidOperationException(body);
    }

    /// <summary>Valid profiles, by session.</summary>
    private static async Task<IReadOnlyDictionary<Guid, Guid>> Current(Db db) =>
        (
            await db.Query<ProfileRow>(
                """
                SELECT p.id, p.session_id FROM profiles AS p JOIN sessions AS s ON s.id = p.session_id
                WHERE s.state <> 'annulled' AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
                """
            )
        ).ToDictionary(row => row.SessionId, row => row.Id);

    /// <summary>All versions of profiles that were ever issued.</summary>
    private static async Task<IReadOnlyDictionary<Guid, ProfileRow>> Issued(Db db) =>
        (await db.Query<ProfileRow>("SELECT id, session_id, version FROM profiles")).ToDictionary(row => row.Id);

    /// <summary>Computes the result of a receiver that applies every message once, in the order of arrival.</summary>
    private static Received Replay(IReadOnlyList<ReceivedMessage> messages)
    {
        var (profiles, applied) = (new Dictionary<Guid, Guid>(), new List<AppliedEvent>());
        foreach (var message in messages.DistinctBy(message => message.Id))
        {
            applied.Add(new() { Type = message.Type, Profile = message.Of("profileId") });
            if (message.Of("sessionId") is not { } session || message.Of("profileId") is not { } profile)
                continue;
            if (message.Type == "profile.issued")
                profiles[session] = profile;
            else if (profiles.GetValueOrDefault(session) == profile)
                profiles.Remove(session);
        }
        return new(profiles, applied);
    }

    private static ReceiverReport Judge(
        string name,
        Received receiver,
        IReadOnlyDictionary<Guid, ProfileRow> issued,
        IReadOnlyDictionary<Guid, Guid> expected
    )
    {
        var (came, latest, outOfOrder) = (new HashSet<Guid>(), new Dictionary<Guid, int>(), 0);
        foreach (var told in receiver.Applied)
        {
            if (told.Profile is not { } profile)
                continue;
            var (session, version) = (issued[profile].SessionId, issued[profile].Version);
            if (told.Type == "profile.issued")
            {
                if (version <= latest.GetValueOrDefault(session))
                    outOfOrder++;
                latest[session] = version;
                came.Add(profile);
            }
            // An event that removes a profile came before the profile, or after the profile that follows it.
            else if (!came.Contains(profile) || latest[session] != version)
                outOfOrder++;
        }
        var wrong =
            expected.Count(pair => receiver.Profiles.GetValueOrDefault(pair.Key) != pair.Value)
            + receiver.Profiles.Keys.Except(expected.Keys).Count();
        return new(name, receiver.Applied.Count, wrong, outOfOrder);
    }

    /// <param name="Profiles">The profiles, by session.</param>
    private sealed record Received(IReadOnlyDictionary<Guid, Guid> Profiles, IReadOnlyList<AppliedEvent> Applied);
}
