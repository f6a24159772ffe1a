using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Pages.SiteDays;
using Diagnostics.UseCases.Sessions;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

/// <summary>Sessions on paper: packages, what the site hands out and takes back, and the entry of the answers.</summary>
internal static class PaperApi
{
    internal static void MapPaper(this IEndpointRouteBuilder routes)
    {
        MapPackages(routes.MapGroup("/campaigns/{campaignId:guid}/sites/{siteId:guid}/paper").WithTags("SiteDays"));
        MapSession(routes.MapGroup("/sessions/{sessionId:guid}/paper").WithTags("SiteDays"));
    }

    private static void MapPackages(RouteGroupBuilder site)
    {
        site.Get(
                "/",
                ListPaperWorks.Operation,
                (Guid campaignId, Guid siteId, Guid? sittingId, HttpContext http, ListPaperWorks useCase) =>
                    useCase.Run(new(campaignId, siteId, sittingId), http.Caller()).Ok()
            )
            .WithSummary("Кто на площадке пишет на бумаге и на каком шаге; без имён");
        site.Post(
                "/",
                MakePaperPackages.Operation,
                (Guid campaignId, Guid siteId, PaperPackagesRequest? packages, HttpContext http, MakePaperPackages useCase) =>
                    useCase.Run(new(campaignId, siteId, packages ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Подготовить комплекты бланков для названных сеансов или для всех, кому назначены задания на бумаге")
            .WithDescription(
                "Комплект принадлежит варианту сеанса: кого перевели на другое место, тому нужен новый. Повтор возвращает те же комплекты."
            );
        site.Get(
                "/sheets",
                PrintPaperPackages.Operation,
                (
                    Guid campaignId,
                    Guid siteId,
                    Guid? sittingId,
                    Guid? sessionId,
                    bool? large,
                    HttpContext http,
                    PrintPaperPackages useCase,
                    SheetPage page
                ) => PaperPrint.Show(campaignId, siteId, sittingId, sessionId, large is true, http.Caller(), useCase, page)
            )
            .WithSummary("Комплекты для печати на листах A4: задания, регистрационный бланк и бланки ответов с кодами")
            .WithDescription(
                "Без sessionId — все, кто ещё не начал. С large=true — крупно. Задания видны до начала, поэтому каждый вызов записан в журнале аудита."
            )
            .ProducesFile("text/html", JsonSchemaType.String, "Страница HTML.");
    }

    private static void MapSession(RouteGroupBuilder session)
    {
        session
            .Get(
                "/",
                GetPaperToEnter.Operation,
                (Guid sessionId, HttpContext http, GetPaperToEnter useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Принятые бланки сеанса: задания, как они напечатаны, и расхождения для третьего человека");
        session
            .Post(
                "/start",
                StartOnPaper.Operation,
                (Guid sessionId, HttpContext http, StartOnPaper useCase) => useCase.Run(sessionId, http.Caller()).Ok()
            )
            .WithSummary("Начать сеанс на бумаге: участник получил комплект и пишет")
            .WithDescription("До ввода ответов сеанс стоит на паузе: на экране его не пишут, и по времени он не закончится.");
        session
            .Post(
                "/collection",
                CollectPaper.Operation,
                (Guid sessionId, PaperCollectionRequest collection, HttpContext http, CollectPaper useCase) =>
                    useCase.Run(new(sessionId, collection), http.Caller()).Ok()
            )
            .WithSummary("Принять бланки: коды принятых листов и когда участник закончил");
        MapScans(session.MapGroup("/scans"));
        session
            .Post(
                "/entries",
                EnterPaper.Operation,
                (Guid sessionId, PaperEntryRequest entry, HttpContext http, EnterPaper useCase) =>
                    useCase.Run(new(sessionId, entry), http.Caller()).Ok()
            )
            .WithSummary("Ввести ответы с бланков: двое независимо, а где они разошлись — третий")
            .WithDescription(
                "Когда ответы совпали или решены третьим, они сохраняются как ответы сеанса, и он завершается временем, когда участник закончил писать."
            );
    }

    private static void MapScans(RouteGroupBuilder scans)
    {
        AttachmentUpload
            .Describe(
                scans.Post(
                    "/",
                    AddPaperScan.Operation,
                    (Guid sessionId, string sheet, AttachmentUpload upload, HttpContext http, AddPaperScan useCase) =>
                        useCase
                            .Run(new(sessionId, sheet, upload.Content), http.Caller())
                            .Created(scan => $"/api/v1/sessions/{sessionId:D}/paper/scans/{scan.Slot}/{scan.Number}")
                )
            )
            .WithSummary("Приложить скан бланка развёрнутого ответа: PDF, PNG или JPEG до 5 МБ, не больше четырёх на ответ")
            .WithDescription(
                "Задание узнаётся по коду бланка. Из файла удаляется всё, кроме самого снимка: место, время, сведения о камере и программе. "
                    + "Со сканом развёрнутый ответ можно не набирать."
            )
            .OnePerCaller();
        scans
            .Get(
                "/",
                ListPaperScans.Operation,
                (Guid sessionId, HttpContext http, ListPaperScans useCase) => useCase.Run(sessionId, http.Caller()).OkPage()
            )
            .WithSummary("Сканы ответов сеанса");
        scans
            .Get(
                "/{slot:int}/{number:int}",
                GetPaperScan.Operation,
                (Guid sessionId, int slot, int number, HttpContext http, GetPaperScan useCase) =>
                    ScanDownload.From(http, useCase.Run(new(sessionId, slot, number), http.Caller()))
            )
            .WithSummary("Скан ответа")
            .ProducesScan();
        scans
            .Post(
                "/{slot:int}/{number:int}/withdrawal",
                WithdrawPaperScan.Operation,
                (Guid sessionId, int slot, int number, HttpContext http, WithdrawPaperScan useCase) =>
                    useCase.Run(new(sessionId, slot, number), http.Caller()).NoContent()
            )
            .WithSummary("Убрать скан, приложенный по ошибке");
    }
}
