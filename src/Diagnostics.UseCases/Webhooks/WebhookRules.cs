using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Decides who may manage webhooks, what is refused, and which events a webhook receives.</summary>
internal static class WebhookRules
{
    internal const int MaxOfClient = 10;

    /// <summary>A portal manages its own webhooks, and an administrator manages everybody's.</summary>
    internal static readonly AccessRule Keepers = AccessRule.Of(Role.Administrator).Or(Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("webhook-not-found", "Такого вебхука нет.");

    internal static readonly Refusal DeliveryNotFound = Refusal.NotFound("delivery-not-found", "Такой доставки нет.");

    internal static readonly Refusal TooMany = Refusal
        .Conflict("webhooks-too-many", $"У клиента уже {MaxOfClient} вебхуков.")
        .With("most", MaxOfClient);

    internal static readonly Refusal ClientMissing = Refusal
        .Invalid("client-id-invalid", "clientId — клиент портала с правом profiles.read, которому сообщать.")
        .With("field", "clientId");

    internal static readonly Refusal ClientShutOut = Refusal.Conflict(
        "webhook-client-shut-out",
        "Клиент отключён или не читает профили: его вебхукам ничего не посылается."
    );

    internal static readonly Refusal EventsInvalid = Refusal
        .Invalid("events-invalid", $"events — одно или несколько из: {string.Join(", ", FeedEvent.Types)}.")
        .With("field", "events");

    internal static bool IsOf(Caller caller, WebhookRow webhook) => caller.ClientId is not { } client || client == webhook.ClientId;

    internal static bool IsEnabled(WebhookRow webhook) => Codes.Parse<WebhookState>(webhook.State) is WebhookState.Enabled;

    /// <summary>
    /// The filter for a webhook: the events that it asks for among those that its client may receive.
    /// </summary>
    internal static FeedFilter FilterOf(WebhookRow webhook, ClientRow client) => new(client.Territory, KindsOf(webhook)?.ToHashSet());

    /// <returns>Null for all.</returns>
    internal static IEnumerable<EventKind>? KindsOf(WebhookRow webhook) => webhook.Kinds?.Split(' ').Select(Codes.Parse<EventKind>);

    /// <param name="events">Types of events, named as in the feed.</param>
    /// <returns>The kinds in the form that <see cref="KindsOf"/> reads; null for all kinds.</returns>
    internal static Result<string?> Stored(IReadOnlyList<string>? events)
    {
        if (events is null)
            return (string?)null;
        var kinds = events.Select(FeedEvent.KindOf).ToList();
        return kinds.Count == 0 || kinds.Contains(null)
            ? EventsInvalid
            : string.Join(' ', kinds.OfType<EventKind>().Distinct().Select(Codes.Of));
    }
}
