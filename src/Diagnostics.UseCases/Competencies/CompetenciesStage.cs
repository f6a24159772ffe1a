using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Competencies;

internal static class CompetenciesStage
{
    internal static readonly AccessRule Staff = AccessRule.Of(Role.Author, Role.Reviewer, Role.Operator, Role.Expert, Role.Chair, Role.Methodologist);

    internal static void MapCompetencies(this IEndpointRouteBuilder routes) =>
        ReadFrameworks.Map(routes.MapGroup("/frameworks").WithTags("Competencies"));
}
