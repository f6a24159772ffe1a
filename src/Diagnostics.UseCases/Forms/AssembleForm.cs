using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.ItemBank;
using Diagnostics.UseCases.ItemBank;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>Fills a blueprint with the latest usable versions of facets and stores the form.</summary>
internal static class AssembleForm
{
    internal static async Task<Result<FormRow>> Run(
        Db db,
        Blueprint blueprint,
        int blueprintVersion,
        IReadOnlyDictionary<int, string> picks,
        string title,
        Instant now
    )
    {
        var facets = new Dictionary<string, FacetVersion>(StringComparer.Ordinal);
        foreach (var code in picks.Values.Distinct())
        {
            // When no version is usable, take the latest one, because it best shows why the facet cannot be used.
            if ((await FacetStore.FindUsable(db, code) ?? await FacetStore.FindLatest(db, code)) is { } row)
                facets[code] = (await StoredFacets.Load(db, row)).Version;
        }
        if (FormAssembly.Assemble(blueprint, picks, facets).Refused(out var refusal, out var assembled))
            return refusal;
        var form = new FormRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            Title = title,
            BlueprintCode = blueprint.Code,
            BlueprintVersion = blueprintVersion,
            FrameworkCode = blueprint.Framework,
            FrameworkVersion = blueprint.FrameworkVersion,
            TimeLimitMinutes = blueprint.TimeLimitMinutes,
            CreatedAt = now,
        };
        await FormStore.Add(db, form);
        foreach (var (slot, version) in assembled.Slots)
        {
            foreach (var item in version.Facet.Items)
            {
                await FormStore.AddSlot(
                    db,
                    form.Id,
                    item.Variant,
                    slot,
                    version.Facet.Code,
                    version.Version,
                    item.Code,
                    version.ItemVersions[item.Variant]
                );
            }
        }
        return form;
    }
}
