namespace Diagnostics.Psychometrics.Classical;

/// <summary>Codes of possible faults of an item. The service holds the sentence that explains each code.</summary>
public enum FlagCode
{
    /// <summary>A distractor attracts strong people, more than the key does: the key may be wrong.</summary>
    KeySuspect,

    /// <summary>A distractor attracts strong people, though less than the key does: two options may be right.</summary>
    StrongDistractor,

    /// <summary>Too few people choose the distractor for it to be of use.</summary>
    IdleDistractor,

    /// <summary>Stronger people score lower.</summary>
    NegativeDiscrimination,
    WeakDiscrimination,
    TooEasy,
    TooHard,

    /// <summary>Everyone has the same score.</summary>
    NoVariance,
    OftenOmitted,
    OftenNotReached,
}

/// <param name="Item">0-based.</param>
/// <param name="Option">0-based; null when the flag is not about one option.</param>
/// <param name="Value">The figure that raised the flag.</param>
/// <param name="Limit">The limit that the figure crossed.</param>
public sealed record ItemFlag(FlagCode Code, int Item, int? Option, double Value, double Limit);

/// <summary>
/// Thresholds of the flags. The defaults are rules of thumb in the field; a policy may set other limits.
/// </summary>
/// <param name="Easy">Difficulty above which an item is too easy.</param>
/// <param name="Hard">Difficulty below which an item is too hard.</param>
/// <param name="Discrimination">Corrected item–total correlation below which an item is weak: Crocker &amp; Algina
/// (1986), p. 324; Ebel (1965) also sets .20.</param>
/// <param name="IdleShare">A distractor is idle when less than this share of people choose it; Haladyna &amp; Downing
/// (1993), Educational and Psychological Measurement, 53, 999–1010, set 5 %.</param>
/// <param name="Significance">A distractor attracts strong people when its correlation with the rest exceeds this z
/// divided by √(n − 1); 2.326 corresponds to 1 %, one-sided.</param>
/// <param name="Omitted">An item is flagged when more than this share of people omitted it.</param>
/// <param name="NotReached">An item is flagged when more than this share of people did not reach it.</param>
public sealed record FlagLimits(
    double Easy = 0.95,
    double Hard = 0.10,
    double Discrimination = 0.15,
    double IdleShare = 0.05,
    double Significance = 2.326,
    double Omitted = 0.10,
    double NotReached = 0.10
);

/// <summary>Raises flags on items from their statistics.</summary>
public static class Flags
{
    public static IReadOnlyList<ItemFlag> Of(ItemStatistics item, FlagLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        limits ??= new();
        if (item.StandardDeviation is { IsDefined: true, Value: 0 })
            return [new(FlagCode.NoVariance, item.Item, null, 0, 0)];
        var flags = new List<ItemFlag>();
        if (item.Difficulty is { IsDefined: true, Value: var difficulty })
        {
            if (difficulty > limits.Easy)
                flags.Add(new(FlagCode.TooEasy, item.Item, null, difficulty, limits.Easy));
            if (difficulty < limits.Hard)
                flags.Add(new(FlagCode.TooHard, item.Item, null, difficulty, limits.Hard));
        }
        if (item.ItemRest is { IsDefined: true, Value: var rest })
        {
            if (rest < 0)
                flags.Add(new(FlagCode.NegativeDiscrimination, item.Item, null, rest, 0));
            else if (rest < limits.Discrimination)
                flags.Add(new(FlagCode.WeakDiscrimination, item.Item, null, rest, limits.Discrimination));
        }
        return flags;
    }

    /// <summary>
    /// Compares each distractor with the key by their correlations with the rest of the form, so that the key's own
    /// point does not count in its favour.
    /// </summary>
    public static IReadOnlyList<ItemFlag> Of(DistractorStatistics item, FlagLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        limits ??= new();
        var flags = new List<ItemFlag>();
        var key = item.Options.Single(option => option.IsKey).PointBiserialRest;
        var noise = limits.Significance / Math.Sqrt(item.Persons - 1);
        foreach (var option in item.Options.Where(option => option is { IsKey: false, Option: not null }))
        {
            if (option.Share < limits.IdleShare)
            {
                // With so few people, the correlation cannot show whether strong or weak people choose the option.
                flags.Add(new(FlagCode.IdleDistractor, item.Item, option.Option, option.Share, limits.IdleShare));
                continue;
            }
            if (option.PointBiserialRest is not { IsDefined: true, Value: var draw } || draw <= noise)
                continue;
            // A key that nobody or everybody chose has no correlation to compare with.
            var bound = key.IsDefined ? key.Value : 0;
            flags.Add(
                draw > bound
                    ? new(FlagCode.KeySuspect, item.Item, option.Option, draw, bound)
                    : new(FlagCode.StrongDistractor, item.Item, option.Option, draw, noise)
            );
        }
        return flags;
    }

    public static IReadOnlyList<ItemFlag> Of(OmissionStatistics item, FlagLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        limits ??= new();
        var flags = new List<ItemFlag>();
        if (item.Omitted > limits.Omitted)
            flags.Add(new(FlagCode.OftenOmitted, item.Item, null, item.Omitted, limits.Omitted));
        if (item.NotReached > limits.NotReached)
            flags.Add(new(FlagCode.OftenNotReached, item.Item, null, item.NotReached, limits.NotReached));
        return flags;
    }
}
