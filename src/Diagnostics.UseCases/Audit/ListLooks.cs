using System.Globalization;
using System.Reflection;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Audit;

/// <summary>Who looked at a person's data.</summary>
public enum LookedBy
{
    /// <summary>Somebody who works in the diagnostics.</summary>
    Staff,

    /// <summary>A portal's program.</summary>
    Portal,

    /// <summary>The service itself.</summary>
    Service,
}

/// <summary>Somebody's look at a person's data, answers, scores or profiles.</summary>
/// <param name="At">When it was; repeated looks within a quarter of an hour are one.</param>
/// <param name="Action">Code of what was looked at, e.g. <c>person.read</c>.</param>
/// <param name="Client">The portal's client; absent for people.</param>
/// <param name="Entry">The entry of the audit trail; only for the auditor: the person does not learn which member of
/// staff it was, because marking is anonymous in both directions.</param>
public sealed record PersonLook(Instant At, string Action, LookedBy By, string? Client = null, AuditRecord? Entry = null);

/// <summary>
/// Lists who has seen a person's data, the newest look first; for that person and for the auditor. The person's own
/// looks are not recorded.
/// </summary>
internal sealed class ListLooks(Executor executor) : UseCase<ListLooks.Request, Page<PersonLook>>(Operation, executor)
{
    // Shows pseudonyms and codes, no personal data.
    internal static new readonly Operation Operation = new(
        nameof(ListLooks),
        AccessRule.Of(Role.Participant.OfOwn(), Role.Auditor.OfEverything()),
        Trail.None
    );

    internal static readonly Refusal NotFound = Refusal.NotFound("person-not-found", "Такого человека нет.");

    private const string Portal = "client:";

    /// <summary>The actions of all looks.</summary>
    internal static IReadOnlyList<string> Actions => All.Value;

    private static readonly Lazy<IReadOnlyList<string>> All = new(() =>
        UseCaseCatalog
            .All.Select(useCase =>
                (Operation)useCase.GetField(nameof(Operation), BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!
            )
            .Where(operation => operation.Trail.IsLook)
            .SelectMany(operation => operation.Trail.Actions)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList()
    );

    /// <param name="After">Number of the entry after which the page begins; entries go from the newest.</param>
    internal sealed record Request(Guid ParticipantId, long? After, int? Limit);

    protected override Task<Result<Page<PersonLook>>> Handle(Request request, Caller caller) =>
        Read(async db =>
        {
            var (person, after, limit) = request;
            if (!Reaches(caller, new Target { Participant = person }))
                return NotFound;
            var own = await AuditStore.OwnOf(db, person);
            if (own.Count == 0)
                return NotFound;
            var account = (await AccountStore.FindByParticipant(db, person))?.Id.ToString("D") ?? "";
            var wanted = new PersonLooks(person.ToString("D"), own.Select(each => each.Subject).ToList(), Actions, account);
            var rows = await AuditStore.Looks(db, wanted, after ?? long.MaxValue, Page<PersonLook>.Take(limit));
            var page = Page<AuditRow>.Of(rows, limit, row => row.Number.ToString(CultureInfo.InvariantCulture));
            return new Page<PersonLook>(page.Items.Select(row => Of(row, caller)).ToList(), page.Next);
        });

    private static PersonLook Of(AuditRow row, Caller caller) =>
        new(
            row.At,
            row.Action,
            row.Actor.StartsWith(Portal, StringComparison.Ordinal) ? LookedBy.Portal
                : Guid.TryParse(row.Actor, out _) ? LookedBy.Staff
                : LookedBy.Service,
            row.Actor.StartsWith(Portal, StringComparison.Ordinal) ? row.Actor[Portal.Length..] : null,
            caller.ParticipantId is null ? ListAudit.Of(row) : null
        );
}
