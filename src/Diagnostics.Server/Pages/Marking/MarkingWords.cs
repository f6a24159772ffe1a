using Diagnostics.Engine.Access;
using Diagnostics.Engine.Marking;

namespace Diagnostics.Server.Pages.Site;

internal static partial class Words
{
    internal static string Of(AdmissionState state) =>
        state switch
        {
            AdmissionState.Qualifying => "идёт квалификация",
            AdmissionState.Failed => "попытки квалификации исчерпаны",
            AdmissionState.Admitted => "допущены",
            AdmissionState.Paused => "приостановлено",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    /// <summary>Why an expert passes a script on, with what happens then.</summary>
    internal static readonly IReadOnlyList<(ScriptFlag? Flag, string Title, string Hint)> ReasonsToPassOn =
    [
        (ScriptFlag.AuthorRevealed, "Автор раскрыл себя", "Названо имя, школа или другое, по чему узнают человека."),
        (ScriptFlag.Unreadable, "Нечитаемо", "Текст испорчен или набран не в том поле."),
        (ScriptFlag.Dangerous, "Опасное", "Угроза себе или другим, просьба о помощи."),
        (ScriptFlag.Other, "Другое", "Ошибка в задании, чужой текст и всё, что нужно знать председателю."),
        (null, "Просто вернуть в очередь", "Без пометки: не моя тема, нет времени."),
    ];

    /// <summary>What happens to a flag: «Узнает председатель комиссии, не позже чем через час.»</summary>
    internal static string Of(FlagRule rule)
    {
        var told = string.Join(" и ", rule.Tell.Select(role => role is Role.Chair ? "председатель комиссии" : "оператор диагностики"));
        var soon = rule.WithinMinutes is { } minutes ? $"не позже чем через {Lasting(minutes)}" : "до утверждения результатов";
        return $"{(rule.Tell.Count > 1 ? "Узнают" : "Узнает")} {told}; посмотр{(rule.Tell.Count > 1 ? "ят" : "ит")} {soon}.";
    }

    private static string Lasting(int minutes) =>
        minutes % 1440 == 0 ? Count(minutes / 1440, "сутки", "суток", "суток")
        : minutes % 60 == 0 ? Count(minutes / 60, "час", "часа", "часов")
        : Count(minutes, "минуту", "минуты", "минут");

    private static string Count(int number, string one, string few, string many) =>
        UseCases.Execution.Russian.Count(number, one, few, many).Replace(' ', '\u00A0');

    /// <summary>«2 балла», «0,5 балла».</summary>
    internal static string PointsOf(Engine.Points points) =>
        points.Thousandths % 1000 == 0
            ? Count((int)(points.Thousandths / 1000), "балл", "балла", "баллов")
            : $"{Numbers.Of(points)}\u00A0балла";
}
