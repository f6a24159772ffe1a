using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>A sitting of a campaign at a site; where it has no sittings, a day there.</summary>
/// <param name="From">Midnight at the site.</param>
/// <param name="To">The next one.</param>
internal sealed record DayFilter(Guid CampaignId, Guid SiteId, Guid? SittingId, Instant From, Instant To)
{
    /// <summary>The rows of this sitting, or of none.</summary>
    internal string InSitting(string table) => SittingId is null ? $"{table}.sitting_id IS NULL" : $"{table}.sitting_id = @SittingId";

    /// <summary>
    /// The sessions that belong to it. Of a day without sittings: whoever could come then; who began later or was through before
    /// is another day's.
    /// </summary>
    internal string Sessions(string table) => SittingId is not null
        ? $"({InSitting(table)} AND ({table}.state <> 'annulled' OR {table}.ended_at >= @From))"
        : $"""
          ({InSitting(table)} AND {table}.created_at < @To AND ({table}.started_at IS NULL OR {table}.started_at < @To)
            AND ({table}.ended_at IS NULL OR {table}.ended_at >= @From))
          """;

    /// <summary>What happened then; what belongs to a sitting may be done before it or after.</summary>
    internal string Happened(string column) => SittingId is null ? $"{column} >= @From AND {column} < @To" : $"{column} IS NOT NULL";
}
