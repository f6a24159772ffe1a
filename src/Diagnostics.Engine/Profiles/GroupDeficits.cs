using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <param name="Count">Number of people in the group whose result is at this level.</param>
public sealed record LevelCount(DeficitLevel Level, int Count);

/// <summary>The deficits of a group in one block, competency or element.</summary>
/// <param name="Block">Code of the unit's block.</param>
/// <param name="Assessed">Number of people who have a level in the unit.</param>
/// <param name="Levels">From the greatest deficit down; levels that nobody has are left out.</param>
/// <param name="Signals">Number of people for whom scarce evidence hints at a deficit.</param>
public sealed record UnitDeficits(string Code, string Title, string Block, int Assessed, IReadOnlyList<LevelCount> Levels, int Signals);

/// <summary>
/// The deficits that a group has in common: themes for a seminar rather than for one person (Технология ИОМ, the method
/// service).
/// </summary>
/// <param name="Profiles">Number of people counted.</param>
public sealed record GroupDeficits(
    int Profiles,
    IReadOnlyList<UnitDeficits> Blocks,
    IReadOnlyList<UnitDeficits> Competencies,
    IReadOnlyList<UnitDeficits> Elements
);

/// <summary>Counts profiles one by one, in memory that does not grow with the number of profiles.</summary>
public sealed class DeficitCounter
{
    private readonly Units blocks = new(),
        competencies = new(),
        elements = new();
    private int profiles;

    public void Add(DeficitProfile profile)
    {
        profiles++;
        foreach (var block in profile.Blocks)
            blocks.Add(block.Code, block.Title, block.Code, block.Result.Level, null);
        foreach (var each in profile.Competencies ?? [])
            competencies.Add(each.Code, each.Title, each.Block, each.Level, each.Signal);
        foreach (var element in profile.Elements)
            elements.Add(element.Code, element.Title, element.Block, element.Level, element.Signal);
    }

    public GroupDeficits Counted() => new(profiles, blocks.Counted(), competencies.Counted(), elements.Counted());

    /// <summary>Units in the order of arrival, which is the order of the framework.</summary>
    private sealed class Units
    {
        private readonly OrderedDictionary<string, Unit> known = new(StringComparer.Ordinal);

        internal void Add(string code, string title, string block, DeficitLevel? level, ElementSignal? signal)
        {
            if (!known.TryGetValue(code, out var unit))
                known[code] = unit = new(title, block);
            if (level is { } found)
                unit.Levels[(int)found]++;
            if (signal is ElementSignal.PossibleDeficit)
                unit.Signals++;
        }

        internal List<UnitDeficits> Counted() =>
            known
                .Select(unit => new UnitDeficits(
                    unit.Key,
                    unit.Value.Title,
                    unit.Value.Block,
                    unit.Value.Levels.Sum(),
                    Enum.GetValues<DeficitLevel>()
                        .Select(level => new LevelCount(level, unit.Value.Levels[(int)level]))
                        .Where(level => level.Count > 0)
                        .ToList(),
                    unit.Value.Signals
                ))
                .ToList();
    }

    private sealed class Unit(string title, string block)
    {
        internal string Title { get; } = title;
        internal string Block { get; } = block;
        internal int[] Levels { get; } = new int[Enum.GetValues<DeficitLevel>().Length];
        internal int Signals { get; set; }
    }
}
