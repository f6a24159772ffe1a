using NodaTime;

namespace Diagnostics.Storage.SiteDays;

/// <summary>Selects one sitting of a campaign at a site; when the campaign has no sittings there, one day.</summary>
/// <param name="From">The midnight, at the site, at which the day begins.</param>
/// <param name="To">The midnight at which the day ends.</param>
internal sealed record DayFilter(Guid CampaignId, Guid SiteId, Guid? SittingId, Instant From, Instant To)
{
    /// <summary>Selects the rows of this sitting; on a day without sittings, the rows that have no sitting.</summary>
    internal string InSitting(string table) => SittingId is null ? $"{table}.sitting_id IS NULL" : $"{table}.sitting_id = @SittingId";

    /// <summary>
    /// Selects the sessions of this sitting or day. The sessions of a day without sittings are those of the people who
    /// could come on that day; a session that began later or ended earlier belongs to another day.
    /// </summary>
    internal string Sessions(string table) =>
        SittingId is not null
            ? $"({InSitting(table)} AND ({table}.state <> 'annulled' OR {table}.ended_at >= @From))"
            : $"""
                ({InSitting(table)} AND {table}.created_at < @To AND ({table}.started_at IS NULL OR {table}.started_at < @To)
                  AND ({table}.ended_at IS NULL OR {table}.ended_at >= @From))
                """;

    /// <summary>Selects the events of this day; for a sitting, the events at any time.</summary>
    internal string Happened(string column) => SittingId is null ? $"{column} >= @From AND {column} < @To" : $"{column} IS NOT NULL";
}
