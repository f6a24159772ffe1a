using System.Collections.Concurrent;
using Diagnostics.Engine;
using Diagnostics.Engine.Webhooks;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Feed;
using Diagnostics.UseCases.Operations;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>
/// Makes deliveries of events and sends them, on any number of nodes: an event is made a delivery of once, because its webhook
/// moves on in the same transaction; a delivery is sent by whoever holds its lease, and again by another where a node has died
/// with it. So a receiver may get a message twice and misses none, and of one person gets them in their order.
/// </summary>
internal sealed class WebhookWorker(Database database, EventFeed feed, WebhookSender sender, WebhookPolicy policy, IClock clock, ILogger<WebhookWorker> log)
    : Worker(log)
{
    /// <summary>Events looked at in one transaction, and messages that one webhook is sent at once.</summary>
    private const int QueuedAtOnce = 500, SentAtOnce = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Where nobody is to be told.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Task> sending = new();

    private bool idle;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(sending.Values).WaitAsync(cancellationToken);
    }

    protected override async Task Work(CancellationToken stopping)
    {
        idle = !await database.Read(WebhookStore.Any);
        if (idle) return;
        await Attempt(() => Queue(stopping), stopping);
        foreach (var webhook in await database.Read(db => WebhookStore.Due(db, clock.GetCurrentInstant())))
            Begin(webhook, stopping);
    }

    protected override Task Pause(CancellationToken stopping) => Task.Delay(idle ? Idle : Interval, stopping);

    /// <summary>Makes deliveries of what has happened since.</summary>
    internal async Task Queue(CancellationToken stopping = default)
    {
        var end = await feed.End();
        foreach (var webhook in await database.Read(db => WebhookStore.Behind(db, end)))
        {
            var position = webhook.Position;
            while (position < end && !stopping.IsCancellationRequested)
            {
                if (await database.Write(db => Queue(db, webhook, position), Isolation.Guarded) is not { } next) break;
                position = next;
            }
        }
    }

    /// <summary>Sends what is due to one webhook until nothing is, or it does not take it.</summary>
    internal async Task Send(Guid webhookId, CancellationToken stopping = default)
    {
        while (!stopping.IsCancellationRequested && await SendSome(webhookId, stopping)) { }
    }

    private void Begin(WebhookRow webhook, CancellationToken stopping)
    {
        // One row of messages a webhook and node: a slow receiver keeps nobody else waiting.
        if (sending.TryGetValue(webhook.Id, out var running) && !running.IsCompleted) return;
        sending[webhook.Id] = Attempt(() => Send(webhook.Id, stopping), stopping);
    }

    /// <returns>Where the webhook stands now; null when another node was first.</returns>
    private async Task<long?> Queue(Db db, WebhookRow webhook, long position)
    {
        var client = (await ClientStore.Find(db, webhook.ClientId))!;
        var part = await FeedPart.Read(db, WebhookRules.FilterOf(webhook, client), position, QueuedAtOnce);
        if (part.Position == position) return null;
        if (!await WebhookStore.Advance(db, webhook.Id, position, part.Position)) return null;
        var now = clock.GetCurrentInstant();
        foreach (var told in part.Told)
        {
            await DeliveryStore.Add(db, new DeliveryRow
            {
                WebhookId = webhook.Id,
                Place = told.Position,
                EventId = told.Id,
                ParticipantId = told.ParticipantId,
                NextAt = now,
            });
        }
        return part.Position;
    }

    /// <returns>Is it worth going on?</returns>
    private async Task<bool> SendSome(Guid webhookId, CancellationToken stopping)
    {
        var lease = Guid.CreateVersion7();
        if (await database.Write(db => Claim(db, webhookId, lease), Isolation.Guarded) is not { Held.Count: > 0 } claimed) return false;
        try
        {
            var sent = await Task.WhenAll(claimed.Held.Select(held => Send(claimed, held, stopping)));
            return await database.Write(db => Settle(db, claimed.Webhook, lease, sent), Isolation.Guarded);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another node goes on at once; what was taken is sent again and known by its id.
            await database.WriteStatement(db => DeliveryStore.Release(db, webhookId, lease, clock.GetCurrentInstant()));
            return false;
        }
    }

    private async Task<Claimed?> Claim(Db db, Guid webhookId, Guid lease)
    {
        if (await WebhookStore.Find(db, webhookId) is not { State: WebhookRules.Enabled } webhook) return null;
        var now = clock.GetCurrentInstant();
        if (webhook.OpenUntil > now) return null;
        // After a row of failures one message tries whether it is worth it.
        var limit = DeliveryRules.Opens(webhook.Failures) is null ? SentAtOnce : 1;
        if (await DeliveryStore.Claim(db, webhookId, lease, now, now + policy.Lease, limit) == 0) return null;
        var held = await DeliveryStore.Held(db, webhookId, lease);
        var filter = WebhookRules.FilterOf(webhook, (await ClientStore.Find(db, webhook.ClientId))!);
        var told = new Dictionary<long, FeedEvent>();
        // Asked again now: since the delivery was made a consent may have ended.
        foreach (var each in await FeedStore.At(db, held.Select(delivery => delivery.Place).ToList()))
            if (await filter.Passes(db, each)) told[each.Position] = FeedEvent.Of(each);
        return new(webhook, await WebhookStore.Secrets(db, webhookId, now), held, told);
    }

    private async Task<(DeliveryRow Delivery, Sent? Sent)> Send(Claimed claimed, DeliveryRow delivery, CancellationToken stopping) =>
        claimed.Told.TryGetValue(delivery.Place, out var told)
            ? (delivery, await sender.Send(claimed.Webhook, claimed.Secrets, told, stopping))
            : (delivery, null);

    private async Task<bool> Settle(Db db, WebhookRow webhook, Guid lease, IReadOnlyList<(DeliveryRow Delivery, Sent? Sent)> all)
    {
        var now = clock.GetCurrentInstant();
        var taken = all.Where(each => each.Sent is { Outcome.Fault: null }).Select(each => each.Delivery.Place).ToList();
        if (taken.Count > 0) await DeliveryStore.Delivered(db, webhook.Id, lease, taken, now);
        foreach (var (delivery, sent) in all)
        {
            if (sent is { Outcome: var outcome })
            {
                await DeliveryStore.AddAttempt(db, new AttemptRow
                {
                    WebhookId = webhook.Id,
                    Place = delivery.Place,
                    Number = delivery.Attempts,
                    At = sent.At,
                    Milliseconds = sent.Milliseconds,
                    Status = outcome.Status,
                    Fault = outcome.Fault is { } fault ? Codes.Of(fault) : null,
                });
                if (outcome.Fault is null) continue;
            }
            var next = sent is null ? null : DeliveryRules.NextAttempt(delivery.BeganAt ?? now, now, Random.Shared.NextDouble());
            await DeliveryStore.Settle(db, new SettledRow
            {
                WebhookId = webhook.Id,
                Place = delivery.Place,
                Lease = lease,
                State = sent is null ? WebhookRules.Withheld : next is null ? WebhookRules.Failed : WebhookRules.Waiting,
                NextAt = next ?? delivery.NextAt,
                EndedAt = next is null ? now : null,
            });
        }
        return await Judge(db, webhook, all, now);
    }

    /// <summary>What the attempts say of the webhook as a whole.</summary>
    private static async Task<bool> Judge(Db db, WebhookRow webhook, IReadOnlyList<(DeliveryRow Delivery, Sent? Sent)> all, Instant now)
    {
        var outcomes = all.Select(each => each.Sent?.Outcome).OfType<SendOutcome>().ToList();
        if (outcomes.Any(outcome => outcome.Gone))
        {
            await WebhookStore.Disable(db, webhook.Id, WebhookRules.Gone);
            return false;
        }
        if (outcomes.Count == 0) return true;
        if (outcomes.Any(outcome => outcome.Fault is null))
        {
            await WebhookStore.Succeeded(db, webhook.Id);
            return true;
        }
        await WebhookStore.Failed(
            db, webhook.Id, outcomes.Count, now,
            DeliveryRules.Opens(webhook.Failures + outcomes.Count) is { } open ? now + open : null);
        if (webhook.FailingSince is { } since && now - since >= DeliveryRules.GivenUpAfter)
            await WebhookStore.Disable(db, webhook.Id, WebhookRules.Failing);
        return false;
    }

    /// <param name="Told">By position; what may not be told any more is not there.</param>
    private sealed record Claimed(
        WebhookRow Webhook, IReadOnlyList<WebhookSecretRow> Secrets, IReadOnlyList<DeliveryRow> Held, IReadOnlyDictionary<long, FeedEvent> Told);
}
