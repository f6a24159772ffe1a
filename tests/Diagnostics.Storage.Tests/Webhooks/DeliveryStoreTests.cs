using Diagnostics.Storage.Access;
using Diagnostics.Storage.Webhooks;
using NodaTime;

namespace Diagnostics.Storage.Tests.Webhooks;

/// <summary>
/// Only one node at a time can claim a delivery, each person's deliveries keep their order, and no delivery stays
/// claimed by a node that has died.
/// </summary>
public abstract class DeliveryStoreTests(Provider provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : DeliveryStoreTests(Provider.Sqlite);

    [NeedsPostgres]
    public sealed class OnPostgres() : DeliveryStoreTests(Provider.Postgres);

    [NeedsSqlServer]
    public sealed class OnSqlServer() : DeliveryStoreTests(Provider.SqlServer);

    private static readonly Instant Now = TestDatabase.Now;
    private static readonly Duration Lease = Duration.FromSeconds(30);
    private static readonly Guid Webhook = Guid.CreateVersion7(),
        Enrollers = Guid.CreateVersion7();

    private TestDatabase test = null!;

    public async Task InitializeAsync()
    {
        test = await Scene.Make(provider);
        await test.Database.Write(async db =>
        {
            await ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = "told",
                    Name = "Т",
                    SecretHash = "x",
                    Scopes = "profiles.read",
                    CreatedAt = Now,
                }
            );
            await WebhookStore.Add(
                db,
                new WebhookRow
                {
                    Id = Webhook,
                    ClientId = "told",
                    Url = "https://portal.example/",
                    CreatedAt = Now,
                }
            );
            return 0;
        });
    }

    public async Task DisposeAsync() => await test.DisposeAsync();

    [ContractFact]
    public async Task Of_each_person_only_the_first_that_waits_is_taken()
    {
        var (anna, boris) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Add((1, anna), (2, anna), (3, boris), (4, null), (5, null));

        (await Claim(Now)).Select(held => held.Position).Should().Equal(1, 3, 4, 5);
        (await Claim(Now)).Should().BeEmpty("what waits behind what is held waits too");
    }

    [ContractFact]
    public async Task The_next_of_a_person_follows_when_the_first_has_ended_and_not_while_it_is_tried_again()
    {
        var anna = Guid.CreateVersion7();
        await Add((1, anna), (2, anna));
        var lease = Guid.CreateVersion7();
        await Claim(Now, lease);

        (await Settle(1, lease, "waiting", Now + Duration.FromMinutes(1))).Should().BeTrue();
        (await Claim(Now)).Should().BeEmpty("the first waits for its next attempt, and the second for the first");
        var again = Guid.CreateVersion7();
        (await Claim(Now + Duration.FromMinutes(1), again)).Select(held => held.Position).Should().Equal(1);
        await test.Database.Write(db => DeliveryStore.Delivered(db, Webhook, again, [1], Now));
        (await Claim(Now)).Select(held => held.Position).Should().Equal(2);
    }

    [ContractFact]
    public async Task What_a_node_that_is_gone_held_goes_to_another_and_the_first_can_say_nothing_more_of_it()
    {
        await Add((1, null));
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Claim(Now, first);

        (await Claim(Now + Lease - Duration.FromMilliseconds(1))).Should().BeEmpty();
        (await Claim(Now + Lease, second)).Single().Attempts.Should().Be(2);
        (await Settle(1, first, "failed", Now)).Should().BeFalse();
        await test.Database.Write(db => DeliveryStore.Delivered(db, Webhook, first, [1], Now));
        (await test.Database.Read(db => DeliveryStore.List(db, Webhook, null, null, 10))).Single().State.Should().Be("waiting");
        (await Settle(1, second, "delivered", Now)).Should().BeTrue();
    }

    [ContractFact]
    public async Task Of_many_nodes_at_once_each_delivery_goes_to_one()
    {
        await Add(Enumerable.Range(1, 200).Select(position => ((long)position, (Guid?)Guid.CreateVersion7())).ToArray());

        var nodes = Enumerable
            .Range(0, 8)
            .Select(_ =>
                Task.Run(async () =>
                {
                    List<long> all = [];
                    while (await Claim(Now, limit: 7) is { Count: > 0 } held)
                        all.AddRange(held.Select(each => each.Position));
                    return all;
                })
            );
        var taken = (await Task.WhenAll(nodes)).SelectMany(each => each).ToList();

        taken.Should().OnlyHaveUniqueItems();
        // The nodes may have left some deliveries unclaimed, and a later claim must find these.
        while (await Claim(Now) is { Count: > 0 } rest)
            taken.AddRange(rest.Select(each => each.Position));
        taken.Order().Should().Equal(Enumerable.Range(1, 200).Select(position => (long)position));
    }

    [ContractFact]
    public async Task Of_two_nodes_that_make_deliveries_of_the_same_events_one_moves_the_webhook_on()
    {
        (await test.Database.Write(db => WebhookStore.Advance(db, Webhook, 0, 5))).Should().BeTrue();
        (await test.Database.Write(db => WebhookStore.Advance(db, Webhook, 0, 5))).Should().BeFalse();
        (await test.Database.Read(db => WebhookStore.Behind(db, 5))).Should().BeEmpty();
        (await test.Database.Read(db => WebhookStore.Behind(db, 6))).Single().Position.Should().Be(5);
    }

    [ContractFact]
    public async Task A_client_that_is_shut_out_is_told_nothing()
    {
        await Add((1, null));
        (await test.Database.Read(db => WebhookStore.Due(db, Now))).Should().ContainSingle();

        await test.Database.Write(db => ClientStore.SetDisabled(db, "told", disabled: true));

        (await test.Database.Read(db => WebhookStore.Due(db, Now))).Should().BeEmpty();
        (await test.Database.Read(WebhookStore.Any)).Should().BeFalse();
    }

    [ContractFact]
    public async Task A_client_that_may_not_read_profiles_is_told_nothing()
    {
        var other = Guid.CreateVersion7();
        await test.Database.Write(async db =>
        {
            await ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = "enrols",
                    Name = "З",
                    SecretHash = "x",
                    Scopes = "people.enrol",
                    CreatedAt = Now,
                }
            );
            await ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = "both",
                    Name = "О",
                    SecretHash = "x",
                    Scopes = "people.enrol profiles.read",
                    CreatedAt = Now,
                }
            );
            await WebhookStore.Add(
                db,
                new WebhookRow
                {
                    Id = Enrollers,
                    ClientId = "enrols",
                    Url = "https://portal.example/",
                    CreatedAt = Now,
                }
            );
            await WebhookStore.Add(
                db,
                new WebhookRow
                {
                    Id = other,
                    ClientId = "both",
                    Url = "https://portal.example/",
                    CreatedAt = Now,
                }
            );
            return 0;
        });

        (await test.Database.Read(db => WebhookStore.Behind(db, 1)))
            .Select(webhook => webhook.Id)
            .Should()
            .BeEquivalentTo([Webhook, other]);
        (await test.Database.Read(db => WebhookStore.FindTold(db, Enrollers))).Should().BeNull();
        (await test.Database.Read(db => WebhookStore.FindTold(db, other))).Should().NotBeNull();
    }

    [ContractFact]
    public async Task A_webhook_of_which_only_what_follows_something_waits_has_nothing_due()
    {
        var anna = Guid.CreateVersion7();
        await Add((1, anna), (2, anna));
        var lease = Guid.CreateVersion7();
        await Claim(Now, lease);
        (await Due(Now)).Should().BeEmpty("the second waits for the first, which is held");

        await Settle(1, lease, "waiting", Now + Duration.FromMinutes(1));

        (await Due(Now)).Should().BeEmpty("the second waits for the first, which waits for its next attempt");
        (await Due(Now + Duration.FromMinutes(1))).Should().ContainSingle();
    }

    [ContractFact]
    public async Task A_row_of_failures_is_over_when_nothing_waits_that_was_tried()
    {
        await Add((1, Guid.CreateVersion7()), (2, Guid.CreateVersion7()));
        var lease = Guid.CreateVersion7();
        await Claim(Now, lease, limit: 1);
        await test.Database.Write(db => WebhookStore.Failed(db, Webhook, seen: 0, 1, Now, openUntil: null));
        await Settle(1, lease, "waiting", Now + Duration.FromMinutes(1));
        (await Calm()).Should().Be((1, Now), "what has failed is tried again");

        lease = Guid.CreateVersion7();
        await Claim(Now + Duration.FromMinutes(1), lease);
        await Settle(1, lease, "withheld", Now);
        await Settle(2, lease, "delivered", Now);

        (await Calm()).Should().Be((0, null));
    }

    [ContractFact]
    public async Task Two_nodes_that_fail_at_the_same_time_count_once_and_a_failure_hides_no_success()
    {
        var open = Now + Duration.FromSeconds(5);
        (await Fail(seen: 0, open)).Should().BeTrue();
        (await Fail(seen: 0, open + Duration.FromHours(1))).Should().BeFalse("the other node has counted these attempts");
        var row = await test.Database.Read(db => WebhookStore.Find(db, Webhook));
        (row!.Failures, row.OpenUntil).Should().Be((5, open));

        await test.Database.Write(db => WebhookStore.Succeeded(db, Webhook));
        (await Fail(seen: 5, open)).Should().BeFalse("the receiver has answered the other node since");

        (await test.Database.Read(db => WebhookStore.Find(db, Webhook)))!.Failures.Should().Be(0);

        Task<bool> Fail(int seen, Instant openUntil) =>
            test.Database.Write(db => WebhookStore.Failed(db, Webhook, seen, 5, Now, openUntil), Isolation.Guarded);
    }

    [ContractFact]
    public async Task Attempts_are_logged_together_as_they_were()
    {
        await Add((1, null), (2, null));

        await test.Database.Write(
            async db =>
            {
                await DeliveryStore.AddAttempts(
                    db,
                    [
                        new AttemptRow
                        {
                            WebhookId = Webhook,
                            Position = 1,
                            Number = 1,
                            At = Now,
                            Milliseconds = 7,
                            Status = 503,
                            Fault = "status",
                        },
                        new AttemptRow
                        {
                            WebhookId = Webhook,
                            Position = 2,
                            Number = 3,
                            At = Now + Duration.FromSeconds(1),
                            Milliseconds = 15000,
                            Fault = "timeout",
                        },
                        new AttemptRow
                        {
                            WebhookId = Webhook,
                            Position = 1,
                            Number = 2,
                            At = Now,
                            Milliseconds = 8,
                            Status = 204,
                        },
                    ]
                );
                return 0;
            },
            Isolation.Guarded
        );

        (await Logged(1)).Should().Equal((1, Now, 7, 503, "status"), (2, Now, 8, 204, null));
        (await Logged(2)).Should().Equal((3, Now + Duration.FromSeconds(1), 15000, null, "timeout"));

        async Task<IEnumerable<(int, Instant, int, int?, string?)>> Logged(long position) =>
            (await test.Database.Read(db => DeliveryStore.Attempts(db, Webhook, position))).Select(row =>
                (row.Number, row.At, row.Milliseconds, row.Status, row.Fault)
            );
    }

    [ContractFact]
    public async Task Of_thousands_that_wait_the_first_are_found_at_once()
    {
        // As after the publication of a campaign, the deliveries have just been queued, and the statistics of the
        // tables are older than these deliveries.
        var people = Enumerable.Range(0, 1000).Select(_ => Guid.CreateVersion7()).ToList();
        await Add(Enumerable.Range(0, 4000).Select(number => (number + 1L, (Guid?)people[number % people.Count])).ToArray());

        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await Claim(Now, limit: 32)).Select(held => held.Position).Should().Equal(Enumerable.Range(1, 32).Select(number => (long)number));
        (await Due(Now)).Should().ContainSingle();

        // A plan that compares every delivery with every other takes minutes, even on a fast machine.
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [ContractFact]
    public async Task What_ended_long_ago_is_forgotten_with_its_attempts_and_nothing_else()
    {
        await Add((1, null), (2, null), (3, null));
        var lease = Guid.CreateVersion7();
        await Claim(Now, lease);
        await test.Database.Write(async db =>
        {
            await DeliveryStore.AddAttempts(
                db,
                new long[] { 1, 2, 3 }
                    .Select(position => new AttemptRow
                    {
                        WebhookId = Webhook,
                        Position = position,
                        Number = 1,
                        At = Now,
                        Milliseconds = 1,
                        Status = 204,
                    })
                    .ToList()
            );
            return 0;
        });
        await Settle(1, lease, "delivered", Now);
        await test.Database.Write(db => DeliveryStore.Delivered(db, Webhook, lease, [2], Now + Duration.FromHours(1)));

        (await test.Database.Write(db => DeliveryStore.Forget(db, Now + Duration.FromMinutes(1)))).Should().Be(1);

        (await test.Database.Read(db => DeliveryStore.List(db, Webhook, null, null, 10)))
            .Select(left => left.Position)
            .Should()
            .Equal(3, 2);
        foreach (var (position, attempts) in new[] { (1L, 0), (2L, 1), (3L, 1) })
            (await test.Database.Read(db => DeliveryStore.Attempts(db, Webhook, position))).Should().HaveCount(attempts);
    }

    private Task<IReadOnlyList<WebhookRow>> Due(Instant now) => test.Database.Read(db => WebhookStore.Due(db, now));

    private async Task<(int Failures, Instant? Since)> Calm()
    {
        await test.Database.Write(db => WebhookStore.Calmed(db, Webhook));
        var row = await test.Database.Read(db => WebhookStore.Find(db, Webhook));
        return (row!.Failures, row.FailingSince);
    }

    private Task Add(params (long Position, Guid? Person)[] deliveries) =>
        test.Database.Write(async db =>
        {
            foreach (var (position, person) in deliveries)
            {
                await db.Execute(
                    """
                    INSERT INTO webhook_deliveries (webhook_id, place, event_id, participant_id, state, next_at)
                    VALUES (@Webhook, @position, @EventId, @person, 'waiting', @Now)
                    """,
                    new
                    {
                        Webhook,
                        position,
                        EventId = Guid.CreateVersion7(),
                        person,
                        Now,
                    }
                );
            }
            return 0;
        });

    private Task<IReadOnlyList<DeliveryRow>> Claim(Instant now, Guid? lease = null, int limit = 100) =>
        test.Database.Write(
            async db =>
            {
                var held = lease ?? Guid.CreateVersion7();
                await DeliveryStore.Claim(db, Webhook, held, now, now + Lease, limit);
                return await DeliveryStore.Held(db, Webhook, held);
            },
            Isolation.Guarded
        );

    private Task<bool> Settle(long position, Guid lease, string state, Instant nextAt) =>
        test.Database.Write(
            db =>
                DeliveryStore.Settle(
                    db,
                    new SettledRow
                    {
                        WebhookId = Webhook,
                        Position = position,
                        Lease = lease,
                        State = state,
                        NextAt = nextAt,
                        EndedAt = state == "waiting" ? null : Now,
                    }
                ),
            Isolation.Guarded
        );
}
