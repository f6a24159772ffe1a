using Diagnostics.Server.Http;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.Server.Api;

internal static class FormsApi
{
    internal static void MapForms(this IEndpointRouteBuilder routes)
    {
        MapBlueprints(routes.MapGroup("/blueprints").WithTags("Forms"));
        MapForms(routes.MapGroup("/forms").WithTags("Forms"));
    }

    private static void MapBlueprints(RouteGroupBuilder blueprints)
    {
        blueprints
            .Get(
                "/",
                ListBlueprints.Operation,
                (int? after, int? limit, HttpContext http, ListBlueprints useCase) => useCase.Run(new(after, limit), http.Caller()).Ok()
            )
            .WithSummary("Спецификации, все версии");
        blueprints
            .Get(
                "/{code}/{version:int}",
                GetBlueprint.Operation,
                (string code, int version, HttpContext http, GetBlueprint useCase) => useCase.Run(new(code, version), http.Caller()).Ok()
            )
            .WithSummary("Спецификация: что проверяет каждая позиция");
        BlueprintUpload
            .Describe(
                blueprints.Post(
                    "/",
                    AddBlueprint.Operation,
                    (BlueprintUpload upload, HttpContext http, AddBlueprint useCase) =>
                        useCase.Run(upload.Request, http.Caller()).Created(view => $"/api/v1/blueprints/{view.Code}/{view.Version}")
                )
            )
            .WithSummary("Записать спецификацию: новую или новую версию")
            .WithDescription("JSON или YAML в формате blueprint.yaml (item-bank/README.md).");
    }

    private static void MapForms(RouteGroupBuilder forms)
    {
        forms
            .Get(
                "/",
                ListForms.Operation,
                (string? blueprint, int? after, int? limit, HttpContext http, ListForms useCase) =>
                    useCase.Run(new(blueprint, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Формы: спецификации, заполненные фасетами");
        forms
            .Get(
                "/{formId:guid}",
                GetForm.Operation,
                (Guid formId, HttpContext http, GetForm useCase) => useCase.Run(formId, http.Caller()).Ok()
            )
            .WithSummary("Форма по позициям, без ключей");
        forms
            .Get(
                "/{formId:guid}/parallelism",
                GetFormParallelism.Operation,
                (Guid formId, HttpContext http, GetFormParallelism useCase) => useCase.Run(formId, http.Caller()).Ok()
            )
            .WithSummary("Отчёт о параллельности четырёх вариантов (пп. 3.3, 3.6.2)");
        forms
            .Post(
                "/",
                AddForm.Operation,
                (AddFormRequest form, HttpContext http, AddForm useCase) =>
                    useCase.Run(form, http.Caller()).Created(view => $"/api/v1/forms/{view.Form.Id}")
            )
            .WithSummary("Собрать форму: заполнить спецификацию фасетами")
            .WithDescription(
                "Отказ slots-not-filled называет в slots каждую позицию, которую нельзя заполнить, и причину; "
                    + "form-not-parallel — в checks невыполненные требования."
            );
    }
}
