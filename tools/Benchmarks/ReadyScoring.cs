using System.Diagnostics;
using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Benchmarks;

/// <summary>
/// The cost of one score when the item and the response are already objects in memory. It is measured on one item of
/// each kind that other engines also score, with a right and a wrong response. The README explains how another engine
/// was measured on these items.
/// </summary>
internal static class ReadyScoring
{
    /// <summary>
    /// How many scores each timed round computes. The first rounds also compile the code, but do not affect the median.
    /// </summary>
    internal const int Scores = 20_000;

    internal const int Rounds = 41;

    private static readonly KeyDecisions Newest = KeyDecisions.NoneUnder(AnswerRule.Ru2);

    internal sealed record Kind(string Name, Item Item, Response Right, Response Wrong)
    {
        internal Score Score(Response response) => Item.Score(response, Newest);
    }

    internal static readonly IReadOnlyList<Kind> Kinds =
    [
        new(
            "choice",
            Of(new SingleChoice(Entries("abcd"), "b"), new ExactRule(), 1),
            new SingleChoiceResponse("b"),
            new SingleChoiceResponse("d")
        ),
        new(
            "multiple",
            Of(new MultipleChoice(Entries("abcde"), ["a", "c", "e"], NoMap), new ExactRule(), 1),
            new MultipleChoiceResponse(["e", "a", "c"]),
            new MultipleChoiceResponse(["a", "b", "c"])
        ),
        new(
            "mapped",
            Of(
                new MultipleChoice(Entries("abcde"), ["a", "b"], Map("a:1 b:1 c:-1 d:-1 e:-1")),
                new MappedRule(Points.Zero, Points.From(2), Points.Zero),
                2
            ),
            new MultipleChoiceResponse(["a", "b"]),
            new MultipleChoiceResponse(["a", "d"])
        ),
        new(
            "matching",
            Of(new Matching(Entries("abcd"), Entries("wxyz"), Pairs("ax by cz dw"), NoMap), new ExactRule(), 1),
            new MatchingResponse(Pairs("ax by cz dw")),
            new MatchingResponse(Pairs("ax by cw dz"))
        ),
        new(
            "ordering",
            Of(new Ordering(Entries("abcde"), ["c", "a", "e", "b", "d"]), new ExactRule(), 1),
            new OrderingResponse(["c", "a", "e", "b", "d"]),
            new OrderingResponse(["c", "a", "b", "e", "d"])
        ),
        new(
            "text",
            Of(new ShortAnswer(new(["теорема Пифагора"], [], [])), new ShortAnswerRule(), 1),
            new ShortAnswerResponse("Теорема Пифагора"),
            new ShortAnswerResponse("теорема Виета")
        ),
        new(
            "number",
            Of(new ShortAnswer(new([], [new("12.5", "0", [])], [])), new ShortAnswerRule(), 1),
            new ShortAnswerResponse("12.5"),
            new ShortAnswerResponse("13.75")
        ),
    ];

    private static IReadOnlyDictionary<string, Points> NoMap => new Dictionary<string, Points>();

    /// <summary>Nanoseconds per score, with right and wrong responses in turn.</summary>
    internal static double Time(Action right, Action wrong)
    {
        var watch = Stopwatch.StartNew();
        for (var score = 0; score < Scores; score += 2)
        {
            right();
            wrong();
        }
        return watch.Elapsed.TotalNanoseconds / Scores;
    }

    internal static double Median(IEnumerable<double> times) => times.Order().ElementAt(Rounds / 2);

    internal static void Run()
    {
        var times = Kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
            foreach (var kind in Kinds)
                times[kind.Name].Add(Time(() => kind.Score(kind.Right), () => kind.Score(kind.Wrong)));
        Console.WriteLine($"One score of a ready item and response: median of {Rounds} rounds of {Scores:N0}");
        foreach (var kind in Kinds)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Name, -10} {Median(times[kind.Name]), 8:F0} ns"));
    }

    private static Item Of(ItemBody body, ScoringRule rule, decimal points) =>
        new(
            Code: "ready-1",
            Facet: "ready",
            Variant: 1,
            Block: "block",
            Element: "element",
            Difficulty: 1,
            MaxPoints: Points.From(points),
            Rule: rule,
            Stem: "____",
            Stimulus: null,
            Body: body,
            Solution: "",
            Waivers: new Dictionary<string, string>()
        );

    private static IReadOnlyList<Entry> Entries(string ids) => ids.Select(id => new Entry(id.ToString(), $"text {id}")).ToList();

    private static IReadOnlyDictionary<string, string> Pairs(string pairs) =>
        pairs.Split(' ').ToDictionary(pair => pair[..1], pair => pair[1..]);

    private static IReadOnlyDictionary<string, Points> Map(string values) =>
        values
            .Split(' ')
            .Select(value => value.Split(':'))
            .ToDictionary(value => value[0], value => Points.From(decimal.Parse(value[1], CultureInfo.InvariantCulture)));
}
