using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Competencies;
using Diagnostics.Storage;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Competencies;

/// <summary>One version of a framework in a list.</summary>
/// <param name="Code">Code of the framework, e.g. <c>teacher</c>.</param>
/// <param name="Version">Number of the version, from 1; the content of a version never changes.</param>
/// <param name="Title">The title in Russian.</param>
public sealed record FrameworkSummary(string Code, int Version, string Title, Instant CreatedAt);

internal static class FrameworkRules
{
    internal static readonly AccessRule Readers = AccessRule
        .Of(Role.Author, Role.Reviewer, Role.Operator, Role.Expert, Role.Chair, Role.Methodologist)
        .Or(Clients.ReadProfiles, Clients.EnrolPeople);

    internal static readonly Refusal Unknown = Refusal.NotFound("framework-not-found", "Такой рамки или такой её версии нет.");
}

internal sealed class ListFrameworks(Executor executor) : UseCase<ListFrameworks.Request, Page<FrameworkSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListFrameworks), FrameworkRules.Readers, Trail.None);

    internal sealed record Request(int? After, int? Limit);

    protected override Task<Result<Page<FrameworkSummary>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var versions = (await VersionStore.Frameworks.List(db)).Select(row => new FrameworkSummary(
                row.Code,
                row.Version,
                row.Title,
                row.CreatedAt
            ));
            return Page<FrameworkSummary>.Window(versions.ToList(), request.After, request.Limit);
        });
}

internal sealed class GetFramework(Executor executor) : UseCase<GetFramework.Request, Framework>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetFramework), FrameworkRules.Readers, Trail.None);

    internal sealed record Request(string Code, int Version);

    protected override Task<Result<Framework>> Handle(Request request, Caller caller) =>
        Read(async db =>
            await FrameworkCatalog.Find(db, request.Code, request.Version) is { } framework ? framework : FrameworkRules.Unknown
        );
}
