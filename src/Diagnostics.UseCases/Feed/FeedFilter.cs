using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.People;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// Decides, when the feed is read, which events an outside reader receives: those about people who live in the
/// territory and whose consent is in force. Two events need no consent, because everybody who has copies must learn of
/// them: a consent was withdrawn, or a person who once gave consent now belongs to another territory.
/// </summary>
/// <param name="Territory">The only territory whose people are included; null for all territories.</param>
/// <param name="Kinds">The only kinds of events that are included; null for all kinds.</param>
internal sealed record FeedFilter(string? Territory, IReadOnlySet<EventKind>? Kinds = null)
{
    internal ValueTask<bool> Passes(Db db, PlacedEvent told)
    {
        if (Kinds?.Contains(told.Kind) is false)
            return new(false);
        // An event without a person is about a whole campaign.
        if (told.ParticipantId is null)
            return Territory is null ? new(true) : new(CampaignStore.Serves(db, told.CampaignId!.Value, Territory));
        return new(
            told.Kind switch
            {
                EventKind.ConsentWithdrawn => IsOfSharing(told) && IsHere(told.ToldTerritory ?? told.Territory),
                EventKind.PersonMoved => (told.Shared && IsHere(told.Territory))
                    || (told.EverShared && Territory is not null && Territory == told.ToldTerritory),
                EventKind.ConsentGiven => IsOfSharing(told) && told.Shared && IsHere(told.Territory),
                // Pass only published profiles, because nobody outside needs a provisional one.
                EventKind.ProfileIssued or EventKind.ProfileSuperseded or EventKind.ProfileAnnulled => told.Published
                    && told.Shared
                    && IsHere(told.Territory),
                EventKind.ApplicationApproved
                or EventKind.SessionFinished
                or EventKind.ResultsPublished
                or EventKind.AppealDecided
                or EventKind.PersonCorrected
                or EventKind.ComplexProfileIssued => told.Shared && IsHere(told.Territory),
                _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, null),
            }
        );
    }

    private static bool IsOfSharing(PlacedEvent told) => told.ConsentKind == ConsentStore.ProfileSharing;

    private bool IsHere(string? territory) => Territory is null || Territory == territory;
}

/// <summary>A part of the feed as a reader receives it.</summary>
/// <param name="Told">Events that the reader receives, in the order of the feed.</param>
/// <param name="Since">The time of the first event that was looked at; null when there was none.</param>
/// <param name="Last">The last event that was looked at, whether or not the reader receives it; the next part begins
/// after it. Null when there was none.</param>
/// <param name="More">Whether there are already more events after it.</param>
internal sealed record FeedPart(IReadOnlyList<PlacedEvent> Told, Instant? Since, PlacedEvent? Last, bool More)
{
    /// <summary>
    /// The smallest number of events that one query reads. If queries read fewer, a filter that passes few events would
    /// need very many queries.
    /// </summary>
    private const int Window = 500;

    /// <summary>
    /// Reads the events after a position, up to the last event that has a position in the snapshot of
    /// <paramref name="db"/>.
    /// </summary>
    /// <param name="limit">The greatest number of events to return. When the filter passes none of the events read, the
    /// part is empty, although <see cref="More"/> may be true.</param>
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
