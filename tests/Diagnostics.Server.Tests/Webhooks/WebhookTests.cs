using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine.Events;
using Diagnostics.Server.Tests.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Events;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using StandardWebhooks;

namespace Diagnostics.Server.Tests.Webhooks;

/// <summary>
/// Subscribers receive events signed, in order, and repeated until accepted, and never receive events that they may not
/// see.
/// </summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Webhooks = "/api/v1/webhooks",
        ClientId = "told",
        ClientSecret = "a-secret-of-the-test";

    private readonly TestService service = new()
    {
        More = ["--Diagnostics:WebhookExceptions=127.0.0.0/8", "--Diagnostics:WebhookTimeoutSeconds=5"],
    };

    private WebhookSink sink = null!;
    private Scene scene = null!;
    private HttpClient portal = null!;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        sink = await WebhookSink.Start();
        scene = await Scene.Make(service);
        await Database.Write(db =>
            ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = ClientId,
                    Name = ClientId,
                    SecretHash = Clients.HashOf(ClientSecret),
                    Scopes = Clients.ReadProfiles,
                    Territory = "82",
                    CreatedAt = Now,
                }
            )
        );
        portal = await service.SignInClient(ClientId, ClientSecret);
    }

    public async Task DisposeAsync()
    {
        portal.Dispose();
        await service.DisposeAsync();
        await sink.DisposeAsync();
    }

    private Database Database => scene.Database;

    [Fact]
    public async Task An_event_comes_signed_as_the_same_CloudEvent_as_in_the_feed()
    {
        await Subscribe();
        var person = await Consenting();

        await Happen(person);

        var message = (await Told(1))[0];
        message.Signed.Should().BeTrue();
        message.Type.Should().Be("session.finished");
        message.Event["specversion"]!.GetValue<string>().Should().Be("1.0");
        message.Event["id"]!.GetValue<Guid>().Should().Be(message.Id);
        message.Of("participantId").Should().Be(person);
        var feed = await portal.GetAsync("/api/v1/profile-feed").Json();
        JsonNode.DeepEquals(feed["items"]!.AsArray().Last(), message.Event["data"]).Should().BeTrue();
    }

    [Fact]
    public async Task Only_the_types_that_were_asked_for_come()
    {
        await Subscribe(new { url = sink.Url, events = new[] { "appeal.decided" } });
        var person = await Consenting();

        await Happen(person);
        await Happen(person, EventKind.AppealDecided);

        (await Told(1)).Select(message => message.Type).Should().Equal("appeal.decided");
    }

    [Fact]
    public async Task Nothing_is_told_of_other_territories_and_of_those_who_have_not_agreed()
    {
        await Subscribe();
        var (stranger, silent, person) = (await Consenting("05"), await scene.Person(), await Consenting());

        await Happen(stranger);
        await Happen(silent);
        await Happen(person);

        (await Told(1)).Select(message => message.Of("participantId")).Should().Equal(person);
    }

    [Fact]
    public async Task What_may_not_be_told_any_more_when_it_is_sent_is_withheld()
    {
        var webhook = await Subscribe();
        var person = await Consenting();
        sink.Answer = _ => 503;
        await Happen(person);
        await Told(1);
        await Database.Write(db =>
            db.Execute("UPDATE consents SET withdrawn_at = @now WHERE participant_id = @person", new { person, now = Now })
        );
        sink.Answer = _ => 204;

        await Later(Duration.FromMinutes(1));

        await Until(webhook, "withheld");
        sink.Count.Should().Be(1);
    }

    [Fact]
    public async Task A_message_that_is_not_taken_comes_again_under_its_id_and_the_log_tells_why()
    {
        var webhook = await Subscribe();
        var person = await Consenting();
        var answers = new Queue<int>([500, 429, 200]);
        sink.Answer = _ => answers.Dequeue();

        await Happen(person);
        for (var attempt = 1; attempt < 3; attempt++)
        {
            await Told(attempt);
            // A pause is as long as the time since the first attempt and may be up to a fifth longer.
            await Later(Duration.FromMinutes(10 * attempt));
        }

        var messages = await Told(3);
        messages.Select(message => message.Id).Distinct().Should().ContainSingle();
        await Until(webhook, "delivered");
        var log = await portal.GetAsync($"{Webhooks}/{webhook}/deliveries/{messages[0].Id}").Json();
        log["delivery"]!["attempts"]!.GetValue<int>().Should().Be(3);
        log["attempts"]!
            .AsArray()
            .Select(attempt => (attempt!["status"]!.GetValue<int>(), attempt["fault"]?.GetValue<string>()))
            .Should()
            .Equal((500, "status"), (429, "status"), (200, null));
    }

    [Fact]
    public async Task What_happened_to_one_person_comes_in_its_order_and_holds_up_nobody_else()
    {
        await Subscribe();
        var (first, second) = (await Consenting(), await Consenting());
        var refused = 0;
        sink.Answer = message => message.Of("participantId") == first && Interlocked.Increment(ref refused) == 1 ? 503 : 204;

        await Happen(first);
        await Happen(first, EventKind.AppealDecided);
        await Happen(second);

        await Told(2);
        sink.Received.Where(message => message.Of("participantId") == first)
            .Select(message => message.Type)
            .Should()
            .Equal("session.finished");
        await Later(Duration.FromMinutes(1));
        var messages = await Told(4);
        messages
            .Where(message => message.Of("participantId") == first)
            .Select(message => message.Type)
            .Should()
            .Equal("session.finished", "session.finished", "appeal.decided");
    }

    [Fact]
    public async Task A_receiver_that_says_it_is_gone_is_told_nothing_until_it_is_enabled_and_then_everything()
    {
        var webhook = await Subscribe();
        var person = await Consenting();
        sink.Answer = _ => 410;
        await Happen(person);
        await Told(1);
        var disabled = await Wait.Until(
            "it is disabled",
            () => portal.GetAsync($"{Webhooks}/{webhook}").Json(),
            view => view["state"]!.GetValue<string>() == "disabled"
        );
        disabled["disabledBecause"]!.GetValue<string>().Should().Be("gone");
        await Happen(person, EventKind.AppealDecided);
        sink.Answer = _ => 204;

        (await portal.PostAsync($"{Webhooks}/{webhook}/activation", null).Json())["state"]!.GetValue<string>().Should().Be("enabled");

        (await Told(3)).Skip(1).Select(message => message.Type).Should().Equal("session.finished", "appeal.decided");
    }

    [Fact]
    public async Task Failures_in_a_row_open_the_circuit_and_one_message_tries_whether_it_may_close()
    {
        var webhook = await Subscribe();
        sink.Answer = _ => 500;
        for (var person = 0; person < 8; person++)
            await Happen(await Consenting());
        var open = await Wait.Until(
            "the circuit is open",
            () => portal.GetAsync($"{Webhooks}/{webhook}").Json(),
            view => view["openUntil"] is not null
        );
        open["failingSince"].Should().NotBeNull();
        var before = sink.Count;
        await Later(Duration.FromMinutes(2));

        await Told(before + 1);
        sink.Answer = _ => 204;
        await Later(Duration.FromMinutes(10));

        await Wait.Until("all is delivered", () => Deliveries(webhook), all => all.All(each => State(each) == "delivered"));
        (await portal.GetAsync($"{Webhooks}/{webhook}").Json())["failingSince"].Should().BeNull();
    }

    [Fact]
    public async Task A_receiver_that_takes_nothing_for_three_days_is_disabled_and_what_was_given_up_can_be_sent_again()
    {
        var webhook = await Subscribe();
        var person = await Consenting();
        sink.Answer = _ => 500;
        await Happen(person);
        await Told(1);
        for (var hours = 0; hours < 80; hours += 8)
        {
            var before = sink.Count;
            await Later(Duration.FromHours(8));
            if ((await portal.GetAsync($"{Webhooks}/{webhook}").Json())["state"]!.GetValue<string>() == "disabled")
                break;
            await Told(before + 1);
        }
        var view = await Wait.Until(
            "it is disabled",
            () => portal.GetAsync($"{Webhooks}/{webhook}").Json(),
            seen => seen["state"]!.GetValue<string>() == "disabled"
        );
        view["disabledBecause"]!.GetValue<string>().Should().Be("failing");
        State((await Deliveries(webhook)).Single()).Should().Be("failed");
        sink.Answer = _ => 204;
        var failed = sink.Count;

        await portal.PostAsync($"{Webhooks}/{webhook}/activation", null).Json();
        (await portal.PostAsync($"{Webhooks}/{webhook}/redelivery", null).Json())["waiting"]!.GetValue<int>().Should().Be(1);

        await Told(failed + 1);
        await Until(webhook, "delivered");
        (await portal.PostAsync($"{Webhooks}/{webhook}/deliveries/{sink.Received[0].Id}/redelivery", null).Json())["waiting"]!
            .GetValue<int>()
            .Should()
            .Be(1);
        await Told(failed + 2);
    }

    [Fact]
    public async Task No_message_is_lost_to_a_rotation()
    {
        var webhook = await Subscribe();
        var old = sink.Secrets.Single();
        await Happen(await Consenting());
        await Told(1);
        var next = (await portal.PostAsJsonAsync($"{Webhooks}/{webhook}/key", new { overlapHours = 24 }).Json())[
            "secret"
        ]!.GetValue<string>();

        await Happen(await Consenting());
        var both = (await Told(2))[1];
        Signs(old, both).Should().BeTrue("the receiver has not changed over yet");
        Signs(next, both).Should().BeTrue("it has");

        await Later(Duration.FromHours(25));
        await Happen(await Consenting());
        var one = (await Told(3))[2];
        (Signs(old, one), Signs(next, one)).Should().Be((false, true));
        sink.Received.Select(message => message.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task After_a_leak_the_key_before_signs_nothing_more()
    {
        var webhook = await Subscribe();
        var old = sink.Secrets.Single();
        var rotated = await portal.PostAsJsonAsync($"{Webhooks}/{webhook}/key", new { overlapHours = 0, signature = "v1a" }).Json();
        rotated.AsObject().Should().NotContainKey("secret");
        rotated["webhook"]!["publicKey"]!.GetValue<string>().Should().StartWith("whpk_");

        await Happen(await Consenting());

        var message = (await Told(1))[0];
        message.Signatures.Should().StartWith("v1a,").And.NotContain(" ");
        Signs(old, message).Should().BeFalse();
    }

    [Fact]
    public async Task A_test_tells_how_it_was_taken()
    {
        var webhook = await Subscribe();

        (await portal.PostAsync($"{Webhooks}/{webhook}/test", null).Json())["status"]!.GetValue<int>().Should().Be(204);
        sink.Received.Single().Type.Should().Be("webhook.test");
        sink.Received.Single().Signed.Should().BeTrue();
        sink.Answer = _ => 302;
        (await portal.PostAsync($"{Webhooks}/{webhook}/test", null).Json())["fault"]!.GetValue<string>().Should().Be("redirect");
        (await Deliveries(webhook)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_webhook_is_its_clients_and_the_administrators()
    {
        var webhook = await Subscribe();
        using var other = await scene.Portal("82");
        using var enrols = await scene.Portal("82", "people.enrol");

        (await other.GetAsync($"{Webhooks}/{webhook}").ProblemCode(404)).Should().Be("webhook-not-found");
        (await other.PostAsync($"{Webhooks}/{webhook}/test", null).ProblemCode(404)).Should().Be("webhook-not-found");
        (await other.GetAsync(Webhooks).Json())["items"]!.AsArray().Should().BeEmpty();
        (await enrols.GetAsync(Webhooks).ProblemCode(403)).Should().Be("not-allowed");
        (await service.Admin.GetAsync(Webhooks).Json())["items"]!
            .AsArray()
            .Select(view => view!["id"]!.GetValue<Guid>())
            .Should()
            .Contain(webhook);
        (await service.Admin.PostAsJsonAsync(Webhooks, new { url = "https://portal.example/" }).ProblemCode(422))
            .Should()
            .Be("client-id-invalid");
    }

    [Fact]
    public async Task An_address_changes_with_the_revision_that_was_read()
    {
        var webhook = await Subscribe();

        (await Put(webhook, 2, new { url = "https://portal.example/" }).ProblemCode(412)).Should().Be("stale-revision");
        (await Put(webhook, 1, new { url = "https://[::ffff:10.0.0.1]/" }).ProblemCode(422)).Should().Be("webhook-url-inner");
        (await Put(webhook, 1, new { url = "https://portal.example/", events = new[] { "nothing.of.the.kind" } }).ProblemCode(422))
            .Should()
            .Be("events-invalid");
        var changed = await Put(webhook, 1, new { url = "https://portal.example/", events = new[] { "profile.issued" } }).Json();
        (changed["url"]!.GetValue<string>(), changed["events"]![0]!.GetValue<string>(), changed["revision"]!.GetValue<int>())
            .Should()
            .Be(("https://portal.example/", "profile.issued", 2));
    }

    [Fact]
    public async Task Secrets_are_kept_protected_and_shown_once()
    {
        var webhook = await Subscribe();
        var secret = sink.Secrets.Single()["whsec_".Length..];

        (await portal.GetStringAsync($"{Webhooks}/{webhook}")).Should().NotContain(secret);
        (await Database.Read(db => db.Query<string>("SELECT secret FROM webhook_secrets")))
            .Should()
            .OnlyContain(kept => !kept.Contains(secret));
    }

    [Fact]
    public async Task The_log_is_forgotten_after_a_month()
    {
        var webhook = await Subscribe();
        await Happen(await Consenting());
        await Until(webhook, "delivered");
        var forgetter = service.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<DeliveryForgetter>().Single();

        await Later(Duration.FromDays(29));
        await forgetter.Forget();
        (await Deliveries(webhook)).Should().ContainSingle();
        await Later(Duration.FromDays(2));
        await forgetter.Forget();
        (await Deliveries(webhook)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_secret_stands_in_the_answer_as_the_receiver_must_write_it_down()
    {
        // Half of all secrets contain a plus, so among eight of them at least one almost certainly does.
        for (var made = 0; made < 8; made++)
        {
            var text = await (
                await portal.PostAsJsonAsync(Webhooks, new { url = "https://portal.example/?a=1&b=2" })
            ).Content.ReadAsStringAsync();
            text.Should().Contain("https://portal.example/?a=1&b=2").And.NotContain("\\u00");
        }
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_node_serves()
    {
        await Subscribe();
        var running = service.Services.GetRequiredService<WebhookWorker>();
        await running.StopAsync(CancellationToken.None);
        await Happen(await Consenting());
        using var lifetime = new StartingLifetime();
        using var starting = ActivatorUtilities.CreateInstance<WebhookWorker>(service.Services, lifetime);

        await starting.StartAsync(CancellationToken.None);
        await Task.Delay(1000);
        sink.Count.Should().Be(0);

        lifetime.Start();
        await Told(1);
        await starting.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_client_that_is_shut_out_is_sent_nothing_more_though_much_waits_for_it()
    {
        const int events = 300;
        var webhook = await Subscribe();
        var once = 0;
        sink.Answer = _ =>
        {
            if (Interlocked.Exchange(ref once, 1) == 0)
                Database.Write(db => ClientStore.SetDisabled(db, ClientId, disabled: true)).Wait();
            return 204;
        };

        await HappenToCampaign(events);
        await Told(1);
        await Task.Delay(1500);

        sink.Count.Should().BeLessThan(events, "what was on its way when the client was shut out is all that came");
        (await service.Admin.PostAsync($"{Webhooks}/{webhook}/test", null).ProblemCode(409)).Should().Be("webhook-client-shut-out");
        await Database.Write(db => ClientStore.SetDisabled(db, ClientId, disabled: false));
        await Told(events);
    }

    [Fact]
    public async Task No_webhook_is_made_for_a_client_that_may_not_read_profiles()
    {
        await Database.Write(db =>
            ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = "enrols",
                    Name = "enrols",
                    SecretHash = "x",
                    Scopes = Clients.EnrolPeople,
                    Territory = "82",
                    CreatedAt = Now,
                }
            )
        );

        (await service.Admin.PostAsJsonAsync(Webhooks, new { url = sink.Url, clientId = "enrols" }).ProblemCode(422))
            .Should()
            .Be("client-id-invalid");
        (await service.Admin.PostAsJsonAsync(Webhooks, new { url = sink.Url, clientId = ClientId }).Json(201)).Should().NotBeNull();
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_told_keeps_no_other_from_being_told()
    {
        var broken = await Subscribe();
        await Subscribe();
        await Database.Write(db => db.Execute("UPDATE webhooks SET kinds = 'nonsense' WHERE id = @broken", new { broken }));

        await HappenToCampaign(1);

        await Told(1);
    }

    [Fact]
    public async Task Of_two_webhooks_that_are_far_behind_neither_waits_for_the_other()
    {
        var (first, second) = (await Subscribe(), await Subscribe());
        foreach (var webhook in new[] { first, second })
            await portal.PostAsync($"{Webhooks}/{webhook}/deactivation", null).Json();
        await HappenToCampaign(1200);
        // Every reading of the clock moves it, so the times of the deliveries show when each webhook's deliveries were
        // queued.
        service.Clock.AutoAdvance = Duration.FromMilliseconds(1);

        await Database.Write(db => db.Execute("UPDATE webhooks SET state = 'enabled', disabled_because = NULL"));
        await Wait.Until("all have deliveries", () => DeliveriesMade(first, second), made => made.Sum(each => each.Count) == 2400);

        var made = await DeliveriesMade(first, second);
        made[0].First!.Value.Should().BeLessThan(made[1].Last!.Value);
        made[1].First!.Value.Should().BeLessThan(made[0].Last!.Value);
    }

    [Fact]
    public async Task A_time_in_which_nothing_was_sent_counts_for_no_failure()
    {
        var webhook = await Subscribe();
        var person = await Consenting();
        sink.Answer = _ => 503;
        await Happen(person);
        await Wait.Until("it has failed", () => portal.GetAsync($"{Webhooks}/{webhook}").Json(), view => view["failingSince"] is not null);
        await Database.Write(db =>
            db.Execute("UPDATE consents SET withdrawn_at = @now WHERE participant_id = @person", new { person, now = Now })
        );

        await Later(Duration.FromMinutes(1));
        await Until(webhook, "withheld");
        await Wait.Until(
            "the row of failures is over",
            () => portal.GetAsync($"{Webhooks}/{webhook}").Json(),
            view => view["failingSince"] is null
        );
        await Later(Duration.FromDays(4));
        await Happen(await Consenting());
        await Told(2);

        await Wait.Until(
            "a new row has begun",
            () => portal.GetAsync($"{Webhooks}/{webhook}").Json(),
            view => view["failingSince"] is not null
        );
        (await portal.GetAsync($"{Webhooks}/{webhook}").Json())["state"]!.GetValue<string>().Should().Be("enabled");
    }

    [Fact]
    public async Task After_a_leak_none_of_the_keys_before_signs_anything_more()
    {
        var webhook = await Subscribe();
        var keys = new List<string> { sink.Secrets.Single() };
        foreach (var overlapHours in new[] { 720, 24, 0 })
            keys.Add(
                (await portal.PostAsJsonAsync($"{Webhooks}/{webhook}/key", new { overlapHours }).Json())["secret"]!.GetValue<string>()
            );

        await HappenToCampaign(1);

        var message = (await Told(1))[0];
        keys.Select(key => Signs(key, message)).Should().Equal(false, false, false, true);
        (await portal.GetAsync($"{Webhooks}/{webhook}").Json())["previousKeyUntil"].Should().BeNull();
    }

    [Fact]
    public async Task A_caller_tests_one_after_another()
    {
        var webhook = await Subscribe();
        var (now, most) = (0, 0);
        sink.Answer = _ =>
        {
            var together = Interlocked.Increment(ref now);
            if (together > most)
                most = together;
            Thread.Sleep(100);
            Interlocked.Decrement(ref now);
            return 204;
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => portal.PostAsync($"{Webhooks}/{webhook}/test", null)));

        most.Should().Be(1);
        answers.Select(answer => (int)answer.StatusCode).Distinct().Should().BeEquivalentTo([200, 429]);
    }

    private Instant Now => service.Clock.GetCurrentInstant();

    private async Task<Guid> Subscribe(object? request = null)
    {
        var made = await portal.PostAsJsonAsync(Webhooks, request ?? new { url = sink.Url }).Json(201);
        sink.Secrets.Add(made["secret"]!.GetValue<string>());
        return made["webhook"]!["id"]!.GetValue<Guid>();
    }

    private async Task<Guid> Consenting(string territory = "82")
    {
        var person = await scene.Person(territory: territory);
        await scene.Consent(person);
        return person;
    }

    private Task Happen(Guid person, EventKind kind = EventKind.SessionFinished) =>
        Database.Write(async db =>
        {
            await EventStore.Append(
                db,
                Now,
                kind,
                new()
                {
                    CampaignId = scene.Id,
                    ParticipantId = person,
                    SessionId = Guid.CreateVersion7(),
                }
            );
            return 0;
        });

    /// <summary>
    /// Adds events that concern no person, so that neither the order of events nor a consent delays these events.
    /// </summary>
    private Task HappenToCampaign(int times) =>
        Database.Write(async db =>
        {
            for (var time = 0; time < times; time++)
                await EventStore.Append(db, Now, EventKind.ResultsPublished, new() { CampaignId = scene.Id });
            return 0;
        });

    private Task<IReadOnlyList<Made>> DeliveriesMade(params Guid[] webhooks) =>
        Database.Read(async db =>
        {
            List<Made> all = [];
            foreach (var id in webhooks)
            {
                all.Add(
                    (
                        await db.Query<Made>(
                            "SELECT COUNT(*) AS count, MIN(next_at) AS first, MAX(next_at) AS last FROM webhook_deliveries WHERE webhook_id = @id",
                            new { id }
                        )
                    ).Single()
                );
            }
            return (IReadOnlyList<Made>)all;
        });

    /// <summary>
    /// Moves the clock, which the service's own worker reads too, and then signs in again, because the token may have
    /// expired. Before that it waits until the sink's answers are recorded, because answers recorded later would also
    /// delay the next attempt.
    /// </summary>
    private async Task Later(Duration by)
    {
        await Wait.Until(
            "nothing is on its way",
            () =>
                Database.Read(db =>
                    db.Value<bool>("SELECT CASE WHEN EXISTS (SELECT 1 FROM webhook_deliveries WHERE lease IS NOT NULL) THEN 0 ELSE 1 END")
                )
        );
        service.Clock.Advance(by);
        portal.Dispose();
        portal = await service.SignInClient(ClientId, ClientSecret);
    }

    private Task<IReadOnlyList<ReceivedMessage>> Told(int messages) =>
        Wait.Until($"{messages} messages have come", () => Task.FromResult(sink.Received), received => received.Count >= messages);

    private Task Until(Guid webhook, string state) =>
        Wait.Until($"the delivery is {state}", () => Deliveries(webhook), all => all.Count > 0 && all.All(each => State(each) == state));

    private async Task<IReadOnlyList<JsonNode>> Deliveries(Guid webhook) =>
        (await portal.GetAsync($"{Webhooks}/{webhook}/deliveries").Json())["items"]!.AsArray().Select(each => each!).ToList();

    private static string State(JsonNode delivery) => delivery["state"]!.GetValue<string>();

    private static bool Signs(string secret, ReceivedMessage message) =>
        message
            .Signatures.Split(' ')
            .Contains(
                new StandardWebhook(secret).Sign(
                    message.Id.ToString("D"),
                    DateTimeOffset.FromUnixTimeSeconds(message.Timestamp),
                    message.Body
                )
            );

    private async Task<HttpResponseMessage> Put(Guid webhook, int revision, object change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Webhooks}/{webhook}") { Content = JsonContent.Create(change) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{revision}\""));
        return await portal.SendAsync(request);
    }

    private sealed record Made
    {
        public int Count { get; init; }
        public Instant? First { get; init; }
        public Instant? Last { get; init; }
    }

    /// <summary>The lifetime of a node that has not bound its port yet.</summary>
    private sealed class StartingLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource started = new();

        public CancellationToken ApplicationStarted => started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        internal void Start() => started.Cancel();

        public void StopApplication() => throw new NotSupportedException();

        public void Dispose() => started.Dispose();
    }
}
