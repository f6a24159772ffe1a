using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Forms;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Forms;

/// <param name="Blueprint">Code of the blueprint.</param>
/// <param name="Version">Version of the blueprint.</param>
/// <param name="Picks">Facet code for each slot number; a slot that is not listed takes the facet that the blueprint
/// names.</param>
/// <param name="Title">Title of the form, up to 300 characters; by default the blueprint's title.</param>
public sealed record AddFormRequest(string Blueprint, int Version, IReadOnlyDictionary<int, string>? Picks = null, string? Title = null);

/// <summary>
/// Assembles a form from the latest usable versions of the chosen facets; the variants must be parallel.
/// </summary>
internal sealed class AddForm(Executor executor) : UseCase<AddFormRequest, FormView>(Operation, executor)
{
    private const int MaxTitle = 300;
    private const int MaxPicks = 1000;

    internal static new readonly Operation Operation = new(
        nameof(AddForm),
        AccessRule.Of(Role.Operator.OfEverything()),
        Trail.Writes("form.assembled")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    protected override async Task<Result<FormView>> Handle(AddFormRequest request, Caller caller)
    {
        if (!Reaches(caller, default))
            return FormsStage.NotForAll;
        if (request.Title is not null && TextRules.Check("title", request.Title, MaxTitle) is { } unfit)
            return unfit;
        if (request.Picks?.Count > MaxPicks)
            return Refusal.Invalid("too-many-picks", $"В picks не больше {MaxPicks} позиций.").With("field", "picks");
        return await Write(
            caller,
            async db =>
            {
                if (await VersionStore.Blueprints.Find(db, request.Blueprint, request.Version) is not { } row)
                    return FormsStage.NoBlueprint;
                var blueprint = BlueprintJson.Read(row.Content);
                var picks = blueprint.Slots.Where(slot => slot.Facet is not null).ToDictionary(slot => slot.Number, slot => slot.Facet!);
                foreach (var (slot, facet) in request.Picks ?? new Dictionary<int, string>())
                    picks[slot] = facet;
                var now = Now;
                var assembled = await AssembleForm.Run(db, blueprint, row.Version, picks, request.Title ?? blueprint.Title, now);
                if (assembled.Refused(out var refusal, out var form))
                    return refusal;
                await AuditStore.Append(
                    db,
                    now,
                    caller.Id,
                    "form.assembled",
                    $"form:{form.Id}",
                    new
                    {
                        blueprint = row.Code,
                        row.Version,
                        request.Picks,
                    }
                );
                return FormView.Of(form, await FormStore.Slots(db, form.Id));
            }
        );
    }
}
