using Diagnostics.Engine;
using Diagnostics.Engine.Access;
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

    internal static IEnumerable<Example> All =>
        [
            Takes("FlagScript", new FlagRequest(ScriptFlag.AuthorRevealed, "Автор назвал свою школу и класс.")),
            .. Refuses(OwnAssignments.NotFound, "FlagScript"),
            Gives(
                "ListFlags",
                new Page<FlagRaised>(
                    [
                        new(
                            Id: new("01a0a4e7-8f00-7a61-8f0c-5b2f54f4f6d3"),
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
            Gives("ListFlagRules", MarkingPolicy.UsualFlags),
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
            Gives("ListProtocols", new[] { Protocol }),
            .. Refuses(MarkingRights.NotLeading, "ListFlags", "GetMarkingStatistics", "ListProtocols"),
        ];
}
