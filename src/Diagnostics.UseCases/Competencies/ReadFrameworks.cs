using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Storage.Competencies;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Competencies;

/// <summary>One version of a framework in a list.</summary>
/// <param name="Code">E.g. <c>teacher</c>.</param>
/// <param name="Version">From 1; the content of a version never changes.</param>
/// <param name="Title">In Russian.</param>
public sealed record FrameworkSummary(string Code, int Version, string Title, Instant CreatedAt);

internal static class ReadFrameworks
{
    internal static readonly Refusal Unknown = Refusal.NotFound("framework-not-found", "Такой рамки или такой её версии нет.");

    internal static void Map(IEndpointRouteBuilder frameworks)
    {
        frameworks.MapGet("/", List).WithName("ListFrameworks").WithSummary("Рамки компетенций, все версии").AllowedTo(CompetenciesStage.Staff);
        frameworks.MapGet("/{code}/{version:int}", Read).WithName("GetFramework").WithSummary("Рамка: блоки, компетенции, элементы").AllowedTo(CompetenciesStage.Staff);
    }

    private static Task<Ok<Page<FrameworkSummary>>> List(Transactions transactions) => transactions.Read(async db =>
        TypedResults.Ok(new Page<FrameworkSummary>((await FrameworkStore.List(db)).Select(row => new FrameworkSummary(row.Code, row.Version, row.Title, row.CreatedAt)).ToList(), null)));

    private static Task<Results<Ok<Framework>, ProblemHttpResult>> Read(string code, int version, Transactions transactions) =>
        transactions.Read<Result<Framework>>(async db => await FrameworkCatalog.Find(db, code, version) is { } framework
            ? framework
            : Unknown).Ok();
}
