using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on people for the API description.</summary>
internal static class PeopleExamples
{
    private static readonly PersonRequest Teacher = new(
        "Гаджиева",
        "Патимат",
        "МБОУ «СОШ № 25»",
        ExampleStory.Territory,
        "Магомедовна",
        "p.gadzhieva@example.org",
        "учитель математики",
        "iom-204817"
    );

    private static readonly PersonRequest Colleague = new(
        "Алиев",
        "Руслан",
        "МБОУ «СОШ № 25»",
        ExampleStory.Territory,
        Position: "учитель математики",
        ExternalId: "iom-204818"
    );

    private static readonly PersonView Person = Teacher.Shown(ExampleStory.Participant, revision: 1);

    private static readonly PersonCorrection Correction = new(
        ParticipantId: ExampleStory.Participant,
        Number: 1,
        Field: CorrectedField.Surname,
        Value: "Гаджиева",
        AskedAt: ExampleStory.Applied,
        Decision: null,
        Reason: null,
        DecidedAt: null
    );

    private static readonly Refusal NoAddress = (Teacher with { Email = "p.gadzhieva" }).Faults().First();

    internal static IEnumerable<Example> All =>
        [
            Takes("EnrolPerson", Teacher),
            Gives("EnrolPerson", new EnrolledPerson(ExampleStory.Participant), 201),
            .. Refuses(PeopleRefusals.ExternalIdTaken, "EnrolPerson", "UpdatePerson"),
            .. Refuses(NoAddress, "EnrolPerson", "UpdatePerson"),
            .. Refuses(PeopleRefusals.OtherTerritory, "EnrolPerson", "UpdatePerson"),
            Takes("EnrolPeople", new EnrolPeopleRequest([Teacher, Colleague])),
            Gives("EnrolPeople", new EnrolledPeople([ExampleStory.Participant, new("01a060d8-8e00-7d51-a3c6-5b19e07f42d8")])),
            Takes(
                "EnrolByTable",
                new EnrolmentRowsRequest([
                    new(
                        Surname: "Магомедова",
                        GivenName: "Патимат",
                        Patronymic: "Ахмедовна",
                        Position: "учитель",
                        Organisation: "МБОУ СОШ № 5",
                        Territory: "82-701",
                        ExternalId: "T-1041",
                        Site: "makhachkala-5"
                    ),
                ])
            ),
            Gives("EnrolByTable", JobsExamples.Queued with { Kind = "enrolment", KindText = "Запись людей и их заявлений" }, 202),
            .. Refuses(EnrolByTable.NoConsent, "EnrolByTable"),
            .. Refuses(CampaignRefusals.NoCampaign, "EnrolByTable"),
            .. Refuses(EnrolPeople.RowsRefused([new(2, "email", NoAddress.Code, NoAddress.Detail)]), "EnrolPeople"),
            Gives("ListPeople", new Page<PersonView>([Person], null)),
            Gives("GetPerson", Person),
            Takes("UpdatePerson", Teacher with { Position = "учитель математики и информатики" }),
            Gives("UpdatePerson", Person with { Position = "учитель математики и информатики", Revision = 2 }),
            .. Refuses(
                Refusal
                    .Conflict("person-sitting", "У этого человека идёт сеанс: удалить его данные можно после окончания сеанса.")
                    .With("sessionId", ExampleStory.Session),
                "ErasePerson"
            ),
            Takes("MakePersonAccount", "made", "Имя входа придумает служба: оно ничего не говорит о человеке", new PersonAccountRequest()),
            Takes("MakePersonAccount", "wanted", "Имя входа задано", new PersonAccountRequest("p.gadzhieva")),
            Gives("MakePersonAccount", new OneTimePassword(ExampleStory.Account, "d-k7m2xq9wpt", "Шесть-Тихих-Озёр-31"), 201),
            .. Refuses(Refusal.Conflict("account-exists", "У этого человека уже есть вход."), "MakePersonAccount"),
            Gives(
                "GetPersonData",
                new PersonDataExport(
                    ExampleStory.Participant,
                    ExampleStory.Applied,
                    [
                        new(
                            "people",
                            "Персональные данные",
                            [
                                new JsonObject
                                {
                                    ["participantId"] = $"{ExampleStory.Participant:D}",
                                    ["surname"] = "Гаджиева",
                                    ["givenName"] = "Патимат",
                                    ["organisation"] = "МБОУ «СОШ № 25»",
                                },
                            ]
                        ),
                    ]
                )
            ),
            Takes("NameStaffAccount", new StaffAccount(ExampleStory.Expert)),
            Takes("AskCorrection", new CorrectionRequest(CorrectedField.Surname, "Гаджиева")),
            Gives("AskCorrection", new AskedCorrection(1), 201),
            .. Refuses(Corrections.Waits, "AskCorrection"),
            Lists("ListCorrections", Correction),
            Lists("ListWaitingCorrections", Correction),
            Takes("DecideCorrection", new CorrectionDecisionRequest(CorrectionDecision.Accepted)),
            .. Refuses(Corrections.Decided, "DecideCorrection"),
            .. Refuses(Corrections.NotFound, "DecideCorrection"),
            Lists(
                "ListConsents",
                new PersonConsent[]
                {
                    new("participation", new(Consents.ParticipationCode, 2), ExampleStory.Applied, null, "ЦНППМ Республики Дагестан"),
                }
            ),
            Takes("GiveParticipationConsent", new ConsentGiven(Consents.ParticipationCode, 2, true)),
            Takes("GiveDataProcessingConsent", new ConsentGiven(Consents.DataProcessingCode, 1, true)),
            Takes("GiveProfileSharingConsent", new ConsentGiven(Consents.ProfileSharingCode, 1, true)),
            .. Refuses(Consents.NotAccepted("accepted"), "GiveProfileSharingConsent"),
            .. Refuses(WithdrawProfileSharingConsent.NoneToWithdraw, "WithdrawProfileSharingConsent"),
            .. Refuses(
                PeopleRefusals.NotFound,
                "GetPerson",
                "UpdatePerson",
                "ErasePerson",
                "GetPersonData",
                "AskCorrection",
                "ListCorrections",
                "MakePersonAccount",
                "ListConsents",
                "GiveProfileSharingConsent"
            ),
        ];
}
