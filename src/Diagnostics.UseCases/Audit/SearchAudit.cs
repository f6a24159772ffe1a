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

/// <summary>A part of the entries found, in the order of their numbers.</summary>
/// <param name="Descending">Whether the newest come first.</param>
/// <param name="Past">The last entry before the part; null to begin with the first entry.</param>
/// <param name="Until">The first entry behind the part; null when <paramref name="Past"/> says where it begins.</param>
internal sealed record AuditPart(bool Descending, long? Past, long? Until, int Size);

/// <param name="Found">Number of all entries that fit.</param>
/// <param name="Before">Whether there are entries before the part, in the order shown.</param>
/// <param name="Behind">Whether there are entries behind it.</param>
internal sealed record FoundAudit(IReadOnlyList<NamedAuditRecord> Records, int Found, bool Before, bool Behind);

/// <summary>Finds entries of the trail for the auditor's page.</summary>
internal sealed class SearchAudit(Executor executor)
{
    internal static readonly AccessRule Access = ListAudit.Operation.Access;

    internal async Task<Result<FoundAudit>> Run(AuditQuery query, AuditPart part, Caller caller)
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
            // A part that ends before an entry is read from that entry backwards.
            var backwards = part.Until is not null;
            var descending = part.Descending != backwards;
            var rows = await AuditStore.Search(
                db,
                filter,
                part.Until ?? part.Past ?? (descending ? long.MaxValue : 0),
                descending,
                part.Size + 1
            );
            var more = rows.Count > part.Size;
            var shown = rows.Take(part.Size);
            var names = (await AccountStore.StaffNames(db)).ToDictionary(staff => staff.Id.ToString("D"), staff => staff.UserName);
            return (Result<FoundAudit>)
                new FoundAudit(
                    (backwards ? shown.Reverse() : shown)
                        .Select(row => new NamedAuditRecord(ListAudit.Of(row), names.GetValueOrDefault(row.Actor)))
                        .ToList(),
                    await AuditStore.Count(db, filter),
                    Before: backwards ? more : part.Past is not null,
                    Behind: backwards || more
                );
        });
    }

    private static async Task<string?> ActorOf(Db db, string? typed) =>
        typed is null ? null
        : Guid.TryParse(typed, out var id) ? id.ToString("D")
        : await AccountStore.FindByName(db, Accounts.Normalise(typed)) is { } account ? account.Id.ToString("D")
        : typed;
}
