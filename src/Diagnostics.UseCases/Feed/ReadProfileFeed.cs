using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Feed;
using Diagnostics.Storage.Profiles;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Feed;

/// <summary>
/// How long the feed keeps events. A reader who has been away for longer must read the list of profiles again.
/// </summary>
internal sealed record FeedRetention(Duration Kept)
{
    internal const string SettingName = "Diagnostics:FeedRetentionDays";

    private const int Usual = 90;
    private const int Most = 3660;

    /// <exception cref="SettingException">The value is not a whole number of days within the limits.</exception>
    internal static FeedRetention Setting(string? days) =>
        new(
            Duration.FromDays(
                string.IsNullOrWhiteSpace(days) ? Usual
                : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most ? number
                : throw new SettingException(SettingName, $"нужно целое число дней от 1 до {Most}")
            )
        );
}

/// <summary>
/// Gives a portal its events in the order of the feed, each at least once. The territory, the consent and the rights of
/// the client at the time of reading decide what the portal may see.
/// </summary>
internal sealed class ReadProfileFeed(Executor executor, EventFeed feed, FeedRetention retention)
    : UseCase<ReadProfileFeed.Request, ProfileFeedPage>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ReadProfileFeed),
        AccessRule.Client(Clients.ReadProfiles),
        Trail.Look<Request, ProfileFeedPage>(
            "profiles.viewed",
            (_, page) =>
                Looked.Profiles(
                    "profiles",
                    page.Items.Where(told => told.Profile is not null).Select(told => (told.ParticipantId, told.ProfileId)).ToList()
                )
        )
    );

    /// <summary>The value of <c>after</c> for reading only events from now on.</summary>
    internal const string Latest = "latest";

    internal const int MaxLimit = 1000;
    internal const int MaxProfiles = 100;
    internal const int LongestWait = 30;

    private const int UsualLimit = 100;

    /// <summary>The greatest number of empty parts that one request reads.</summary>
    private const int PartsAtOnce = 20;

    internal static readonly Refusal Expired = new(
        "feed-cursor-expired",
        RefusalKind.Gone,
        "События после этого места ленты уже не хранятся, или места такого в ней нет. Возьмите новое место (after=latest), "
            + "затем список профилей (/api/v1/profiles) и продолжайте с этого места."
    );

    /// <param name="After">A cursor; null for the oldest event kept, <see cref="Latest"/> for the end.</param>
    /// <param name="Wait">How many seconds to wait for events, 0–30.</param>
    /// <param name="Type">Types of events, separated by commas; null for all types.</param>
    /// <param name="Include"><c>profile</c> to include the documents of issued profiles; otherwise null.</param>
    internal sealed record Request(
        string? After,
        int? Wait,
        string? Type,
        string? Territory,
        string? Include,
        int? Limit,
        CancellationToken Cancel = default
    );

    protected override async Task<Result<ProfileFeedPage>> Handle(Request request, Caller caller)
    {
        if (Check(request, caller).Refused(out var refusal, out var filter))
            return refusal;
        var limit = Math.Clamp(request.Limit ?? UsualLimit, 1, request.Include is null ? MaxLimit : MaxProfiles);
        // Use the same time for the whole request, so that its first event does not expire before it is read.
        var oldest = Now - retention.Kept;
        var end = await feed.End();
        var beginning = await Fetch(db => Begin(db, request.After, oldest, end));
        if (beginning.Refused(out refusal, out var after))
            return refusal;
        for (var (began, parts) = (Stopwatch.GetTimestamp(), 1); ; parts++)
        {
            var reading = await Fetch(db => ReadPart(db, filter, new(after, limit, oldest, request.Include is not null)));
            if (reading.Refused(out refusal, out var read))
                return refusal;
            var (page, cursor) = read;
            if (page.Items.Count > 0)
                return page;
            after = cursor;
            if (page.More)
            {
                if (parts >= PartsAtOnce)
                    return page;
                continue;
            }
            var left = TimeSpan.FromSeconds(request.Wait ?? 0) - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await feed.WaitBehind(after.Position, left, request.Cancel))
                return page;
            if (await RefusesNow(caller) is { } shutOut)
                return shutOut;
            parts = 0;
        }
    }

    private static Result<FeedFilter> Check(Request request, Caller caller)
    {
        if (request.Wait is < 0 or > LongestWait)
            return Refusal.Invalid("wait-invalid", $"wait — целое число секунд от 0 до {LongestWait}.").With("field", "wait");
        if (request.Include is not (null or "profile"))
            return Refusal.Invalid("include-unknown", "include бывает только profile.").With("field", "include");
        HashSet<EventKind>? kinds = null;
        foreach (var type in request.Type?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (FeedEvent.KindOf(type) is not { } kind)
                return Refusal
                    .Invalid("event-type-unknown", $"События «{type}» нет; бывают: {string.Join(", ", FeedEvent.Types)}.")
                    .With("field", "type");
            (kinds ??= []).Add(kind);
        }
        if (request.Territory is { } wanted && caller.ClientTerritory is { } own && own != wanted)
            return ProfileAccess.OtherTerritory(own);
        return new FeedFilter(request.Territory ?? caller.ClientTerritory, kinds);
    }

    /// <summary>Finds the event after which to read.</summary>
    private static async Task<Result<FeedCursor>> Begin(Db db, string? after, Instant oldest, long end)
    {
        if (after == Latest)
            return await FeedCursor.At(db, end);
        if (after is null)
            return await FeedCursor.At(db, await FeedStore.Before(db, oldest, end));
        if (FeedCursor.Find(after) is not { } cursor)
            return Refusal
                .Invalid("feed-cursor-invalid", $"after — место из прежнего ответа (next или cursor) или {Latest}.")
                .With("field", "after");
        // Both conditions mean that the database was restored from a backup. Positions that were given after the backup
        // now belong to other events, or will do so.
        return cursor.Position > end || !await cursor.Holds(db) ? Expired : cursor;
    }

    private static async Task<Result<PartRead>> ReadPart(Db db, FeedFilter filter, Wanted wanted)
    {
        var part = await FeedPart.Read(db, filter, wanted.After.Position, wanted.Limit);
        // Some events between the cursor and this part may have been deleted.
        if (part.Since < wanted.Oldest)
            return Expired;
        var items = new List<FeedEvent>(part.Told.Count);
        foreach (var told in part.Told)
        {
            if (!wanted.Profiles || told is not { Kind: EventKind.ProfileIssued, ProfileId: { } id })
                items.Add(FeedEvent.Of(told));
            else
                items.Add(FeedEvent.Of(told, Document((await ProfileStore.Find(db, id))!)));
        }
        var next = part.Last is { } last ? FeedCursor.Of(last) : wanted.After;
        return new PartRead(new(items, next.ToString(), part.More), next);
    }

    private static JsonElement Document(ProfileRow row) => JsonElement.Parse(ProfileDocument.Of(row).Content);

    /// <param name="Oldest">The time before which events are no longer kept.</param>
    private readonly record struct Wanted(FeedCursor After, int Limit, Instant Oldest, bool Profiles);

    private sealed record PartRead(ProfileFeedPage Page, FeedCursor Next);
}
