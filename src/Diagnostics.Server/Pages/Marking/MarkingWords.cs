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
        (ScriptFlag.Other, "Сообщить председателю о другом", "В том числе об опасном: угрозе себе или другим."),
        (null, "Просто вернуть в очередь", "Без пометки: не моя тема, нет времени."),
    ];

    /// <summary>«2 балла», «0,5 балла».</summary>
    internal static string PointsOf(Engine.Points points) =>
        points.Thousandths % 1000 == 0
            ? UseCases.Execution.Russian.Count((int)(points.Thousandths / 1000), "балл", "балла", "баллов").Replace(' ', '\u00A0')
            : $"{Numbers.Of(points)}\u00A0балла";
}
