using System.Diagnostics;
using System.Text.Json;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>When a message was sent, how long that took, and the result.</summary>
internal sealed record Sent(Instant At, int Milliseconds, SendOutcome Outcome);

/// <summary>Signs a message and sends it once.</summary>
internal sealed class WebhookSender(WebhookHttp http, WebhookKeys keys, IClock clock)
{
    /// <summary>
    /// The media type of CloudEvents 1.0 in structured mode; the event inside is the same as in the feed.
    /// </summary>
    internal const string MediaType = "application/cloudevents+json; charset=utf-8";

    internal async Task<Sent> Send(WebhookRow webhook, IReadOnlyList<WebhookSecretRow> secrets, FeedEvent told, CancellationToken stopping)
    {
        var (now, began) = (clock.GetCurrentInstant(), Stopwatch.GetTimestamp());
        var (id, timestamp) = (told.Id.ToString("D"), now.ToUnixTimeSeconds());
        var body = JsonSerializer.SerializeToUtf8Bytes(CloudEvent.Of(told), Json.Options);
        var outcome = keys.Sign(secrets, id, timestamp, body) is { } signature
            ? await http.Post(
                new Uri(webhook.Url),
                body,
                MediaType,
                [("webhook-id", id), ("webhook-timestamp", $"{timestamp}"), ("webhook-signature", signature)],
                stopping
            )
            : new(null, WebhookFault.Secret);
        return new(now, (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds, outcome);
    }
}
