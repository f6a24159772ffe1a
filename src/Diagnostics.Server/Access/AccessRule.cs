using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Microsoft.AspNetCore.Authorization;

namespace Diagnostics.Server.Access;

/// <summary>
/// Who may call an endpoint. Every endpoint states one (<see cref="AccessRuleExtensions.AllowedTo"/>); start-up fails on one that does not.
/// </summary>
/// <param name="Roles">Any of these roles, of whatever scope: the use case then checks the scope.</param>
/// <param name="ClientScope">Portals' clients with this scope.</param>
internal sealed record AccessRule(bool Anyone, bool AnyAccount, IReadOnlyList<Role> Roles, string? ClientScope) : IAuthorizationRequirement
{
    internal static readonly AccessRule Public = new(true, false, [], null);

    /// <summary>Any signed-in person.</summary>
    internal static readonly AccessRule Account = new(false, true, [], null);

    internal static AccessRule Of(params Role[] roles) => new(false, false, roles, null);

    internal static AccessRule Client(string scope) => new(false, false, [], scope);

    internal AccessRule Or(string clientScope) => this with { ClientScope = clientScope };

    /// <summary>For the API description.</summary>
    public override string ToString() => Anyone ? "все" : string.Join(", ", new[]
    {
        AnyAccount ? "любая учётная запись" : null,
        Roles.Count > 0 ? "роли: " + string.Join(", ", Roles.Select(Engine.Codes.Of)) : null,
        ClientScope is { } scope ? $"клиент с правом {scope}" : null,
    }.OfType<string>());
}

internal static class AccessRuleExtensions
{
    internal static TBuilder AllowedTo<TBuilder>(this TBuilder endpoint, AccessRule rule) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(rule);
        return rule.Anyone
            ? endpoint.AllowAnonymous()
            : endpoint.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(rule));
    }

    /// <exception cref="InvalidOperationException">An endpoint does not state who may call it.</exception>
    internal static void RequireAccessRules(this IEndpointRouteBuilder routes)
    {
        var silent = routes.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        if (silent.Count > 0) throw new InvalidOperationException($"Endpoints that do not state who may call them: {string.Join("; ", silent)}");
    }
}

/// <summary>Reads the caller's live grants where a role is asked for: a right that was ended ends at once.</summary>
internal sealed class AccessRuleHandler(Database database) : AuthorizationHandler<AccessRule>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRule requirement)
    {
        // Handlers run for anonymous callers too; that they must sign in is another requirement's word.
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated is not true) return;
        var caller = Caller.Of(http);
        if (caller.ClientId is not null)
        {
            // A client that was shut out is out at once, like a person whose right was ended.
            if (requirement.ClientScope is { } scope && caller.HasScope(scope)
                && await database.Read(db => ClientStore.Find(db, caller.ClientId)) is { Disabled: false }) context.Succeed(requirement);
            return;
        }
        // A taker's right is the session itself, checked where it is used; no look-up on the hot path.
        if (requirement.AnyAccount || (requirement.Roles.Contains(Role.Participant) && caller.ParticipantId is not null))
        {
            if (requirement.Roles.Count > 1) caller.SetGrants(await database.Read(db => AccountStore.Grants(db, caller.AccountId)));
            context.Succeed(requirement);
            return;
        }
        caller.SetGrants(await database.Read(db => AccountStore.Grants(db, caller.AccountId)));
        if (caller.Grants.Any(grant => requirement.Roles.Contains(grant.Role))) context.Succeed(requirement);
    }
}
