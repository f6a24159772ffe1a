using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.ItemBank;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <param name="Blueprint">Code.</param>
/// <param name="Version">Of the blueprint.</param>
/// <param name="Picks">Slot number → facet code; a slot that is not named takes the facet that the blueprint names.</param>
/// <param name="Title">The blueprint's title when absent; up to 300 characters.</param>
public sealed record AddFormRequest(string Blueprint, int Version, IReadOnlyDictionary<int, string>? Picks = null, string? Title = null);

/// <summary>Assembles a form of the latest usable versions of the facets chosen; the variants must be parallel.</summary>
internal sealed class AddForm(Transactions transactions, IClock clock)
{
    private const int MaxTitle = 300;
    private const int MaxPicks = 1000;

    internal static void Map(IEndpointRouteBuilder forms) => forms.MapPost("/", Handle)
        .WithName("AddForm")
        .WithSummary("Собрать форму: заполнить спецификацию фасетами")
        .WithDescription("Отказ slots-not-filled называет в slots каждую позицию, которую нельзя заполнить, и причину; form-not-parallel — в checks невыполненные требования.")
        .AllowedTo(AccessRule.Of(Role.Operator))
        .Idempotent();

    private static Task<Results<Created<FormView>, ProblemHttpResult>> Handle(AddFormRequest request, Caller caller, AddForm add) =>
        add.Run(request, caller).Created(view => $"/api/v1/forms/{view.Form.Id}");

    private async Task<Result<FormView>> Run(AddFormRequest request, Caller caller)
    {
        if (!ItemBankStage.HasWhole(caller, Role.Operator)) return FormsStage.NotForAll;
        if (request.Title is not null && TextRules.Check("title", request.Title, MaxTitle) is { } unfit) return unfit;
        if (request.Picks?.Count > MaxPicks) return Refusal.Invalid("too-many-picks", $"В picks не больше {MaxPicks} позиций.").With("field", "picks");
        return await transactions.Write<Result<FormView>>(async db =>
        {
            if (await BlueprintStore.Find(db, request.Blueprint, request.Version) is not { } row) return ReadBlueprints.Unknown;
            var blueprint = BlueprintJson.Read(row.Content);
            var picks = blueprint.Slots.Where(slot => slot.Facet is not null).ToDictionary(slot => slot.Number, slot => slot.Facet!);
            foreach (var (slot, facet) in request.Picks ?? new Dictionary<int, string>()) picks[slot] = facet;
            var now = clock.GetCurrentInstant();
            if ((await AssembleForm.Run(db, blueprint, row.Version, picks, request.Title ?? blueprint.Title, now)).Refused(out var refusal, out var form)) return refusal;
            await AuditStore.Append(db, now, caller.Id, "form.assembled", $"form:{form.Id}", new { blueprint = row.Code, row.Version, request.Picks });
            return FormView.Of(form, await FormStore.Slots(db, form.Id));
        });
    }
}
