using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Marking;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of the chair's operations for the API description: flags, statistics, the protocol.</summary>
internal static class CommissionWorkExamples
{
    private const string OpenItem = "method-lost-root-2";

    private static readonly MarkingProtocol Protocol = new(
        CampaignId: ExampleStory.Campaign,
        Number: 1,
        ApprovedBy: ExampleStory.Expert,
        ApprovedAt: ExampleStory.Marked + Duration.FromDays(3),
        Checked: ["Проверены все работы", "Разобраны пометки экспертов", "Просмотрены третьи проверки"],
        Remarks: "Замечаний нет.",
        Sessions: 84,
        Scripts: 252,
        Rounds: 2_533,
        ExpertRounds: 504,
        ThirdRounds: 31,
        ScriptsWithThird: 31,
        Flags: 2,
        SecondLookRounds: 6,
        ScriptsWithSecondLook: 6
    );

    private static readonly Guid Flag = new("01a0a4e7-8f00-7a61-8f0c-5b2f54f4f6d3");

    private static readonly ScriptInCommission Script = new(
        Id: new("01a0a4d1-3c20-7d44-8b1a-2f6e9c0d7a58"),
        ItemCode: OpenItem,
        ItemVersion: 1,
        State: TaskState.Waiting,
        Maximum: Points.From(4),
        Thirds: 0,
        SecondLooks: 0,
        CalledWhy: null,
        Blind: false,
        Claims:
        [
            new(
                AssignmentId: new("01a0a4d6-5e10-7c32-9a4b-6d1f0e8c2b97"),
                ExpertId: ExampleStory.Expert,
                UserName: "ekspert-12",
                Code: "Q7KM2XWP",
                State: ClaimState.Marked,
                Third: false,
                ClaimedAt: ExampleStory.Marked - Duration.FromMinutes(4),
                LeaseUntil: ExampleStory.Marked + Duration.FromMinutes(26),
                HeldAt: null,
                ClosedAt: ExampleStory.Marked,
                Reason: null,
                Points: Points.From(3)
            ),
        ]
    );

    private static readonly Rubric Rubric = new(
        [
            new("K1", "Ошибка названа", [new(Points.Zero, "Нет"), new(Points.From(2), "Да")]),
            new(
                "K2",
                "Показано, как исправить",
                [new(Points.Zero, "Нет"), new(Points.From(1), "В общих словах"), new(Points.From(2), "Подробно")]
            ),
        ],
        null
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("FlagScript", new FlagRequest(ScriptFlag.AuthorRevealed, "Автор назвал свою школу и класс.")),
            .. Refuses(OwnAssignments.NotFound, "FlagScript"),
            Gives(
                "ListFlags",
                new Page<FlagRaised>(
                    [
                        new(
                            Id: Flag,
                            Kind: ScriptFlag.AuthorRevealed,
                            Comment: "Автор назвал свою школу и класс.",
                            Code: "Q7KM2XWP",
                            ItemCode: OpenItem,
                            SessionId: ExampleStory.Session,
                            Slot: 12,
                            BenchmarkId: null,
                            ExpertId: ExampleStory.Expert,
                            At: ExampleStory.Marked,
                            Tell: [Role.Chair]
                        ),
                        new(
                            Id: new("01a0a4e9-1d40-7b52-9a3e-0c6d7f8e1b25"),
                            Kind: ScriptFlag.Other,
                            Comment: "Этот ответ опубликован в методичке.",
                            Code: "W4TN8HRC",
                            ItemCode: OpenItem,
                            SessionId: null,
                            Slot: null,
                            BenchmarkId: MarkingControlExamples.Benchmark,
                            ExpertId: ExampleStory.Expert,
                            At: ExampleStory.Marked + Duration.FromMinutes(3),
                            Tell: [Role.Chair]
                        ),
                    ],
                    null
                )
            ),
            Takes("DecideFlag", new FlagDecisionRequest(FlagDecision.Confirmed, "Ответ передан другому эксперту; оператор предупреждён.")),
            Gives(
                "DecideFlag",
                new FlagDecided(
                    FlagDecision.Confirmed,
                    "Ответ передан другому эксперту; оператор предупреждён.",
                    ExampleStory.Expert,
                    ExampleStory.Marked + Duration.FromHours(2)
                )
            ),
            .. Refuses(Refusal.Conflict("flag-decided", "По этой пометке уже решено."), "DecideFlag"),
            Gives("ListScripts", new Page<ScriptInCommission>([Script], null)),
            Gives(
                "GetScript",
                new ScriptSeen(
                    ExampleStory.Campaign,
                    Script,
                    "Ученик потерял корень уравнения. Что вы сделаете на уроке?",
                    Rubric,
                    "Сначала разобрали бы ошибку у доски.",
                    [
                        new(
                            ExampleStory.Expert,
                            RoundKind.Expert,
                            new Dictionary<string, Points> { ["K1"] = Points.From(2), ["K2"] = Points.From(1) },
                            Points.From(3),
                            false,
                            "Способ исправления назван в общих словах.",
                            ExampleStory.Marked
                        ),
                    ],
                    null,
                    "Ответ ждёт независимой проверки: нужно экспертов — 2."
                )
            ),
            .. Refuses(GetScript.NotFound, "GetScript", "ReassignScript"),
            Takes(
                "ReassignScript",
                new ScriptReassignmentRequest(
                    "Эксперт заболел.",
                    Script.Claims[0].AssignmentId,
                    new Guid("01a0a4aa-7b10-7e25-8c3d-5a9f1b2e4d60")
                )
            ),
            Gives("ReassignScript", Script),
            Lists(
                "ListLedCampaigns",
                new[]
                {
                    new LedCampaign(
                        ExampleStory.Campaign,
                        "Входная диагностика учителей математики",
                        ExampleStory.Marked + Duration.FromDays(7),
                        null,
                        252,
                        190
                    ),
                }
            ),
            Gives(
                "GetMarkingOverview",
                new MarkingOverview(
                    CampaignId: ExampleStory.Campaign,
                    Title: "Входная диагностика учителей математики",
                    MarkingTo: ExampleStory.Marked + Duration.FromDays(7),
                    ClosedAt: null,
                    Readings: 411,
                    ReadingsDue: 93,
                    Forecast: new DateOnly(2026, 9, 26),
                    Approved: false,
                    Awaited: new(1, 2, 1, 3, 6),
                    Items: [new(OpenItem, 1, 84, 61, 5)],
                    Days: [new(new DateOnly(2026, 9, 21), 130), new(new DateOnly(2026, 9, 22), 281)],
                    OpenFlags:
                    [
                        new(ScriptFlag.Dangerous, 1, 0, ExampleStory.Marked + Duration.FromMinutes(60)),
                        new(ScriptFlag.Unreadable, 1, 0, null),
                    ]
                )
            ),
            Lists("ListFlagRules", MarkingPolicy.UsualFlags),
            Gives(
                "GetMarkingStatistics",
                new MarkingStatisticsView(
                    ExampleStory.Campaign,
                    252,
                    0.123,
                    0.024,
                    4,
                    0.81,
                    [
                        new(
                            ExpertId: ExampleStory.Expert,
                            Scripts: 63,
                            Shared: 61,
                            ThirdShare: 0.14,
                            SecondLookShare: 0.095,
                            Exact: 0.62,
                            WithinOne: 0.93,
                            WeightedKappa: 0.78,
                            Severity: -0.24,
                            SeverityFrom: -0.41,
                            SeverityTo: -0.07,
                            Tendency: Tendency.Severe,
                            MedianSeconds: 212
                        ),
                    ],
                    [
                        new(
                            OpenItem,
                            1,
                            "K1",
                            new Dictionary<string, int>
                            {
                                ["0"] = 18,
                                ["1"] = 47,
                                ["2"] = 61,
                            }
                        ),
                    ]
                )
            ),
            Takes("ApproveMarking", new ApprovalRequest(Protocol.Checked, Protocol.Remarks)),
            Gives("ApproveMarking", Protocol, 201),
            .. Refuses(Refusal.Conflict("marking-open", "Ещё не проверены работы: 3.").With("open", 3), "ApproveMarking"),
            Lists("ListProtocols", Protocol),
            Gives(
                "GetProtocolDraft",
                new ProtocolDraft(
                    CampaignId: ExampleStory.Campaign,
                    Title: "Входная диагностика учителей математики",
                    Required: true,
                    Approved: false,
                    OpenScripts: 0,
                    OpenFlags: 1,
                    Number: 1,
                    Sessions: 84,
                    Scripts: 252,
                    Rounds: 2_533,
                    ExpertRounds: 504,
                    ThirdRounds: 31,
                    ScriptsWithThird: 31,
                    Flags: 2,
                    SecondLookRounds: 6,
                    ScriptsWithSecondLook: 6,
                    Fingerprint: Digest.Of("проект протокола № 1"),
                    OpenAnswers: 3
                )
            ),
            .. Refuses(
                MarkingRights.NotLeading,
                "ListFlags",
                "GetMarkingStatistics",
                "ListProtocols",
                "ListScripts",
                "GetMarkingOverview",
                "GetProtocolDraft"
            ),
        ];
}
