using Diagnostics.Server.Http;
using Diagnostics.UseCases.ItemBank;

namespace Diagnostics.Server.Api;

internal static class ItemBankApi
{
    internal static void MapItemBank(this IEndpointRouteBuilder routes)
    {
        MapItems(routes.MapGroup("/items").WithTags("ItemBank"));
        MapFacets(routes.MapGroup("/facets").WithTags("ItemBank"));
    }

    private static void MapItems(RouteGroupBuilder items)
    {
        BankUpload
            .Describe(
                items.Post(
                    "/lint",
                    LintItems.Operation,
                    (BankUpload upload, HttpContext http, LintItems useCase) => useCase.Run(upload.Files, http.Caller()).Ok()
                )
            )
            .OnePerCaller()
            .WithSummary("Проверить файл фасета (или несколько файлов) среди хранимого банка, ничего не сохраняя");
        items
            .Get(
                "/lint",
                LintStoredItems.Operation,
                (HttpContext http, LintStoredItems useCase) => useCase.Run(default, http.Caller()).Ok()
            )
            .OnePerCaller()
            .WithSummary("Проверить хранимый банк");
        items
            .Get(
                "/lint/rules",
                ListLintRules.Operation,
                (HttpContext http, ListLintRules useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Правила проверки банка с пунктами Положения");
        items
            .Get(
                "/",
                ListItems.Operation,
                (
                    string? type,
                    string? block,
                    string? element,
                    int? difficulty,
                    string? status,
                    string? after,
                    int? limit,
                    HttpContext http,
                    ListItems useCase
                ) => useCase.Run(new(type, block, element, difficulty, status, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Задания последних версий фасетов");
        items
            .Get("/{code}", GetItem.Operation, (string code, HttpContext http, GetItem useCase) => useCase.Run(code, http.Caller()).Ok())
            .WithSummary("Задание с ключом и историей версий");
        items
            .Get(
                "/{code}/versions/{version:int}",
                GetItemVersion.Operation,
                (string code, int version, HttpContext http, GetItemVersion useCase) => useCase.Run(new(code, version), http.Caller()).Ok()
            )
            .WithSummary("Одна версия задания");
    }

    private static void MapFacets(RouteGroupBuilder facets)
    {
        facets
            .Get(
                "/",
                ListFacets.Operation,
                (string? status, string? after, int? limit, HttpContext http, ListFacets useCase) =>
                    useCase.Run(new(status, after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Фасеты, последние версии");
        facets
            .Get(
                "/{code}",
                GetFacet.Operation,
                (string code, HttpContext http, GetFacet useCase) =>
                    useCase.Run(code, http.Caller()).OkWithTag(http, view => view.Latest.Version)
            )
            .WithSummary("Фасет: версии, состояния, переходы");
        FacetDownload
            .Describe(
                facets.Get(
                    "/{code}/versions/{version:int}/export",
                    ExportFacetVersion.Operation,
                    (string code, int version, HttpContext http, ExportFacetVersion useCase) =>
                        useCase.Run(new(code, version), http.Caller()).Download(http)
                )
            )
            .WithSummary("Версия фасета как файл автора")
            .WithDescription(
                "По умолчанию — YAML фасета. С Accept: application/json — {\"files\": {путь: текст}} вместе со стимулами, "
                    + "в том виде, в каком их принимают POST /items/lint и PUT /facets/{code}."
            );
        BankUpload
            .Describe(
                facets.Put(
                    "/{code}",
                    WriteFacet.Operation,
                    (string code, string? diagnostic, BankUpload upload, IfMatch match, HttpContext http, WriteFacet useCase) =>
                        useCase
                            .Run(new(code, diagnostic, upload.Files, match.Revision), http.Caller())
                            .OkWithTag(http, view => view.Latest.Version)
                )
            )
            .OnePerCaller()
            .WithSummary("Записать новую версию фасета (черновик)")
            .WithDescription(
                "If-Match — номер последней версии из ETag; \"0\" — фасета ещё нет. Автором становится тот, кто записал, "
                    + "состояние — `draft`, рецензента нет, что бы ни стояло в файле. То же содержание новой версии не создаёт."
            );
        facets
            .Post(
                "/{code}/versions/{version:int}/transitions",
                MoveFacet.Operation,
                (string code, int version, TransitionRequest transition, HttpContext http, MoveFacet useCase) =>
                    useCase.Run(new(code, version, transition), http.Caller()).Created(_ => $"/api/v1/facets/{code}")
            )
            .WithSummary("Сменить состояние версии фасета: `draft` → `review` → `approved` → `active` → `retired`")
            .WithDescription(
                "В `review` отправляет автор, утверждает рецензент (не автор этой версии), в `draft` возвращает автор или "
                    + "рецензент, вводит в действие оператор, выводит рецензент или оператор. Версия, которая входит в форму, в `draft` не "
                    + "возвращается."
            );
    }
}
