using Diagnostics.Engine;
using Diagnostics.Engine.SiteDays;
using Diagnostics.Storage;
using Diagnostics.Storage.SiteDays;
using NodaTime;

namespace Diagnostics.UseCases.SiteDays;

/// <summary>The staff and the journal of a day at a site, without journal entries that were declared invalid.</summary>
internal sealed class DayRecord
{
    private readonly IReadOnlyList<JournalRow> entries;
    private readonly HashSet<Guid> identified;
    private readonly Dictionary<int, bool> places = [];

    private DayRecord(IReadOnlyList<SiteStaffRow> staff, IReadOnlyList<JournalRow> journal)
    {
        entries = journal.Where(entry => !entry.Corrected).ToList();
        identified = entries.Select(entry => entry.SessionId).OfType<Guid>().ToHashSet();
        // Only the last check of each seat counts.
        foreach (var entry in entries)
            if (entry is { Seat: { } seat, Passed: { } passed })
                places[seat] = passed;
        Staff = staff
            .Select(row => new DayStaff(row, PresentAt(row.Id)))
            .Where(member => member.Row.EndedAt is null || member.PresentAt is not null)
            .ToList();
    }

    /// <summary>The appointed people. Those whose appointment has ended are included if they were present.</summary>
    internal IReadOnlyList<DayStaff> Staff { get; }

    internal IReadOnlyList<MissingDuty> Missing =>
        SiteDuties.Missing(
            Staff.Select(member => member.Duty).ToList(),
            Staff.Where(member => member.PresentAt is not null).Select(member => member.Duty).ToList()
        );

    internal static async Task<DayRecord> Read(Db db, SiteDay day) =>
        new(await SiteStaffStore.OfDay(db, day.Filter), await SiteJournalStore.OfDay(db, day.Filter));

    internal bool IsIdentified(Guid session) => identified.Contains(session);

    internal bool IsPlaceChecked(int seat) => PlacePassed(seat) is true;

    /// <summary>Whether the last check of the seat was passed; null when there was none.</summary>
    internal bool? PlacePassed(int seat) => places.TryGetValue(seat, out var passed) ? passed : null;

    internal IEnumerable<JournalRow> Of(JournalKind kind)
    {
        var code = Codes.Of(kind);
        return entries.Where(entry => entry.Kind == code);
    }

    internal IEnumerable<(MaterialsMove Move, JournalRow Entry)> Materials =>
        from entry in entries
        let move = JournalKinds.MoveOf(Codes.Parse<JournalKind>(entry.Kind))
        where move is not null
        select (move.Value, entry);

    private Instant? PresentAt(Guid appointment) => entries.FirstOrDefault(entry => entry.StaffId == appointment)?.At;
}

/// <param name="PresentAt">When the person's presence was first recorded on the day.</param>
internal sealed record DayStaff(SiteStaffRow Row, Instant? PresentAt)
{
    internal SiteDuty Duty => Codes.Parse<SiteDuty>(Row.Duty);
}
