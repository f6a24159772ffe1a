using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>A new client, through which a portal calls the service.</summary>
/// <param name="ClientId">Id of the client: lower-case Latin letters, digits and hyphens.</param>
/// <param name="Scopes">What the client may do: <c>people.enrol</c>, <c>profiles.read</c> or both.</param>
/// <param name="Territory">The only territory whose people the client may see; absent for all.</param>
public sealed record ClientRequest(string ClientId, string Name, IReadOnlyList<string> Scopes, string? Territory = null);

/// <summary>A secret that is shown only once.</summary>
public sealed record ClientSecret(string ClientId, string Secret);

/// <summary>A portal's client.</summary>
/// <param name="PreviousSecretUntil">Until this time the previous secret also works; absent when there is none.</param>
public sealed record ClientView(
    string ClientId,
    string Name,
    IReadOnlyList<string> Scopes,
    string? Territory,
    bool Disabled,
    Instant CreatedAt,
    Instant? PreviousSecretUntil = null
)
{
    internal static ClientView Of(ClientRow row) =>
        new(row.Id, row.Name, row.Scopes.Split(' '), row.Territory, row.Disabled, row.CreatedAt, row.PreviousSecretUntil);
}

internal static class ClientRefusals
{
    internal static readonly Refusal NotFound = Refusal.NotFound("client-not-found", "Такого клиента нет.");
}

internal sealed class AddClient(Executor executor) : UseCase<ClientRequest, ClientSecret>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(AddClient),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("client.added")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    protected override Task<Result<ClientSecret>> Handle(ClientRequest request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (Fault(request) is { } fault)
                    return fault;
                var now = Now;
                var secret = Clients.NewSecret();
                var added = await ClientStore.Add(
                    db,
                    new ClientRow
                    {
                        Id = request.ClientId,
                        Name = request.Name.Trim(),
                        SecretHash = Clients.HashOf(secret),
                        Scopes = string.Join(' ', request.Scopes.Distinct()),
                        Territory = request.Territory?.Trim(),
                        CreatedAt = now,
                    }
                );
                if (!added)
                    return Refusal.Conflict("client-exists", $"Клиент «{request.ClientId}» уже есть.");
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "client.added",
                    $"client:{request.ClientId}",
                    new { request.Scopes, request.Territory }
                );
                return new ClientSecret(request.ClientId, secret);
            }
        );

    private static Refusal? Fault(ClientRequest request)
    {
        if (!Codes.IsCode(request.ClientId) || request.ClientId == Clients.Own)
        {
            return Refusal
                .Invalid(
                    "client-id-invalid",
                    $"clientId — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков, и не «{Clients.Own}»."
                )
                .With("field", "clientId");
        }
        if (TextRules.Check("name", request.Name, 200) is { } noName)
            return noName;
        if (request.Territory is { } territory && TextRules.Check("territory", territory, 100) is { } noTerritory)
            return noTerritory;
        if (request.Scopes.Count > 0 && request.Scopes.All(scope => Clients.Scopes.Contains(scope)))
            return null;
        return Refusal
            .Invalid("scopes-invalid", $"scopes — одно или несколько из: {string.Join(", ", Clients.Scopes)}.")
            .With("field", "scopes");
    }
}

internal sealed class ListClients(Executor executor) : UseCase<Done, IReadOnlyList<ClientView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListClients), AccessRule.Of(Role.Administrator), Trail.None);

    protected override Task<Result<IReadOnlyList<ClientView>>> Handle(Done request, Caller caller) =>
        Read(async db => (await ClientStore.List(db)).Select(ClientView.Of).ToList());
}

internal sealed class GetClient(Executor executor) : UseCase<string, ClientView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetClient), AccessRule.Of(Role.Administrator), Trail.None);

    protected override Task<Result<ClientView>> Handle(string clientId, Caller caller) =>
        Read(async db => await ClientStore.Find(db, clientId) is { } row ? ClientView.Of(row) : ClientRefusals.NotFound);
}

/// <summary>The quota of one caller's requests on one node.</summary>
/// <param name="PerSecond">Number of requests added to the quota each second.</param>
/// <param name="Burst">The greatest number of unused requests that the quota can save up.</param>
/// <param name="Available">Requests that can be sent now without waiting.</param>
/// <param name="Accepted">Requests accepted since the caller last paused long enough for the count to be
/// dropped.</param>
/// <param name="Refused">Requests refused with 429 in that time.</param>
public sealed record RequestUsage(int PerSecond, int Burst, long Available, long Accepted, long Refused);

/// <summary>A portal's client, as shown to that client.</summary>
/// <param name="Requests">The client's quota on the answering node, and how much of it is left.</param>
public sealed record OwnClient(ClientView Client, RequestUsage Requests);

/// <summary>Shows a portal's client its own record, whatever its scopes.</summary>
internal sealed class GetOwnClient(Executor executor) : UseCase<Done, ClientView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetOwnClient), AccessRule.Client([.. Clients.Scopes]), Trail.None);

    protected override Task<Result<ClientView>> Handle(Done request, Caller caller) =>
        Read(async db => await ClientStore.Find(db, caller.ClientId!) is { } row ? ClientView.Of(row) : ClientRefusals.NotFound);
}

/// <param name="OverlapHours">For how many hours the present secret still works alongside the new one: 0–720, by
/// default 24. Use 0 after a leak.</param>
public sealed record SecretRotation(int? OverlapHours = null);

/// <summary>
/// Gives a client a new secret while the present one still works, so that a portal switches over without a gap.
/// </summary>
internal sealed class RotateClientSecret(Executor executor) : UseCase<RotateClientSecret.Request, ClientSecret>(Operation, executor)
{
    private const int UsualOverlap = 24;
    private const int LongestOverlap = 720;

    internal static new readonly Operation Operation = new(
        nameof(RotateClientSecret),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("client.secret-rotated")
    )
    {
        Repetition = Repetition.TellsThatItWasDone,
    };

    internal sealed record Request(string ClientId, SecretRotation Rotation);

    protected override Task<Result<ClientSecret>> Handle(Request request, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                var overlap = request.Rotation.OverlapHours ?? UsualOverlap;
                if (overlap is < 0 or > LongestOverlap)
                    return Refusal
                        .Invalid("overlap-invalid", $"overlapHours — целое число от 0 до {LongestOverlap}.")
                        .With("field", "overlapHours");
                if (await ClientStore.Find(db, request.ClientId) is not { } client)
                    return ClientRefusals.NotFound;
                var now = Now;
                var secret = Clients.NewSecret();
                if (!await ClientStore.Rotate(db, client, Clients.HashOf(secret), overlap == 0 ? null : now + Duration.FromHours(overlap)))
                    return Refusal.Conflict("client-changed", "Секрет этого клиента только что сменили; прочитайте клиента заново.");
                await AuditStore.Append(db, now, caller.Id, "client.secret-rotated", $"client:{client.Id}", new { overlapHours = overlap });
                return new ClientSecret(client.Id, secret);
            }
        );
}

/// <summary>
/// Shuts a client out. This takes effect immediately, because every call checks whether the client is still active.
/// </summary>
internal sealed class DeactivateClient(Executor executor) : UseCase<string, Done>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(DeactivateClient),
        AccessRule.Of(Role.Administrator),
        Trail.Writes("client.deactivated")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override Task<Result<Done>> Handle(string clientId, Caller caller) =>
        Write(
            caller,
            async db =>
            {
                if (await ClientStore.Find(db, clientId) is not { } client)
                    return ClientRefusals.NotFound;
                if (client.Disabled)
                    return Refusal.Conflict("client-disabled", "Клиент уже отключён.");
                await ClientStore.SetDisabled(db, clientId, disabled: true);
                await AuditStore.Append(db, Now, caller.Id, "client.deactivated", $"client:{clientId}");
                return default(Done);
            }
        );
}
