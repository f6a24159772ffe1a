using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>
/// Sends a test message immediately and reports the result, so that a wrong address or key is noticed before any event
/// is sent.
/// </summary>
internal sealed class TestWebhook(Executor executor, WebhookSender sender) : UseCase<Guid, AttemptView>(Operation, executor)
{
    internal const string Type = "webhook.test";

    internal static new readonly Operation Operation = new(nameof(TestWebhook), WebhookRules.Keepers, Trail.None);

    protected override async Task<Result<AttemptView>> Handle(Guid id, Caller caller)
    {
        var now = Now;
        var loaded = await Fetch(async db =>
        {
            if (await WebhookStore.Find(db, id) is not { } found || !WebhookRules.IsOf(caller, found))
                return WebhookRules.NotFound;
            if (await WebhookStore.FindTold(db, id) is null)
                return WebhookRules.ClientShutOut;
            return (Result<Loaded>)new Loaded(found, await WebhookStore.Secrets(db, id, now), await FeedCursor.At(db, found.Position));
        });
        if (loaded.Refused(out var refusal, out var webhook))
            return refusal;
        var (row, keys, cursor) = webhook;
        var told = new FeedEvent(Guid.CreateVersion7(now.ToDateTimeOffset()), Type, $"webhooks/{id:D}", now, cursor.ToString())
        {
            Position = cursor.Position,
        };
        var sent = await sender.Send(row, keys, told, CancellationToken.None);
        return new AttemptView(sent.At, sent.Milliseconds, sent.Outcome.Status, sent.Outcome.Fault);
    }

    private sealed record Loaded(WebhookRow Row, IReadOnlyList<WebhookSecretRow> Keys, FeedCursor Cursor);
}

/// <summary>Lists deliveries, the latest first.</summary>
internal sealed class ListDeliveries(Executor executor) : UseCase<ListDeliveries.Request, Page<DeliveryView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListDeliveries), WebhookRules.Keepers, Trail.None);

    internal static readonly Refusal StateUnknown = Refusal
        .Invalid("delivery-state-unknown", $"state — одно из: {string.Join(", ", Enum.GetValues<DeliveryState>().Select(Codes.Of))}.")
        .With("field", "state");

    internal sealed record Request(Guid WebhookId, string? State, long? After, int? Limit);

    protected override Task<Result<Page<DeliveryView>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            if (request.State is { } state && Codes.Find<DeliveryState>(state) is null)
                return StateUnknown;
            if (await WebhookStore.Find(db, request.WebhookId) is not { } row || !WebhookRules.IsOf(caller, row))
                return WebhookRules.NotFound;
            var page = Page<DeliveryRow>.Of(
                await DeliveryStore.List(db, row.Id, request.State, request.After, Page<DeliveryRow>.Take(request.Limit)),
                request.Limit,
                delivery => delivery.Position.ToString(CultureInfo.InvariantCulture)
            );
            return new Page<DeliveryView>(page.Items.Select(DeliveryView.Of).ToList(), page.Next);
        });
}

internal sealed class GetDelivery(Executor executor) : UseCase<GetDelivery.Request, DeliveryLog>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetDelivery), WebhookRules.Keepers, Trail.None);

    internal sealed record Request(Guid WebhookId, Guid EventId);

    protected override Task<Result<DeliveryLog>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            if (await WebhookStore.Find(db, request.WebhookId) is not { } row || !WebhookRules.IsOf(caller, row))
                return WebhookRules.NotFound;
            if (await DeliveryStore.Find(db, row.Id, request.EventId) is not { } delivery)
                return (Result<DeliveryLog>)WebhookRules.DeliveryNotFound;
            var attempts = await DeliveryStore.Attempts(db, row.Id, delivery.Position);
            return new DeliveryLog(DeliveryView.Of(delivery), attempts.Select(AttemptView.Of).ToList());
        });
}

/// <summary>Sends an event again, however its delivery ended.</summary>
internal sealed class Redeliver(Executor executor) : UseCase<Redeliver.Request, Redelivery>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(Redeliver), WebhookRules.Keepers, Trail.Writes("webhook.redelivered"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal sealed record Request(Guid WebhookId, Guid EventId);

    protected override Task<Result<Redelivery>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (id, eventId) = request;
                if (await WebhookStore.Find(db, id) is not { } row || !WebhookRules.IsOf(caller, row))
                    return WebhookRules.NotFound;
                if (await DeliveryStore.Find(db, id, eventId) is null)
                    return WebhookRules.DeliveryNotFound;
                return await Redeliveries.Begin(db, id, eventId, Now, caller);
            }
        );
}

/// <summary>Sends again all events whose delivery was given up.</summary>
internal sealed class RedeliverFailed(Executor executor) : UseCase<Guid, Redelivery>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(RedeliverFailed),
        WebhookRules.Keepers,
        Trail.Writes("webhook.redelivered")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Redelivery>> Handle(Guid id, Caller caller) =>
        Write(
            caller,
            async db =>
                await WebhookStore.Find(db, id) is { } row && WebhookRules.IsOf(caller, row)
                    ? await Redeliveries.Begin(db, id, null, Now, caller)
                    : (Result<Redelivery>)WebhookRules.NotFound
        );
}

internal static class Redeliveries
{
    internal static async Task<Redelivery> Begin(Db db, Guid webhookId, Guid? eventId, Instant now, Caller caller)
    {
        var waiting = await DeliveryStore.Again(db, webhookId, eventId, now);
        await AuditStore.Append(db, now, caller.Id, "webhook.redelivered", $"webhook:{webhookId:D}", new { eventId, waiting });
        return new(waiting);
    }
}
