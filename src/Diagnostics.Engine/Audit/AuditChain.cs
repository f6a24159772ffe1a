using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Engine.Audit;

/// <summary>One entry of the audit trail, without its own hash.</summary>
/// <param name="Number">Numbers start from 1 and have no gaps.</param>
/// <param name="Actor">Account id, <c>client:…</c>, or the part of the service that acted.</param>
/// <param name="Action">What was done, for example <c>application.approved</c>.</param>
/// <param name="Subject">What it was done to, for example <c>application:…</c>.</param>
/// <param name="Details">Canonical JSON, or null.</param>
/// <param name="PreviousHash">Hash of the previous entry; the first entry has <see cref="AuditChain.Origin"/>.</param>
public sealed record AuditEntry(long Number, Instant At, string Actor, string Action, string Subject, string? Details, string PreviousHash);

/// <summary>
/// The head of the chain (the number and hash of its last entry) as it was at some time, recorded outside the database.
/// </summary>
public sealed record AuditAnchor(long Number, string Hash);

/// <summary>Why the trail cannot be trusted from a certain entry onwards.</summary>
public enum AuditFault
{
    /// <summary>A number is missing before this entry.</summary>
    NumberMissing,

    /// <summary>The entry does not link to the previous one.</summary>
    NotLinked,

    /// <summary>The content of the entry does not match its hash.</summary>
    ContentChanged,

    /// <summary>The copy outside the database has another hash: somebody rewrote the whole chain.</summary>
    AnchorDiffers,

    /// <summary>The entry has a copy outside the database, but is no longer in the database.</summary>
    EntryMissing,

    /// <summary>Words beside the entry are gone although nobody has erased the person whom they concern.</summary>
    WordsMissing,

    /// <summary>The index names other people for the entry than the entry itself.</summary>
    PeopleChanged,
}

/// <summary>
/// A chain of SHA-256 hashes, each of which covers the previous one. Nobody can change, drop or insert an entry without
/// changing every later hash, and heads kept outside the database reveal that the whole chain was rewritten
/// (docs/promises.md, audit).
/// </summary>
public static class AuditChain
{
    /// <summary>The previous hash of the first entry.</summary>
    public static readonly string Origin = new('0', 64);

    // The time is written to the microsecond, the finest precision that every supported database keeps.
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    /// <summary>SHA-256 of the entry as a JSON array. Two different entries never have the same JSON text.</summary>
    public static string HashOf(AuditEntry entry) =>
        Digest.Of(
            CanonicalJson.Of(
                new object?[]
                {
                    entry.PreviousHash,
                    entry.Number,
                    Time.Format(entry.At),
                    entry.Actor,
                    entry.Action,
                    entry.Subject,
                    entry.Details,
                }
            )
        );
}

/// <summary>
/// Goes through the trail entry by entry, in the order of numbers, and stops at the first broken one.
/// </summary>
/// <param name="anchors">Heads recorded outside the database, in the order of numbers.</param>
public sealed class AuditCheck(IEnumerable<AuditAnchor> anchors)
{
    private readonly Queue<AuditAnchor> awaited = new(anchors);
    private readonly SortedDictionary<long, string> lost = [];
    private string previous = AuditChain.Origin;

    /// <summary>Number of entries that passed.</summary>
    public long Count { get; private set; }

    public int AnchorsMet { get; private set; }

    public (long Number, AuditFault Fault)? Broken { get; private set; }

    /// <param name="texts">The words of the entry that are stored beside the trail.</param>
    /// <param name="people">The people whom the index beside the trail names for the entry.</param>
    /// <returns>False when this entry is broken; the caller then need not pass the later ones.</returns>
    public bool Next(
        AuditEntry entry,
        string hash,
        IReadOnlyCollection<AuditText>? texts = null,
        IReadOnlyCollection<string>? people = null
    )
    {
        var met = 0;
        while (awaited.TryPeek(out var anchor) && anchor.Number <= entry.Number)
        {
            awaited.Dequeue();
            if (anchor.Number == entry.Number && anchor.Hash != hash)
                return Break(entry.Number, AuditFault.AnchorDiffers);
            met++;
        }
        if (entry.Number != Count + 1)
            return Break(Count + 1, AuditFault.NumberMissing);
        if (entry.PreviousHash != previous)
            return Break(entry.Number, AuditFault.NotLinked);
        if (AuditChain.HashOf(entry) != hash || !AuditTexts.Agree(entry.Details, texts ?? []))
            return Break(entry.Number, AuditFault.ContentChanged);
        if (people is not null && !AuditPeople.Agree(entry.Details, people))
            return Break(entry.Number, AuditFault.PeopleChanged);
        if (AuditTexts.HasLost(entry.Details, texts ?? []))
            lost[entry.Number] = entry.Subject;
        if (entry.Action == AuditErasure.Action)
            Erased(AuditErasure.SubjectsOf(entry.Details) ?? []);
        (Count, previous, AnchorsMet) = (entry.Number, hash, AnchorsMet + met);
        return true;
    }

    /// <summary>
    /// The person whom this entry says was erased, when the entry is of a version that did not yet say whose words went
    /// with the person; null for any other entry.
    /// </summary>
    public Guid? Erases(AuditEntry entry) =>
        lost.Count > 0
        && entry.Action == AuditErasure.Action
        && AuditErasure.SubjectsOf(entry.Details) is null
        && Guid.TryParse(entry.Subject[(entry.Subject.IndexOf(':', StringComparison.Ordinal) + 1)..], out var person)
            ? person
            : null;

    /// <summary>Words of earlier entries about these subjects were erased with the person.</summary>
    public void Erased(IEnumerable<string> subjects)
    {
        var erased = subjects.ToHashSet(StringComparer.Ordinal);
        foreach (var number in lost.Where(entry => erased.Contains(entry.Value)).Select(entry => entry.Key).ToList())
            lost.Remove(number);
    }

    /// <summary>
    /// Ends the check: no head recorded outside the database may lie beyond the last entry, and an erasure must account
    /// for all words that are gone.
    /// </summary>
    public void End()
    {
        if (Broken is not null)
            return;
        if (awaited.TryPeek(out _))
            Break(Count + 1, AuditFault.EntryMissing);
        else if (lost.Count > 0)
        {
            var first = lost.Keys.First();
            Count = first - 1;
            Break(first, AuditFault.WordsMissing);
        }
    }

    private bool Break(long number, AuditFault fault)
    {
        Broken = (number, fault);
        return false;
    }
}
