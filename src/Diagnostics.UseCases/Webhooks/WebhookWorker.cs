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
/// Queues deliveries of events and sends them, on any number of nodes. Each event becomes a delivery once, because the
/// webhook's position moves in the same transaction. A delivery is sent by the node that has leased it, and again by
/// another node if that one dies. So a receiver may get a message twice, but misses none, and gets the messages about
/// the same person in order.
/// </summary>
internal sealed class WebhookWorker(
    Database database,
    EventFeed feed,
    WebhookSender sender,
    WebhookPolicy policy,
    IHostApplicationLifetime lifetime,
    IClock clock,
    ILogger<WebhookWorker> log
) : Worker(log)
{
    /// <summary>
    /// The number of events that one transaction reads, and the number of messages that a webhook gets at the same
    /// time.
    /// </summary>
    private const int QueuedAtOnce = 500,
        SentAtOnce = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>How long to pause when no webhook exists.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Task> sending = new();

    private bool idle;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(sending.Values).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until the service listens: a node whose port is taken or whose setting is wrong must not send anything.
    /// </summary>
    protected override async Task Ready(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    protected override async Task Work(CancellationToken stopping)
    {
        idle = !await database.Read(WebhookStore.Any);
        if (idle)
            return;
        var end = 0L;
        IReadOnlyList<WebhookRow> behind = [];
        await Attempt(
            async () =>
            {
                end = await feed.End();
                behind = await database.Read(db => WebhookStore.Behind(db, end));
            },
            stopping
        );
        do
        {
            behind = await Queue(behind, end, stopping);
            foreach (var webhook in await database.Read(db => WebhookStore.Due(db, clock.GetCurrentInstant())))
                Begin(webhook.Id, stopping);
        } while (behind.Count > 0 && !stopping.IsCancellationRequested);
    }

    protected override Task Pause(CancellationToken stopping) => Task.Delay(idle ? Idle : Interval, stopping);

    /// <summary>
    /// Queues deliveries of some events of each webhook at a time, so that neither a webhook that is far behind nor one
    /// that fails keeps the others waiting.
    /// </summary>
    /// <returns>The webhooks that have not reached the end of the feed yet.</returns>
    private async Task<IReadOnlyList<WebhookRow>> Queue(IReadOnlyList<WebhookRow> behind, long end, CancellationToken stopping)
    {
        List<WebhookRow> left = [];
        foreach (var webhook in behind)
        {
            await Attempt(
                async () =>
                {
                    if (await database.Write(db => Queue(db, webhook), Isolation.Guarded) is { } position && position < end)
                        left.Add(webhook with { Position = position });
                },
                stopping
            );
        }
        return left;
    }

    private void Begin(Guid webhookId, CancellationToken stopping)
    {
        // Start one sender for each webhook on a node, so that a slow receiver keeps nobody else waiting.
        if (sending.TryGetValue(webhookId, out var running) && !running.IsCompleted)
            return;
        sending[webhookId] = Attempt(() => Send(webhookId, stopping), stopping);
    }

    /// <returns>The webhook's new position; null when there was no event, or when another node has already queued these
    /// events.</returns>
    private async Task<long?> Queue(Db db, WebhookRow webhook)
    {
        var client = (await ClientStore.Find(db, webhook.ClientId))!;
        var part = await FeedPart.Read(db, WebhookRules.FilterOf(webhook, client), webhook.Position, QueuedAtOnce);
        if (part.Last is not { Position: var position })
            return null;
        if (!await WebhookStore.Advance(db, webhook.Id, webhook.Position, position))
            return null;
        if (part.Told.Count > 0)
            await DeliveryStore.Add(db, webhook.Id, part.Told.Select(told => told.Position).ToList(), clock.GetCurrentInstant());
        return position;
    }

    /// <summary>
    /// Sends due messages to a webhook until none are left, or until the receiver does not accept one.
    /// </summary>
    private async Task Send(Guid webhookId, CancellationToken stopping)
    {
        var claimed = await database.Write(db => Claim(db, webhookId), Isolation.Guarded);
        while (claimed is { } held)
        {
            try
            {
                var sent = await Task.WhenAll(held.Deliveries.Select(delivery => Send(held, delivery, stopping)));
                // The same transaction settles these deliveries and claims the next ones.
                claimed = await database.Write(
                    async db => await Settle(db, held, sent) && !stopping.IsCancellationRequested ? await Claim(db, webhookId) : null,
                    Isolation.Guarded
                );
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Release the lease, so that another node continues immediately. A message that the receiver has
                // already accepted may come again, and the receiver recognises it by its id.
                await database.WriteStatement(db => DeliveryStore.Release(db, webhookId, held.Lease, clock.GetCurrentInstant()));
                return;
            }
        }
    }

    /// <returns>Null when there is nothing to send now.</returns>
    private async Task<Claimed?> Claim(Db db, Guid webhookId)
    {
        if (await WebhookStore.FindTold(db, webhookId) is not { } webhook || !WebhookRules.IsEnabled(webhook))
            return null;
        var lease = Guid.CreateVersion7();
        var now = clock.GetCurrentInstant();
        if (webhook.OpenUntil > now)
            return null;
        // After several failures in a row, a single message tests whether the receiver is back.
        var limit = DeliveryRules.Opens(webhook.Failures) is null ? SentAtOnce : 1;
        if (await DeliveryStore.Claim(db, webhookId, lease, now, now + policy.Lease, limit) == 0)
            return null;
        var held = await DeliveryStore.Held(db, webhookId, lease);
        var filter = WebhookRules.FilterOf(webhook, (await ClientStore.Find(db, webhook.ClientId))!);
        var told = new Dictionary<long, FeedEvent>();
        // Check again now, because a consent may have ended since the delivery was queued.
        foreach (var each in await FeedStore.At(db, held.Select(delivery => delivery.Position).ToList()))
            if (await filter.Passes(db, each))
                told[each.Position] = FeedEvent.Of(each);
        return new(webhook, await WebhookStore.Secrets(db, webhookId, now), lease, held, told);
    }

    private async Task<(DeliveryRow Delivery, Sent? Sent)> Send(Claimed claimed, DeliveryRow delivery, CancellationToken stopping) =>
        claimed.Told.TryGetValue(delivery.Position, out var told)
            ? (delivery, await sender.Send(claimed.Webhook, claimed.Secrets, told, stopping))
            : (delivery, null);

    /// <returns>Whether the node should go on sending to the webhook.</returns>
    private async Task<bool> Settle(Db db, Claimed claimed, IReadOnlyList<(DeliveryRow Delivery, Sent? Sent)> all)
    {
        var (webhook, lease) = (claimed.Webhook, claimed.Lease);
        var now = clock.GetCurrentInstant();
        var taken = all.Where(each => each.Sent is { Outcome.Fault: null }).Select(each => each.Delivery.Position).ToList();
        if (taken.Count > 0)
            await DeliveryStore.Delivered(db, webhook.Id, lease, taken, now);
        var attempts = all.Where(each => each.Sent is not null).Select(each => AttemptOf(each.Delivery, each.Sent!)).ToList();
        if (attempts.Count > 0)
            await DeliveryStore.AddAttempts(db, attempts);
        foreach (var (delivery, sent) in all.Where(each => each.Sent is not { Outcome.Fault: null }))
        {
            var next = sent is null ? null : DeliveryRules.NextAttempt(delivery.BeganAt ?? now, now, Random.Shared.NextDouble());
            await DeliveryStore.Settle(
                db,
                new SettledRow
                {
                    WebhookId = webhook.Id,
                    Position = delivery.Position,
                    Lease = lease,
                    State = Codes.Of(
                        sent is null ? DeliveryState.Withheld
                        : next is null ? DeliveryState.Failed
                        : DeliveryState.Waiting
                    ),
                    NextAt = next ?? delivery.NextAt,
                    EndedAt = next is null ? now : null,
                }
            );
        }
        return await Judge(db, webhook, all, now);
    }

    private static AttemptRow AttemptOf(DeliveryRow delivery, Sent sent) =>
        new()
        {
            WebhookId = delivery.WebhookId,
            Position = delivery.Position,
            Number = delivery.Attempts,
            At = sent.At,
            Milliseconds = sent.Milliseconds,
            Status = sent.Outcome.Status,
            Fault = sent.Outcome.Fault is { } fault ? Codes.Of(fault) : null,
        };

    /// <summary>Updates the state of the webhook from the results of the attempts.</summary>
    private static async Task<bool> Judge(Db db, WebhookRow webhook, IReadOnlyList<(DeliveryRow Delivery, Sent? Sent)> all, Instant now)
    {
        var outcomes = all.Select(each => each.Sent?.Outcome).OfType<SendOutcome>().ToList();
        if (outcomes.Any(outcome => outcome.Gone))
        {
            await WebhookStore.Disable(db, webhook.Id, Codes.Of(WebhookDisabledBecause.Gone));
            return false;
        }
        if (outcomes.Count == 0)
        {
            if (webhook.Failures > 0)
                await WebhookStore.Calmed(db, webhook.Id);
            return true;
        }
        if (outcomes.Any(outcome => outcome.Fault is null))
        {
            await WebhookStore.Succeeded(db, webhook.Id);
            return true;
        }
        var failed = DeliveryRules.Counted(webhook.Failures, outcomes.Count);
        var openUntil = DeliveryRules.Opens(webhook.Failures + failed) is { } open ? now + open : (Instant?)null;
        if (
            await WebhookStore.Failed(db, webhook.Id, webhook.Failures, failed, now, openUntil)
            && webhook.FailingSince is { } since
            && now - since >= DeliveryRules.GivenUpAfter
        )
            await WebhookStore.Disable(db, webhook.Id, Codes.Of(WebhookDisabledBecause.Failing));
        return false;
    }

    /// <param name="Told">The events by position, without those that may no longer be sent.</param>
    private sealed record Claimed(
        WebhookRow Webhook,
        IReadOnlyList<WebhookSecretRow> Secrets,
        Guid Lease,
        IReadOnlyList<DeliveryRow> Deliveries,
        IReadOnlyDictionary<long, FeedEvent> Told
    );
}
