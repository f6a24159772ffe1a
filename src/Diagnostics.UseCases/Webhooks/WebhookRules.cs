using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Events;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Words that are stored, who may, and what is refused.</summary>
internal static class WebhookRules
{
    internal const string Enabled = "enabled", Disabled = "disabled";
    internal const string ByClient = "client", Gone = "gone", Failing = "failing";
    internal const string Waiting = "waiting", Delivered = "delivered", Withheld = "withheld", Failed = "failed";

    internal const int MaxOfClient = 10;

    /// <summary>A portal its own, an administrator everybody's.</summary>
    internal static readonly AccessRule Keepers = AccessRule.Of(Role.Administrator).Or(Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("webhook-not-found", "Такого вебхука нет.");

    internal static readonly Refusal DeliveryNotFound = Refusal.NotFound("delivery-not-found", "Такой доставки нет.");

    internal static readonly Refusal TooMany =
        Refusal.Conflict("webhooks-too-many", $"У клиента уже {MaxOfClient} вебхуков.").With("most", MaxOfClient);

    internal static readonly Refusal ClientMissing =
        Refusal.Invalid("client-id-invalid", "clientId — клиент портала, которому сообщать.").With("field", "clientId");

    internal static readonly Refusal EventsInvalid = Refusal.Invalid(
        "events-invalid", $"events — одно или несколько из: {string.Join(", ", FeedEvent.Types)}.").With("field", "events");

    internal static bool IsOf(Caller caller, WebhookRow webhook) => caller.ClientId is not { } client || client == webhook.ClientId;

    /// <summary>What the webhook is told, of what the client may know.</summary>
    internal static FeedFilter FilterOf(WebhookRow webhook, ClientRow client) =>
        new(client.Territory, webhook.Kinds?.Split(' ').Select(code => Codes.Parse<EventKind>(code)).ToHashSet());

    /// <returns>As they are stored; null for all.</returns>
    internal static Result<string?> KindsOf(IReadOnlyList<string>? events)
    {
        if (events is null) return (string?)null;
        var kinds = events.Select(FeedEvent.KindOf).ToList();
        return kinds.Count == 0 || kinds.Contains(null)
            ? EventsInvalid
            : string.Join(' ', kinds.OfType<EventKind>().Distinct().Select(Codes.Of));
    }
}
