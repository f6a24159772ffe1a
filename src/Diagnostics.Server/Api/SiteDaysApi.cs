using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Pages.SiteDays;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;
using Microsoft.OpenApi;

namespace Diagnostics.Server.Api;

internal static class SiteDaysApi
{
    internal static void MapSiteDays(this IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/campaigns/{campaignId:guid}/sites/{siteId:guid}").WithTags("SiteDays");
        MapStaff(sites);
        MapJournal(sites.MapGroup("/journal"));
        MapDay(sites);
    }

    private static void MapStaff(RouteGroupBuilder sites)
    {
        sites
            .Get(
                "/staff",
                ListSiteStaff.Operation,
                (Guid campaignId, Guid siteId, Guid? sittingId, Guid? after, int? limit, HttpContext http, ListSiteStaff useCase) =>
                    useCase.Run(new(campaignId, siteId, sittingId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Кто назначен на площадку в день проведения, и кто был назначен раньше");
        sites
            .Post(
                "/staff",
                AppointSiteStaff.Operation,
                (Guid campaignId, Guid siteId, SiteAppointmentRequest appointment, HttpContext http, AppointSiteStaff useCase) =>
                    useCase
                        .Run(new(campaignId, siteId, appointment), http.Caller())
                        .Created(made => $"/api/v1/campaigns/{made.CampaignId:D}/sites/{made.SiteId:D}/staff")
            )
            .WithSummary("Назначить руководителя, организатора, технического специалиста или члена РК на площадку")
            .WithDescription(
                "Прав назначение не даёт: у руководителя уже должна быть роль site_head на этой площадке, у организатора и "
                    + "технического специалиста — invigilator, у члена РК — место в региональной комиссии мероприятия. Чего нет, говорит отказ."
            );
        sites
            .Post(
                "/staff/{appointmentId:guid}/end",
                EndSiteAppointment.Operation,
                (Guid campaignId, Guid siteId, Guid appointmentId, ReasonRequest end, HttpContext http, EndSiteAppointment useCase) =>
                    useCase.Run(new(campaignId, siteId, appointmentId, end), http.Caller()).Ok()
            )
            .WithSummary("Прекратить назначение с указанием причины");
    }

    private static void MapJournal(RouteGroupBuilder journal)
    {
        journal
            .Get(
                "/",
                ListJournal.Operation,
                (Guid campaignId, Guid siteId, Guid? sittingId, Guid? after, int? limit, HttpContext http, ListJournal useCase) =>
                    useCase.Run(new(campaignId, siteId, sittingId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Журнал площадки: записи не меняются, исправление — новая запись");
        journal
            .Post(
                "/presence",
                NotePresence.Operation,
                (Guid campaignId, Guid siteId, PresenceRequest entry, HttpContext http, NotePresence useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Отметить, что назначенный на площадке");
        journal
            .Post(
                "/identity-checks",
                NoteIdentityCheck.Operation,
                (Guid campaignId, Guid siteId, IdentityCheckRequest entry, HttpContext http, NoteIdentityCheck useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Отметить, что документ участника проверен");
        journal
            .Post(
                "/place-checks",
                NotePlaceCheck.Operation,
                (Guid campaignId, Guid siteId, PlaceCheckRequest entry, HttpContext http, NotePlaceCheck useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Записать проверку рабочего места: устройство и связь");
        journal
            .Post(
                "/materials",
                NoteMaterials.Operation,
                (Guid campaignId, Guid siteId, MaterialsRequest entry, HttpContext http, NoteMaterials useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Записать материалы: получены, выданы, сданы на хранение, уничтожены");
        journal
            .Post(
                "/incidents",
                ReportSiteIncident.Operation,
                (Guid campaignId, Guid siteId, SiteIncidentRequest entry, HttpContext http, ReportSiteIncident useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Записать происшествие на площадке; случившееся с одним человеком — в журнал его сеанса");
        journal
            .Post(
                "/corrections",
                CorrectJournal.Operation,
                (Guid campaignId, Guid siteId, JournalCorrectionRequest entry, HttpContext http, CorrectJournal useCase) =>
                    useCase.Run(new(campaignId, siteId, entry), http.Caller()).Ok()
            )
            .WithSummary("Исправить запись журнала: она остаётся, но не считается");
    }

    private static void MapDay(RouteGroupBuilder sites)
    {
        sites
            .Get(
                "/roster",
                GetRoster.Operation,
                (
                    Guid campaignId,
                    Guid siteId,
                    Guid? sittingId,
                    DateOnly? date,
                    int? after,
                    int? limit,
                    HttpContext http,
                    GetRoster useCase
                ) => useCase.Run(new(new(campaignId, siteId, sittingId, date), after, limit), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Список дня для площадки: имена, места, особые условия, кто пришёл и кто пишет")
            .WithDescription(
                "С проведениями — sittingId, без них — date (иначе сегодня по часам площадки). Каждый вызов — обращение к "
                    + "персональным данным и записан в журнале аудита. Кого по п. 7.1.3 не хватает, сказано в missing; допуска это не останавливает."
            );
        sites
            .Get(
                "/act",
                GetDayAct.Operation,
                (Guid campaignId, Guid siteId, Guid? sittingId, DateOnly? date, HttpContext http, GetDayAct useCase) =>
                    useCase.Run(new(campaignId, siteId, sittingId, date), http.Caller()).Ok()
            )
            .MayAnswer(422)
            .WithSummary("Акт дня: как подписан, или каким был бы сейчас")
            .WithDescription(
                "Имён участников в акте нет. После подписания content — то, что подписано; что с тех пор изменилось, названо в changed."
            );
        sites
            .Get(
                "/act/sheet",
                GetDayActSheet.Operation,
                (Guid campaignId, Guid siteId, Guid? sittingId, DateOnly? date, HttpContext http, GetDayActSheet useCase, SheetPage page) =>
                    page.Show<DayActSheet, DayAct>(useCase.Run(new(campaignId, siteId, sittingId, date), http.Caller()))
            )
            .MayAnswer(422)
            .WithSummary("Акт дня для печати на листе A4")
            .ProducesFile("text/html", JsonSchemaType.String, "Страница HTML.");
        sites
            .Post(
                "/act/signature",
                SignDayAct.Operation,
                (Guid campaignId, Guid siteId, ActSigningRequest signing, HttpContext http, SignDayAct useCase) =>
                    useCase.Run(new(campaignId, siteId, signing), http.Caller()).Ok()
            )
            .WithSummary("Подписать акт дня: один раз, руководителем, ровно то, что прочитано");
    }
}
