using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Forms;

internal static class FormsStage
{
    internal static readonly AccessRule Staff = AccessRule.Of(Role.Author, Role.Reviewer, Role.Operator);

    internal static readonly Refusal NotForAll = Refusal.Forbidden("not-for-whole-bank", "Спецификации и формы меняет оператор, чья роль не ограничена мероприятием, площадкой или территорией.");

    internal static void AddForms(this IServiceCollection services)
    {
        services.AddSingleton<FormCatalog>();
        services.AddScoped<AddBlueprint>();
        services.AddScoped<AddForm>();
    }

    internal static void MapForms(this IEndpointRouteBuilder routes)
    {
        var blueprints = routes.MapGroup("/blueprints").WithTags("Forms");
        ReadBlueprints.Map(blueprints);
        AddBlueprint.Map(blueprints);
        var forms = routes.MapGroup("/forms").WithTags("Forms");
        ReadForms.Map(forms);
        AddForm.Map(forms);
    }
}
