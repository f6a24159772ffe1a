using System.Globalization;
using Diagnostics.Engine;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Marking;
using NodaTime;
using static Diagnostics.Server.Pages.Supervision.ExpertPage;
using static Diagnostics.Server.Pages.Supervision.FlagPage;

namespace Diagnostics.Server.Pages.Supervision;

/// <summary>The tables of those who lead marking.</summary>
internal static class SupervisionTables
{
    private const string Held = "held";
    private const string Third = "third";
    private const string SecondLook = "second_look";
    private const string Open = "open";

    internal static Table<ScriptInCommission> Scripts(Guid campaignId, Instant now) =>
        new(
            "scripts",
            "Работы мероприятия",
            [
                new("code", "Работа", script => TableCell.Of(script.Name).To(PathOf(campaignId, script.Id))),
                new("item", "Задание", script => TableCell.Of(script.ItemCode)),
                new("state", "Состояние", script => TableCell.Of(Words.OfScript(StateOf(script))).With(script.CalledWhy)),
                new("experts", "Эксперты", script => TableCell.Of(string.Join(", ", Reading(script).Select(claim => claim.UserName)))),
                new(
                    "points",
                    "Баллы",
                    script => TableCell.Of(PointsOf(script)).With(script.Blind ? "скрыты: работа может достаться вам" : null)
                ),
                new(
                    "apart",
                    "Разница",
                    script => Apart(script) is { } apart ? TableCell.Ranked(Numbers.Of(Points.From(apart)), apart) : TableCell.None
                )
                {
                    Numeric = true,
                },
                new("codes", "Коды выдачи", script => TableCell.Of(string.Join(", ", script.Claims.Select(claim => claim.Code)))),
                new(
                    "since",
                    "У эксперта с",
                    script => TableCell.At(script.Claims.LastOrDefault(claim => claim.IsLive)?.ClaimedAt, Dates.Moscow)
                ),
            ]
        )
        {
            Searched = true,
            FirstSort = "item",
            Empty = "Работ пока нет: они появятся, когда участники закончат тест.",
            Filters =
            [
                new("item", "Задание", script => script.ItemCode),
                new("state", "Состояние", StateOf, Words.OfScript),
                new("called", "Дополнительная проверка", Called, Words.OfScript),
                new("expert", "Эксперт", script => Reading(script).Select(claim => claim.UserName).Distinct(), name => name),
                new(
                    "day",
                    "Проверена в день",
                    script => script.Claims.Where(IsMarked).Select(claim => Dates.IsoDay(claim.ClosedAt!.Value)).Distinct(),
                    Words.OfDay
                ),
                new(
                    "long",
                    "Долго у эксперта",
                    script => script.Claims.Any(claim => IsLong(claim, now)) ? "yes" : null,
                    _ => "больше суток"
                ),
            ],
        };

    internal static Table<ExpertLine> Experts(Guid campaignId) =>
        new(
            "experts",
            "Эксперты комиссии",
            [
                new(
                    "name",
                    "Эксперт",
                    expert =>
                        TableCell
                            .Of(expert.Name)
                            .To($"{SupervisionPages.PathOf(campaignId)}/experts/{expert.Id:D}")
                            .With(
                                expert.Seat switch
                                {
                                    null => null,
                                    { LeftAt: not null } => "вышел из комиссии",
                                    var seat => Words.Of(seat.Role, seat.Standing),
                                }
                            )
                ),
                new("marked", "Проверил", expert => TableCell.Of(expert.Progress.Marked).To(ScriptsOf(campaignId, expert, "marked")))
                {
                    Numeric = true,
                },
                new("day", "За сутки", expert => TableCell.Of(expert.Progress.MarkedLastDay)) { Numeric = true },
                new("hand", "На руках", expert => TableCell.Of(expert.Progress.InWork).To(ScriptsOf(campaignId, expert, Held)))
                {
                    Numeric = true,
                },
                new("minutes", "Минут на работу", expert => TableCell.Of(expert.Compared?.MedianSeconds / 60, 1)) { Numeric = true },
                new("last", "Последняя проверка", expert => TableCell.At(expert.Progress.LastMarkedAt, Dates.Moscow)),
                new("shared", "Общих работ", expert => TableCell.Of(expert.Compared?.Shared ?? 0)) { Numeric = true },
                new("exact", "Совпало, %", expert => TableCell.Of(expert.Enough?.Exact * 100, 0).With(Few(expert))) { Numeric = true },
                new("kappa", "Каппа", expert => TableCell.Of(expert.Enough?.WeightedKappa, 2).With(Few(expert))) { Numeric = true },
                new("severity", "Строгость, баллов", Severity) { Numeric = true },
                new("thirds", "Третьи проверки, %", expert => TableCell.Of(expert.Compared?.ThirdShare * 100, 0)) { Numeric = true },
                new(
                    "controls",
                    "Контрольные в допуске",
                    expert =>
                        expert.Controls == 0
                            ? TableCell.None
                            : TableCell.Ranked(
                                $"{expert.ControlsWithin} из {expert.Controls}",
                                (decimal)expert.ControlsWithin / expert.Controls
                            )
                )
                {
                    Numeric = true,
                },
                new(
                    "paused",
                    "Приостановлен",
                    expert => expert.Paused == 0 ? TableCell.None : TableCell.Ranked($"заданий: {expert.Paused}", expert.Paused)
                ),
            ]
        )
        {
            Searched = true,
            FirstSort = "name",
            Empty = "В комиссии пока никого нет: состав назначает оператор диагностики.",
            Filters = [new("attention", "Обратить внимание", Attention, Words.OfAttention)],
        };

    internal static Table<NamedFlag> Flags(Guid campaignId) =>
        new(
            "flags",
            "Пометки экспертов",
            [
                new(
                    "kind",
                    "Пометка",
                    flag => TableCell.Of(Words.Of(flag.Flag.Kind)).To($"{SupervisionPages.PathOf(campaignId)}/flags/{flag.Flag.Id:D}")
                ),
                new("item", "Задание", flag => TableCell.Of(flag.Flag.ItemCode)),
                new("code", "Код выдачи", flag => TableCell.Of(flag.Flag.Code)),
                new("comment", "Что замечено", flag => TableCell.Of(flag.Flag.Comment)),
                new("expert", "Эксперт", flag => TableCell.Of(flag.Expert)),
                new("at", "Когда", flag => TableCell.At(flag.Flag.At, Dates.Moscow)),
                new(
                    "decision",
                    "Решение",
                    flag => TableCell.Of(flag.Flag.Decided is { } decided ? Words.Of(decided.Decision) : "ждёт решения")
                ),
            ]
        )
        {
            Empty = "Эксперты ничего не пометили.",
            Filters =
            [
                new("state", "Решение", flag => flag.Flag.Decided is null ? Open : Codes.Of(flag.Flag.Decided.Decision), Words.OfFlagState),
                new("kind", "Пометка", flag => Codes.Of(flag.Flag.Kind), code => Words.Of(Codes.Parse<ScriptFlag>(code))),
            ],
        };

    internal static Table<CriterionDistribution> Criteria(Guid campaignId) =>
        new(
            "criteria",
            "Баллы по критериям",
            [
                new("item", "Задание", row => TableCell.Of(row.ItemCode).With(row.ItemVersion == 1 ? null : $"версия {row.ItemVersion}")),
                new("criterion", "Критерий", row => TableCell.Of(row.Criterion)),
                new(
                    "marks",
                    "Оценок",
                    row =>
                        TableCell
                            .Of(row.Counts.Values.Sum())
                            .To($"{SupervisionPages.PathOf(campaignId)}/scripts?item={Uri.EscapeDataString(row.ItemCode)}")
                )
                {
                    Numeric = true,
                },
                new("mean", "Среднее", row => TableCell.Of(Mean(row), 2)) { Numeric = true },
                new("spread", "Сколько раз какой балл", row => TableCell.Of(Spread(row))),
            ]
        )
        {
            Empty = "Распределения появятся после первых проверок.",
            Filters = [new("item", "Задание", row => row.ItemCode)],
        };

    /// <summary>Whether an expert has had the script for longer than a day.</summary>
    private static bool IsLong(ScriptClaim claim, Instant now) => claim.IsLive && claim.ClaimedAt < now - GetMarkingOverview.LongClaim;

    internal static string StateOf(ScriptInCommission script) =>
        script.State is TaskState.Marked ? "marked"
        : script.Claims.Any(claim => claim.IsLive) ? Held
        : "waiting";

    private static IEnumerable<string> Called(ScriptInCommission script)
    {
        if (script.Thirds > 0)
            yield return Third;
        if (script.SecondLooks > 0)
            yield return SecondLook;
        if (script.Thirds + script.SecondLooks > 0 && script.State is TaskState.Waiting)
            yield return Open;
    }

    /// <summary>Claims of the experts who have the script or have marked it.</summary>
    private static IEnumerable<ScriptClaim> Reading(ScriptInCommission script) =>
        script.Claims.Where(claim => claim.IsLive || IsMarked(claim));

    private static bool IsMarked(ScriptClaim claim) => claim.State is ClaimState.Marked;

    private static string? PointsOf(ScriptInCommission script)
    {
        var points = script.Claims.Select(claim => claim.Points).OfType<Points>().Select(Numbers.Of).ToList();
        return points.Count == 0 ? null : $"{string.Join(" и ", points)} из {Numbers.Of(script.Maximum!.Value)}";
    }

    private static decimal? Apart(ScriptInCommission script)
    {
        var points = script.Claims.Select(claim => claim.Points?.ToDecimal()).OfType<decimal>().ToList();
        return points.Count < 2 ? null : points.Max() - points.Min();
    }

    private static string PathOf(Guid campaignId, Guid scriptId) => $"{SupervisionPages.PathOf(campaignId)}/scripts/{scriptId:D}";

    private static string ScriptsOf(Guid campaignId, ExpertLine expert, string state) =>
        $"{SupervisionPages.PathOf(campaignId)}/scripts?expert={Uri.EscapeDataString(expert.Name)}{(state == Held ? "&state=held" : "")}";

    private static string? Few(ExpertLine expert) => expert.Compared is not null && expert.Enough is null ? "мало данных" : null;

    private static TableCell Severity(ExpertLine expert) =>
        expert.Enough is { Severity: { } severity } known
            ? TableCell.Of(severity, 2).With(Words.OfSeverity(known))
            : TableCell.None.With(Few(expert));

    private static IEnumerable<string> Attention(ExpertLine expert)
    {
        if (expert.Paused > 0)
            yield return "paused";
        if (expert.Seat is { LeftAt: null } && expert.Progress.MarkedLastDay == 0)
            yield return "idle";
        if (expert.Enough is { Tendency: not Tendency.NotShown })
            yield return "apart";
    }

    private static decimal Mean(CriterionDistribution row) =>
        row.Counts.Sum(pair => Parse(pair.Key) * pair.Value) / row.Counts.Values.Sum();

    private static string Spread(CriterionDistribution row) =>
        string.Join(" · ", row.Counts.OrderBy(pair => Parse(pair.Key)).Select(pair => $"{pair.Key.Replace('.', ',')}: {pair.Value}"));

    private static decimal Parse(string points) => decimal.Parse(points, CultureInfo.InvariantCulture);
}
