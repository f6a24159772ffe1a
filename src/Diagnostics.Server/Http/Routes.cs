using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Authorization;

namespace Diagnostics.Server.Http;

/// <summary>
/// An endpoint of a use case takes its name, who may call it, what a repetition does and whether it needs a revision from
/// the use case's declaration. Start-up fails on an endpoint that states nobody.
/// </summary>
internal static class Routes
{
    internal static RouteHandlerBuilder Get(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.MapGet(pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Post(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.MapPost(pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Put(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.MapPut(pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Patch(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.MapPatch(pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Delete(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.MapDelete(pattern, handler).Declare(operation, pattern, handler);

    /// <summary>Marks an endpoint whose request may name a thing that does not exist, although its path names none.</summary>
    internal sealed class NotFoundMarker;

    internal static RouteHandlerBuilder MayFindNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NotFoundMarker());

    /// <summary>A status that the answer may have and that neither the method nor the path tells of.</summary>
    internal sealed record AlsoAnswers(int Status);

    internal static RouteHandlerBuilder MayAnswer(this RouteHandlerBuilder endpoint, int status) => endpoint.WithMetadata(new AlsoAnswers(status));

    private static RouteHandlerBuilder Declare(this RouteHandlerBuilder endpoint, Operation operation, string pattern, Delegate handler)
    {
        endpoint.WithName(operation.Name).WithMetadata(operation, QueryNames.Of(pattern, handler)).AllowedTo(operation.Access);
        if (operation.NeedsRevision) endpoint.NeedsIfMatch();
        if (operation.Repetition is not Repetition.RunsAgain) endpoint.TakesKey();
        return endpoint;
    }

    internal static TBuilder AllowedTo<TBuilder>(this TBuilder endpoint, AccessRule rule) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(rule);
        return rule.Anyone
            ? endpoint.AllowAnonymous()
            : endpoint.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new AccessRequirement(rule)));
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

/// <summary>The framework's form of an <see cref="AccessRule"/>.</summary>
internal sealed record AccessRequirement(AccessRule Rule) : IAuthorizationRequirement;

/// <summary>
/// Asks the gate before the request's body is read. The use case asks again, of what was read here; a page or a worker
/// that runs it without HTTP meets the same gate.
/// </summary>
internal sealed class AccessRequirementHandler(Gate gate) : AuthorizationHandler<AccessRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        // Handlers run for anonymous callers too; that they must sign in is another requirement's word.
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated is not true) return;
        if (await gate.Check(requirement.Rule, http.Caller()) is { } refusal) http.Items[typeof(Refusal)] = refusal;
        else context.Succeed(requirement);
    }
}
