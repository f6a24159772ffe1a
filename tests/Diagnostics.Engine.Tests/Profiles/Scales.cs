using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.Profiles;
using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>The shipped scale and a framework with the route form's four blocks (макет ИОМ, блок 4).</summary>
internal static class Scales
{
    internal static LevelScale Default { get; } =
        new(
            [
                new(DeficitLevel.High, 0, "Высокий", "по индивидуальному плану"),
                new(DeficitLevel.Medium, 60, "Средний", "по индивидуальному плану или курсы"),
                new(DeficitLevel.Minimal, 81, "Минимальный или отсутствие дефицита", "неформальное образование"),
            ],
            [new(60, FromInclusive: true, 61), new(80, FromInclusive: false, 81)],
            new Dictionary<string, IReadOnlyList<ScaleLevel>>(),
            new EvidenceRule(2, Points.From(3)),
            "Без последствий."
        );

    internal static LevelScale FourLevels { get; } =
        Default with
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

    /// <summary>
    /// This policy has no words for the levels, so the words of the scale are used; the rules for progress match the
    /// shipped policy.
    /// </summary>
    internal static ProfilePolicy Policy { get; } =
        new(
            [],
            new EvidenceRule(2, Points.From(3)),
            new(
                [
                    new(DeficitLevel.High, "Низкий уровень {name}"),
                    new(DeficitLevel.Medium, "Средний уровень {name}"),
                    new(DeficitLevel.Low, "Достаточный уровень {name}"),
                    new(DeficitLevel.Minimal, "Высокий уровень {name}"),
                ],
                "Возможен дефицит {name}",
                new Dictionary<string, string>(),
                "компетенции «{title}»",
                "элемента «{title}»"
            ),
            new(
                [DeficitLevel.Low, DeficitLevel.Minimal],
                10,
                new("Успешно", ["не нуждается"], "Завершение"),
                new("Не вполне", ["поддержка"], "Следующий этап"),
                new("Неэффективно", ["сопровождение"], "Следующий этап")
            ),
            new(10, 6, 6, 12)
        );

    /// <summary>The policy that ships with the bank.</summary>
    internal static ProfilePolicy Shipped { get; } = PolicyJson.Read<ProfilePolicy>(Content("profile.yaml"));

    /// <summary>A scale that ships with the bank.</summary>
    internal static LevelScale ShippedScale(string file) => PolicyJson.Read<LevelScale>(Content(file));

    private static string Content(string file) =>
        PolicyReader.Read(
            EngineHooks.Policies,
            $"policies/{file}",
            File.ReadAllText(Path.Combine(Repository.Bank, "policies", file))
        ) switch
        {
            ({ } policy, _) => policy.Content,
            var (_, findings) => throw new InvalidOperationException(string.Join(" ", findings.Select(finding => finding.Message))),
        };

    internal static Framework Teacher { get; } =
        new(
            "teacher",
            1,
            "Компетенции",
            "Положение",
            [
                Block("subject", "Предметные компетенции", "предметные"),
                Block("methodical", "Методические компетенции", "методические"),
                Block("psychological", "Психолого-педагогические компетенции", "психолого-педагогические"),
                Block("communicative", "Коммуникативные компетенции", "коммуникативные"),
            ]
        );

    /// <summary>A block with one competency and two elements, whose codes end in <c>.a</c> and <c>.b</c>.</summary>
    private static Block Block(string code, string title, string adjective) =>
        new(
            code,
            title,
            adjective,
            [new($"{code}.c", "Компетенция", "А/01.6", [new($"{code}.a", "Элемент А"), new($"{code}.b", "Элемент Б")])]
        );
}
