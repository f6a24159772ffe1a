using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.People;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// Decides at reading time which events an outside reader receives: those about people of the territory whose consent
/// is in force. Two events need no consent, because everybody who has copies must learn of them: that the consent was
/// withdrawn, and that a person who ever gave consent now belongs to another territory.
/// </summary>
/// <param name="Territory">The only territory whose people are included; null for all.</param>
/// <param name="Kinds">The only kinds that are included; null for all.</param>
internal sealed record FeedFilter(string? Territory, IReadOnlySet<EventKind>? Kinds = null)
{
    internal ValueTask<bool> Passes(Db db, PlacedEvent told)
    {
        if (Kinds?.Contains(told.Kind) is false)
            return new(false);
        // An event of a campaign concerns no single person.
        if (told.ParticipantId is null)
            return Territory is null ? new(true) : new(CampaignStore.Serves(db, told.CampaignId!.Value, Territory));
        return new(
            told.Kind switch
            {
                EventKind.ConsentWithdrawn => IsOfSharing(told) && IsHere(told.ToldTerritory ?? told.Territory),
                EventKind.PersonMoved => (told.Shared && IsHere(told.Territory))
                    || (told.EverShared && Territory is not null && Territory == told.ToldTerritory),
                EventKind.ConsentGiven => IsOfSharing(told) && told.Shared && IsHere(told.Territory),
                // Nobody outside needs a provisional profile.
                EventKind.ProfileIssued or EventKind.ProfileSuperseded or EventKind.ProfileAnnulled => told.Published
                    && told.Shared
                    && IsHere(told.Territory),
                EventKind.ApplicationApproved or EventKind.SessionFinished or EventKind.ResultsPublished or EventKind.AppealDecided =>
                    told.Shared && IsHere(told.Territory),
                _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, null),
            }
        );
    }

    private static bool IsOfSharing(PlacedEvent told) => told.ConsentKind == ConsentStore.ProfileSharing;

    private bool IsHere(string? territory) => Territory is null || Territory == territory;
}

/// <summary>A part of the feed as a reader receives it.</summary>
/// <param name="Told">Events that the reader receives, in order.</param>
/// <param name="Since">The time of the first event that was looked at; null when there was none.</param>
/// <param name="Last">The last event that was looked at, received or not: continue after it. Null when there was
/// none.</param>
/// <param name="More">Whether there are already more events after it.</param>
internal sealed record FeedPart(IReadOnlyList<PlacedEvent> Told, Instant? Since, PlacedEvent? Last, bool More)
{
    /// <summary>
    /// Events examined in one query; otherwise a filter that passes few events would need a query for each.
    /// </summary>
    private const int Window = 500;

    /// <summary>
    /// Continues after a position; sees everything placed before the snapshot of <paramref name="db"/>.
    /// </summary>
    /// <param name="limit">Limit of events sent. A part may be empty with <see cref="More"/> when the filter passes
    /// nothing.</param>
    internal static async Task<FeedPart> Read(Db db, FeedFilter filter, long after, int limit)
    {
        var window = Math.Max(Window, limit);
        var looked = await FeedStore.After(db, after, window);
        var since = looked.Count > 0 ? looked[0].At : (Instant?)null;
        PlacedEvent? last = null;
        List<PlacedEvent> told = [];
        foreach (var each in looked)
        {
            if (told.Count == limit)
                return new(told, since, last, More: true);
            if (await filter.Passes(db, each))
                told.Add(each);
            last = each;
        }
        return new(told, since, last, More: looked.Count == window);
    }
}
