using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.People;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// Which events somebody outside is told, decided when they are read: those about people of the territory whose consent is in
/// force. Two events need no consent, because whoever has copies must learn of them: that it was withdrawn, and that a person who
/// ever gave it now belongs to another territory.
/// </summary>
/// <param name="Territory">The only one whose people are told of; null for all.</param>
/// <param name="Kinds">Only these; null for all.</param>
internal sealed record FeedFilter(string? Territory, IReadOnlySet<EventKind>? Kinds = null)
{
    internal ValueTask<bool> Passes(Db db, PlacedEvent told)
    {
        if (Kinds?.Contains(told.Kind) is false) return new(false);
        // A campaign's, of nobody in particular.
        if (told.ParticipantId is null)
            return Territory is null ? new(true) : new(CampaignStore.Serves(db, told.CampaignId!.Value, Territory));
        return new(told.Kind switch
        {
            EventKind.ConsentWithdrawn => IsOfSharing(told) && IsHere(told.ToldTerritory ?? told.Territory),
            EventKind.PersonMoved =>
                (told.Shared && IsHere(told.Territory)) || (told.EverShared && Territory is not null && Territory == told.ToldTerritory),
            EventKind.ConsentGiven => IsOfSharing(told) && told.Shared && IsHere(told.Territory),
            // A provisional one is nobody's business outside.
            EventKind.ProfileIssued or EventKind.ProfileSuperseded or EventKind.ProfileAnnulled =>
                told.Published && told.Shared && IsHere(told.Territory),
            EventKind.ApplicationApproved or EventKind.SessionFinished or EventKind.ResultsPublished or EventKind.AppealDecided =>
                told.Shared && IsHere(told.Territory),
            _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, null),
        });
    }

    private static bool IsOfSharing(PlacedEvent told) => told.ConsentKind == ConsentStore.ProfileSharing;

    private bool IsHere(string? territory) => Territory is null || Territory == territory;
}

/// <summary>What a part of the feed holds for somebody.</summary>
/// <param name="Told">In order.</param>
/// <param name="Since">When the first one looked at happened; null where there was none.</param>
/// <param name="Last">The last one looked at, told or not: go on behind it. Null where there was none.</param>
/// <param name="More">Is there more behind it already?</param>
internal sealed record FeedPart(IReadOnlyList<PlacedEvent> Told, Instant? Since, PlacedEvent? Last, bool More)
{
    /// <summary>Looked at in one query; a filter that lets little through must not make one of it for each event.</summary>
    private const int Window = 500;

    /// <summary>Reads on behind a position; everything placed before the snapshot of <paramref name="db"/> is seen.</summary>
    /// <param name="limit">Of events told. Empty parts with <see cref="More"/> happen where the filter lets nothing through.</param>
    internal static async Task<FeedPart> Read(Db db, FeedFilter filter, long after, int limit)
    {
        var window = Math.Max(Window, limit);
        var looked = await FeedStore.After(db, after, window);
        var since = looked.Count > 0 ? looked[0].At : (Instant?)null;
        PlacedEvent? last = null;
        List<PlacedEvent> told = [];
        foreach (var each in looked)
        {
            if (told.Count == limit) return new(told, since, last, More: true);
            if (await filter.Passes(db, each)) told.Add(each);
            last = each;
        }
        return new(told, since, last, More: looked.Count == window);
    }
}
