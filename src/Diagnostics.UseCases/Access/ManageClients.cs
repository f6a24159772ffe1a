using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>A portal that is to call the service.</summary>
/// <param name="ClientId">Lower-case Latin letters, digits and hyphens.</param>
/// <param name="Scopes"><c>people.enrol</c>, <c>profiles.read</c>.</param>
/// <param name="Territory">The only territory whose people it may see; absent for all.</param>
public sealed record ClientRequest(string ClientId, string Name, IReadOnlyList<string> Scopes, string? Territory = null);

/// <summary>The secret is shown this once.</summary>
public sealed record ClientSecret(string ClientId, string Secret);

/// <summary>A portal's client.</summary>
public sealed record ClientView(string ClientId, string Name, IReadOnlyList<string> Scopes, string? Territory, bool Disabled, Instant CreatedAt)
{
    internal static ClientView Of(ClientRow row) => new(row.Id, row.Name, row.Scopes.Split(' '), row.Territory, row.Disabled, row.CreatedAt);
}

internal static class ManageClients
{
    internal static readonly Refusal NotFound = Refusal.NotFound("client-not-found", "Такого клиента нет.");

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/clients").WithTags("Access");
        clients.MapPost("/", Add).WithName("AddClient").WithSummary("Завести клиент портала; секрет показывается один раз").AllowedTo(AccessRule.Of(Role.Administrator)).Idempotent(keepAnswer: false);
        clients.MapGet("/", List).WithName("ListClients").WithSummary("Клиенты порталов").AllowedTo(AccessRule.Of(Role.Administrator));
        clients.MapGet("/{clientId}", Read).WithName("GetClient").WithSummary("Клиент портала").AllowedTo(AccessRule.Of(Role.Administrator));
        clients.MapPost("/{clientId}/deactivation", Deactivate).WithName("DeactivateClient").WithSummary("Отключить клиент: действует сразу").AllowedTo(AccessRule.Of(Role.Administrator)).Idempotent();
    }

    private static Task<Results<Created<ClientSecret>, ProblemHttpResult>> Add(ClientRequest request, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<ClientSecret>>(async db =>
        {
            if (!Codes.IsCode(request.ClientId))
                return Refusal.Invalid("client-id-invalid", $"clientId — строчные латинские буквы, цифры и дефис, до {Codes.MaxLength} знаков.").With("field", "clientId");
            if (TextRules.Check("name", request.Name, 200) is { } noName) return noName;
            if (request.Territory is { } territory && TextRules.Check("territory", territory, 100) is { } noTerritory) return noTerritory;
            if (request.Scopes.Count == 0 || request.Scopes.Any(scope => !Clients.Scopes.Contains(scope)))
                return Refusal.Invalid("scopes-invalid", $"scopes — одно или несколько из: {string.Join(", ", Clients.Scopes)}.").With("field", "scopes");
            var now = clock.GetCurrentInstant();
            var secret = Clients.NewSecret();
            var added = await ClientStore.Add(db, new ClientRow
            {
                Id = request.ClientId,
                Name = request.Name.Trim(),
                SecretHash = Clients.HashOf(secret),
                Scopes = string.Join(' ', request.Scopes.Distinct()),
                Territory = request.Territory?.Trim(),
                CreatedAt = now,
            });
            if (!added) return Refusal.Conflict("client-exists", $"Клиент «{request.ClientId}» уже есть.");
            await AuditStore.Append(db, now, caller.Id, "client.added", $"client:{request.ClientId}", new { request.Scopes, request.Territory });
            return new ClientSecret(request.ClientId, secret);
        }).Created(client => $"/api/v1/clients/{client.ClientId}");

    private static async Task<Ok<IReadOnlyList<ClientView>>> List(Transactions transactions) =>
        TypedResults.Ok<IReadOnlyList<ClientView>>((await transactions.Read(ClientStore.List)).Select(ClientView.Of).ToList());

    private static Task<Results<Ok<ClientView>, ProblemHttpResult>> Read(string clientId, Transactions transactions) =>
        transactions.Read<Result<ClientView>>(async db => await ClientStore.Find(db, clientId) is { } row ? ClientView.Of(row) : NotFound).Ok();

    private static Task<Results<NoContent, ProblemHttpResult>> Deactivate(string clientId, Caller caller, Transactions transactions, IClock clock) =>
        transactions.Write<Result<Done>>(async db =>
        {
            if (await ClientStore.Find(db, clientId) is not { } client) return NotFound;
            if (client.Disabled) return Refusal.Conflict("client-disabled", "Клиент уже отключён.");
            await ClientStore.SetDisabled(db, clientId, disabled: true);
            await AuditStore.Append(db, clock.GetCurrentInstant(), caller.Id, "client.deactivated", $"client:{clientId}");
            return default(Done);
        }).NoContent();
}
