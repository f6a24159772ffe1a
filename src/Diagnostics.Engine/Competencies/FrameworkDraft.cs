namespace Diagnostics.Engine.Competencies;

/// <summary>A reference to a version of a framework.</summary>
public sealed record FrameworkReference(string Code, int Version);

/// <summary>The next version of a framework, not yet published.</summary>
/// <param name="Code">Code of an existing framework or of a new one.</param>
/// <param name="Source">The legal acts behind the framework.</param>
/// <param name="Extends">The framework to which a region adds its own competencies. The draft contains that framework
/// whole and unchanged, so that results under either framework can be found under the other.</param>
public sealed record FrameworkDraft(
    string Code,
    string Title,
    string Source,
    IReadOnlyList<Block> Blocks,
    FrameworkReference? Extends = null
)
{
    private const int MaxText = 300,
        MaxUnits = 1000;

    internal Framework As(int version) => new(Code, version, Title, Source, Blocks);

    /// <summary>Faults of the draft itself, without regard to other versions.</summary>
    internal IEnumerable<string> Faults()
    {
        if (!Codes.IsCode(Code))
            yield return "code — строчные латинские буквы, цифры и дефис.";
        if (DocumentText.Fault("title", Title, MaxText) is { } title)
            yield return title;
        if (DocumentText.Fault("source", Source) is { } source)
            yield return source;
        if (Blocks.Count == 0)
            yield return "В рамке нет ни одного блока.";
        var units = FrameworkUnit.Of(As(1)).ToList();
        if (units.Count > MaxUnits)
            yield return $"В рамке больше {MaxUnits} блоков, компетенций и элементов.";
        foreach (var twice in units.CountBy(unit => unit.Code).Where(count => count.Value > 1))
            yield return $"Код «{twice.Key}» назван дважды.";
        foreach (var unit in units)
        {
            // A code starts with the parent's code, so an element that moved would be a different element.
            var own =
                unit.Parent is null ? unit.Code
                : unit.Code.StartsWith($"{unit.Parent}.", StringComparison.Ordinal) ? unit.Code[(unit.Parent.Length + 1)..]
                : "";
            if (!Codes.IsCode(own) || unit.Code.Length > Codes.MaxLength)
            {
                yield return unit.Parent is null
                    ? $"Код блока «{unit.Code}» — строчные латинские буквы, цифры и дефис."
                    : $"Код «{unit.Code}» начинается не с «{unit.Parent}.» и строчных латинских букв, цифр и дефиса после "
                        + $"точки или длиннее {Codes.MaxLength} знаков.";
            }
            if (DocumentText.Fault("title", unit.Title, MaxText) is { } fault)
                yield return $"«{unit.Code}»: {fault}";
        }
        foreach (var block in Blocks)
        {
            if (DocumentText.Fault("adjective", block.Adjective, MaxText) is { } fault)
                yield return $"«{block.Code}»: {fault}";
            if (block.Competencies.Count == 0)
                yield return $"В блоке «{block.Code}» нет ни одной компетенции.";
            foreach (var competency in block.Competencies)
            {
                if (DocumentText.Fault("function", competency.Function, MaxText) is { } function)
                    yield return $"«{competency.Code}»: {function}";
                if (competency.Elements.Count == 0)
                    yield return $"В компетенции «{competency.Code}» нет ни одного элемента.";
            }
        }
    }
}

/// <summary>The published versions of a framework, which limit what its next version may change.</summary>
/// <param name="versions">All versions, in their order.</param>
public sealed class FrameworkHistory(IReadOnlyList<Framework> versions)
{
    public int NextVersion => versions.Count == 0 ? 1 : versions[^1].Version + 1;

    public Framework? Latest => versions.Count == 0 ? null : versions[^1];

    /// <summary>Everything that prevents publication; empty when nothing does.</summary>
    /// <param name="extended">The framework that the draft extends; null when it extends none.</param>
    public IReadOnlyList<string> Faults(FrameworkDraft draft, Framework? extended)
    {
        var faults = draft.Faults().ToList();
        if (faults.Count > 0)
            return faults;
        var units = FrameworkUnit.Of(draft.As(NextVersion)).ToDictionary(unit => unit.Code);
        // A reused code would have two meanings for people who keep old profiles.
        var given = versions.SelectMany(FrameworkUnit.Of).Select(unit => unit.Code).ToHashSet(StringComparer.Ordinal);
        var live = Latest is { } latest ? FrameworkUnit.Of(latest).Select(unit => unit.Code).ToHashSet(StringComparer.Ordinal) : [];
        faults.AddRange(
            units
                .Keys.Where(code => given.Contains(code) && !live.Contains(code))
                .Select(code => $"Код «{code}» был в прежней версии и от него отказались: дайте новый.")
        );
        if (extended is not null)
        {
            faults.AddRange(
                FrameworkUnit
                    .Of(extended)
                    .Where(unit => !units.TryGetValue(unit.Code, out var own) || own != unit)
                    .Select(unit => $"«{unit.Code}» рамки {extended.Code}/{extended.Version} должно стоять здесь без изменений.")
            );
        }
        if (Latest is { } before && FrameworkComparison.Between(before, draft.As(NextVersion)).IsEmpty)
            faults.Add($"Рамка не отличается от версии {before.Version}.");
        return faults;
    }

    /// <exception cref="InvalidOperationException">The draft has faults.</exception>
    public Framework Publish(FrameworkDraft draft, Framework? extended) =>
        Faults(draft, extended) is { Count: > 0 } faults
            ? throw new InvalidOperationException(string.Join(" ", faults))
            : draft.As(NextVersion);
}

/// <summary>The kinds of units that a framework code may name.</summary>
public enum FrameworkUnitKind
{
    Block,
    Competency,
    Element,
}

/// <summary>A single block, competency or element.</summary>
/// <param name="Parent">Code of the parent; null for a block.</param>
/// <param name="Detail">A block's adjective, or a competency's function.</param>
public sealed record FrameworkUnit(FrameworkUnitKind Kind, string Code, string Title, string? Parent, string? Detail)
{
    internal static IEnumerable<FrameworkUnit> Of(Framework framework)
    {
        foreach (var block in framework.Blocks)
        {
            yield return new(FrameworkUnitKind.Block, block.Code, block.Title, null, block.Adjective);
            foreach (var competency in block.Competencies)
            {
                yield return new(FrameworkUnitKind.Competency, competency.Code, competency.Title, block.Code, competency.Function);
                foreach (var element in competency.Elements)
                    yield return new(FrameworkUnitKind.Element, element.Code, element.Title, competency.Code, null);
            }
        }
    }
}

/// <summary>A unit that kept its code but changed its wording.</summary>
public sealed record ReworkedUnit(FrameworkUnit Before, FrameworkUnit After);

/// <summary>The differences between two versions.</summary>
/// <param name="Reordered">Whether both versions have the same codes, in a different order.</param>
public sealed record FrameworkComparison(
    FrameworkReference From,
    FrameworkReference To,
    IReadOnlyList<FrameworkUnit> Added,
    IReadOnlyList<FrameworkUnit> Removed,
    IReadOnlyList<ReworkedUnit> Reworded,
    bool Reordered
)
{
    internal bool IsEmpty => Added.Count + Removed.Count + Reworded.Count == 0 && !Reordered;

    /// <param name="from">The earlier version, or the framework that a region's framework extends.</param>
    public static FrameworkComparison Between(Framework from, Framework to)
    {
        var (before, after) = (FrameworkUnit.Of(from).ToList(), FrameworkUnit.Of(to).ToList());
        var known = before.ToDictionary(unit => unit.Code);
        var added = after.Where(unit => !known.ContainsKey(unit.Code)).ToList();
        var removed = before.ExceptBy(after.Select(unit => unit.Code), unit => unit.Code).ToList();
        return new(
            new(from.Code, from.Version),
            new(to.Code, to.Version),
            added,
            removed,
            after
                .Where(unit => known.TryGetValue(unit.Code, out var old) && old != unit)
                .Select(unit => new ReworkedUnit(known[unit.Code], unit))
                .ToList(),
            // Profiles list their units in the order of the framework, so a new order alone is a difference.
            added.Count + removed.Count
                == 0
                && !before.Select(unit => unit.Code).SequenceEqual(after.Select(unit => unit.Code))
        );
    }
}
