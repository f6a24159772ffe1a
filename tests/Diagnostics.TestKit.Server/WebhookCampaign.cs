using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Events;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using NodaTime;

namespace Diagnostics.TestKit.Server;

/// <param name="Changes">Versions of profiles that were issued, and sessions that were annulled, by a node that was
/// then killed.</param>
/// <param name="Repeated">Messages that arrived more than once: the promise is at least once.</param>
/// <param name="Wrong">Sessions whose profile the receiver has but should not, or lacks.</param>
/// <param name="OutOfOrder">Messages that arrived before one that they follow.</param>
/// <param name="Unsigned">Messages with an invalid signature.</param>
internal sealed record WebhookReport(
    string Provider, int Nodes, int Kills, int Changes, int Received, int Repeated, int Current, int Wrong, int OutOfOrder, int Unsigned,
    double Seconds)
{
    internal bool Clean => Wrong == 0 && OutOfOrder == 0 && Unsigned == 0 && Received > 0;
}

/// <summary>
/// Kills a node again and again between a change of profiles and its delivery. A receiver that only applies each
/// message once, in the order of arrival, must end with exactly the valid profiles.
/// </summary>
internal static class WebhookCampaign
{
    /// <summary>
    /// Lets the nodes call the receiver, and limits how long they wait for it, so that the claims of a killed node are
    /// soon free.
    /// </summary>
    internal static readonly string[] Settings = ["--Diagnostics:WebhookExceptions=127.0.0.0/8", "--Diagnostics:WebhookTimeoutSeconds=1"];

    private const int People = 40, ChangesInRound = 12;

    internal static async Task<WebhookReport> Run(int kills, int nodeCount, long seed, LoadDatabase database, TextWriter progress)
    {
        if (nodeCount > 1 && database.Provider == LoadDatabase.Sqlite) throw new InvalidOperationException("A SQLite file has one node: use --provider postgres.");
        var watch = Stopwatch.StartNew();
        var random = SeededRandom.For(seed, "webhooks");
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, People, settings: database.Settings);
        await using var door = database.Connect();
        await using var sink = await WebhookSink.Start();
        using var nodes = await Nodes.Start(database, nodeCount, Settings);
        await Subscribe(door, nodes.Ports[0], sink);

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
                await Annul(nodes.Ports[node], exam.OperatorToken, session);
                changes++;
            }
            await Task.Delay(random.Next(400));
            nodes.Kill(node);
            await nodes.Start(node);
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"kill {kill}/{kills}: {changes} changes, {sink.Count} messages"));
        }

        var expected = await door.Read(Current);
        var copy = await Wait.Until(
            "the receiver has what stands", () => Task.FromResult(Copy.Of(sink.Received)), copy => Same(copy.Current, expected) || nodes.Fallen > 0);
        var received = sink.Received;
        return new(
            Provider: database.Provider, Nodes: nodeCount, Kills: kills, Changes: changes, Received: received.Count,
            Repeated: received.Count - received.DistinctBy(message => message.Id).Count(), Current: expected.Count,
            Wrong: expected.Count(pair => copy.Current.GetValueOrDefault(pair.Key) != pair.Value) + copy.Current.Keys.Except(expected.Keys).Count(),
            OutOfOrder: copy.OutOfOrder, Unsigned: received.Count(message => !message.Signed), Seconds: watch.Elapsed.TotalSeconds);
    }

    /// <summary>A client whose people have all consented, and its webhook.</summary>
    internal static async Task Subscribe(Database door, int port, WebhookSink sink)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var (client, secret) = ($"load-{Guid.NewGuid():N}", Clients.NewSecret());
        await door.Write(async db =>
        {
            await db.Execute("""
                INSERT INTO consents (id, participant_id, kind, text_code, text_version, given_at)
                SELECT s.id, s.participant_id, 'profile_sharing', 'default', 1, @now FROM sessions AS s
                """, new { now });
            return await ClientStore.Add(db, new ClientRow
            {
                Id = client, Name = client, SecretHash = Clients.HashOf(secret), Scopes = Clients.ReadProfiles, Territory = Exam.Territory, CreatedAt = now,
            });
        });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var token = await http.PostAsync("/api/v1/auth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret,
        }));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await Body(token))["access_token"]!.GetValue<string>());
        using var made = await http.PostAsJsonAsync("/api/v1/webhooks", new { url = sink.Url });
        sink.Secrets.Add((await Body(made))["secret"]!.GetValue<string>());
    }

    /// <summary>Writes and announces the next version of a session's profile, as issuing one does.</summary>
    internal static async Task<int> IssueNext(Db db, Guid sessionId, Instant now)
    {
        var previous = await ProfileStore.Latest(db, sessionId);
        var of = previous ?? await db.Find<ProfileRow>("SELECT id AS session_id, participant_id, campaign_id FROM sessions WHERE id = @sessionId", new { sessionId });
        var issued = of! with
        {
            Id = Guid.CreateVersion7(), Version = (previous?.Version ?? 0) + 1, Status = "final", Cause = "rescored", Content = "{}", Fingerprint = "load", IssuedAt = now,
        };
        await ProfileStore.Add(db, issued);
        if (previous is not null) await Tell(db, EventKind.ProfileSuperseded, previous, now);
        await Tell(db, EventKind.ProfileIssued, issued, now);
        return issued.Version;
    }

    private static Task Tell(Db db, EventKind kind, ProfileRow profile, Instant now) => EventStore.Append(db, now, kind, new()
    {
        CampaignId = profile.CampaignId,
        ParticipantId = profile.ParticipantId,
        SessionId = profile.SessionId,
        ProfileId = profile.Id,
        Version = profile.Version,
    });

    private static async Task Annul(int port, string token, Guid session)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.PostAsJsonAsync($"/api/v1/sessions/{session}/annulment", new { reason = "Нарушение порядка" });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonNode> Body(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(body)! : throw new InvalidOperationException(body);
    }

    /// <summary>Valid profiles, by session.</summary>
    private static async Task<IReadOnlyDictionary<Guid, Guid>> Current(Db db) => (await db.Query<ProfileRow>("""
        SELECT p.id, p.session_id FROM profiles AS p JOIN sessions AS s ON s.id = p.session_id
        WHERE s.state <> 'annulled' AND p.version = (SELECT MAX(l.version) FROM profiles AS l WHERE l.session_id = p.session_id)
        """)).ToDictionary(row => row.SessionId, row => row.Id);

    private static bool Same(IReadOnlyDictionary<Guid, Guid> copy, IReadOnlyDictionary<Guid, Guid> expected) =>
        copy.Count == expected.Count && expected.All(pair => copy.GetValueOrDefault(pair.Key) == pair.Value);

    /// <summary>The profiles of a receiver that applies every message once, in the order of arrival.</summary>
    private sealed record Copy(IReadOnlyDictionary<Guid, Guid> Current, int OutOfOrder)
    {
        internal static Copy Of(IReadOnlyList<ReceivedMessage> messages)
        {
            var (current, outOfOrder, last) = (new Dictionary<Guid, Guid>(), 0, new Dictionary<Guid, long>());
            foreach (var message in messages.DistinctBy(message => message.Id))
            {
                if (message.Of("sessionId") is not { } session || message.Of("profileId") is not { } profile) continue;
                var cursor = long.Parse(message.Event["data"]!["cursor"]!.GetValue<string>(), CultureInfo.InvariantCulture);
                if (cursor < last.GetValueOrDefault(session)) outOfOrder++;
                last[session] = cursor;
                if (message.Type == "profile.issued") current[session] = profile;
                else if (current.GetValueOrDefault(session) == profile) current.Remove(session);
                // The removal of a profile arrived before the profile itself.
                else outOfOrder++;
            }
            return new(current, outOfOrder);
        }
    }
}
