using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Whether a webhook receives events.</summary>
public enum WebhookState
{
    Enabled,

    /// <summary>Nothing is sent; events from the meantime are sent when the webhook is enabled again.</summary>
    Disabled,
}

/// <summary>Why nothing is sent.</summary>
public enum WebhookDisabledBecause
{
    /// <summary>The client or an administrator has disabled the webhook.</summary>
    Client,

    /// <summary>The receiver has answered 410.</summary>
    Gone,

    /// <summary>The receiver has accepted no message for three days.</summary>
    Failing,
}

/// <summary>The address at which a client receives events.</summary>
/// <param name="Events">Types; absent for all.</param>
/// <param name="Signature">Scheme of the present key.</param>
/// <param name="PublicKey"><c>whpk_…</c>, for v1a.</param>
/// <param name="PreviousKeyUntil">Until this time messages also carry the signature of the previous key; absent when
/// there is none.</param>
/// <param name="FailingSince">Since when no message was accepted; absent when the last one was.</param>
/// <param name="OpenUntil">After several failures in a row, nothing is sent before this time.</param>
/// <param name="Revision">Also the ETag.</param>
public sealed record WebhookView(
    Guid Id,
    string ClientId,
    string Url,
    IReadOnlyList<string>? Events,
    WebhookState State,
    WebhookDisabledBecause? DisabledBecause,
    SignatureScheme Signature,
    string? PublicKey,
    Instant? PreviousKeyUntil,
    Instant CreatedAt,
    Instant? FailingSince,
    Instant? OpenUntil,
    int Revision
)
{
    internal static async Task<WebhookView> Of(Db db, WebhookRow row, Instant now)
    {
        var keys = await WebhookStore.Secrets(db, row.Id, now);
        var present = keys.First(key => key.Until is null);
        return new(
            Id: row.Id,
            ClientId: row.ClientId,
            Url: row.Url,
            Events: WebhookRules.KindsOf(row)?.Select(FeedEvent.TypeOf).ToList(),
            State: Codes.Parse<WebhookState>(row.State),
            DisabledBecause: row.DisabledBecause is { } because ? Codes.Parse<WebhookDisabledBecause>(because) : null,
            Signature: Codes.Parse<SignatureScheme>(present.Scheme),
            PublicKey: present.PublicKey,
            PreviousKeyUntil: keys.Select(key => key.Until).Max(),
            CreatedAt: row.CreatedAt,
            FailingSince: row.FailingSince,
            OpenUntil: row.OpenUntil > now ? row.OpenUntil : null,
            Revision: row.Revision
        );
    }
}

/// <summary>A webhook with its new key.</summary>
/// <param name="Secret"><c>whsec_…</c>, shown only once; absent for v1a, whose receiver checks with
/// <c>publicKey</c>.</param>
public sealed record WebhookKey(WebhookView Webhook, string? Secret);

/// <summary>The state of an event on its way.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>
    /// The event may no longer be sent: since it happened the consent has ended or the person has moved.
    /// </summary>
    Withheld,

    /// <summary>Delivery was given up after three days.</summary>
    Failed,
}

/// <summary>One event on its way to a webhook.</summary>
/// <param name="EventId">Also the header <c>webhook-id</c>.</param>
/// <param name="NextAt">Time of the next attempt; absent when there is none.</param>
public sealed record DeliveryView(Guid EventId, Guid? ParticipantId, DeliveryState State, int Attempts, Instant? NextAt, Instant? EndedAt)
{
    internal static DeliveryView Of(DeliveryRow row)
    {
        var state = Codes.Parse<DeliveryState>(row.State);
        return new(row.EventId, row.ParticipantId, state, row.Attempts, state is DeliveryState.Waiting ? row.NextAt : null, row.EndedAt);
    }
}

/// <summary>One attempt to send the event.</summary>
/// <param name="Status">Status of the answer; absent without one.</param>
/// <param name="Fault">Absent when the receiver accepted the message.</param>
public sealed record AttemptView(Instant At, int Milliseconds, int? Status, WebhookFault? Fault)
{
    internal static AttemptView Of(AttemptRow row) =>
        new(row.At, row.Milliseconds, row.Status, row.Fault is { } fault ? Codes.Parse<WebhookFault>(fault) : null);
}

/// <summary>A delivery with its log.</summary>
public sealed record DeliveryLog(DeliveryView Delivery, IReadOnlyList<AttemptView> Attempts);

/// <param name="Waiting">Number of deliveries that wait again.</param>
public sealed record Redelivery(int Waiting);
