using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics.Classical;

namespace Diagnostics.Engine.Calibration;

/// <summary>How one item of one variant works.</summary>
/// <param name="Maximum">Largest possible score, points.</param>
/// <param name="Persons">Number of people who were given the item.</param>
/// <param name="Options">For choice items, who chooses each option; empty for other types.</param>
/// <param name="Model">Absent when the run produced no parameters at all.</param>
/// <param name="Differential">Groups for which the item is noticeably harder or easier at equal points; empty when
/// there are none.</param>
/// <param name="Flags">Possible faults to look at, in words.</param>
public sealed record ItemReport(
    int Variant,
    int Slot,
    string Code,
    int Version,
    string Block,
    string Element,
    ItemType Type,
    int Difficulty,
    int Maximum,
    int Persons,
    ClassicalItem Classical,
    IReadOnlyList<OptionReport> Options,
    ModelItem? Model,
    IReadOnlyList<DifferentialItem> Differential,
    IReadOnlyList<FlagReport> Flags
);

/// <param name="Mean">Mean score, points.</param>
/// <param name="Deviation">Standard deviation, points.</param>
/// <param name="Difficulty">Mean as a share of the maximum, 0–1; a higher value means an easier item.</param>
/// <param name="ItemRest">Corrected item–total correlation: the correlation with the points for the other
/// items.</param>
/// <param name="UpperLower">Mean score of the strongest 27 % of people minus the mean score of the weakest 27 %, as a
/// share of the maximum.</param>
/// <param name="AlphaWithout">Alpha of the variant without the item.</param>
/// <param name="Omitted">Share of people who left the item blank and answered a later one.</param>
/// <param name="NotReached">Share of people who answered neither the item nor any later one.</param>
public sealed record ClassicalItem(
    Figure Mean,
    Figure Deviation,
    Figure Difficulty,
    Figure ItemRest,
    Figure UpperLower,
    Figure AlphaWithout,
    Figure Omitted,
    Figure NotReached
);

/// <param name="Option">The author's id; absent for "no answer".</param>
/// <param name="Share">Share of people who chose the option, 0–1.</param>
/// <param name="MeanTotal">Mean points on the variant among people who chose the option.</param>
/// <param name="Correlation">Correlation between choosing the option and the points for the other items.</param>
/// <param name="Fifths">People are divided into fifths by their points. For each fifth, from the weakest to the
/// strongest, the share who chose the option; empty with fewer than five people.</param>
public sealed record OptionReport(
    string? Option,
    bool IsKey,
    int Count,
    double Share,
    Figure MeanTotal,
    Figure Correlation,
    IReadOnlyList<double> Fifths
);

/// <summary>An item under the model: P(X = k | θ) ∝ exp(k·a·θ + d_k).</summary>
/// <param name="Points">Points of the categories k = 0, 1, …, which are the points that somebody earned.</param>
/// <param name="Slope">The slope a; absent when the item was left out, for the reason in
/// <paramref name="Why"/>.</param>
/// <param name="SlopeError">Standard error of the slope; 0 where the slope is common.</param>
/// <param name="Steps">The abilities b_k, in logits, at which two neighbouring points are equally probable.</param>
/// <param name="Location">The difficulty: the mean of the steps, logits.</param>
/// <param name="Infit">Mean square weighted by information (1 is expected), with its standardized value.</param>
/// <param name="ScoreChiSquare">S-X² of Orlando and Thissen.</param>
public sealed record ModelItem(
    IReadOnlyList<int> Points,
    double? Slope,
    double? SlopeError,
    IReadOnlyList<double> Steps,
    IReadOnlyList<double> StepErrors,
    double? Location,
    Figure Infit,
    Figure InfitZ,
    Figure Outfit,
    Figure OutfitZ,
    Figure ScoreChiSquare,
    Figure ScoreDegrees,
    Figure ScoreProbability,
    string? Why = null
);

/// <param name="By">The kind of groups: <c>territory</c>, <c>organisation</c> or <c>site</c>.</param>
/// <param name="Group">The group that is compared with everybody else.</param>
/// <param name="Size">ETS class B or C; for polytomous items, BB or CC.</param>
/// <param name="Effect">Δ of Mantel and Haenszel; for polytomous items, the standardized difference of means. A
/// negative value means that the item is harder for the group.</param>
/// <param name="Probability">Probability that chance alone gives a difference at least this large.</param>
/// <param name="Detail">The finding in words.</param>
public sealed record DifferentialItem(string By, string Group, int Persons, string Size, double Effect, double Probability, string Detail);

/// <param name="Option">The author's id, when the flag is about one option.</param>
/// <param name="Value">The figure that raised the flag.</param>
/// <param name="Limit">The limit that the figure crossed.</param>
/// <param name="Detail">The meaning of the flag, and what to do.</param>
public sealed record FlagReport(string Code, string? Option, double Value, double Limit, string Detail);

/// <summary>Describes flags in words, for a commission.</summary>
internal static class FlagWords
{
    internal static FlagReport Of(ItemFlag flag, CalibrationItem item)
    {
        var option = flag.Option is { } at ? item.Options[at] : null;
        return new(Codes.Of(flag.Code), option, Math.Round(flag.Value, 6), Math.Round(flag.Limit, 6), Detail(flag, option));
    }

    internal static FlagReport Misfit(double outfit) =>
        new(
            "misfit",
            null,
            Math.Round(outfit, 6),
            outfit > 1 ? MostMeanSquare : LeastMeanSquare,
            outfit > 1
                ? $"Ответы на задание расходятся с моделью (средний квадрат остатка {CalibrationWords.Number(outfit)}): "
                    + "слабые неожиданно справляются или сильные неожиданно ошибаются. Проверьте формулировку и ключ."
                : "Ответы на задание предсказуемее, чем допускает модель (средний квадрат остатка "
                    + $"{CalibrationWords.Number(outfit)}): возможно, оно подсказано другим заданием."
        );

    /// <summary>
    /// Smallest mean square that is productive for measurement: Linacre, J. M. (2002), Rasch Measurement Transactions,
    /// 16(2), 878.
    /// </summary>
    internal const double LeastMeanSquare = 0.5;
    internal const double MostMeanSquare = 1.5;

    private static string Detail(ItemFlag flag, string? option) =>
        flag.Code switch
        {
            FlagCode.KeySuspect => $"Ключ, возможно, неверен: сильные выбирают вариант «{option}» чаще, чем ключ.",
            FlagCode.StrongDistractor => $"Вариант «{option}» привлекает сильных: возможно, верных ответов два.",
            FlagCode.IdleDistractor =>
                $"Вариант «{option}» почти никто не выбирает ({Percent(flag.Value)}): он не работает как неверный ответ.",
            FlagCode.NegativeDiscrimination => "Чем сильнее участник, тем ниже балл за задание: проверьте ключ и формулировку.",
            FlagCode.WeakDiscrimination =>
                $"Задание слабо отличает сильных от слабых (связь с остальным баллом {CalibrationWords.Number(flag.Value)}).",
            FlagCode.TooEasy => $"Задание слишком лёгкое: в среднем набирают {Percent(flag.Value)} баллов.",
            FlagCode.TooHard => $"Задание слишком трудное: в среднем набирают {Percent(flag.Value)} баллов.",
            FlagCode.NoVariance => "У всех один и тот же балл: задание ничего не измеряет.",
            FlagCode.OftenOmitted => $"Задание часто пропускают ({Percent(flag.Value)}).",
            FlagCode.OftenNotReached => $"До задания часто не доходят ({Percent(flag.Value)}): возможно, не хватает времени.",
            _ => throw new ArgumentOutOfRangeException(nameof(flag), flag.Code, null),
        };

    private static string Percent(double share) => $"{Math.Round(share * 100)} %";
}
