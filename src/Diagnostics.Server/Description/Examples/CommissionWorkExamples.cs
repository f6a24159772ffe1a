using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using NodaTime;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>What the API description shows of the chair's part: flags, statistics, the protocol.</summary>
internal static class CommissionWorkExamples
{
    private const string OpenItem = "method-lost-root-2";

    private static readonly MarkingProtocol Protocol = new(
        ExampleStory.Campaign, 1, ExampleStory.Expert, ExampleStory.Marked + Duration.FromDays(3),
        ["Проверены все работы", "Разобраны пометки экспертов", "Просмотрены третьи проверки"], "Замечаний нет.", 84, 252, 2_533, 504, 31, 31, 2, 6, 6);

    internal static IEnumerable<Example> All =>
    [
        Takes("FlagScript", new FlagRequest(ScriptFlag.AuthorRevealed, "Автор назвал свою школу и класс.")),
        .. Refuses(OwnAssignments.NotFound, "FlagScript"),
        Gives("ListFlags", new Page<FlagRaised>(
            [
                new(new("01a0a4e7-8f00-7a61-8f0c-5b2f54f4f6d3"), ScriptFlag.AuthorRevealed, "Автор назвал свою школу и класс.", "Q7KM2XWP", OpenItem, ExampleStory.Session, 12, null, ExampleStory.Expert, ExampleStory.Marked),
                new(new("01a0a4e9-1d40-7b52-9a3e-0c6d7f8e1b25"), ScriptFlag.Other, "Этот ответ опубликован в методичке.", "W4TN8HRC", OpenItem, null, null, MarkingControlExamples.Benchmark, ExampleStory.Expert, ExampleStory.Marked + Duration.FromMinutes(3)),
            ], null)),
        Gives("GetMarkingStatistics", new MarkingStatisticsView(
            ExampleStory.Campaign, 252, 0.123, 0.024, 4, 0.81,
            [new(ExampleStory.Expert, 63, 61, 0.14, 0.095, 0.62, 0.93, 0.78, -0.24, -0.41, -0.07, Tendency.Severe, 212)],
            [new(OpenItem, 1, "K1", new Dictionary<string, int> { ["0"] = 18, ["1"] = 47, ["2"] = 61 })])),
        Takes("ApproveMarking", new ApprovalRequest(Protocol.Checked, Protocol.Remarks)),
        Gives("ApproveMarking", Protocol, 201),
        .. Refuses(Refusal.Conflict("marking-open", "Ещё не проверены работы: 3.").With("open", 3), "ApproveMarking"),
        Gives("ListProtocols", new[] { Protocol }),
        .. Refuses(MarkingRights.NotLeading, "ListFlags", "GetMarkingStatistics", "ListProtocols"),
    ];
}
