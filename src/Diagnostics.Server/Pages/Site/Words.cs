using Diagnostics.Engine.Access;

namespace Diagnostics.Server.Pages.Site;

/// <summary>Words that pages show. A word belongs here if it occurs on several pages or stands for a code.</summary>
internal static partial class Words
{
    internal const string ServiceName = "Диагностика";

    internal const string ErrorPrefix = "Ошибка: ";

    internal const string NoSanctions = "Результат диагностики не является основанием для санкций.";

    internal static string ErrorHeading(int status) =>
        status switch
        {
            400 => "Запрос не читается",
            401 => "Нужен вход",
            403 => "Сюда нельзя",
            404 => "Такой страницы нет",
            409 or 412 => "Сейчас это невозможно",
            413 => "Слишком много данных",
            422 => "В форме ошибка",
            429 => "Слишком часто",
            503 => "Служба перегружена",
            _ => "Что-то сломалось у нас",
        };

    internal static string? ErrorAdvice(int status) =>
        status switch
        {
            401 => "Войдите, и мы покажем эту страницу.",
            403 => "Если страница нужна вам по работе, обратитесь к оператору диагностики: права назначает он.",
            404 => "Возможно, адрес набран с ошибкой или страница принадлежит другому человеку.",
            429 => "Подождите несколько секунд и обновите страницу.",
            503 => "Подождите минуту и обновите страницу. Сохранённые ответы в безопасности.",
            >= 500 => "Ошибка уже записана в журнал. Обновите страницу через минуту; если не поможет, сообщите номер ниже.",
            _ => null,
        };

    /// <summary>
    /// A name for a device, made from its User-Agent header: the browser and the operating system, where they are
    /// known.
    /// </summary>
    internal static string DeviceOf(string said)
    {
        string? Named(params ReadOnlySpan<(string Mark, string Name)> known)
        {
            foreach (var (mark, name) in known)
                if (said.Contains(mark, StringComparison.Ordinal))
                    return name;
            return null;
        }

        var browser = Named(
            ("YaBrowser", "Яндекс Браузер"),
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari")
        );
        var system = Named(
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux")
        );
        return (browser, system) switch
        {
            ({ } program, { } machine) => $"{program}, {machine}",
            ({ } program, null) => program,
            (null, { } machine) => machine,
            _ => "Неизвестное устройство",
        };
    }

    internal static string Of(Role role) =>
        role switch
        {
            Role.Administrator => "администратор",
            Role.Auditor => "аудитор",
            Role.Operator => "оператор диагностики",
            Role.Author => "автор заданий",
            Role.Reviewer => "рецензент заданий",
            Role.SiteHead => "руководитель площадки",
            Role.Invigilator => "организатор в аудитории",
            Role.Expert => "эксперт региональной комиссии",
            Role.Chair => "председатель региональной комиссии",
            Role.ConflictMember => "член конфликтной комиссии",
            Role.ConflictChair => "председатель конфликтной комиссии",
            Role.Methodologist => "методист",
            Role.Participant => "участник диагностики",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };
}
