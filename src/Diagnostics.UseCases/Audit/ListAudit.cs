using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Audit;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Audit;

/// <summary>A decision, or somebody's reading of data, that the audit trail records.</summary>
/// <param name="Number">Number of the entry; the numbers start from 1 and have no gaps.</param>
/// <param name="Actor">Account id, <c>client:…</c>, or the part of the service that acted.</param>
/// <param name="Action">Code of the action, e.g. <c>application.approved</c>, <c>person.read</c>.</param>
/// <param name="Subject">What the entry is about, e.g. <c>application:0198…</c>.</param>
/// <param name="Details">Ids, codes and reasons; never personal data.</param>
/// <param name="PreviousHash">Hash of the previous entry; 64 zeros for the first entry.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the JSON array [previousHash, number, at to the microsecond,
/// actor, action, subject, sealed (details when absent) as canonical JSON text or null].</param>
/// <param name="Sealed">The details as the hash covers them, when they contain words: an object with <c>sha256</c>, the
/// digest of a random text and the words, stands for each. Absent when the details contain none.</param>
public sealed record AuditRecord(
    long Number,
    Instant At,
    string Actor,
    string Action,
    string Subject,
    JsonNode? Details,
    string PreviousHash,
    string Hash,
    JsonNode? Sealed = null
);

internal sealed class ListAudit(Executor executor) : UseCase<ListAudit.Request, Page<AuditRecord>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(ListAudit), AccessRule.Of(Role.Auditor), Trail.None);

    internal sealed record Request(string? Actor, string? Action, string? Subject, long? After, int? Limit);

    protected override Task<Result<Page<AuditRecord>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (actor, action, subject, after, limit) = request;
            var rows = await AuditStore.List(db, actor, action, subject, after ?? 0, Page<AuditRecord>.Take(limit));
            return Page<AuditRecord>.Of(rows.Select(Of).ToList(), limit, record => record.Number.ToString(CultureInfo.InvariantCulture));
        });

    internal static AuditRecord Of(AuditRow row) =>
        new(row.Number, row.At, row.Actor, row.Action, row.Subject, Details(row.Details), row.PreviousHash, row.Hash, Sealed: Sealed(row));

    private static JsonNode? Sealed(AuditRow row) =>
        row.Sealed?.Contains(AuditTexts.Mark, StringComparison.Ordinal) is true ? Details(row.Sealed) : null;

    // If somebody has damaged the details of an entry, they are still shown, as plain text.
    private static JsonNode? Details(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
