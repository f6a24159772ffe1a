using System.Diagnostics.CodeAnalysis;
using Diagnostics.Engine;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Authorization;

namespace Diagnostics.Server.Http;

/// <summary>
/// Maps endpoints that run use cases. The declaration of the use case gives its endpoint a name and an access rule, and
/// states how repeated requests are treated and whether a revision is required. The service does not start with an
/// endpoint that has no access rule.
/// </summary>
internal static class Routes
{
    internal static RouteHandlerBuilder Get(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.Lazily(HttpMethods.Get, pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Post(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.Lazily(HttpMethods.Post, pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Put(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.Lazily(HttpMethods.Put, pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Patch(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.Lazily(HttpMethods.Patch, pattern, handler).Declare(operation, pattern, handler);

    internal static RouteHandlerBuilder Delete(this IEndpointRouteBuilder routes, string pattern, Operation operation, Delegate handler) =>
        routes.Lazily(HttpMethods.Delete, pattern, handler).Declare(operation, pattern, handler);

    /// <summary>
    /// Maps a handler whose delegate is compiled at the endpoint's first request. ASP.NET Core compiles the delegates of all
    /// endpoints when the service starts; with five hundred endpoints that is most of the time a start takes. What a
    /// handler's parameters say is read at the start all the same, so a handler that cannot be bound still stops it.
    /// </summary>
    internal static RouteHandlerBuilder Lazily(
        this IEndpointRouteBuilder routes,
        string method,
        [StringSyntax("Route")] string pattern,
        Delegate handler
    ) => RouteHandlerServices.Map(routes, pattern, handler, [method], RequestDelegateFactory.InferMetadata, CompiledLater);

    private static RequestDelegateResult CompiledLater(
        Delegate handler,
        RequestDelegateFactoryOptions options,
        RequestDelegateMetadataResult? inferred
    )
    {
        var compiled = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, inferred).RequestDelegate);
        return new(http => compiled.Value(http), inferred?.EndpointMetadata ?? []);
    }

    /// <summary>
    /// Marks an endpoint that may answer "not found" although its path contains no id of a thing that could be missing.
    /// </summary>
    internal sealed class NotFoundMarker;

    internal static RouteHandlerBuilder MayFindNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NotFoundMarker());

    /// <summary>Declares a status of the answer that cannot be inferred from the method or the path.</summary>
    internal sealed record AlsoAnswers(int Status);

    internal static RouteHandlerBuilder MayAnswer(this RouteHandlerBuilder endpoint, int status) =>
        endpoint.WithMetadata(new AlsoAnswers(status));

    private static RouteHandlerBuilder Declare(this RouteHandlerBuilder endpoint, Operation operation, string pattern, Delegate handler)
    {
        endpoint.WithName(operation.Name).WithMetadata(operation, QueryNames.Of(pattern, handler)).AllowedTo(operation.Access);
        if (operation.NeedsRevision)
            endpoint.NeedsIfMatch();
        if (operation.Repetition is not Repetition.RunsAgain)
            endpoint.TakesKey();
        return endpoint;
    }

    internal static TBuilder AllowedTo<TBuilder>(this TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(rule);
        return rule.Anyone
            ? endpoint.AllowAnonymous()
            : endpoint.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(new AccessRequirement(rule)));
    }

    /// <summary>
    /// Makes ASP.NET Core build the endpoints only once. A route group builds all of its endpoints whenever some code
    /// enumerates them: the check below, the pipeline and the first request would each do so, and each would compile
    /// delegates of its own.
    /// </summary>
    internal static void BuildOnce(this IEndpointRouteBuilder routes)
    {
        var built = new CompositeEndpointDataSource(routes.DataSources.ToList());
        routes.DataSources.Clear();
        routes.DataSources.Add(built);
    }

    /// <exception cref="InvalidOperationException">An endpoint has no access rule.</exception>
    internal static void RequireAccessRules(this IEndpointRouteBuilder routes)
    {
        var silent = routes
            .DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        if (silent.Count > 0)
            throw new InvalidOperationException($"Endpoints that do not state who may call them: {string.Join("; ", silent)}");
    }
}

/// <summary>Wraps an <see cref="AccessRule"/> as an ASP.NET Core authorization requirement.</summary>
internal sealed record AccessRequirement(AccessRule Rule) : IAuthorizationRequirement;

/// <summary>
/// Asks the gate before the request's body is read. The use case asks the gate again; the gate then reuses the data
/// that it read here. A page or a worker that runs the use case without HTTP passes the same gate.
/// </summary>
internal sealed class AccessRequirementHandler(Gate gate) : AuthorizationHandler<AccessRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        // ASP.NET Core runs this handler for anonymous callers too; another requirement makes sure that they sign in.
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated is not true)
            return;
        if (await gate.Check(requirement.Rule, http.Caller()) is { } refusal)
            http.Items[typeof(Refusal)] = refusal;
        else
            context.Succeed(requirement);
    }
}
