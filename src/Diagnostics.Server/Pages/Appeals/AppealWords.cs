using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Marking;
using Diagnostics.UseCases.Appeals;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    /// <summary>The subject of an appeal, as a heading.</summary>
    internal static string TitleOf(AppealView appeal) =>
        (appeal.Kind, appeal.Ground) switch
        {
            (_, AppealGround.Annulment) => "Об аннулировании сеанса",
            (_, AppealGround.NonAdmission) => "О недопуске к диагностике",
            (AppealKind.Procedural, _) => "О нарушении порядка проведения",
            (AppealKind.Score, _) => $"О баллах за развёрнутый ответ, задание № {appeal.Slot}",
            _ => throw new ArgumentOutOfRangeException(nameof(appeal), appeal.Kind, null),
        };

    internal static string Of(AppealState state) =>
        state switch
        {
            AppealState.Filed => "Подана",
            AppealState.Admitted => "Принята к рассмотрению",
            AppealState.Refused => "В приёме отказано",
            AppealState.Withdrawn => "Отозвана",
            AppealState.InConsideration => "Рассматривается",
            AppealState.Decided => "Решение принято",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    internal static string ToneOf(AppealState state) =>
        state switch
        {
            AppealState.Filed or AppealState.Admitted or AppealState.InConsideration => "go",
            AppealState.Decided => "good",
            AppealState.Refused => "bad",
            AppealState.Withdrawn => "",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    internal static string OutcomeOf(AppealView appeal) =>
        appeal.Outcome switch
        {
            AppealOutcome.Rejected when appeal.Kind is AppealKind.Procedural => "Апелляция отклонена.",
            AppealOutcome.Rejected => "Апелляция отклонена, баллы не изменились.",
            AppealOutcome.SatisfiedUp => "Апелляция удовлетворена: балл повышен.",
            AppealOutcome.SatisfiedDown => "Апелляция рассмотрена: балл понижен.",
            AppealOutcome.TechnicalCorrection => "Исправлена техническая ошибка.",
            AppealOutcome.Upheld => (appeal.Ground, appeal.NewSessionId) switch
            {
                (AppealGround.Annulment, null) => "Апелляция удовлетворена: аннулирование отменено.",
                (AppealGround.NonAdmission, null) => "Апелляция удовлетворена.",
                (AppealGround.Annulment or AppealGround.NonAdmission, _) => "Апелляция удовлетворена: назначен новый сеанс.",
                _ => "Апелляция удовлетворена: сеанс аннулирован, назначен новый.",
            },
            _ => throw new ArgumentOutOfRangeException(nameof(appeal), appeal.Outcome, null),
        };

    /// <summary>
    /// The heading for an event that must be disputed on the day it happened; the diagnostic's title follows the
    /// heading.
    /// </summary>
    internal static string MatterOf(AppealGround ground) =>
        ground switch
        {
            AppealGround.Annulment => "Аннулирование сеанса",
            AppealGround.NonAdmission => "Недопуск",
            _ => "Порядок проведения",
        };

    /// <summary>Explains when to choose this ground.</summary>
    internal static string HintOf(AppealGround ground) =>
        ground switch
        {
            AppealGround.Annulment => "если считаете, что сеанс аннулировали напрасно.",
            AppealGround.NonAdmission => "если вы пришли, а к диагностике вас не допустили.",
            _ => "например, если вам не вернули время после сбоя или мешали работать.",
        };

    /// <summary>The grounds that a person may choose for an appeal about points.</summary>
    internal static readonly IReadOnlyList<(AppealGround Ground, string Title, string Hint)> ScoreGrounds =
    [
        (AppealGround.Marks, "Баллы не соответствуют критериям", "Ответ раскрывает критерий, а балла за это нет."),
        (AppealGround.Technical, "Техническая ошибка", "Ответ потерян или перепутан, баллы сложены неверно."),
    ];

    internal static string Of(RoundKind kind) =>
        kind switch
        {
            RoundKind.Auto => "Сверка с ключом",
            RoundKind.Expert => "Проверка эксперта",
            RoundKind.Adjudication => "Третья проверка",
            RoundKind.Appeal => "Решение конфликтной комиссии",
            RoundKind.Rescore => "Перерасчёт",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
