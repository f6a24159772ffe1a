using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Competencies;

/// <summary>A request for a CASE object.</summary>
/// <param name="Root">Address under which the caller reached the CASE API.</param>
internal sealed record CaseRequest(Guid Identifier, string Root);

internal static class CaseFrameworks
{
    internal static readonly Refusal Unknown = Refusal.NotFound("case-object-not-found", "Объекта с таким identifier нет.");

    internal static CaseFramework Of(VersionRow row, string root) =>
        new(BankJson.ReadFramework(row.Content), row.Fingerprint, row.CreatedAt, root);
}

/// <summary>
/// Finds an object by looking into every framework. There are few frameworks, and identifiers are computed from the
/// content and not stored.
/// </summary>
internal abstract class ReadCase<T>(Operation operation, Executor executor) : UseCase<CaseRequest, T>(operation, executor)
    where T : class
{
    protected override Task<Result<T>> Handle(CaseRequest request, Caller caller) =>
        Read(async db =>
            (await VersionStore.Frameworks.List(db))
                .Select(row => Find(CaseFrameworks.Of(row, request.Root), request.Identifier))
                .FirstOrDefault(found => found is not null)
                is { } one
                ? one
                : (Result<T>)CaseFrameworks.Unknown
        );

    /// <returns>Null when the object does not belong to this framework.</returns>
    protected abstract T? Find(CaseFramework framework, Guid identifier);
}

internal sealed class GetCaseDocument(Executor executor) : ReadCase<CaseDocument>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCaseDocument), FrameworkRules.Readers, Trail.None);

    protected override CaseDocument? Find(CaseFramework framework, Guid identifier) =>
        framework.Identifier == identifier ? framework.Document : null;
}

internal sealed class GetCasePackage(Executor executor) : ReadCase<CasePackage>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCasePackage), FrameworkRules.Readers, Trail.None);

    protected override CasePackage? Find(CaseFramework framework, Guid identifier) =>
        framework.Identifier == identifier ? framework.Package : null;
}

internal sealed class GetCaseItem(Executor executor) : ReadCase<CaseItem>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCaseItem), FrameworkRules.Readers, Trail.None);

    protected override CaseItem? Find(CaseFramework framework, Guid identifier) => framework.FindItem(identifier);
}

internal sealed class GetCaseItemAssociations(Executor executor) : ReadCase<CaseAssociationSet>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCaseItemAssociations), FrameworkRules.Readers, Trail.None);

    protected override CaseAssociationSet? Find(CaseFramework framework, Guid identifier) => framework.FindItemAssociations(identifier);
}

internal sealed class GetCaseAssociation(Executor executor) : ReadCase<CaseAssociation>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetCaseAssociation), FrameworkRules.Readers, Trail.None);

    protected override CaseAssociation? Find(CaseFramework framework, Guid identifier) => framework.FindAssociation(identifier);
}

/// <summary>A page of frameworks, chosen by offset and limit as in the CASE API.</summary>
/// <param name="Total">Number of all frameworks.</param>
internal sealed record CaseDocumentPage(CaseDocumentSet Documents, int Total);

internal sealed class ListCaseDocuments(Executor executor) : UseCase<ListCaseDocuments.Request, CaseDocumentPage>(Operation, executor)
{
    internal const int DefaultLimit = 100;

    internal static new readonly Operation Operation = new(nameof(ListCaseDocuments), FrameworkRules.Readers, Trail.None);

    internal sealed record Request(int? Limit, int? Offset, string Root);

    protected override Task<Result<CaseDocumentPage>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var rows = await VersionStore.Frameworks.List(db);
            var documents = rows.Skip(Math.Max(0, request.Offset ?? 0))
                .Take(Math.Max(0, request.Limit ?? DefaultLimit))
                .Select(row => CaseFrameworks.Of(row, request.Root).Document);
            return new CaseDocumentPage(new(documents.ToList()), rows.Count);
        });
}
