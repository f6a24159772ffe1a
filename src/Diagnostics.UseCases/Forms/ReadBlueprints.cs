using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>One version of a blueprint in a list.</summary>
/// <param name="Code">Code of the blueprint, e.g. <c>school-head</c>.</param>
/// <param name="Version">Number of the version, from 1; the content of a version never changes.</param>
public sealed record BlueprintSummary(string Code, int Version, string Title, Instant CreatedAt)
{
    internal static BlueprintSummary Of(VersionRow row) => new(row.Code, row.Version, row.Title, row.CreatedAt);
}

/// <summary>One version of a blueprint, with what it demands for each slot.</summary>
/// <param name="MaxPoints">The sum of the slots' points.</param>
public sealed record BlueprintView(string Code, int Version, Instant CreatedAt, Points MaxPoints, Blueprint Blueprint)
{
    internal static BlueprintView Of(VersionRow row)
    {
        var blueprint = BlueprintJson.Read(row.Content);
        return new(row.Code, row.Version, row.CreatedAt, blueprint.MaxPoints, blueprint);
    }
}

internal sealed class ListBlueprints(Executor executor) : UseCase<ListBlueprints.Request, Page<BlueprintSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListBlueprints), FormsStage.Staff, Trail.None);

    internal sealed record Request(int? After, int? Limit);

    protected override Task<Result<Page<BlueprintSummary>>> Handle(Request request, Caller caller) =>
        Read(async db =>
            Page<BlueprintSummary>.Window(
                (await VersionStore.Blueprints.List(db)).Select(BlueprintSummary.Of).ToList(),
                request.After,
                request.Limit
            )
        );
}

internal sealed class GetBlueprint(Executor executor) : UseCase<GetBlueprint.Request, BlueprintView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetBlueprint), FormsStage.Staff, Trail.None);

    internal sealed record Request(string Code, int Version);

    protected override Task<Result<BlueprintView>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await VersionStore.Blueprints.Find(db, request.Code, request.Version) is { } row
                ? BlueprintView.Of(row)
                : FormsStage.NoBlueprint
        );
}
