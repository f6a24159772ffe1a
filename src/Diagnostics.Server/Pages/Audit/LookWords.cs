using System.Collections.Frozen;
using Diagnostics.UseCases.Audit;

namespace Diagnostics.Server.Pages.Audit;

/// <summary>Says to a person what somebody looked at.</summary>
internal static class LookWords
{
    private static readonly FrozenDictionary<string, string> OfActions = new Dictionary<string, string>
    {
        ["access-code.issued"] = "Код входа на тест, с именем",
        ["access-codes.issued"] = "Листок с кодами входа и именами",
        ["account.read"] = "Учётная запись",
        ["accounts.listed"] = "Список учётных записей",
        ["act.viewed"] = "Акт площадки",
        ["admissions.listed"] = "Допуски экспертов",
        ["alerts.listed"] = "Сигналы проверки",
        ["answers.listed"] = "Краткие ответы без имён",
        ["appeal.attachment-viewed"] = "Файл к апелляции",
        ["appeal.attachments-viewed"] = "Список файлов к апелляции",
        ["appeal.letter-viewed"] = "Письмо о решении по апелляции",
        ["appeal.scan-viewed"] = "Скан ответа, о котором апелляция",
        ["appeal.proceedings-viewed"] = "Ход рассмотрения апелляции",
        ["appeal.viewed"] = "Апелляция",
        ["appeal.work-viewed"] = "Работа, о которой апелляция",
        ["appeals.listed"] = "Список апелляций",
        ["application.viewed"] = "Заявление",
        ["applications.listed"] = "Список заявлений",
        ["applications.viewed"] = "Заявления",
        ["benchmarks.listed"] = "Эталоны",
        ["commission.viewed"] = "Состав комиссии и родство с участниками",
        ["commissions.listed"] = "Список комиссий",
        ["consents.viewed"] = "Согласия",
        ["corrections.listed"] = "Список просьб исправить данные",
        ["corrections.viewed"] = "Просьбы исправить данные",
        ["facet.exported"] = "Выгрузка заданий",
        ["facet.viewed"] = "Задания с ключами",
        ["facets.listed"] = "Список заданий",
        ["flags.listed"] = "Пометки экспертов",
        ["form.viewed"] = "Вариант теста",
        ["item.viewed"] = "Задание с ключом",
        ["items.checked"] = "Проверка банка заданий",
        ["items.listed"] = "Список заданий",
        ["journal.viewed"] = "Журнал площадки",
        ["observation.viewed"] = "Наблюдения за занятиями",
        ["people.listed"] = "Список участников",
        ["person.read"] = "Персональные данные",
        ["practice.viewed"] = "Результаты практики",
        ["profile.viewed"] = "Дефицитарный профиль",
        ["profiles.viewed"] = "Дефицитарные профили",
        ["questionnaire.viewed"] = "Самодиагностика",
        ["roster.read"] = "Список участников на площадке",
        ["scores.exported"] = "Выгрузка баллов без имён",
        ["scores.viewed"] = "Баллы",
        ["script.alike-viewed"] = "Одинаковые ответы без имён",
        ["script.claimed"] = "Ответ без имени: взят на проверку",
        ["script.scan-read"] = "Скан ответа без имени",
        ["script.read"] = "Ответ без имени",
        ["scripts.listed"] = "Список работ без имён",
        ["complex-profile.viewed"] = "Комплексный профиль",
        ["paper.printed"] = "Бланки с именем, для печати",
        ["paper.listed"] = "Кто пишет на бумаге, без имён",
        ["paper.scans-listed"] = "Список сканов ответов, без имени",
        ["paper.scan-viewed"] = "Скан ответа, без имени",
        ["paper.viewed"] = "Принятые бланки и задания, без имени",
        ["session.answers-viewed"] = "История ответов",
        ["session.events-viewed"] = "Журнал сеанса",
        ["session.receipt-viewed"] = "Квитанция о завершении",
        ["session.viewed"] = "Ход сеанса",
        ["sessions.listed"] = "Список сеансов",
        ["site-staff.listed"] = "Сотрудники площадки",
    }.ToFrozenDictionary();

    internal static string What(string action) => OfActions[action];

    internal static string Who(PersonLook look) =>
        look.By switch
        {
            LookedBy.Staff => "Сотрудник диагностики",
            LookedBy.Portal => $"Портал «{look.Client}»",
            LookedBy.Service => "Сама служба",
            _ => throw new ArgumentOutOfRangeException(nameof(look), look.By, null),
        };
}
