using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Forms;

internal static class FormsStage
{
    internal static readonly AccessRule Staff = AccessRule.Of(Role.Author, Role.Reviewer, Role.Operator);

    internal static readonly Refusal NotForAll = Refusal.Forbidden(
        "not-for-whole-bank",
        "Спецификации и формы меняет оператор, чья роль не ограничена мероприятием, площадкой или территорией."
    );

    internal static readonly Refusal NoBlueprint = Refusal.NotFound("blueprint-not-found", "Такой спецификации или такой её версии нет.");

    internal static readonly Refusal NoForm = Refusal.NotFound("form-not-found", "Такой формы нет.");

    internal static void AddForms(this IServiceCollection services) => services.AddSingleton<FormCatalog>();
}
