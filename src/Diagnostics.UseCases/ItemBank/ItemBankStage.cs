using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.ItemBank;

internal static class ItemBankStage
{
    /// <summary>Everything here holds keys or leads to them: those who make and approve items, nobody else.</summary>
    internal static readonly AccessRule Staff = AccessRule.Of(Role.Author, Role.Reviewer, Role.Operator);

    internal static void AddItemBank(this IServiceCollection services)
    {
        services.AddScoped<LintItems>();
        services.AddScoped<WriteFacet>();
        services.AddScoped<MoveFacet>();
    }

    internal static void MapItemBank(this IEndpointRouteBuilder routes)
    {
        var items = routes.MapGroup("/items").WithTags("ItemBank").AddEndpointFilter(ForTheWholeBank);
        LintItems.Map(items);
        ReadItems.Map(items);
        var facets = routes.MapGroup("/facets").WithTags("ItemBank").AddEndpointFilter(ForTheWholeBank);
        ReadFacets.Map(facets);
        WriteFacet.Map(facets);
        MoveFacet.Map(facets);
    }

    /// <summary>The bank belongs to no campaign and no site: a right that is bound to one does not open the keys.</summary>
    private static async ValueTask<object?> ForTheWholeBank(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HasWhole(context.HttpContext.Caller(), Role.Author, Role.Reviewer, Role.Operator)
            ? await next(context)
            : Problems.Problem(403, "not-for-whole-bank", "Банк заданий открыт только тем, чья роль не ограничена мероприятием, площадкой или территорией.");

    internal static bool HasWhole(Caller caller, params ReadOnlySpan<Role> roles)
    {
        foreach (var role in roles)
            if (caller.Grants.Any(grant => grant.Role == role && grant.Scope is GrantScope.All)) return true;
        return false;
    }
}
