using Diagnostics.Engine;
using Diagnostics.Engine.Sessions;
using Diagnostics.Engine.SiteDays;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    /// <summary>Incidents that happen at most sites; people may write others.</summary>
    internal static readonly IReadOnlyList<string> Incidents =
    [
        "Пропала связь: приостановлено до её возвращения",
        "Отключили электричество",
        "Отказало устройство: пересадили на запасное место",
        "Участник почувствовал себя плохо",
        "Участник вышел и вернулся",
        "Участник ушёл и не вернулся",
        "Пожарная тревога, все вышли",
        "Посторонний в аудитории",
        "Участник пользовался телефоном",
        "Ошибка организатора",
    ];

    /// <summary>What a form for several people, or one of the journal, has done; null for an unknown name.</summary>
    internal static string? DoneAtSite(string act, int number)
    {
        var people = Russian.Count(number, "человек", "человека", "человек");
        return act switch
        {
            "come" or "all" => $"Допущено: {people}.",
            "identity" => $"Документы проверены: {people}.",
            "undo" => $"Допуск отменён: {people}.",
            "pause" => $"На паузе: {people}.",
            "resume" => $"Продолжают: {people}.",
            "extra" => $"Время добавлено: {people}.",
            "incident" => "Происшествие записано.",
            "materials" => "Материалы записаны.",
            "places" => $"Проверено мест: {number}.",
            "presence" => "Присутствие отмечено.",
            "correct" => "Запись отмечена как ошибка.",
            "all-pause" => "Перерыв начат: время стоит у всех, кто пишет.",
            "all-resume" => "Перерыв закончен: время вернулось к тем, кого он остановил.",
            "all-extra" => "Время добавлено всем, кто пишет.",
            "all-incident" => "Происшествие записано в журнал площадки.",
            _ => null,
        };
    }

    /// <summary>What a form on one person's page has done; null for an unknown name.</summary>
    internal static string? DoneAtPlace(string act) =>
        act switch
        {
            "come" => "Участник допущен.",
            "identity" => "Отмечено: документ проверен.",
            "undo" => "Допуск отменён.",
            "pause" => "Тест на паузе, время стоит.",
            "resume" => "Время снова идёт, пауза возвращена полностью.",
            "extra" => "Время добавлено.",
            "incident" => "Происшествие записано.",
            "finish" => "Тест завершён, сохранённые ответы засчитаны.",
            "absence" => "Неявка отмечена.",
            "present" => "Неявка снята: участника можно допустить.",
            "place-good" => "Записано: место работает.",
            "place-bad" => "Записано: место неисправно.",
            "unlock" => "Неудачные попытки забыты: можно входить.",
            _ => null,
        };

    /// <summary>Why a form was refused. The use cases name fields as the API does; the pages have no such names.</summary>
    internal static string RefusedAtSite(Refusal refusal) =>
        refusal.Code switch
        {
            "text-missing" => "Напишите, что случилось.",
            "minutes-invalid" => "Напишите, сколько минут: целое число от 1 до 600.",
            "count-invalid" => "Напишите, сколько: целое число.",
            "already-done" => "Это уже сделано, а показывают такое один раз. Если листка нет, выдайте новый.",
            _ => refusal.Detail,
        };

    /// <summary>What a form about paper has done; null for an unknown name.</summary>
    internal static string? DoneOnPaper(string act) =>
        act switch
        {
            "conditions" or "chosen" => "Комплекты готовы: напечатайте их.",
            "start" => "Начало записано, участник пишет.",
            "collect" => "Листы приняты.",
            "scan" => "Скан приложен.",
            "scan-withdrawn" => "Скан убран.",
            "entry" => "Ответы записаны.",
            "entered" => "Ответы введены, сеанс завершён.",
            _ => null,
        };

    internal static string RefusedOnPaper(Refusal refusal) =>
        refusal.Code switch
        {
            "sessions-invalid" => "Отметьте хотя бы одного человека.",
            "sheets-missing" when refusal.Facts["missing"] is IEnumerable<int> missing =>
                $"Не хватает листов: {string.Join(", ", missing)}. Найдите их и наберите коды; если листа нет, напишите почему.",
            "sheet-code-mistyped" => $"Код «{refusal.Facts["sheet"]}» набран с ошибкой. {refusal.Detail}",
            "ended-at-invalid" => "Время окончания — между началом работы и этой минутой.",
            _ => refusal.Facts.TryGetValue("slot", out var slot) ? $"Задание {slot}: {refusal.Detail}" : refusal.Detail,
        };

    internal static string Of(PaperStage stage) =>
        stage switch
        {
            PaperStage.Prepared => "комплект готов",
            PaperStage.Writing => "пишет",
            PaperStage.Collected => "листы приняты",
            PaperStage.EnteredOnce => "введено один раз",
            PaperStage.Differs => "ввели по-разному",
            PaperStage.Entered => "введено",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
        };

    internal static string Of(JournalKind kind) =>
        kind switch
        {
            JournalKind.Presence => "На площадке",
            JournalKind.IdentityChecked => "Документ проверен",
            JournalKind.PlaceChecked => "Место проверено",
            JournalKind.MaterialsReceived => "Материалы получены",
            JournalKind.MaterialsHandedOut => "Материалы выданы",
            JournalKind.MaterialsStored => "Материалы сданы на хранение",
            JournalKind.MaterialsDestroyed => "Материалы уничтожены",
            JournalKind.Incident => "Происшествие",
            JournalKind.Corrected => "Исправление",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    internal static string Of(SiteDuty duty) =>
        duty switch
        {
            SiteDuty.Head => "руководитель",
            SiteDuty.Organiser => "организатор",
            SiteDuty.Technician => "технический специалист",
            SiteDuty.CommissionMember => "член региональной комиссии",
            _ => throw new ArgumentOutOfRangeException(nameof(duty), duty, null),
        };

    internal static string Of(MissingDutyReason reason) =>
        reason switch
        {
            MissingDutyReason.NotAppointed => "не назначен",
            MissingDutyReason.NotPresent => "назначен, присутствие не отмечено",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };

    internal static string Of(RosterState state) =>
        state switch
        {
            RosterState.NotCome => "не пришёл",
            RosterState.Absent => "отмечена неявка",
            RosterState.Admitted => "допущен, не начинал",
            RosterState.Started => "пишет",
            RosterState.Finished => "завершил",
            RosterState.Annulled => "сеанс аннулирован",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    internal static string Of(MaterialsMove move) =>
        move switch
        {
            MaterialsMove.Received => "получены",
            MaterialsMove.HandedOut => "выданы",
            MaterialsMove.Stored => "сданы на хранение",
            MaterialsMove.Destroyed => "уничтожены",
            _ => throw new ArgumentOutOfRangeException(nameof(move), move, null),
        };

    /// <summary>The heading of a part of the act, by the name of the member that contains this part.</summary>
    internal static string PartOfAct(string member) =>
        member switch
        {
            "campaign" => "название мероприятия",
            "site" => "площадка",
            "date" or "sitting" => "время проведения",
            "counts" => "сколько пришло и завершило",
            "staff" => "кто работал на площадке",
            "missing" => "кого не хватало",
            "firstStart" or "lastEnd" => "начало и конец",
            "places" => "рабочие места",
            "incidents" => "происшествия",
            "annulments" => "аннулированные сеансы",
            "finishedBySite" => "завершено площадкой",
            "materials" => "материалы",
            _ => member,
        };
}
