using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Webhooks;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Feed;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Where a client wants to receive events.</summary>
/// <param name="Url">The address, <c>https://…</c></param>
/// <param name="Events">Types of events, named as in the feed; absent for all types.</param>
/// <param name="Signature">How to sign messages: <c>v1</c> (HMAC, with a secret that is shown once) or <c>v1a</c>
/// (Ed25519, with a public key); <c>v1</c> when absent.</param>
/// <param name="ClientId">The client that receives the events; required from administrators, because a client creates
/// webhooks only for itself.</param>
public sealed record WebhookRequest(
    string Url,
    IReadOnlyList<string>? Events = null,
    SignatureScheme? Signature = null,
    string? ClientId = null
);

/// <summary>Adds a webhook for events from now on; earlier events can be read in the feed.</summary>
internal sealed class AddWebhook(Executor executor, EventFeed feed, WebhookPolicy policy, WebhookKeys keys)
    : UseCase<WebhookRequest, WebhookKey>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(AddWebhook), WebhookRules.Keepers, Trail.Writes("webhook.added"))
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    protected override async Task<Result<WebhookKey>> Handle(WebhookRequest request, Caller caller)
    {
        if (WebhookAddress.Check(request.Url, policy) is { } fault)
            return fault;
        if (WebhookRules.Stored(request.Events).Refused(out var noKinds, out var kinds))
            return noKinds;
        var end = await feed.End();
        return await Write(
            caller,
            async db =>
            {
                if (await ClientOf(db, request, caller) is not { } client)
                    return WebhookRules.ClientMissing;
                if (await WebhookStore.Count(db, client) >= WebhookRules.MaxOfClient)
                    return WebhookRules.TooMany;
                var now = Now;
                var id = Guid.CreateVersion7(now.ToDateTimeOffset());
                await WebhookStore.Add(
                    db,
                    new WebhookRow
                    {
                        Id = id,
                        ClientId = client,
                        Url = request.Url,
                        Kinds = kinds,
                        CreatedAt = now,
                        Position = end,
                    }
                );
                var key = keys.Make(id, 1, request.Signature ?? SignatureScheme.V1, now);
                await WebhookStore.AddSecret(db, key.Row);
                await AuditStore.Append(db, now, caller.Id, "webhook.added", $"webhook:{id:D}", new { client, request.Url });
                return new WebhookKey(await WebhookView.Of(db, (await WebhookStore.Find(db, id))!, now), key.Secret);
            }
        );
    }

    private static async Task<string?> ClientOf(Db db, WebhookRequest request, Caller caller)
    {
        if (caller.ClientId is { } own)
            return request.ClientId is null || request.ClientId == own ? own : null;
        if (request.ClientId is not { } named || await ClientStore.Find(db, named) is not { } client)
            return null;
        return Clients.MayReadProfiles(client) ? named : null;
    }
}

internal sealed class ListWebhooks(Executor executor) : UseCase<ListWebhooks.Request, Page<WebhookView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListWebhooks), WebhookRules.Keepers, Trail.None);

    internal sealed record Request(Guid? After, int? Limit);

    protected override Task<Result<Page<WebhookView>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var rows = Page<WebhookRow>.Of(
                await WebhookStore.List(db, caller.ClientId, request.After, Page<WebhookRow>.Take(request.Limit)),
                request.Limit,
                row => row.Id.ToString("D")
            );
            var views = new List<WebhookView>();
            foreach (var row in rows.Items)
                views.Add(await WebhookView.Of(db, row, Now));
            return new Page<WebhookView>(views, rows.Next);
        });
}

internal sealed class GetWebhook(Executor executor) : UseCase<Guid, WebhookView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetWebhook), WebhookRules.Keepers, Trail.None);

    protected override Task<Result<WebhookView>> Handle(Guid id, Caller caller) =>
        Read(async db =>
            await WebhookStore.Find(db, id) is { } row && WebhookRules.IsOf(caller, row)
                ? await WebhookView.Of(db, row, Now)
                : (Result<WebhookView>)WebhookRules.NotFound
        );
}

/// <param name="Events">Types of events, named as in the feed; absent for all types.</param>
public sealed record WebhookChange(string Url, IReadOnlyList<string>? Events = null);

/// <summary>Changes a webhook; waiting messages are sent to the new address.</summary>
internal sealed class UpdateWebhook(Executor executor, WebhookPolicy policy)
    : UseCase<UpdateWebhook.Request, WebhookView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(UpdateWebhook), WebhookRules.Keepers, Trail.Writes("webhook.changed"))
    {
        NeedsRevision = true,
    };

    internal sealed record Request(Guid Id, WebhookChange Change, int Revision);

    protected override Task<Result<WebhookView>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (id, change, revision) = request;
                if (WebhookAddress.Check(change.Url, policy) is { } fault)
                    return fault;
                if (WebhookRules.Stored(change.Events).Refused(out var noKinds, out var kinds))
                    return noKinds;
                if (await WebhookStore.Find(db, id) is not { } row || !WebhookRules.IsOf(caller, row))
                    return WebhookRules.NotFound;
                var now = Now;
                if (!await WebhookStore.Update(db, id, revision, change.Url, kinds))
                    return Revisions.Stale(row.Revision);
                await AuditStore.Append(db, now, caller.Id, "webhook.changed", $"webhook:{id:D}", new { change.Url });
                return await WebhookView.Of(db, (await WebhookStore.Find(db, id))!, now);
            }
        );
}

/// <summary>
/// Enables a webhook again. Sending continues where it stopped, so events that happened while the webhook was disabled
/// are sent too.
/// </summary>
internal sealed class EnableWebhook(Executor executor) : UseCase<Guid, WebhookView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(EnableWebhook), WebhookRules.Keepers, Trail.Writes("webhook.enabled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<WebhookView>> Handle(Guid id, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await WebhookStore.Find(db, id) is not { } row || !WebhookRules.IsOf(caller, row))
                    return WebhookRules.NotFound;
                var now = Now;
                if (await WebhookStore.Enable(db, id))
                {
                    await DeliveryStore.Hasten(db, id, now);
                    await AuditStore.Append(db, now, caller.Id, "webhook.enabled", $"webhook:{id:D}");
                }
                return await WebhookView.Of(db, (await WebhookStore.Find(db, id))!, now);
            }
        );
}

internal sealed class DisableWebhook(Executor executor) : UseCase<Guid, WebhookView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(DisableWebhook), WebhookRules.Keepers, Trail.Writes("webhook.disabled"))
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<WebhookView>> Handle(Guid id, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await WebhookStore.Find(db, id) is not { } row || !WebhookRules.IsOf(caller, row))
                    return WebhookRules.NotFound;
                var now = Now;
                if (await WebhookStore.Disable(db, id, Codes.Of(WebhookDisabledBecause.Client)))
                    await AuditStore.Append(db, now, caller.Id, "webhook.disabled", $"webhook:{id:D}");
                return await WebhookView.Of(db, (await WebhookStore.Find(db, id))!, now);
            }
        );
}

/// <param name="OverlapHours">For how many hours messages also carry the signature of the previous key, 0–720; 24 when
/// absent. After a leak use 0, which ends all previous keys.</param>
/// <param name="Signature">Signature scheme of the new key; when absent, the same scheme as before.</param>
public sealed record WebhookKeyRotation(int? OverlapHours = null, SignatureScheme? Signature = null);

/// <summary>
/// Makes a new key. For a while messages carry the signatures of both keys, so that a receiver can switch over without
/// losing a message.
/// </summary>
internal sealed class RotateWebhookKey(Executor executor, WebhookKeys keys)
    : UseCase<RotateWebhookKey.Request, WebhookKey>(Operation, executor)
{
    private const int UsualOverlap = 24,
        LongestOverlap = 720;

    internal static new readonly Operation Operation = new(
        nameof(RotateWebhookKey),
        WebhookRules.Keepers,
        Trail.Writes("webhook.key-rotated")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    internal sealed record Request(Guid Id, WebhookKeyRotation Rotation);

    internal static readonly Refusal OverlapInvalid = Refusal
        .Invalid("overlap-invalid", $"overlapHours — целое число от 0 до {LongestOverlap}.")
        .With("field", "overlapHours");

    internal static readonly Refusal Changed = Refusal.Conflict(
        "webhook-changed",
        "Ключ этого вебхука только что сменили; прочитайте вебхук заново."
    );

    protected override Task<Result<WebhookKey>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var (id, rotation) = request;
                var overlap = rotation.OverlapHours ?? UsualOverlap;
                if (overlap is < 0 or > LongestOverlap)
                    return OverlapInvalid;
                if (await WebhookStore.Find(db, id) is not { } row || !WebhookRules.IsOf(caller, row))
                    return WebhookRules.NotFound;
                var now = Now;
                var present = (await WebhookStore.Secrets(db, id, now)).First(key => key.Until is null);
                if (overlap == 0)
                    await WebhookStore.EndPrevious(db, id, now);
                if (!await WebhookStore.EndSecret(db, id, present.Number, now + Duration.FromHours(overlap)))
                    return Changed;
                var key = keys.Make(id, present.Number + 1, rotation.Signature ?? Codes.Parse<SignatureScheme>(present.Scheme), now);
                await WebhookStore.AddSecret(db, key.Row);
                await AuditStore.Append(db, now, caller.Id, "webhook.key-rotated", $"webhook:{id:D}", new { overlapHours = overlap });
                return new WebhookKey(await WebhookView.Of(db, row, now), key.Secret);
            }
        );
}
