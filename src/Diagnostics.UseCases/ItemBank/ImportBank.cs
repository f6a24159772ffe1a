using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Importing;
using Diagnostics.Engine.Forms.Linting;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Importing;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.ItemBank;

/// <summary>How much an import wrote, and what it found.</summary>
internal sealed record ImportedBank(int Frameworks, int Blueprints, int Facets, int Items, int Moves, IReadOnlyList<Finding> Findings)
{
    internal bool ChangedNothing => Frameworks + Blueprints + Facets + Items + Moves == 0;

    internal int Errors => Findings.Count(finding => finding.Severity is Severity.Error);
}

/// <summary>
/// Imports the files of a bank into the database. The import may be repeated: equal content stays, changed content
/// becomes a new version, and content with errors is left out and reported.
/// </summary>
internal static class ImportBank
{
    /// <summary>
    /// Reads and lints the files outside any transaction, because a long transaction would hold up everybody's commit.
    /// </summary>
    internal static BankReading Read(BankFiles files) => CheckedBank.Of(files);

    internal static async Task<ImportedBank> Write(Db db, BankReading reading, string fingerprint, string actor, Instant now)
    {
        var plan = ImportPlan.Of(reading, await Stored(db));
        foreach (var framework in plan.Frameworks)
        {
            await VersionStore.Frameworks.Add(
                db,
                new()
                {
                    Code = framework.Code,
                    Version = framework.Version,
                    Title = framework.Title,
                    Content = BankJson.Write(framework),
                    Fingerprint = BankJson.Fingerprint(framework),
                    CreatedAt = now,
                }
            );
        }
        foreach (var item in plan.Items)
            await FacetVersions.Add(db, item, now);
        foreach (var facet in plan.Facets)
        {
            await FacetVersions.Add(db, facet, now);
            if (facet.Facet.Status is not ItemStatus.Draft)
                await FacetVersions.Record(db, StepOf(facet.Facet, facet.Version, ItemStatus.Draft, facet.Facet.Status, actor, now));
        }
        foreach (var move in plan.Moves)
        {
            var from = move.From;
            var at = now;
            foreach (var to in move.Steps)
            {
                await FacetVersions.Move(db, StepOf(move.Facet, move.Version, from, to, actor, at), move.Facet.Reviewer);
                // Give each step a later time than the one before, so that the history shows their order.
                at += Duration.FromTicks(NodaConstants.TicksPerMillisecond);
                from = to;
            }
        }
        foreach (var (blueprint, version, content) in plan.Blueprints)
        {
            await VersionStore.Blueprints.Add(
                db,
                new()
                {
                    Code = blueprint.Code,
                    Version = version,
                    Title = blueprint.Title,
                    Content = BlueprintJson.Write(blueprint),
                    Fingerprint = content,
                    CreatedAt = now,
                }
            );
        }
        foreach (var seen in plan.Seen)
            await BankImportStore.SetSeen(db, seen.Kind, seen.Code, seen.Fingerprint);

        var imported = new ImportedBank(
            plan.Frameworks.Count,
            plan.Blueprints.Count,
            plan.Facets.Count,
            plan.Items.Count,
            plan.Moves.Count,
            plan.Findings
        );
        if (!plan.IsEmpty)
        {
            await AuditStore.Append(
                db,
                now,
                actor,
                "bank.imported",
                "bank",
                new
                {
                    imported.Frameworks,
                    imported.Blueprints,
                    imported.Facets,
                    imported.Items,
                    imported.Moves,
                }
            );
        }
        // Files with errors are read again at the next start, so that the operator sees the errors again.
        if (imported.Errors == 0 && await BankImportStore.LastFingerprint(db) != fingerprint)
            await BankImportStore.Add(db, Guid.CreateVersion7(now.ToDateTimeOffset()), fingerprint, actor, now);
        return imported;
    }

    private static async Task<StoredBank> Stored(Db db)
    {
        var used = (await FacetStore.UsedLatest(db)).ToHashSet();
        return new(
            (await VersionStore.Frameworks.List(db)).ToDictionary(row => (row.Code, row.Version), row => row.Fingerprint),
            (await VersionStore.Blueprints.Latest(db)).ToDictionary(
                row => row.Code,
                row => new StoredVersion(row.Version, row.Fingerprint)
            ),
            (await FacetStore.AllLatest(db)).ToDictionary(
                row => row.Code,
                row => new StoredFacetVersion(row.Version, row.Fingerprint, Codes.Parse<ItemStatus>(row.Status), used.Contains(row.Code))
            ),
            (await ItemStore.Fingerprints(db)).ToLookup(row => row.Code, row => new StoredVersion(row.Version, row.Fingerprint)),
            (await BankImportStore.Seen(db)).Select(row => new SeenFile(row.Kind, row.Code, row.Fingerprint)).ToHashSet()
        );
    }

    private static FacetMove StepOf(Facet facet, int version, ItemStatus from, ItemStatus to, string actor, Instant at) =>
        new()
        {
            Code = facet.Code,
            Version = version,
            From = from,
            To = to,
            Actor = actor,
            Reason = facet.Reviewer is null ? "Так в файле банка." : $"Так в файле банка; рецензент — {facet.Reviewer}.",
            At = at,
        };
}
