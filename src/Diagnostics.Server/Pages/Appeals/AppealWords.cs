using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Marking;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    internal static string Of(AppealKind kind) => kind switch
    {
        AppealKind.Procedural => "О нарушении порядка проведения",
        AppealKind.Score => "О баллах за развёрнутый ответ",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    internal static string Of(AppealState state) => state switch
    {
        AppealState.Filed => "Подана",
        AppealState.Admitted => "Принята к рассмотрению",
        AppealState.Refused => "В приёме отказано",
        AppealState.Withdrawn => "Отозвана",
        AppealState.InConsideration => "Рассматривается",
        AppealState.Decided => "Решение принято",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    internal static string ToneOf(AppealState state) => state switch
    {
        AppealState.Filed or AppealState.Admitted or AppealState.InConsideration => "go",
        AppealState.Decided => "good",
        AppealState.Refused => "bad",
        AppealState.Withdrawn => "",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    internal static string Of(AppealOutcome outcome) => outcome switch
    {
        AppealOutcome.Rejected => "Апелляция отклонена, баллы не изменились.",
        AppealOutcome.SatisfiedUp => "Апелляция удовлетворена: балл повышен.",
        AppealOutcome.SatisfiedDown => "Апелляция рассмотрена: балл понижен.",
        AppealOutcome.TechnicalCorrection => "Исправлена техническая ошибка.",
        AppealOutcome.Upheld => "Апелляция удовлетворена: сеанс аннулирован, назначен новый.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>The grounds that a person may choose between when points are in dispute.</summary>
    internal static readonly IReadOnlyList<(AppealGround Ground, string Title, string Hint)> ScoreGrounds =
    [
        (AppealGround.Marks, "Баллы не соответствуют критериям", "Ответ раскрывает критерий, а балла за это нет."),
        (AppealGround.Technical, "Техническая ошибка", "Ответ потерян или перепутан, баллы сложены неверно."),
    ];

    internal static string Of(RoundKind kind) => kind switch
    {
        RoundKind.Auto => "Сверка с ключом",
        RoundKind.Expert => "Проверка эксперта",
        RoundKind.Adjudication => "Третья проверка",
        RoundKind.Appeal => "Решение конфликтной комиссии",
        RoundKind.Rescore => "Перерасчёт",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
