using Diagnostics.Engine;
using Diagnostics.Engine.Appeals;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>Makes a production calendar from its documents: the pinned one and those that it extends.</summary>
internal static class Calendars
{
    /// <summary>
    /// The longest chain of calendars that extend one another; a regional calendar that extends the federal one makes a
    /// chain of two.
    /// </summary>
    private const int MaxChain = 5;

    /// <summary>
    /// Counts days by the calendar version that the campaign pins. The calendar's latest version is used only when the
    /// pinned one does not cover the needed years. So a new version never changes a date in the years that the pinned
    /// version covers.
    /// </summary>
    internal static async Task<Result<T>> Count<T>(Db db, Guid campaignId, Func<ProductionCalendar, Result<T>> count) =>
        await Count(db, await CampaignPolicies.Load(db, campaignId), count);

    /// <inheritdoc cref="Count{T}(Db, Guid, Func{ProductionCalendar, Result{T}})"/>
    internal static async Task<Result<T>> Count<T>(Db db, CampaignPolicies policies, Func<ProductionCalendar, Result<T>> count)
    {
        var counted = count(await policies.Made(db, PolicyKind.Calendar, row => Read(db, row)));
        if (counted.Refusal is null)
            return counted;
        var pinned = await policies.Pinned(db, PolicyKind.Calendar);
        var latest = await PolicyStore.Latest(db, PolicyKind.Calendar, pinned.Code);
        if (latest is null || latest.Version == pinned.Version)
            return counted;
        var again = count(await Read(db, latest));
        return again.Refusal is null ? again : counted;
    }

    /// <summary>
    /// Refuses a calendar when a calendar that it extends does not exist, or when the chain is too long; null for any
    /// other document.
    /// </summary>
    internal static async Task<Refusal?> Check(Db db, PolicyKind kind, string content) =>
        kind is PolicyKind.Calendar && (await Chain(db, content)).Refused(out var refusal, out _) ? refusal : null;

    private static async Task<ProductionCalendar> Read(Db db, PolicyRow row) => ProductionCalendar.Of((await Chain(db, row.Content)).Value);

    private static async Task<Result<IReadOnlyList<CalendarDocument>>> Chain(Db db, string content)
    {
        var chain = new List<CalendarDocument> { PolicyJson.Read<CalendarDocument>(content) };
        while (chain[^1].Extends is { } extended)
        {
            if (chain.Count == MaxChain)
                return Invalid("calendar-too-deep", $"Календари надстроены друг над другом больше {MaxChain} раз.");
            if (await PolicyStore.Find(db, PolicyKind.Calendar, extended.Code, extended.Version) is not { } row)
                return Invalid("calendar-not-found", $"Календаря {extended.Code} версии {extended.Version}, который надо дополнить, нет.");
            chain.Add(PolicyJson.Read<CalendarDocument>(row.Content));
        }
        return chain;
    }

    private static Refusal Invalid(string code, string detail) => Refusal.Invalid(code, detail).With("field", "content");
}
