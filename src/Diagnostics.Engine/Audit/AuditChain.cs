using NodaTime;
using NodaTime.Text;

namespace Diagnostics.Engine.Audit;

/// <summary>One link of the audit trail, without its own hash.</summary>
/// <param name="Number">From 1 without gaps.</param>
/// <param name="Actor">Account id, <c>client:…</c>, or the part of the service that acted.</param>
/// <param name="Action">What was done: <c>application.approved</c>.</param>
/// <param name="Subject">To what: <c>application:…</c>.</param>
/// <param name="Details">Canonical JSON, or null.</param>
/// <param name="PreviousHash">Hash of the entry before; of the first, <see cref="AuditChain.Origin"/>.</param>
public sealed record AuditEntry(
    long Number, Instant At, string Actor, string Action, string Subject, string? Details, string PreviousHash);

/// <summary>A head of the chain that was written down outside the database.</summary>
public sealed record AuditAnchor(long Number, string Hash);

/// <summary>Why the trail cannot be trusted from an entry on.</summary>
public enum AuditFault
{
    /// <summary>A number is missing before this entry.</summary>
    NumberMissing,
    /// <summary>It does not follow the entry before it.</summary>
    NotLinked,
    /// <summary>Its content is not what was hashed.</summary>
    ContentChanged,
    /// <summary>Another hash was written down outside the database: the chain was rewritten as a whole.</summary>
    AnchorDiffers,
    /// <summary>It was written down outside the database and is gone.</summary>
    EntryMissing,
}

/// <summary>
/// A chain of SHA-256 hashes, each over the one before: nothing can be changed, dropped or slipped in without every later
/// hash changing, and heads kept outside the database show when all of them were changed together (docs/promises.md, audit).
/// </summary>
public static class AuditChain
{
    /// <summary>What the first entry follows.</summary>
    public static readonly string Origin = new('0', 64);

    // Microseconds: what every database keeps.
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'Z'");

    /// <summary>SHA-256 of the entry as a JSON array, in which no two different entries are the same text.</summary>
    public static string HashOf(AuditEntry entry) => Digest.Of(CanonicalJson.Of(new object?[]
    {
        entry.PreviousHash, entry.Number, Time.Format(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Details,
    }));
}

/// <summary>Goes through the trail entry by entry, in the order of numbers, and stops at the first that is broken.</summary>
/// <param name="anchors">Heads written down outside, in the order of numbers.</param>
public sealed class AuditCheck(IEnumerable<AuditAnchor> anchors)
{
    private readonly Queue<AuditAnchor> awaited = new(anchors);
    private string previous = AuditChain.Origin;

    /// <summary>Entries found good.</summary>
    public long Count { get; private set; }

    public int AnchorsMet { get; private set; }

    public (long Number, AuditFault Fault)? Broken { get; private set; }

    /// <returns>False when this entry is broken; later ones need not be shown.</returns>
    public bool Next(AuditEntry entry, string hash)
    {
        var met = 0;
        while (awaited.TryPeek(out var anchor) && anchor.Number <= entry.Number)
        {
            awaited.Dequeue();
            if (anchor.Number == entry.Number && anchor.Hash != hash) return Break(entry.Number, AuditFault.AnchorDiffers);
            met++;
        }
        if (entry.Number != Count + 1) return Break(Count + 1, AuditFault.NumberMissing);
        if (entry.PreviousHash != previous) return Break(entry.Number, AuditFault.NotLinked);
        if (AuditChain.HashOf(entry) != hash) return Break(entry.Number, AuditFault.ContentChanged);
        (Count, previous, AnchorsMet) = (entry.Number, hash, AnchorsMet + met);
        return true;
    }

    /// <summary>After the last entry: what was written down outside must not be beyond it.</summary>
    public void End()
    {
        if (Broken is null && awaited.TryPeek(out _)) Break(Count + 1, AuditFault.EntryMissing);
    }

    private bool Break(long number, AuditFault fault)
    {
        Broken = (number, fault);
        return false;
    }
}
