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

    /// <summary>
    /// Nothing is sent. Events that happen while the webhook is disabled are sent when it is enabled again.
    /// </summary>
    Disabled,
}

/// <summary>Why a webhook is disabled.</summary>
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
/// <param name="Events">Types of events; absent for all types.</param>
/// <param name="Signature">Scheme of the present key.</param>
/// <param name="PublicKey">The public key, <c>whpk_…</c>; only for v1a.</param>
/// <param name="PreviousKeyUntil">Until this time messages also carry the signature of the previous key; absent when
/// there is none.</param>
/// <param name="FailingSince">Since when the receiver has accepted no message; absent when it accepted the last
/// one.</param>
/// <param name="OpenUntil">The time before which nothing is sent, because of several failures in a row.</param>
/// <param name="Revision">Revision of the webhook; it is also the ETag.</param>
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
/// <param name="Secret">The secret, <c>whsec_…</c>, shown only once; absent for v1a, where the receiver checks
/// signatures with <c>publicKey</c>.</param>
public sealed record WebhookKey(WebhookView Webhook, string? Secret);

/// <summary>The state of the delivery of an event.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>
    /// The event may no longer be sent, because the consent has ended or the person has moved since it happened.
    /// </summary>
    Withheld,

    /// <summary>Delivery was given up after three days.</summary>
    Failed,
}

/// <summary>The delivery of an event to a webhook.</summary>
/// <param name="EventId">Id of the event; it is also in the header <c>webhook-id</c>.</param>
/// <param name="NextAt">Time of the next attempt; absent when there is none.</param>
public sealed record DeliveryView(Guid EventId, Guid? ParticipantId, DeliveryState State, int Attempts, Instant? NextAt, Instant? EndedAt)
{
    internal static DeliveryView Of(DeliveryRow row)
    {
        var state = Codes.Parse<DeliveryState>(row.State);
        return new(row.EventId, row.ParticipantId, state, row.Attempts, state is DeliveryState.Waiting ? row.NextAt : null, row.EndedAt);
    }
}

/// <summary>An attempt to send an event.</summary>
/// <param name="Status">HTTP status of the answer; absent without an answer.</param>
/// <param name="Fault">Why the attempt failed; absent when the receiver accepted the message.</param>
public sealed record AttemptView(Instant At, int Milliseconds, int? Status, WebhookFault? Fault)
{
    internal static AttemptView Of(AttemptRow row) =>
        new(row.At, row.Milliseconds, row.Status, row.Fault is { } fault ? Codes.Parse<WebhookFault>(fault) : null);
}

/// <summary>A delivery with its attempts.</summary>
public sealed record DeliveryLog(DeliveryView Delivery, IReadOnlyList<AttemptView> Attempts);

/// <param name="Waiting">Number of deliveries that now wait again.</param>
public sealed record Redelivery(int Waiting);
