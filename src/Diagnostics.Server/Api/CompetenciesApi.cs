using Diagnostics.Engine.Competencies;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Competencies;

namespace Diagnostics.Server.Api;

internal static class CompetenciesApi
{
    internal static void MapCompetencies(this IEndpointRouteBuilder routes)
    {
        var frameworks = routes.MapGroup("/frameworks").WithTags("Competencies");
        frameworks
            .Get(
                "/",
                ListFrameworks.Operation,
                (int? after, int? limit, HttpContext http, ListFrameworks useCase) => useCase.Run(new(after, limit), http.Caller()).Ok()
            )
            .WithSummary("Рамки компетенций, все версии");
        frameworks
            .Get(
                "/{code}/{version:int}",
                GetFramework.Operation,
                (string code, int version, HttpContext http, GetFramework useCase) => useCase.Run(new(code, version), http.Caller()).Ok()
            )
            .WithSummary("Рамка: блоки, компетенции, элементы");
        frameworks
            .Get(
                "/{code}/{version:int}/changes",
                CompareFrameworks.Operation,
                (string code, int version, int since, string? sinceCode, HttpContext http, CompareFrameworks useCase) =>
                    useCase.Run(new(code, version, since, sinceCode), http.Caller()).Ok()
            )
            .WithSummary("Чем версия рамки отличается от прежней или от рамки, которую она дополняет (sinceCode)");

        var drafts = frameworks.MapGroup("/drafts");
        drafts
            .Get(
                "/{code}",
                GetFrameworkDraft.Operation,
                (string code, HttpContext http, GetFrameworkDraft useCase) =>
                    useCase.Run(code, http.Caller()).OkWithTag(http, draft => draft.Revision)
            )
            .WithSummary("Черновик следующей версии рамки: что изменится и что мешает публикации");
        drafts
            .Post(
                "/",
                AddFrameworkDraft.Operation,
                (FrameworkDraft draft, HttpContext http, AddFrameworkDraft useCase) =>
                    useCase
                        .Run(draft, http.Caller())
                        .CreatedWithTag(http, added => $"/api/v1/frameworks/drafts/{added.Draft.Code}", added => added.Revision)
            )
            .WithSummary("Начать следующую версию рамки или новую рамку")
            .WithDescription(
                "Регион дополняет общую рамку своими компетенциями (ИКТ, здоровьесбережение, саморазвитие): extends называет "
                    + "её версию, и всё её содержание стоит в черновике без изменений. Коды компетенций и элементов начинаются с кода того, "
                    + "в чём они стоят, и не меняют смысла от версии к версии."
            );
        drafts
            .Post(
                "/{code}/case",
                ImportCasePackage.Operation,
                (string code, CasePackage package, HttpContext http, ImportCasePackage useCase) =>
                    useCase
                        .Run(new(code, package), http.Caller())
                        .CreatedWithTag(http, added => $"/api/v1/frameworks/drafts/{added.Draft.Code}", added => added.Revision)
            )
            .WithSummary("Начать черновик рамки из пакета CASE (CFPackage)")
            .WithDescription(
                "Пункты связаны isChildOf в дерево не глубже трёх уровней: блоки, компетенции, элементы. Код пункта — его "
                    + "humanCodingScheme, если он годится в коды, иначе номер места. Чего в CASE нет (adjective блока, function "
                    + "компетенции), берётся из extensions; чего нет и там, названо в faults черновика и дописывается правкой."
            );
        drafts
            .Put(
                "/{code}",
                UpdateFrameworkDraft.Operation,
                (string code, FrameworkDraft draft, IfMatch match, HttpContext http, UpdateFrameworkDraft useCase) =>
                    useCase.Run(new(code, draft, match.Revision), http.Caller()).OkWithTag(http, changed => changed.Revision)
            )
            .WithSummary("Изменить черновик рамки");
        drafts
            .Post(
                "/{code}/publication",
                PublishFramework.Operation,
                (string code, IfMatch match, HttpContext http, PublishFramework useCase) =>
                    useCase
                        .Run(new(code, match.Revision), http.Caller())
                        .Created(published => $"/api/v1/frameworks/{published.Code}/{published.Version}")
            )
            .WithSummary("Опубликовать черновик: версия больше не меняется");
    }
}
