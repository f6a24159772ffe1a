using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;

namespace Diagnostics.Engine.Tests.ItemBank;

/// <summary>
/// Plain items to score, with one builder for each type, so that a test states only what matters to it.
/// </summary>
internal static class Items
{
    internal static Item Single(string key = "b", ScoringRule? rule = null, decimal points = 1) =>
        Of(new SingleChoice(Entries("abcd"), key), rule ?? new ExactRule(), points);

    /// <summary>Five options, of which a and c are right.</summary>
    internal static Item Multiple(
        ScoringRule? rule = null,
        decimal points = 2,
        string[]? key = null,
        Dictionary<string, Points>? map = null,
        string options = "abcde"
    ) => Of(new MultipleChoice(Entries(options), key ?? ["a", "c"], map ?? []), rule ?? TwoOneZero, points);

    /// <summary>Left elements 1–3, right elements a–d; the key is 1a 2b 3c.</summary>
    internal static Item Matching(
        ScoringRule? rule = null,
        decimal points = 2,
        Dictionary<string, string>? key = null,
        Dictionary<string, Points>? map = null,
        bool reuse = false
    ) =>
        Of(
            new Matching(
                Entries("123"),
                Entries("abcd"),
                key
                    ?? new()
                    {
                        ["1"] = "a",
                        ["2"] = "b",
                        ["3"] = "c",
                    },
                map ?? [],
                reuse
            ),
            rule ?? TwoOneZero,
            points
        );

    /// <summary>Elements a–e; the right order is c a e b d.</summary>
    internal static Item Ordering(ScoringRule? rule = null, decimal points = 2, string[]? key = null, string elements = "abcde") =>
        Of(new Ordering(Entries(elements), key ?? ["c", "a", "e", "b", "d"]), rule ?? new ExactRule(), points);

    internal static Item Short(string[]? texts = null, NumberKey[]? numbers = null, string[]? patterns = null, decimal points = 1) =>
        Of(new ShortAnswer(new(texts ?? [], numbers ?? [], patterns ?? [])), new ShortAnswerRule(), points);

    internal static Item Extended(Rubric? rubric = null, decimal points = 4) =>
        Of(new ExtendedTask(rubric ?? TwoCriteria, []), new RubricRule(), points);

    /// <summary>«2 балла — без ошибок, 1 балл — одна ошибка».</summary>
    internal static PerErrorRule TwoOneZero { get; } = Table((0, 2), (1, 1));

    internal static Rubric TwoCriteria { get; } = new([Criterion("K1", 0, 1, 2), Criterion("K2", 0, 1, 2)], "K1");

    internal static PerErrorRule Table(params (int Errors, decimal Points)[] rows) =>
        new(rows.ToDictionary(row => row.Errors, row => Points.From(row.Points)));

    internal static Criterion Criterion(string code, params decimal[] levels) =>
        new(code, $"Критерий {code}", levels.Select(points => new CriterionLevel(Points.From(points), $"За {points}")).ToList());

    internal static Dictionary<string, Points> Map(params (string Choice, decimal Points)[] values) =>
        values.ToDictionary(value => value.Choice, value => Points.From(value.Points));

    internal static Item Of(ItemBody body, ScoringRule rule, decimal points) =>
        new(
            "demo-1",
            "demo",
            1,
            "subject",
            "subject.numbers.sums",
            1,
            Points.From(points),
            rule,
            "Вопрос?",
            null,
            body,
            "Потому что.",
            new Dictionary<string, string>()
        );

    internal static Entry[] Entries(string ids) => ids.Select(id => new Entry(id.ToString(), $"Текст {id}", $"ошибка {id}")).ToArray();
}
