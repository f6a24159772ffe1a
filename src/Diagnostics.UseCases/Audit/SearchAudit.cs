using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Audit;

/// <summary>What an auditor looks for; null or empty means anything.</summary>
/// <param name="Actor">An account's id or user name, or another actor as the trail names it.</param>
/// <param name="Action">The whole code of an action, or its beginning with a full stop at the end, e.g. <c>appeal.</c></param>
/// <param name="Subject">The whole subject, e.g. <c>appeal:0198…</c></param>
/// <param name="From">The first moment to include.</param>
/// <param name="To">The first moment not to include.</param>
internal sealed record AuditQuery(string? Actor, string? Action, string? Subject, Instant? From, Instant? To);

/// <param name="ActorName">The user name of a member of staff; absent for people who take diagnostics and for programs.</param>
public sealed record NamedAuditRecord(AuditRecord Record, string? ActorName);

/// <param name="Complete">Whether these are all entries that fit; otherwise they are the newest of them.</param>
internal sealed record FoundAudit(IReadOnlyList<NamedAuditRecord> Records, bool Complete);

/// <summary>Finds entries of the trail for the auditor's page, the newest first.</summary>
internal sealed class SearchAudit(Executor executor)
{
    internal static readonly AccessRule Access = ListAudit.Operation.Access;

    internal async Task<Result<FoundAudit>> Run(AuditQuery query, int most, Caller caller)
    {
        if (await executor.Refuses(Access, caller) is { } refusal)
            return refusal;
        return await executor.Read(async db =>
        {
            var filter = new AuditFilter(
                await ActorOf(db, query.Actor),
                query.Action is { } action && action.EndsWith('.') ? $"{action}%" : query.Action,
                query.Subject,
                query.From,
                query.To
            );
            var rows = await AuditStore.Newest(db, filter, null, most + 1);
            var names = (await AccountStore.StaffNames(db)).ToDictionary(staff => staff.Id.ToString("D"), staff => staff.UserName);
            var found = rows.Take(most).Select(row => new NamedAuditRecord(ListAudit.Of(row), names.GetValueOrDefault(row.Actor))).ToList();
            return (Result<FoundAudit>)new FoundAudit(found, rows.Count <= most);
        });
    }

    private static async Task<string?> ActorOf(Db db, string? typed) =>
        typed is null ? null
        : Guid.TryParse(typed, out var id) ? id.ToString("D")
        : await AccountStore.FindByName(db, Accounts.Normalise(typed)) is { } account ? account.Id.ToString("D")
        : typed;
}
