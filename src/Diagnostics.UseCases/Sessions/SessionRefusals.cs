using Diagnostics.Engine;
using Diagnostics.Storage.Sessions;

namespace Diagnostics.UseCases.Sessions;

internal static class SessionRefusals
{
    /// <summary>
    /// The refusal when there is no such session. Another person's session is refused in the same way, because the
    /// caller must not learn that it exists.
    /// </summary>
    internal static readonly Refusal NotFound = Refusal.NotFound("session-not-found", "Такого сеанса нет.");

    internal static readonly Refusal NoSlot = Refusal.NotFound("slot-not-found", "В этом варианте нет задания с таким номером.");

    internal static readonly Refusal Changed = Refusal.Conflict(
        "session-changed",
        "Сеанс только что изменился; прочитайте его и повторите."
    );

    internal static readonly Refusal MarkedAbsent = Refusal.Conflict(
        "marked-absent",
        "Отмечено, что участник не явился: сначала снимите отметку о неявке."
    );

    internal static readonly Refusal NotMarkedAbsent = Refusal.Conflict("not-marked-absent", "Отметки о неявке у этого сеанса нет.");

    internal static readonly Refusal SiteStands = Refusal.Conflict(
        "site-interrupted",
        "На площадке перерыв: начать можно, когда его закончат. Время сеанса ещё не идёт."
    );

    internal static readonly Refusal OnPaper = Refusal.Conflict(
        "session-on-paper",
        "Участник пишет на бумаге: сеанс завершит ввод ответов с бланков."
    );

    internal static Refusal StartedOnScreen(SessionRow session) =>
        Refusal
            .Conflict("session-started", "Сеанс уже начат на экране: бланки ему не готовят.")
            .With("session", session.Id)
            .With("state", Codes.Of(session.Clock.State));

    internal static Refusal NotNow(SessionWindowRow window) =>
        window.CancelledAt is not null
            ? Refusal.Conflict("sitting-cancelled", "Проведение, на которое записан участник, отменено: оператор назначит другое.")
            : Refusal
                .Conflict("outside-sitting-window", "Сеанс можно начать только во время, назначенное для проведения диагностики.")
                .With("from", window.Begins)
                .With("to", window.LastEnd);

    internal static readonly Refusal TooManyEvents = new(
        "too-many-events",
        RefusalKind.TooMany,
        "О событиях этого сеанса сообщено уже слишком много раз; новые не записываются."
    );
}
