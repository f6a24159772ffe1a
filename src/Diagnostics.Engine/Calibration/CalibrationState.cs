namespace Diagnostics.Engine.Calibration;

/// <summary>
/// <c>queued → running → completed | failed | cancelled</c>. A person makes a completed run <c>approved</c> or
/// <c>rejected</c>, and the next approval for the same form makes an approved run <c>superseded</c>.
/// </summary>
public enum CalibrationState
{
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
    Approved,
    Rejected,
    Superseded,
}

/// <summary>The steps of a run, in order.</summary>
public enum CalibrationStep
{
    Reading,
    Classical,
    Fitting,
    ItemFit,
    Equating,
    Differential,
    Saving,
}

/// <param name="Share">Completed share of the whole work, 0…1.</param>
public sealed record CalibrationProgress(CalibrationStep Step, double Share);

public static class CalibrationMoves
{
    /// <summary>Whether the worker has finished with the run.</summary>
    public static bool IsOver(this CalibrationState state) => state is not (CalibrationState.Queued or CalibrationState.Running);

    /// <summary>
    /// Whether there are reports to read. A failed run has the classical reports if its scores could be read.
    /// </summary>
    public static bool MayHaveReports(this CalibrationState state) => state.IsOver() && state is not CalibrationState.Cancelled;

    public static Result<CalibrationState> Cancel(this CalibrationState from) =>
        from switch
        {
            CalibrationState.Queued => CalibrationState.Cancelled,
            // The state does not change yet: the worker stops the run as soon as it sees the request to cancel.
            CalibrationState.Running => CalibrationState.Running,
            _ => Not("отменить", from),
        };

    public static Result<CalibrationState> Approve(this CalibrationState from) =>
        from is CalibrationState.Completed ? CalibrationState.Approved : Not("утвердить", from);

    public static Result<CalibrationState> Reject(this CalibrationState from) =>
        from is CalibrationState.Completed ? CalibrationState.Rejected : Not("отклонить", from);

    /// <summary>Describes the state for people.</summary>
    public static string Describe(this CalibrationState state) =>
        state switch
        {
            CalibrationState.Queued => "ждёт очереди",
            CalibrationState.Running => "считается",
            CalibrationState.Completed => "сосчитана, ждёт решения",
            CalibrationState.Failed => "не удалась",
            CalibrationState.Cancelled => "отменена",
            CalibrationState.Approved => "утверждена и действует",
            CalibrationState.Rejected => "отклонена",
            CalibrationState.Superseded => "заменена более новой",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    public static string Describe(this CalibrationStep step) =>
        step switch
        {
            CalibrationStep.Reading => "читаются баллы",
            CalibrationStep.Classical => "считается классическая статистика",
            CalibrationStep.Fitting => "оцениваются параметры заданий",
            CalibrationStep.ItemFit => "проверяется согласие заданий с моделью",
            CalibrationStep.Equating => "сравниваются варианты",
            CalibrationStep.Differential => "сравниваются группы участников",
            CalibrationStep.Saving => "записываются результаты",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };

    private static Refusal Not(string action, CalibrationState from) =>
        Refusal
            .Conflict("calibration-state", $"Нельзя {action} калибровку: она {from.Describe()}.")
            .With("calibrationState", Codes.Of(from));
}
