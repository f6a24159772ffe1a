using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;

namespace Diagnostics.Engine.Forms.Importing;

/// <summary>The part of the database that an import needs to decide which content is new.</summary>
/// <param name="Frameworks">Code and version → fingerprint.</param>
/// <param name="Blueprints">Code → latest version.</param>
/// <param name="Facets">Code → latest version.</param>
/// <param name="Items">Code → all versions.</param>
/// <param name="Seen">The content of each file at its last import (<see cref="SeenFile"/>).</param>
public sealed record StoredBank(
    IReadOnlyDictionary<(string Code, int Version), string> Frameworks,
    IReadOnlyDictionary<string, StoredVersion> Blueprints,
    IReadOnlyDictionary<string, StoredFacetVersion> Facets,
    ILookup<string, StoredVersion> Items,
    IReadOnlySet<SeenFile> Seen
) : StoredItems(Frameworks, Facets, Items, Seen);

public sealed record NewBlueprint(Blueprint Blueprint, int Version, string Fingerprint);

/// <summary>
/// Everything that an import must write: only differences from the database. In data already stored, only statuses ever
/// change.
/// </summary>
public sealed record ImportPlan(
    IReadOnlyList<Framework> Frameworks,
    IReadOnlyList<NewBlueprint> Blueprints,
    IReadOnlyList<NewItem> Items,
    IReadOnlyList<NewFacet> Facets,
    IReadOnlyList<StatusMove> Moves,
    IReadOnlyList<SeenFile> Seen,
    IReadOnlyList<Finding> Findings
) : ItemImport(Frameworks, Items, Facets, Moves, Seen, Findings)
{
    public override bool IsEmpty => base.IsEmpty && Blueprints.Count == 0;

    /// <param name="reading">The files, with the findings of reading and of lint; anything with errors is left
    /// out.</param>
    public static ImportPlan Of(BankReading reading, StoredBank stored)
    {
        var planner = new ItemImportPlanner(reading.Bank, reading.Findings, stored);
        var items = planner.Plan();
        // Lint findings on a blueprint do not stop the blueprint here: they concern the form made from it, and the
        // assembly of that form has its own check. A refused framework does stop the blueprint, because the blueprint
        // may name units that the stored data lack.
        var files = reading
            .Bank.Blueprints.Select(blueprint =>
                (Blueprint: blueprint, File: new SeenFile("blueprint", blueprint.Code, BlueprintJson.Fingerprint(blueprint)))
            )
            .Where(read =>
                !stored.Seen.Contains(read.File) && planner.IsAccepted(read.Blueprint.Framework, read.Blueprint.FrameworkVersion)
            )
            .ToList();
        var blueprints = files.Select(read => New(read.Blueprint, read.File.Fingerprint, stored)).OfType<NewBlueprint>().ToList();
        return new(
            items.Frameworks,
            blueprints,
            items.Items,
            items.Facets,
            items.Moves,
            [.. items.Seen, .. files.Select(read => read.File)],
            items.Findings
        );
    }

    private static NewBlueprint? New(Blueprint blueprint, string fingerprint, StoredBank stored)
    {
        var latest = stored.Blueprints.GetValueOrDefault(blueprint.Code);
        return latest?.Fingerprint == fingerprint ? null : new(blueprint, (latest?.Version ?? 0) + 1, fingerprint);
    }
}
