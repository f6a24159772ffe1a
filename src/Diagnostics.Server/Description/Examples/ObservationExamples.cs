using Diagnostics.Engine;
using Diagnostics.Engine.Observation;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using Diagnostics.UseCases.Observation;
using Diagnostics.UseCases.Profiles;
using Diagnostics.UseCases.Sessions;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on observations for the API description. Two of the sheet's criteria are shown.</summary>
internal static class ObservationExamples
{
    private static readonly SheetReference Sheet = new("open-lesson-mathematics", 1);
    private static readonly Guid Second = new("01a047cf-dd00-7a10-8b21-3c4d5e6f7081");

    private static readonly SheetRequest Filled = new(
        new Dictionary<string, string> { ["class"] = "8 «Б»", ["topic"] = "Признаки равенства треугольников" },
        new Dictionary<string, int?> { ["k1"] = 2, ["k2"] = 0 },
        "Цель урока названа, но её достижение не проверено.",
        "Завершать урок заданием на проверку."
    );

    private static readonly ObservationSummary Arranged = new(
        new("01a0ce10-2c00-7b3a-9c44-71d2e8f60a55"),
        ExampleStory.Participant,
        Sheet,
        "Урок геометрии, 8 «Б»",
        new(2026, 9, 23),
        ExampleStory.ResultsPublished
    );

    private static readonly ObservationView Observed = new(
        Id: Arranged.Id,
        ParticipantId: Arranged.ParticipantId,
        Sheet: Sheet,
        Framework: new("teacher", 1),
        Occasion: ObservedOccasion.OpenLesson,
        Title: Arranged.Title,
        HeldOn: Arranged.HeldOn,
        ArrangedAt: Arranged.ArrangedAt,
        Experts: [ExampleStory.Expert, Second],
        Sheets: [Seen(ExampleStory.Expert, 2, 0), Seen(Second, 2, 2)],
        Criteria: [new("k1", [2, 2], null, 0, false, null, Points.From(2)), new("k2", [0, 2], null, 2, true, null, null)],
        Open: ["k2"],
        Competencies: [new("methodical.planning", "Проектирование учебного процесса", "methodical", 1, 100)],
        Agreement: new(2, 1, 0, 0.25, null)
    );

    private static readonly ObservationView Agreed = Observed with
    {
        Criteria = [Observed.Criteria[0], new("k2", [0, 2], null, 2, false, 1, Points.From(1))],
        Open = [],
        Competencies = [new("methodical.planning", "Проектирование учебного процесса", "methodical", 2, 75)],
    };

    internal static IEnumerable<Example> All =>
        [
            Takes("ArrangeObservation", new ObservationRequest(Sheet, Arranged.Title, Arranged.HeldOn, [ExampleStory.Expert, Second])),
            Gives("ArrangeObservation", Empty(Observed), 201),
            Gives("ListObservations", new Page<ObservationSummary>([Arranged], null)),
            Gives("ListMyObservations", new Page<ObservationSummary>([Arranged], null)),
            Gives("GetObservation", Observed),
            Takes("FillObservationSheet", Filled),
            Gives("FillObservationSheet", Observed, 201),
            Takes("AgreeOnRatings", new AgreementRequest(new Dictionary<string, int> { ["k2"] = 1 })),
            Gives("AgreeOnRatings", Agreed),
            Takes("WithdrawObservation", new ReasonRequest("Урок не состоялся")),
            Gives("WithdrawObservation", Empty(Observed) with { Withdrawn = new(ExampleStory.ResultsPublished, "Урок не состоялся") }),
            .. Refuses(ProfileAccess.NoPerson, "ArrangeObservation", "ListObservations"),
            .. Refuses(InstrumentRules.NotFound, "ArrangeObservation"),
            .. Refuses(PersonEvidence.NotTakingPart, "ArrangeObservation", "FillObservationSheet"),
            .. Refuses(ArrangeObservation.ExpertUnfit, "ArrangeObservation"),
            .. Refuses(ProfileAccess.NotConsented, "ListObservations", "GetObservation"),
            .. Refuses(FillObservationSheet.NotInvited, "FillObservationSheet"),
            .. Refuses(FillObservationSheet.FilledAlready, "FillObservationSheet"),
            .. Refuses(FillObservationSheet.NotHeldYet, "FillObservationSheet"),
            .. Refuses(AgreeOnRatings.NotAsked, "AgreeOnRatings"),
            .. Refuses(ObservationRights.Withdrawn, "FillObservationSheet", "AgreeOnRatings", "WithdrawObservation"),
            .. Refuses(ObservationRights.NotFound, "GetObservation", "FillObservationSheet", "AgreeOnRatings", "WithdrawObservation"),
        ];

    private static ObservationSheetView Seen(Guid expert, int first, int second) =>
        new(
            expert,
            ObserverRole.Expert,
            ExampleStory.ResultsPublished,
            Filled.Header,
            new Dictionary<string, int?> { ["k1"] = first, ["k2"] = second },
            Filled.Conclusions,
            Filled.Recommendations
        );

    private static ObservationView Empty(ObservationView observed) =>
        observed with
        {
            Sheets = [],
            Criteria = [],
            Open = [],
            Competencies = [],
            Agreement = null,
        };
}
