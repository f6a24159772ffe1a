using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Commissions;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    /// <summary>What a commission calls the subject of an appeal.</summary>
    internal static string SubjectOf(AppealSummary appeal) =>
        (appeal.Kind, appeal.Ground) switch
        {
            (_, AppealGround.Annulment) => "аннулирование сеанса",
            (_, AppealGround.NonAdmission) => "недопуск к диагностике",
            (AppealKind.Procedural, _) => "порядок проведения",
            (AppealKind.Score, _) => $"баллы за задание №\u00A0{appeal.Slot}",
            _ => throw new ArgumentOutOfRangeException(nameof(appeal), appeal.Kind, null),
        };

    internal static string Of(AppealKind kind) =>
        kind switch
        {
            AppealKind.Procedural => "О порядке проведения",
            AppealKind.Score => "О баллах",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    /// <summary>What the person says is wrong.</summary>
    internal static string Of(AppealGround ground) =>
        ground switch
        {
            AppealGround.Procedure => "нарушен порядок проведения",
            AppealGround.Annulment => "сеанс аннулирован напрасно",
            AppealGround.NonAdmission => "не допустили к диагностике",
            AppealGround.Marks => "баллы не соответствуют критериям",
            AppealGround.Technical => "техническая ошибка",
            AppealGround.ItemContent => "содержание или формулировка задания",
            AppealGround.ClosedItem => "балл за задание с ключом",
            AppealGround.OwnViolation => "последствия нарушения самим участником",
            AppealGround.AnswerForm => "ответ записан не там или не так",
            _ => throw new ArgumentOutOfRangeException(nameof(ground), ground, null),
        };

    /// <summary>A possible decision, as the commission chooses it.</summary>
    internal static string Of(AppealOutcome outcome) =>
        outcome switch
        {
            AppealOutcome.Rejected => "Отклонить апелляцию",
            AppealOutcome.SatisfiedUp => "Удовлетворить: повысить балл",
            AppealOutcome.SatisfiedDown => "Понизить балл",
            AppealOutcome.TechnicalCorrection => "Исправить техническую ошибку",
            AppealOutcome.Upheld => "Удовлетворить апелляцию",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };

    internal static string HintOf(AppealOutcome outcome, AppealGround ground) =>
        (outcome, ground) switch
        {
            (AppealOutcome.Rejected, _) => "Всё остаётся как есть.",
            (AppealOutcome.SatisfiedUp, _) => "Балл за задание станет больше прежнего; профиль выйдет в новой версии.",
            (AppealOutcome.SatisfiedDown, _) => "Балл за задание станет меньше прежнего; профиль выйдет в новой версии.",
            (AppealOutcome.TechnicalCorrection, _) => "Ответ потерян или перепутан, баллы сложены неверно: балл станет верным.",
            (AppealOutcome.Upheld, AppealGround.Annulment) => "Сеанс снова засчитают, а если он не был закончен — назначат новый.",
            (AppealOutcome.Upheld, AppealGround.NonAdmission) => "Участнику назначат новый сеанс.",
            (AppealOutcome.Upheld, _) => "Сеанс аннулируют, участнику назначат новый — на другом варианте.",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };

    internal static string Of(CommissionRole role) =>
        role switch
        {
            CommissionRole.Chair => "председатель",
            CommissionRole.Deputy => "заместитель председателя",
            CommissionRole.Member => "член комиссии",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>How much time is left, by working days.</summary>
    internal static string LeftOf(CommissionCase own) =>
        (own.Appeal.Due, own.WorkingDays) switch
        {
            (null, _) => "",
            (DueState.Overdue, null or 0) => "срок прошёл",
            (DueState.Overdue, { } days) => $"просрочено на {WorkingDays(days)}",
            (_, null) => "",
            (_, 0) => "сегодня последний день",
            (_, { } days) => $"осталось {WorkingDays(days)}, не считая сегодняшнего",
        };

    /// <summary>The class of an appeal in the register by its deadline.</summary>
    internal static string DueOf(CommissionCase own) =>
        own.Appeal.Due switch
        {
            null => "closed",
            DueState.Overdue => "overdue",
            _ when own.WorkingDays is 0 => "today",
            DueState.Reminder => "soon",
            _ => "later",
        };

    internal static string DueTitle(string due) =>
        due switch
        {
            "overdue" => "просрочено",
            "today" => "срок сегодня",
            "soon" => "скоро срок",
            "later" => "время есть",
            "closed" => "закрыто",
            _ => due,
        };

    private static string WorkingDays(int days) =>
        Russian.Count(days, "рабочий день", "рабочих дня", "рабочих дней").Replace(' ', '\u00A0');

    /// <summary>An entry of an appeal's history.</summary>
    internal static string EventOf(AppealEvent happened) =>
        happened.Kind switch
        {
            "filed" => "Апелляция подана",
            "attached" => $"Приложен файл {happened.Details?["number"]}",
            "admitted" => "Принята к рассмотрению",
            "refused" => "В приёме отказано",
            "considered" => "Начато рассмотрение",
            "hearing-set" => happened.Details?["number"]?.GetValue<int>() > 1 ? "Заседание перенесено" : "Назначено заседание",
            "marks-opened" => "Открыты прежние баллы",
            "recused" => "Заявлен самоотвод",
            "proposed" => $"Поставлено на голосование предложение {happened.Details?["number"]}",
            "voted" => $"Подан голос по предложению {happened.Details?["proposal"]}",
            "decided" => "Вынесено решение",
            "withdrawn" => "Апелляция отозвана",
            _ => happened.Kind,
        };

    /// <summary>An entry of the journal of a disputed session.</summary>
    internal static string SessionEventOf(string kind) =>
        kind switch
        {
            "admit" => "Участника допустили",
            "undo_admission" => "Допуск отменён",
            "start" => "Сеанс начат",
            "save" => "Ответ сохранён",
            "pause" => "Пауза",
            "resume" => "Продолжение после паузы",
            "extra_time" => "Добавлено время",
            "reopen" => "Сеанс открыт снова",
            "finish" => "Участник завершил сеанс",
            "finish_by_site" => "Сеанс завершён площадкой",
            "start_on_paper" => "Начал писать на бумаге",
            "collect_paper" => "Листы приняты площадкой",
            "finish_on_paper" => "Ответы с бланков введены, сеанс завершён",
            "undo_finish" => "Завершение отменено",
            "expire" => "Время вышло",
            "annul" => "Сеанс аннулирован",
            "undo_annulment" => "Аннулирование отменено",
            "absent" => "Отмечена неявка",
            "undo_absence" => "Неявка снята",
            "incident" => "Происшествие на площадке",
            "answers_imported" => "Внесены неотправленные ответы",
            "focus_lost" => "Страница теста потеряла фокус",
            "offline" => "Связь пропала",
            "online" => "Связь вернулась",
            "reloaded" => "Страница теста открыта снова",
            _ => kind,
        };
}
