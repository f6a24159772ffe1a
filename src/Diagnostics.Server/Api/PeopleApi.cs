using Diagnostics.Server.Http;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

internal static class PeopleApi
{
    private const string Tables =
        "Тело — CSV или XLSX с заголовками «Фамилия», «Имя», «Отчество», «Электронная почта», «Должность», «Организация», «Территория», "
        + "«Номер» (externalId), «Площадка» (её код), или те же строки в JSON; до 100 000. Ошибки названы в отчёте по строкам и столбцам. "
        + "Повторно присланный файл ничего не удваивает: человек узнаётся по номеру, а без него — по имени и месту работы.";

    internal static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("People");
        MapPersons(people);
        MapConsents(people);
        MapCorrections(people);
        MapEnrolments(people);
    }

    private static void MapEnrolments(RouteGroupBuilder people)
    {
        TableUpload
            .Describe<EnrolmentRowsRequest>(
                people.Post(
                    "/enrolments",
                    EnrolByTable.Operation,
                    (
                        Guid? campaignId,
                        Guid? siteId,
                        Guid? sittingId,
                        string? consentCode,
                        int? consentVersion,
                        int? dataProcessingVersion,
                        bool? approve,
                        bool? allOrNone,
                        bool? dryRun,
                        PeopleUpload upload,
                        HttpContext http,
                        EnrolByTable useCase
                    ) =>
                        useCase
                            .Run(
                                new(
                                    new(
                                        campaignId,
                                        siteId,
                                        sittingId,
                                        consentCode is null ? null : new(consentCode, consentVersion ?? 0, Accepted: true),
                                        dataProcessingVersion is { } signed
                                            ? new(Consents.DataProcessingCode, signed, Accepted: true)
                                            : null,
                                        approve is true,
                                        allOrNone is true,
                                        dryRun is true
                                    ),
                                    upload.People
                                ),
                                http.Caller()
                            )
                            .Accepted(JobsApi.AddressOf)
                )
            )
            .OnePerCaller()
            .MayAnswer(StatusCodes.Status413PayloadTooLarge)
            .MayFindNothing()
            .WithSummary("Записать людей таблицей, с заявлениями и местами, если нужно: фоновая работа с отчётом по строкам")
            .WithDescription(Tables);
        people
            .Post(
                "/enrolments/{jobId:guid}/access-codes",
                IssueEnrolmentCodes.Operation,
                (Guid jobId, EnrolmentCodesRequest? codes, HttpContext http, IssueEnrolmentCodes useCase) =>
                    useCase.Run(new(jobId, codes ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Выдать коды входа записанным таблицей: до 500 строк за раз, каждый код показывается один раз");
    }

    private static void MapCorrections(RouteGroupBuilder people)
    {
        people
            .Get(
                "/corrections",
                ListWaitingCorrections.Operation,
                (HttpContext http, ListWaitingCorrections useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Просьбы исправить данные, которые ждут решения: людей своей территории, до 500, сначала давние");
        people
            .Get(
                "/{participantId:guid}/corrections",
                ListCorrections.Operation,
                (Guid participantId, HttpContext http, ListCorrections useCase) => useCase.Run(participantId, http.Caller()).OkPage()
            )
            .WithSummary("О чём человек просил исправить в его данных и что решено");
        people
            .Post(
                "/{participantId:guid}/corrections",
                AskCorrection.Operation,
                (Guid participantId, CorrectionRequest correction, HttpContext http, AskCorrection useCase) =>
                    useCase.Run(new(participantId, correction), http.Caller()).Created(_ => $"/api/v1/people/{participantId:D}/corrections")
            )
            .WithSummary("Попросить исправить свои данные");
        people
            .Post(
                "/{participantId:guid}/corrections/{number:int}/decision",
                DecideCorrection.Operation,
                (Guid participantId, int number, CorrectionDecisionRequest decision, HttpContext http, DecideCorrection useCase) =>
                    useCase.Run(new(participantId, number, decision), http.Caller()).NoContent()
            )
            .WithSummary("Исправить данные, как просит человек, или отказать с причиной");
    }

    private static void MapPersons(RouteGroupBuilder people)
    {
        people
            .Post(
                "/",
                EnrolPerson.Operation,
                (PersonRequest person, HttpContext http, EnrolPerson useCase) =>
                    useCase.Run(person, http.Caller()).Created(enrolled => $"/api/v1/people/{enrolled.ParticipantId:D}")
            )
            .WithSummary("Записать человека");
        people
            .Post(
                "/bulk",
                EnrolPeople.Operation,
                (EnrolPeopleRequest request, HttpContext http, EnrolPeople useCase) => useCase.Run(request, http.Caller()).Ok()
            )
            .WithSummary("Записать до 500 человек: всех или никого, с ошибками по строкам и полям");
        people
            .Get(
                "/",
                ListPeople.Operation,
                (
                    string? territory,
                    string? organisation,
                    string? externalId,
                    Guid? after,
                    int? limit,
                    HttpContext http,
                    ListPeople useCase
                ) => useCase.Run(new(territory, organisation, externalId, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Люди своей территории");
        people
            .Get(
                "/{participantId:guid}",
                GetPerson.Operation,
                (Guid participantId, HttpContext http, GetPerson useCase) =>
                    useCase.Run(participantId, http.Caller()).OkWithTag(http, person => person.Revision)
            )
            .WithSummary("Персональные данные человека");
        people
            .Put(
                "/{participantId:guid}",
                UpdatePerson.Operation,
                (Guid participantId, PersonRequest person, IfMatch match, HttpContext http, UpdatePerson useCase) =>
                    useCase.Run(new(participantId, person, match.Revision), http.Caller()).OkWithTag(http, updated => updated.Revision)
            )
            .WithSummary("Исправить персональные данные");
        people
            .Delete(
                "/{participantId:guid}",
                ErasePerson.Operation,
                (Guid participantId, HttpContext http, ErasePerson useCase) => useCase.Run(participantId, http.Caller()).NoContent()
            )
            .WithSummary("Удалить персональные данные; обезличенные результаты и журнал остаются");
        people
            .Get(
                "/{participantId:guid}/data",
                GetPersonData.Operation,
                (Guid participantId, HttpContext http, GetPersonData useCase) => useCase.Run(participantId, http.Caller()).Ok()
            )
            .WithSummary("Всё, что хранится о человеке, одним документом: для него самого");
        people
            .Post(
                "/{participantId:guid}/account",
                MakePersonAccount.Operation,
                (Guid participantId, PersonAccountRequest? account, HttpContext http, MakePersonAccount useCase) =>
                    useCase.Run(new(participantId, account ?? new()), http.Caller()).Created(made => $"/api/v1/accounts/{made.AccountId:D}")
            )
            .WithSummary("Создать вход для человека; пароль показывается один раз");
        people
            .Post(
                "/{participantId:guid}/staff-accounts",
                NameStaffAccount.Operation,
                (Guid participantId, StaffAccount staff, HttpContext http, NameStaffAccount useCase) =>
                    useCase.Run(new(participantId, staff), http.Caller()).NoContent()
            )
            .WithSummary("Сказать, что человек здесь ещё и работает: свою работу этот сотрудник не проверит и не рассмотрит");
        people
            .Delete(
                "/{participantId:guid}/staff-accounts/{accountId:guid}",
                UnnameStaffAccount.Operation,
                (Guid participantId, Guid accountId, HttpContext http, UnnameStaffAccount useCase) =>
                    useCase.Run(new(participantId, accountId), http.Caller()).NoContent()
            )
            .WithSummary("Исправить ошибку: учётная запись сотрудника не этого человека");
    }

    private static void MapConsents(RouteGroupBuilder people)
    {
        people
            .Get(
                "/{participantId:guid}/consents",
                ListConsents.Operation,
                (Guid participantId, HttpContext http, ListConsents useCase) => useCase.Run(participantId, http.Caller()).OkPage()
            )
            .WithSummary("Согласия человека");
        people
            .Post(
                "/{participantId:guid}/consents/participation",
                GiveParticipationConsent.Operation,
                (Guid participantId, ConsentGiven consent, HttpContext http, GiveParticipationConsent useCase) =>
                    useCase.Run(new(participantId, consent), http.Caller()).NoContent()
            )
            .WithSummary("Согласиться на участие, не подавая заявления: для самодиагностики");
        people
            .Delete(
                "/{participantId:guid}/consents/participation",
                WithdrawParticipationConsent.Operation,
                (Guid participantId, HttpContext http, WithdrawParticipationConsent useCase) =>
                    useCase.Run(participantId, http.Caller()).NoContent()
            )
            .WithSummary("Отозвать согласие на участие, если на нём не держится заявление");
        people
            .Post(
                "/{participantId:guid}/consents/data-processing",
                GiveDataProcessingConsent.Operation,
                (Guid participantId, ConsentGiven consent, HttpContext http, GiveDataProcessingConsent useCase) =>
                    useCase.Run(new(participantId, consent), http.Caller()).NoContent()
            )
            .WithSummary("Согласиться на обработку своих персональных данных (152-ФЗ, ст. 9)");
        people
            .Delete(
                "/{participantId:guid}/consents/data-processing",
                WithdrawDataProcessingConsent.Operation,
                (Guid participantId, HttpContext http, WithdrawDataProcessingConsent useCase) =>
                    useCase.Run(participantId, http.Caller()).NoContent()
            )
            .WithSummary("Отозвать согласие на обработку своих персональных данных, если на нём не держится заявление");
        people
            .Post(
                "/{participantId:guid}/consents/profile-sharing",
                GiveProfileSharingConsent.Operation,
                (Guid participantId, ConsentGiven consent, HttpContext http, GiveProfileSharingConsent useCase) =>
                    useCase.Run(new(participantId, consent), http.Caller()).NoContent()
            )
            .WithSummary("Согласиться на передачу своего профиля порталам и методистам");
        people
            .Delete(
                "/{participantId:guid}/consents/profile-sharing",
                WithdrawProfileSharingConsent.Operation,
                (Guid participantId, HttpContext http, WithdrawProfileSharingConsent useCase) =>
                    useCase.Run(participantId, http.Caller()).NoContent()
            )
            .WithSummary("Отозвать согласие на передачу своего профиля");
    }
}
