namespace Diagnostics.Engine.Competencies;

/// <summary>
/// Makes a draft of a framework from a CASE package written by another system. Fields that CASE lacks, such as a
/// block's adjective, stay empty; the draft reports them as faults, and people fill them in.
/// </summary>
public static class CaseImport
{
    private const int Levels = 3;

    public static readonly Refusal Empty = Refusal.Invalid("case-empty", "В пакете нет ни одного пункта (CFItems).");

    public static readonly Refusal ItemTwice = Refusal.Invalid("case-item-twice", "Два пункта пакета носят один identifier.");

    /// <param name="code">Code for the framework, because CASE has none.</param>
    public static Result<FrameworkDraft> Draft(string code, CasePackage package)
    {
        var items = package.Items ?? [];
        if (items.Count == 0)
            return Empty;
        if (items.DistinctBy(item => item.Identifier).Count() < items.Count)
            return ItemTwice;
        var known = items.Select(item => item.Identifier).Append(package.Document.Identifier).ToHashSet();
        var places = new Dictionary<Guid, (Guid Parent, int Sequence)>();
        foreach (var association in package.Associations ?? [])
        {
            // Associations with other documents say nothing about the structure of this one.
            if (
                association.AssociationType != CaseAssociation.IsChildOf
                || !Guid.TryParse(association.Origin.Identifier, out var origin)
                || !known.Contains(origin)
                || !Guid.TryParse(association.Destination.Identifier, out var parent)
                || !known.Contains(parent)
            )
                continue;
            var place = (parent, association.SequenceNumber ?? int.MaxValue);
            if (places.TryGetValue(origin, out var other) && other.Parent != parent)
                return NoTree(association.Origin.Title);
            places[origin] = place;
        }
        if (items.FirstOrDefault(item => !places.ContainsKey(item.Identifier)) is { } unplaced)
            return NoTree(unplaced.FullStatement);
        var under = items.OrderBy(item => places[item.Identifier].Sequence).ToLookup(item => places[item.Identifier].Parent);
        var placed = new HashSet<Guid>();
        CaseItem? tooDeep = null;
        var blocks = Within(package.Document.Identifier, null, 1);
        if (tooDeep is not null)
            return TooDeep(tooDeep.FullStatement);
        // Items that contain each other in a circle cannot be reached from the root.
        if (items.FirstOrDefault(item => !placed.Contains(item.Identifier)) is { } unreached)
            return NoTree(unreached.FullStatement);
        return new FrameworkDraft(
            code,
            package.Document.Title,
            package.Document.Notes ?? package.Document.Creator,
            blocks
                .Select(block => new Block(
                    block.Code,
                    block.Item.FullStatement,
                    block.Item.Extensions?.Adjective ?? "",
                    block
                        .Within.Select(competency => new Competency(
                            competency.Code,
                            competency.Item.FullStatement,
                            competency.Item.Extensions?.Function ?? "",
                            competency.Within.Select(element => new Element(element.Code, element.Item.FullStatement)).ToList()
                        ))
                        .ToList()
                ))
                .ToList()
        );

        List<Unit> Within(Guid parent, string? parentCode, int level)
        {
            var units = new List<Unit>();
            foreach (var item in under[parent])
            {
                placed.Add(item.Identifier);
                if (level > Levels)
                {
                    tooDeep ??= item;
                    return units;
                }
                var itemCode = CodeOf(item, parentCode, units.Count + 1, units.Select(unit => unit.Code));
                units.Add(new(itemCode, item, Within(item.Identifier, itemCode, level + 1)));
            }
            return units;
        }
    }

    public static Refusal TooDeep(string title) =>
        Refusal
            .Invalid("case-too-deep", $"«{title}» стоит ниже третьего уровня: в рамке есть блоки, компетенции и элементы.")
            .With("item", title);

    public static Refusal NoTree(string title) =>
        Refusal
            .Invalid(
                "case-no-tree",
                $"«{title}» стоит в нескольких местах или ни в одном: каждый пункт связан isChildOf с одним пунктом или с документом."
            )
            .With("item", title);

    /// <summary>
    /// Uses the package's own code if it is valid, and otherwise the unit's position. If this service wrote the code,
    /// it already begins with the parent's code, which is not added again.
    /// </summary>
    private static string CodeOf(CaseItem item, string? parent, int place, IEnumerable<string> taken)
    {
        var scheme = item.HumanCodingScheme ?? "";
        if (parent is not null && scheme.StartsWith($"{parent}.", StringComparison.Ordinal))
            scheme = scheme[(parent.Length + 1)..];
        var own = string.Concat(scheme.ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-')).Trim('-');
        var code = parent is null ? own : $"{parent}.{own}";
        return Codes.IsCode(own) && code.Length <= Codes.MaxLength && !taken.Contains(code) ? code
            : parent is null ? $"n{place}"
            : $"{parent}.n{place}";
    }

    private sealed record Unit(string Code, CaseItem Item, IReadOnlyList<Unit> Within);
}
