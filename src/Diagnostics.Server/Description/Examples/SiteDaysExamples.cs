using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;
using Diagnostics.UseCases.SiteDays;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on a site's day of the diagnostic, for the API description.</summary>
internal static class SiteDaysExamples
{
    private static readonly Guid Appointment = new("01a07a10-6c00-7d41-9b52-3f8e21c7a604");
    private static readonly Guid Entry = new("01a07ad2-f100-7c35-8e07-91b4d2f6508a");
    private static readonly Guid Head = new("01a047cf-dd00-7a13-b04e-6d1f95c2e788");
    private static readonly DateOnly Date = new(2026, 9, 14);
    private static readonly Instant Early = ExampleStory.Started - Duration.FromMinutes(40);

    private static readonly SiteAppointment Appointed = new(
        Id: Appointment,
        CampaignId: ExampleStory.Campaign,
        SiteId: ExampleStory.Site,
        SittingId: null,
        AccountId: Head,
        UserName: "r.magomedov",
        Duty: SiteDuty.Head,
        AppointedAt: ExampleStory.Approved,
        EndedAt: null,
        EndReason: null
    );

    private static readonly JournalEntry Presence = new(
        Id: Entry,
        Kind: JournalKind.Presence,
        At: Early,
        Actor: Head.ToString("D"),
        SittingId: null,
        AppointmentId: Appointment,
        SessionId: null,
        Seat: null,
        Passed: null,
        Count: null,
        CorrectsId: null,
        Note: null,
        IsCorrected: false
    );

    private static readonly DayCounts Counts = new(Expected: 2, NotCome: 1, Absent: 0, Admitted: 0, Started: 0, Finished: 1, Annulled: 0);

    private static readonly MissingDuty[] Missing = [new(SiteDuty.CommissionMember, MissingDutyReason.NotPresent)];

    private static readonly Roster Roster = new(
        Date,
        null,
        Counts with
        {
            Started = 1,
            Finished = 0,
        },
        Missing,
        [8],
        [
            new(
                Seat: 7,
                SessionId: ExampleStory.Session,
                ParticipantId: ExampleStory.Participant,
                Person: "Гаджиева Патимат Магомедовна",
                State: RosterState.Started,
                IdentityChecked: true,
                PlaceChecked: true,
                Accommodations: new(new ExtraTime(25, ExtraTimeUnit.Percent)),
                StartedAt: ExampleStory.Started,
                EndedAt: null
            ),
        ],
        "7"
    );

    private static readonly DayActContent Content = new(
        Campaign: "Входная диагностика учителей математики",
        Site: new("ppd-05", "МБОУ «СОШ № 5»", "Махачкала, ул. Ленина, 1", "Europe/Moscow"),
        Date: Date,
        Sitting: null,
        Counts: Counts,
        Staff: [new(SiteDuty.Head, "r.magomedov", Early, null, null)],
        Missing: Missing,
        FirstStart: ExampleStory.Started,
        LastEnd: ExampleStory.Finished,
        Places:
        [
            new(
                Seat: 7,
                State: RosterState.Finished,
                IdentityChecked: true,
                PlaceChecked: true,
                StartedAt: ExampleStory.Started,
                EndedAt: ExampleStory.Finished,
                ExtraMinutes: 0,
                Pauses: [new(ExampleStory.Saved, ExampleStory.Saved + Duration.FromMinutes(11), "На площадке отключили свет")]
            ),
        ],
        Incidents: [new(ExampleStory.Saved, null, "Отключение света на 11 минут.")],
        Annulments: [],
        FinishedBySite: [],
        Materials: [new(Early, MaterialsMove.Received, 2, "пакеты на бумаге")]
    );

    private static readonly DayAct Act = new(Content, Digest.Of(Content.ToText()), null, [], null);

    private static readonly string[] OfSite =
    [
        "ListSiteStaff",
        "NotePresence",
        "NotePlaceCheck",
        "NoteMaterials",
        "ReportSiteIncident",
        "ListJournal",
        "GetRoster",
        "GetDayAct",
        "GetDayActSheet",
        "SignDayAct",
        "ListPaperWorks",
        "MakePaperPackages",
    ];

    private static readonly string[] OfSitting =
    [
        "AppointSiteStaff",
        "NotePlaceCheck",
        "NoteMaterials",
        "ReportSiteIncident",
        "GetRoster",
        "GetDayAct",
        "GetDayActSheet",
        "SignDayAct",
    ];

    internal static IEnumerable<Example> All =>
        [
            .. Staff,
            .. Journal,
            .. Day,
            .. OnPaper,
            .. Refuses(CampaignRefusals.NoSite, OfSite),
            .. Refuses(SiteDayRefusals.WhichSitting, OfSitting),
        ];

    private static IEnumerable<Example> Staff =>
        [
            Takes("AppointSiteStaff", new SiteAppointmentRequest(Head, SiteDuty.Head)),
            Gives("AppointSiteStaff", Appointed, 201),
            .. Refuses(AppointSiteStaff.NoRight(Role.SiteHead, ExampleStory.Site), "AppointSiteStaff"),
            .. Refuses(AppointSiteStaff.NoSeat, "AppointSiteStaff"),
            Gives("ListSiteStaff", new Page<SiteAppointment>([Appointed], null)),
            Takes("EndSiteAppointment", new ReasonRequest("Больничный.")),
            Gives("EndSiteAppointment", Appointed with { EndedAt = Early, EndReason = "Больничный." }),
            .. Refuses(SiteDayRefusals.NoAppointment, "EndSiteAppointment", "NotePresence"),
            .. Refuses(SiteDayRefusals.AppointmentEnded, "EndSiteAppointment", "NotePresence"),
        ];

    private static IEnumerable<Example> Journal =>
        [
            Gives("ListJournal", new Page<JournalEntry>([Presence], null)),
            Takes("NotePresence", new PresenceRequest(Appointment)),
            Gives("NotePresence", Presence),
            Takes("NoteIdentityCheck", new IdentityCheckRequest(ExampleStory.Session, "Паспорт")),
            Gives("NoteIdentityCheck", Said(JournalKind.IdentityChecked) with { SessionId = ExampleStory.Session, Note = "Паспорт" }),
            .. Refuses(SessionRefusals.NotFound, "NoteIdentityCheck"),
            Takes("NotePlaceCheck", new PlaceCheckRequest(7, true)),
            Gives("NotePlaceCheck", Said(JournalKind.PlaceChecked) with { Seat = 7, Passed = true }),
            Takes("NoteMaterials", new MaterialsRequest(MaterialsMove.Received, 2, "пакеты на бумаге")),
            Gives("NoteMaterials", Said(JournalKind.MaterialsReceived) with { Count = 2, Note = "пакеты на бумаге" }),
            Takes("ReportSiteIncident", new SiteIncidentRequest("Отключение света на 11 минут.")),
            Gives("ReportSiteIncident", Said(JournalKind.Incident) with { Note = "Отключение света на 11 минут." }),
            Takes("CorrectJournal", new JournalCorrectionRequest(Entry, "Отмечен не тот человек.")),
            Gives("CorrectJournal", Said(JournalKind.Corrected) with { CorrectsId = Entry, Note = "Отмечен не тот человек." }),
            .. Refuses(SiteDayRefusals.NoEntry, "CorrectJournal"),
            .. Refuses(SiteDayRefusals.EntryCorrected, "CorrectJournal"),
        ];

    private static IEnumerable<Example> Day =>
        [
            Gives("GetRoster", Roster),
            Gives("GetDayAct", Act),
            Takes("SignDayAct", new ActSigningRequest(Act.Fingerprint)),
            Gives("SignDayAct", Act with { Signature = new(Head, "r.magomedov", ExampleStory.Finished + Duration.FromHours(1)) }),
            .. Refuses(SignDayAct.NotTheHead, "SignDayAct"),
            .. Refuses(SignDayAct.Signed, "SignDayAct"),
            .. Refuses(SignDayAct.NotOver, "SignDayAct"),
            .. Refuses(SignDayAct.ChangedMeanwhile(Act.Fingerprint), "SignDayAct"),
        ];

    private static readonly PaperWork Written = new(
        SessionId: ExampleStory.Session,
        Seat: 7,
        Variant: 2,
        Stage: PaperStage.Prepared,
        Sheets: Enumerable
            .Range(1, 3)
            .Select(number => new PaperSheet(number, new SheetCode("K7RM24Q", number).ToString(), number == 3 ? 24 : null))
            .ToList(),
        StartedAt: null,
        EndedAt: null,
        Collected: null,
        Late: null,
        Note: null
    );

    private static readonly PaperWork Begun = Written with { Stage = PaperStage.Writing, StartedAt = ExampleStory.Started };

    private static readonly PaperWork Handed = Begun with
    {
        Stage = PaperStage.Collected,
        EndedAt = ExampleStory.Finished,
        Collected = [1, 2, 3],
        Late = false,
    };

    private static readonly PaperScan Scan = new(24, 1, FileSignature.Jpeg, 412_306, ExampleStory.Finished + Duration.FromMinutes(20));

    private static readonly string[] SheetsOfAnswers = [.. Written.Sheets.Skip(1).Select(sheet => sheet.Code)];

    private static IEnumerable<Example> OnPaper =>
        [
            Gives("ListPaperWorks", new PaperWorks([Written])),
            Takes("MakePaperPackages", new PaperPackagesRequest([ExampleStory.Session])),
            Gives("MakePaperPackages", new PaperWorks([Written])),
            .. Refuses(SessionRefusals.NotFound, "MakePaperPackages"),
            Gives("StartOnPaper", Begun),
            Takes("CollectPaper", new PaperCollectionRequest([.. Written.Sheets.Select(sheet => sheet.Code)], ExampleStory.Finished)),
            Gives("CollectPaper", Handed),
            .. Refuses(Paper.SheetMistyped, "CollectPaper", "EnterPaper"),
            Gives("GetPaperToEnter", new PaperToEnter(Handed, [], false, [])),
            Takes(
                "EnterPaper",
                new PaperEntryRequest(
                    SheetsOfAnswers,
                    [new(1, new SingleChoiceResponse("2")), new(24, new ExtendedResponse("Угол прямой."))]
                )
            ),
            Gives("EnterPaper", Handed with { Stage = PaperStage.EnteredOnce }),
            .. Refuses(PaperEntries.NotCollected, "GetPaperToEnter", "EnterPaper", "AddPaperScan", "WithdrawPaperScan"),
            Gives("AddPaperScan", Scan, 201),
            .. Refuses(AddPaperScan.TooLarge, "AddPaperScan"),
            .. Refuses(AddPaperScan.WrongKind, "AddPaperScan"),
            .. Refuses(AddPaperScan.TooMany, "AddPaperScan"),
            .. Refuses(AddPaperScan.NoOpenAnswer, "AddPaperScan"),
            Lists("ListPaperScans", Scan),
            .. Refuses(
                Scans.NotFound,
                "GetPaperScan",
                "WithdrawPaperScan",
                "GetOwnScan",
                "GetAppealedScan",
                "GetClaimedScan",
                "GetScriptScan"
            ),
            .. Refuses(Scans.Erased, "GetPaperScan", "GetOwnScan", "GetAppealedScan", "GetClaimedScan", "GetScriptScan"),
            .. Refuses(Paper.NoPackage, "PrintPaperPackages", "StartOnPaper", "CollectPaper", "GetPaperToEnter", "EnterPaper"),
            .. Refuses(Paper.NoPackage, "AddPaperScan", "ListPaperScans"),
        ];

    private static JournalEntry Said(JournalKind kind) => Presence with { Kind = kind, AppointmentId = null };
}
