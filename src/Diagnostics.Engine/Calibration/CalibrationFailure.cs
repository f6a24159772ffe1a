using System.Globalization;
using Diagnostics.Psychometrics;

namespace Diagnostics.Engine.Calibration;

/// <summary>Why a run produced no parameters.</summary>
public enum CalibrationFailure
{
    /// <summary>Nobody has complete scores.</summary>
    NoScores,
    TooFewPersons,

    /// <summary>Everybody who sat a variant has the same points.</summary>
    NoVariance,
    TooFewItems,

    /// <summary>The chosen model is for dichotomous items only.</summary>
    NotDichotomous,

    /// <summary>An item is worth a fraction of a point, so its scores are not categories.</summary>
    PointsNotWhole,
    NotConverged,
    Singular,

    /// <summary>The run started several times and never ended: the service stopped each time.</summary>
    Interrupted,
    InternalError,
}

/// <summary>Puts the reasons into words.</summary>
public static class CalibrationWords
{
    public static string Why(Undefined reason) =>
        reason switch
        {
            Undefined.TooFewPersons => "слишком мало участников",
            Undefined.TooFewItems => "слишком мало заданий",
            Undefined.NoVariance => "нет разброса: у всех одно и то же",
            Undefined.PerfectScore => "крайний балл",
            Undefined.EmptyCategory => "один из возможных баллов никто не получил",
            Undefined.NotConverged => "вычисление не сошлось",
            Undefined.NoCommonUnits => "нет общих работ",
            Undefined.Singular => "данные не определяют оценку однозначно",
            Undefined.TooFewRaters => "слишком мало экспертов",
            Undefined.PerfectAgreement => "полное согласие: случайность не оценить",
            Undefined.NotDichotomous => "задание оценивается не как «верно — неверно»",
            Undefined.NotLinked => "варианты не связаны общими заданиями",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };

    /// <summary>Formats a number to two decimal places, with a decimal comma as in Russian.</summary>
    internal static string Number(double value) => value.ToString("0.0#", Comma);

    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = "," };

    internal static (CalibrationFailure Failure, string Detail) Of(Undefined reason) =>
        reason switch
        {
            Undefined.TooFewItems => (
                CalibrationFailure.TooFewItems,
                "Заданий, по которым есть разброс баллов, слишком мало для этой модели."
            ),
            Undefined.NotConverged => (
                CalibrationFailure.NotConverged,
                "Оценки не сошлись за отведённое число шагов. Попробуйте модель с общим наклоном (rasch, pcm), априорное "
                    + "распределение наклонов (slopePrior) или больше шагов (mostIterations)."
            ),
            Undefined.Singular => (
                CalibrationFailure.Singular,
                "Данные не определяют параметры однозначно: ошибок оценки нет. Попробуйте модель с общим наклоном (rasch, pcm) или больше участников."
            ),
            Undefined.TooFewPersons => (CalibrationFailure.TooFewPersons, "Слишком мало участников с разными баллами."),
            _ => (CalibrationFailure.NotConverged, $"Параметров нет: {Why(reason)}."),
        };
}

/// <summary>
/// A number in a report, or the reason why it is missing, given as a code for programs and in words for people.
/// </summary>
public sealed record Figure(double? Value, Undefined? Undefined = null, string? Why = null)
{
    private const int Places = 6;

    public static Figure Of(double value) =>
        double.IsFinite(value) ? new(Math.Round(value, Places)) : None(Psychometrics.Undefined.Singular);

    public static Figure Of(Estimate<double> estimate) => estimate.Reason is { } reason ? None(reason) : Of(estimate.Value);

    public static Figure Of<T>(Estimate<T> estimate, Func<T, double> part) =>
        estimate.Reason is { } reason ? None(reason) : Of(part(estimate.Value));

    public static Figure Of<T>(Estimate<T> estimate, Func<T, Estimate<double>> part) =>
        estimate.Reason is { } reason ? None(reason) : Of(part(estimate.Value));

    public static Figure None(Undefined reason) => new(null, reason, CalibrationWords.Why(reason));
}
