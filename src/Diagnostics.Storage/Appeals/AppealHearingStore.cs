using Diagnostics.Engine.Appeals;
using NodaTime;

namespace Diagnostics.Storage.Appeals;

internal sealed record AppealHearingRow
{
    public Guid AppealId { get; init; }
    public int Number { get; init; }
    public Instant HeldAt { get; init; }
    public string Place { get; init; } = "";
    public string? Invitation { get; init; }
    public string? Reason { get; init; }
    public Guid SetBy { get; init; }
    public Instant SetAt { get; init; }
}

/// <summary>When and where appeals are heard. Append-only; the last entry is in force.</summary>
internal static class AppealHearingStore
{
    private const string Columns = "appeal_id, number, held_at, place, invitation, reason, set_by, set_at";

    internal static Task<IReadOnlyList<AppealHearingRow>> Of(Db db, Guid appealId) =>
        db.Query<AppealHearingRow>($"SELECT {Columns} FROM appeal_hearings WHERE appeal_id = @appealId ORDER BY number", new { appealId });

    /// <summary>
    /// Sets the next hearing; returns false when somebody has changed the appeal since it was read. This also raises
    /// the appeal's revision. So when two people set a hearing at the same time, only one succeeds, and nobody can save
    /// a decision without having seen the hearing.
    /// </summary>
    internal static async Task<bool> Add(Db db, AppealRow appeal, AppealHearingRow hearing)
    {
        if (
            await db.Execute(
                """
                UPDATE appeals SET revision = revision + 1 WHERE id = @Id AND revision = @Revision AND state IN @states
                """,
                new
                {
                    appeal.Id,
                    appeal.Revision,
                    states = AppealMoves.ToSchedule.AllowedCodes,
                }
            ) != 1
        )
            return false;
        await db.Execute(
            """
            INSERT INTO appeal_hearings (appeal_id, number, held_at, place, invitation, reason, set_by, set_at)
            VALUES (@AppealId, @Number, @HeldAt, @Place, @Invitation, @Reason, @SetBy, @SetAt)
            """,
            hearing
        );
        return true;
    }
}
