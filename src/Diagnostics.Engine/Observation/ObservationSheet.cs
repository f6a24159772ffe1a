using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Observation;

/// <summary>
/// The scales of expert sheets (метод экспертных оценок): да/нет; 0, 1, 2; 1–5; низкий, средний, высокий.
/// </summary>
public enum SheetScale
{
    YesNo,
    ZeroToTwo,
    OneToFive,
    LowMediumHigh,
}

public static class SheetScales
{
    public static int Lowest(this SheetScale scale) =>
        scale switch
        {
            SheetScale.YesNo or SheetScale.ZeroToTwo => 0,
            SheetScale.OneToFive or SheetScale.LowMediumHigh => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, null),
        };

    public static int Highest(this SheetScale scale) =>
        scale switch
        {
            SheetScale.YesNo => 1,
            SheetScale.ZeroToTwo => 2,
            SheetScale.OneToFive => 5,
            SheetScale.LowMediumHigh => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, null),
        };

    /// <summary>The word for a rating on the sheet.</summary>
    public static string Label(this SheetScale scale, int rating) =>
        scale switch
        {
            SheetScale.YesNo => rating == 0 ? "нет" : "да",
            SheetScale.LowMediumHigh => rating switch
            {
                1 => "низкий",
                2 => "средний",
                _ => "высокий",
            },
            _ => rating.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };

    internal static IEnumerable<int> Ratings(this SheetScale scale) =>
        Enumerable.Range(scale.Lowest(), scale.Highest() - scale.Lowest() + 1);
}

/// <summary>What is observed (clauses 6.1 and 6.2).</summary>
public enum ObservedOccasion
{
    OpenLesson,
    Talk,
    Contest,
    Meeting,
    Attestation,
}

/// <summary>How ratings that are far apart are reconciled.</summary>
public enum ReconcileRule
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The lowest of them.</summary>
    Lowest,

    /// <summary>The rating on which the experts agree after the observation; until then there is none.</summary>
    Agreed,
}

/// <param name="DifferenceFrom">Ratings at least this many steps apart are reconciled by the rule; closer ones always by
/// their mean.</param>
/// <param name="SelfAlone">Whether a self-observation counts where no expert observed.</param>
public sealed record Reconciliation(ReconcileRule Rule, int DifferenceFrom, bool SelfAlone);

/// <summary>
/// An expert sheet: the header with the facts about the observed object, the criteria on one scale, and the way in which
/// two experts' ratings are reconciled. Versions never change.
/// </summary>
/// <param name="Header">Facts about the object that the expert fills in, for example the topic of the lesson.</param>
public sealed record ObservationSheet(
    string Code,
    int Version,
    string Title,
    ObservedOccasion Occasion,
    FrameworkReference Framework,
    SheetScale Scale,
    Reconciliation Reconciliation,
    IReadOnlyList<SheetField> Header,
    IReadOnlyList<SheetCriterion> Criteria
);

public sealed record SheetField(string Code, string Title);

/// <param name="Text">What is seen, or not seen, during the observation.</param>
/// <param name="Weight">How many times the criterion counts, 1–10.</param>
/// <param name="Ratings">What each rating means; empty where the words of the scale say enough.</param>
/// <param name="Element">Null where only the competency is known.</param>
public sealed record SheetCriterion(
    string Code,
    string Text,
    string Competency,
    int Weight,
    IReadOnlyDictionary<string, string> Ratings,
    string? Element = null
);
