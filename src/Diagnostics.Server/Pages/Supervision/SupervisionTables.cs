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
    private const string Unmarked = "unmarked";
    private const string Marked = "marked";
    private const string Third = "third";
    private const string SecondLook = "second_look";
    private const string Open = "open";

    /// <summary>The scripts of one item, in numbers.</summary>
    internal sealed record ItemLine(string ItemCode, int Total, int Marked, int InWork)
    {
        internal static IReadOnlyList<ItemLine> Of(MarkingOverview overview) =>
            overview
                .Items.GroupBy(item => item.ItemCode)
                .Select(item => new ItemLine(
                    item.Key,
                    item.Sum(version => version.Total),
                    item.Sum(version => version.Marked),
                    item.Sum(version => version.InWork)
                ))
                .ToList();
    }

    /// <summary>Progress by item, the first of the two tables of the overview.</summary>
    internal static Table<ItemLine> Items(Guid campaignId) =>
        new(
            "items",
            "По заданиям",
            [
                new("item", "Задание", line => TableCell.Of(line.ItemCode)),
                new("total", "Всего", line => Count(campaignId, line, line.Total, null)) { Numeric = true },
                new("marked", "Проверено", line => Count(campaignId, line, line.Marked, Marked)) { Numeric = true },
                new("held", "В работе", line => Count(campaignId, line, line.InWork, Held)) { Numeric = true },
                new("left", "Осталось", line => Count(campaignId, line, line.Total - line.Marked - line.InWork, "waiting"))
                {
                    Numeric = true,
                },
            ]
        )
        {
            Prefix = "items-",
            Beside = ["days-"],
            FirstSort = "item",
            Filters = [new("item", "Задание", line => line.ItemCode)],
        };

    /// <summary>Progress by day, the second table of the overview.</summary>
    internal static Table<MarkingDay> Days(Guid campaignId, IReadOnlyList<MarkingDay> days) =>
        new(
            "days",
            "По дням, проверок",
            [
                new("day", "День", day => TableCell.On(LocalDate.FromDateOnly(day.Day))),
                new(
                    "marks",
                    "Проверок",
                    day => TableCell.Of(day.Marks).To(SupervisionPages.PathOf(campaignId, $"/claims?state=marked&day={day.Day:O}"))
                )
                {
                    Numeric = true,
                },
                new(
                    "bar",
                    "Наглядно",
                    day => TableCell.Of(day.Marks).With(OverviewPage.Bar(100m * day.Marks / days.Max(each => each.Marks)))
                )
                {
                    OnPageOnly = true,
                },
            ]
        )
        {
            Prefix = "days-",
            Beside = ["items-"],
            FirstSort = "-day",
            Filters = [new("month", "Месяц", day => $"{day.Day:yyyy-MM}", month => $"{month[5..]}.{month[..4]}")],
        };

    private static TableCell Count(Guid campaignId, ItemLine line, int count, string? state) =>
        TableCell
            .Of(count)
            .To(
                SupervisionPages.PathOf(
                    campaignId,
                    $"/scripts?item={Uri.EscapeDataString(line.ItemCode)}{(state is null ? "" : $"&state={state}")}"
                )
            );

    /// <summary>Every claim: what the numbers of experts and days count.</summary>
    internal static Table<ClaimOnScript> Claims(Guid campaignId, Instant now) =>
        new(
            "claims",
            "Выдачи работ экспертам",
            [
                new("code", "Работа", row => TableCell.Of(Words.NameOf(row.ScriptId)).To(PathOf(campaignId, row.ScriptId))),
                new("item", "Задание", row => TableCell.Of(row.ItemCode)),
                new(
                    "expert",
                    "Эксперт",
                    row => TableCell.Of(row.Claim.UserName).To(SupervisionPages.PathOf(campaignId, $"/experts/{row.Claim.ExpertId:D}"))
                ),
                new(
                    "state",
                    "Что сделал",
                    row => TableCell.Of(Words.Of(row.Claim.State)).With(row.Claim.Third ? "дополнительная проверка" : null)
                ),
                new("since", "Взял", row => TableCell.At(row.Claim.ClaimedAt, Dates.Moscow)),
                new("until", "Закончил", row => TableCell.At(row.Claim.ClosedAt, Dates.Moscow)),
                new("reason", "Причина", row => TableCell.Of(row.Claim.Reason)),
                new("name", "Код выдачи", row => TableCell.Of(row.Claim.Code)),
            ]
        )
        {
            Searched = true,
            FirstSort = "-since",
            Empty = "Эксперты ещё не брали работ.",
            Filters =
            [
                new("expert", "Эксперт", row => row.Claim.UserName),
                new("state", "Что сделал", row => Codes.Of(row.Claim.State), code => Words.Of(Codes.Parse<ClaimState>(code))),
                new("item", "Задание", row => row.ItemCode),
                new("day", "Проверена в день", row => IsMarked(row.Claim) ? Dates.IsoDay(row.Claim.ClosedAt!.Value) : null, Words.OfDay),
                new(
                    "lately",
                    "За последние сутки",
                    row => IsMarked(row.Claim) && row.Claim.ClosedAt >= now - Duration.FromDays(1) ? "yes" : null,
                    _ => "проверены"
                ),
            ],
        };

    /// <summary>The claims of one script, in the order in which they were made.</summary>
    internal static Table<ScriptClaim> History(Guid campaignId) =>
        new(
            "history",
            "Выдачи этой работы",
            [
                new(
                    "expert",
                    "Эксперт",
                    claim => TableCell.Of(claim.UserName).To(SupervisionPages.PathOf(campaignId, $"/experts/{claim.ExpertId:D}"))
                ),
                new(
                    "state",
                    "Что сделал",
                    claim => TableCell.Of(Words.Of(claim.State)).With(claim.Third ? "дополнительная проверка" : null)
                ),
                new("since", "Взял", claim => TableCell.At(claim.ClaimedAt, Dates.Moscow)),
                new("until", "Закончил", claim => TableCell.At(claim.ClosedAt, Dates.Moscow)),
                new("reason", "Причина", claim => TableCell.Of(claim.Reason)),
            ]
        )
        {
            Empty = "Пока никто.",
            Filters = [new("state", "Что сделал", claim => Codes.Of(claim.State), code => Words.Of(Codes.Parse<ClaimState>(code)))],
        };

    /// <summary>Every mark for a criterion: what the distributions count.</summary>
    internal static Table<CriterionMark> Marks(Guid campaignId) =>
        new(
            "marks",
            "Баллы экспертов по критериям",
            [
                new("item", "Задание", row => TableCell.Of(row.ItemCode)),
                new("version", "Версия", row => TableCell.Of(row.ItemVersion)) { Numeric = true },
                new("criterion", "Критерий", row => TableCell.Of(row.Criterion)),
                new("points", "Балл", row => TableCell.Ranked(Numbers.Of(row.Points), row.Points.ToDecimal())) { Numeric = true },
                new(
                    "code",
                    "Работа",
                    row =>
                        row.ScriptId is { } script ? TableCell.Of(Words.NameOf(script)).To(PathOf(campaignId, script))
                        : row.Hidden ? TableCell.None.With("скрыта: работа может достаться вам")
                        : TableCell.None.With("в комиссии её больше нет")
                ),
                new("expert", "Эксперт", row => TableCell.Of(row.Expert)),
            ]
        )
        {
            FirstSort = "points",
            Empty = "Баллы появятся после первых проверок.",
            Filters =
            [
                new("item", "Задание", row => row.ItemCode),
                new("version", "Версия", row => row.ItemVersion.ToString(CultureInfo.InvariantCulture)),
                new("criterion", "Критерий", row => row.Criterion),
                new("points", "Балл", row => row.Points.ToString(), points => points.Replace('.', ',')),
            ],
        };

    /// <summary>The sessions that one matter concerns.</summary>
    /// <param name="scored">Whether the viewer may have a session scored again, and the matter is one for that.</param>
    internal static Table<Guid> OpenSessions(Guid campaignId, string what, bool scored) =>
        new(
            $"sessions-{what}",
            "Сеансы",
            [
                new("session", "Сеанс", session => TableCell.Of(session.ToString("D"))),
                .. scored
                    ? (TableColumn<Guid>[])
                        [
                            new(
                                "again",
                                "Действие",
                                session => TableCell.Of("Оценить ещё раз").With(OpenSessionsPage.ScoreAgain(campaignId, session))
                            )
                            {
                                OnPageOnly = true,
                            },
                        ]
                    : [],
            ]
        )
        {
            Searched = true,
            FirstSort = "session",
            Empty = "Здесь уже ничего не мешает.",
        };

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
                new("state", "Состояние", StatesOf, Words.OfScript),
                new("called", "Дополнительная проверка", Called, Words.OfScript),
                new("expert", "Эксперт", script => Reading(script).Select(claim => claim.UserName).Distinct(), name => name),
                new("shared", "Проверил не один", Sharing, name => name),
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
                new("marked", "Проверил", expert => TableCell.Of(expert.Progress.Marked).To(ClaimsOf(campaignId, expert.Name, Read)))
                {
                    Numeric = true,
                },
                new(
                    "day",
                    "За сутки",
                    expert => TableCell.Of(expert.Progress.MarkedLastDay).To(ClaimsOf(campaignId, expert.Name, ReadLately))
                )
                {
                    Numeric = true,
                },
                new("hand", "На руках", expert => TableCell.Of(expert.Progress.InWork).To(ClaimsOf(campaignId, expert.Name, InHand)))
                {
                    Numeric = true,
                },
                new("minutes", "Минут на работу", expert => TableCell.Of(expert.Compared?.MedianSeconds / 60, 1)) { Numeric = true },
                new("last", "Последняя проверка", expert => TableCell.At(expert.Progress.LastMarkedAt, Dates.Moscow)),
                new(
                    "shared",
                    "Общих работ",
                    expert =>
                        TableCell
                            .Of(expert.Compared?.Shared ?? 0)
                            .To(SupervisionPages.PathOf(campaignId, $"/scripts?shared={Uri.EscapeDataString(expert.Name)}"))
                )
                {
                    Numeric = true,
                },
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

    internal static Table<NamedFlag> Flags(Guid campaignId, Instant now) =>
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
                    "due",
                    "Решить до",
                    flag =>
                        flag.Flag.DueAt is { } due
                            ? TableCell.At(due, Dates.Moscow).With(IsOverdue(flag, now) ? "просрочено" : null)
                            : TableCell.None.With("до публикации")
                ),
                new("told", "Сообщают", flag => TableCell.Of(string.Join(", ", flag.Flag.Tell.Select(Words.OfTold)))),
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
                new("kind", "Пометка", flag => Codes.Of(flag.Flag.Kind), Words.OfFlagKind),
                new("due", "Срок", flag => IsOverdue(flag, now) ? "overdue" : null, _ => "просрочено"),
                new("told", "Сообщают", flag => flag.Flag.Tell.Select(Codes.Of), Words.OfToldCode),
            ],
        };

    internal static Table<CriterionDistribution> Criteria(Guid campaignId) =>
        new(
            "criteria",
            "Баллы по критериям",
            [
                new("item", "Задание", row => TableCell.Of(row.ItemCode).With(row.ItemVersion == 1 ? null : $"версия {row.ItemVersion}")),
                new("criterion", "Критерий", row => TableCell.Of(row.Criterion)),
                new("marks", "Оценок", row => TableCell.Of(row.Counts.Values.Sum()).To(MarksOf(campaignId, row))) { Numeric = true },
                new("mean", "Среднее", row => TableCell.Of(Mean(row), 2)) { Numeric = true },
                new(
                    "spread",
                    "Сколько раз какой балл",
                    row => TableCell.Of(Spread(row)).With(CriteriaSpread.Of(MarksOf(campaignId, row), InOrder(row).ToList()))
                ),
            ]
        )
        {
            Empty = "Распределения появятся после первых проверок.",
            Filters = [new("item", "Задание", row => row.ItemCode)],
        };

    /// <summary>Whether an expert has had the script for longer than a day.</summary>
    private static bool IsLong(ScriptClaim claim, Instant now) => claim.IsLive && claim.ClaimedAt < now - GetMarkingOverview.LongClaim;

    internal static string StateOf(ScriptInCommission script) =>
        script.State is TaskState.Marked ? Marked
        : script.Claims.Any(claim => claim.IsLive) ? Held
        : "waiting";

    private static IEnumerable<string> StatesOf(ScriptInCommission script)
    {
        var state = StateOf(script);
        yield return state;
        if (state != Marked)
            yield return Unmarked;
    }

    /// <summary>Experts who have marked the script independently, if there are several: they are compared on it.</summary>
    private static IEnumerable<string> Sharing(ScriptInCommission script)
    {
        var experts = script.Claims.Where(claim => IsMarked(claim) && !claim.Third).Select(claim => claim.UserName).Distinct().ToList();
        return experts.Count > 1 ? experts : [];
    }

    internal static bool IsOverdue(NamedFlag flag, Instant now) => flag.Flag is { Decided: null, DueAt: { } due } && due < now;

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

    /// <summary>What of an expert's claims is shown, as the address says it.</summary>
    internal const string Read = "state=marked",
        ReadLately = "state=marked&lately=yes",
        InHand = "state=claimed",
        GivenBack = "state=returned";

    /// <summary>Address of an expert's claims of one kind.</summary>
    internal static string ClaimsOf(Guid campaignId, string expert, string kind) =>
        SupervisionPages.PathOf(campaignId, $"/claims?expert={Uri.EscapeDataString(expert)}&{kind}");

    private static string MarksOf(Guid campaignId, CriterionDistribution row) =>
        SupervisionPages.PathOf(
            campaignId,
            $"/marks?item={Uri.EscapeDataString(row.ItemCode)}&version={row.ItemVersion}&criterion={Uri.EscapeDataString(row.Criterion)}"
        );

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
        string.Join(" · ", InOrder(row).Select(pair => $"{pair.Key.Replace('.', ',')}: {pair.Value}"));

    private static IEnumerable<KeyValuePair<string, int>> InOrder(CriterionDistribution row) => row.Counts.OrderBy(pair => Parse(pair.Key));

    private static decimal Parse(string points) => decimal.Parse(points, CultureInfo.InvariantCulture);
}
