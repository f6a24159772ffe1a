using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Instruments;
using Diagnostics.Storage.Instruments;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Instruments;

/// <summary>A version of an instrument without its content.</summary>
/// <param name="Code">Code that distinguishes instruments of the same kind.</param>
/// <param name="Version">Number of the version, from 1; a version never changes.</param>
/// <param name="Framework">The framework whose competencies it asks about.</param>
public sealed record InstrumentSummary(
    InstrumentKind Kind,
    string Code,
    int Version,
    string Title,
    FrameworkReference Framework,
    Instant CreatedAt
);

/// <summary>A version of an instrument.</summary>
/// <param name="Content">A document whose form depends on the kind.</param>
public sealed record InstrumentDocument(
    InstrumentKind Kind,
    string Code,
    int Version,
    string Title,
    FrameworkReference Framework,
    Instant CreatedAt,
    JsonNode Content
)
{
    internal static InstrumentDocument Of(InstrumentRow row) =>
        new(
            Codes.Parse<InstrumentKind>(row.Kind),
            row.Code,
            row.Version,
            row.Title,
            new(row.FrameworkCode, row.FrameworkVersion),
            row.CreatedAt,
            JsonNode.Parse(row.Content)!
        );
}

internal static class InstrumentRules
{
    /// <summary>Everybody may read instruments: people have a right to know what they are asked and observed by.</summary>
    internal static readonly AccessRule Readers = AccessRule.Account.Or(Clients.EnrolPeople, Clients.ReadProfiles);

    internal static readonly Refusal NotFound = Refusal.NotFound("instrument-not-found", "Такой версии инструмента нет.");

    internal static Refusal UnknownKind(string kind) =>
        Refusal.Invalid("instrument-kind-unknown", $"Вида инструментов «{kind}» нет.").With("kind", kind);
}

internal sealed class ListInstruments(Executor executor) : UseCase<ListInstruments.Request, Page<InstrumentSummary>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListInstruments), InstrumentRules.Readers, Trail.None);

    /// <param name="Kind">Code of the kind; null for all kinds.</param>
    internal sealed record Request(string? Kind, int? After, int? Limit);

    protected override async Task<Result<Page<InstrumentSummary>>> Handle(Request request, Caller caller)
    {
        var wanted = Codes.Find<InstrumentKind>(request.Kind);
        if (request.Kind is not null && wanted is null)
            return InstrumentRules.UnknownKind(request.Kind);
        return await Read(async db =>
            Page<InstrumentSummary>.Window(
                (await InstrumentStore.List(db, wanted))
                    .Select(InstrumentDocument.Of)
                    .Select(one => new InstrumentSummary(one.Kind, one.Code, one.Version, one.Title, one.Framework, one.CreatedAt))
                    .ToList(),
                request.After,
                request.Limit
            )
        );
    }
}

internal sealed class GetInstrument(Executor executor) : UseCase<GetInstrument.Request, InstrumentDocument>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(GetInstrument), InstrumentRules.Readers, Trail.None);

    internal sealed record Request(string Kind, string Code, int Version);

    protected override Task<Result<InstrumentDocument>> Handle(Request request, Caller caller) =>
        Read(async db =>
            Codes.Find<InstrumentKind>(request.Kind) is { } kind
            && await InstrumentStore.Find(db, kind, request.Code, request.Version) is { } row
                ? InstrumentDocument.Of(row)
                : InstrumentRules.NotFound
        );
}
