using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Sessions;

namespace Diagnostics.Server.Pages.Campaigns;

/// <summary>A button or link: its text, and the path to which it leads.</summary>
internal sealed record PageAction(string Text, string Path);

/// <summary>Describes in words how far a person has come in a campaign, with the single thing to do next.</summary>
/// <param name="Tone">The CSS class for the label's colour. The colour only reinforces the label's words.</param>
/// <param name="IsNow">Whether the person must do something now.</param>
/// <param name="IsOver">Whether the campaign is over for this person, so that date and place no longer matter.</param>
internal sealed record JourneyStep(
    string Status,
    string Tone,
    string Sentence,
    PageAction? Action = null,
    bool IsNow = false,
    bool IsOver = false
)
{
    internal static JourneyStep Of(JourneyCard.Facts facts) =>
        facts.Application.Status switch
        {
            ApplicationStatus.Submitted or ApplicationStatus.Approved when facts.Campaign.Status is CampaignStatus.Cancelled => new(
                "Диагностика отменена",
                "bad",
                "Оператор отменил эту диагностику. Приходить никуда не нужно; подать заявление можно на другую.",
                IsOver: true
            ),
            ApplicationStatus.Submitted => new(
                "Заявление на рассмотрении",
                "warn",
                "Оператор диагностики рассмотрит заявление, и решение появится здесь."
            ),
            ApplicationStatus.Rejected => new(
                "Заявление отклонено",
                "bad",
                facts.Application.Reason is { } reason ? $"Причина: {reason}" : "Оператор диагностики отклонил заявление.",
                IsOver: true
            ),
            ApplicationStatus.Withdrawn => new("Заявление отозвано", "", "Вы не участвуете в этой диагностике.", IsOver: true),
            ApplicationStatus.Approved => OfSession(facts),
            var unknown => throw new ArgumentOutOfRangeException(nameof(facts), unknown, null),
        };

    private static JourneyStep OfSession(JourneyCard.Facts facts)
    {
        if (facts.ResultId is { } result)
            return new(
                "Результат готов",
                "good",
                "Результат проверен и опубликован.",
                new("Посмотреть результат", $"/results/{result}"),
                IsNow: true,
                IsOver: true
            );
        if (facts.Session is not { } session)
            return new("Сеанс отменён", "", "Сеанса у вас сейчас нет. Если это ошибка, обратитесь к оператору диагностики.", IsOver: true);
        if (facts.Application.Sitting is { CancelledAt: not null })
        {
            return new(
                "Время меняется",
                "warn",
                "День и место, которые вам назначили, отменены. Заявление остаётся одобренным: оператор назначит другие, и они появятся здесь."
            );
        }
        var room = $"/sessions/{session.Id}";
        return session.State switch
        {
            SessionState.Scheduled when facts.Now < facts.Campaign.Windows.SittingFrom => new(
                "Вы записаны",
                "go",
                "Заявление одобрено, место за вами.",
                new("Проверить устройство", room)
            ),
            SessionState.Scheduled => new(
                "Можно приходить",
                "go",
                "Диагностика идёт. Придя на площадку, откройте комнату ожидания: тест начнётся, когда организатор вас допустит.",
                new("В комнату ожидания", room),
                IsNow: true
            ),
            SessionState.Open => new("Вас допустили", "good", "Можно начинать.", new("Начать", room), IsNow: true),
            SessionState.InProgress => new(
                "Тест идёт",
                "go",
                "Сеанс начат, время идёт.",
                new("Продолжить тест", $"{room}/test"),
                IsNow: true
            ),
            SessionState.Paused => new(
                "Пауза",
                "warn",
                "Сеанс приостановлен на площадке, время стоит.",
                new("Вернуться к тесту", $"{room}/test"),
                IsNow: true
            ),
            SessionState.Finished or SessionState.Expired => new(
                "Ждём результатов",
                "",
                "Ответы приняты. Эксперты проверяют работы; результат появится здесь после публикации.",
                new("Квитанция", $"{room}/receipt"),
                IsOver: true
            ),
            SessionState.Annulled => new(
                "Сеанс отменён",
                "",
                "Сеанс аннулирован. Если это ошибка, обратитесь к оператору диагностики.",
                IsOver: true
            ),
            var unknown => throw new ArgumentOutOfRangeException(nameof(facts), unknown, null),
        };
    }
}
