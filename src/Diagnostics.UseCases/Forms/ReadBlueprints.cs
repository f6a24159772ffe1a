using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>One version of a blueprint in a list.</summary>
/// <param name="Code">E.g. <c>school-head</c>.</param>
/// <param name="Version">From 1; the content of a version never changes.</param>
public sealed record BlueprintSummary(string Code, int Version, string Title, Instant CreatedAt)
{
    internal static BlueprintSummary Of(BlueprintRow row) => new(row.Code, row.Version, row.Title, row.CreatedAt);
}

/// <summary>One version of a blueprint: what each slot asks for.</summary>
/// <param name="MaxPoints">Sum over the slots.</param>
public sealed record BlueprintView(string Code, int Version, Instant CreatedAt, Points MaxPoints, Blueprint Blueprint)
{
    internal static BlueprintView Of(BlueprintRow row)
    {
        var blueprint = BlueprintJson.Read(row.Content);
        return new(row.Code, row.Version, row.CreatedAt, blueprint.MaxPoints, blueprint);
    }
}

internal static class ReadBlueprints
{
    internal static readonly Refusal Unknown = Refusal.NotFound("blueprint-not-found", "Такой спецификации или такой её версии нет.");

    internal static void Map(IEndpointRouteBuilder blueprints)
    {
        blueprints.MapGet("/", List).WithName("ListBlueprints").WithSummary("Спецификации, все версии").AllowedTo(FormsStage.Staff);
        blueprints.MapGet("/{code}/{version:int}", Read).WithName("GetBlueprint").WithSummary("Спецификация: что проверяет каждая позиция").AllowedTo(FormsStage.Staff);
    }

    private static Task<Ok<Page<BlueprintSummary>>> List(Transactions transactions) => transactions.Read(async db =>
        TypedResults.Ok(new Page<BlueprintSummary>((await BlueprintStore.List(db)).Select(BlueprintSummary.Of).ToList(), null)));

    private static Task<Results<Ok<BlueprintView>, ProblemHttpResult>> Read(string code, int version, Transactions transactions) =>
        transactions.Read<Result<BlueprintView>>(async db => await BlueprintStore.Find(db, code, version) is { } row ? BlueprintView.Of(row) : Unknown).Ok();
}
