using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>The scale of design §11 and a framework with the route form's four blocks (file 3, block 4).</summary>
internal static class Scales
{
    internal static LevelScale Default { get; } = new(
        [
            new(DeficitLevel.High, 0, "Высокий", "по индивидуальному плану"),
            new(DeficitLevel.Medium, 60, "Средний", "по индивидуальному плану или курсы"),
            new(DeficitLevel.Minimal, 81, "Минимальный или отсутствие дефицита", "неформальное образование"),
        ],
        [new(60, FromInclusive: true, 61), new(80, FromInclusive: false, 81)],
        new Dictionary<string, IReadOnlyList<ScaleLevel>>(),
        new ElementEvidence(2, Points.From(3)),
        "Без последствий.");

    internal static LevelScale FourLevels { get; } = Default with
    {
        Levels =
        [
            new(DeficitLevel.High, 0, "Высокий", "по индивидуальному плану"),
            new(DeficitLevel.Medium, 50, "Средний", "курсы"),
            new(DeficitLevel.Low, 70, "Низкий", "курсы по выбору"),
            new(DeficitLevel.Minimal, 90, "Минимальный", "неформальное образование"),
        ],
        Gaps = [],
    };

    internal static Framework Teacher { get; } = new("teacher", 1, "Компетенции", "Положение",
    [
        Block("subject", "Предметные компетенции", "предметные"),
        Block("methodical", "Методические компетенции", "методические"),
        Block("psychological", "Психолого-педагогические компетенции", "психолого-педагогические"),
        Block("communicative", "Коммуникативные компетенции", "коммуникативные"),
    ]);

    /// <summary>A block with one competency and two elements, <c>….a</c> and <c>….b</c>.</summary>
    private static Block Block(string code, string title, string adjective) =>
        new(code, title, adjective, [new($"{code}.c", "Компетенция", "А/01.6", [new($"{code}.a", "Элемент А"), new($"{code}.b", "Элемент Б")])]);
}
