using Diagnostics.Engine.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>
/// Makes a form automatically from each blueprint that names a facet for every slot, once for each version of the
/// blueprint. When items change afterwards, a person decides whether to make a new form, because a restart must not
/// change the variants that people take.
/// </summary>
internal static class ShippedForms
{
    /// <returns>The number of forms made now, and the reasons why others could not be made.</returns>
    internal static async Task<(int Made, IReadOnlyList<string> Refused)> Make(Db db, string actor, Instant now)
    {
        var made = 0;
        var refused = new List<string>();
        foreach (var row in await VersionStore.Blueprints.Latest(db))
        {
            var blueprint = BlueprintJson.Read(row.Content);
            if (blueprint.Slots.Any(slot => slot.Facet is null) || await FormStore.Any(db, row.Code, row.Version))
                continue;
            var picks = blueprint.Slots.ToDictionary(slot => slot.Number, slot => slot.Facet!);
            var form = await AssembleForm.Run(db, blueprint, row.Version, picks, blueprint.Title, now);
            if (form.Refused(out var refusal, out var stored))
            {
                refused.Add($"Спецификация «{row.Code}»: {refusal.Detail}");
                continue;
            }
            await AuditStore.Append(db, now, actor, "form.assembled", $"form:{stored.Id}", new { blueprint = row.Code, row.Version });
            made++;
        }
        return (made, refused);
    }
}
