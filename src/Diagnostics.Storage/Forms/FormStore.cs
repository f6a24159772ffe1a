using NodaTime;

namespace Diagnostics.Storage.Forms;

internal sealed record FormRow
{
    public Guid Id { get; init; }
    public string Title { get; init; } = "";
    public string BlueprintCode { get; init; } = "";
    public int BlueprintVersion { get; init; }
    public string FrameworkCode { get; init; } = "";
    public int FrameworkVersion { get; init; }
    public int TimeLimitMinutes { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? FrozenAt { get; init; }
}

internal sealed record FormSlotRow
{
    public int Variant { get; init; }
    public int Slot { get; init; }
    public string FacetCode { get; init; } = "";
    public int FacetVersion { get; init; }
    public string ItemCode { get; init; } = "";
    public int ItemVersion { get; init; }

    /// <summary>Canonical JSON of the item.</summary>
    public string Content { get; init; } = "";
}

internal static class FormStore
{
    private const string Columns = """
        id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at, frozen_at
        """;

    internal static Task<FormRow?> Find(Db db, Guid id) => db.Find<FormRow>($"SELECT {Columns} FROM forms WHERE id = @id", new { id });

    internal static Task<IReadOnlyList<FormRow>> List(Db db) => db.Query<FormRow>($"SELECT {Columns} FROM forms ORDER BY id");

    internal static Task<bool> Any(Db db, string blueprintCode, int blueprintVersion) =>
        db.Value<bool>(
            """
            SELECT CASE WHEN EXISTS (SELECT 1 FROM forms WHERE blueprint_code = @blueprintCode AND blueprint_version = @blueprintVersion) THEN 1 ELSE 0 END
            """,
            new { blueprintCode, blueprintVersion }
        );

    internal static Task<int> Add(Db db, FormRow form) =>
        db.Execute(
            """
            INSERT INTO forms (id, title, blueprint_code, blueprint_version, framework_code, framework_version, time_limit_minutes, created_at)
            VALUES (@Id, @Title, @BlueprintCode, @BlueprintVersion, @FrameworkCode, @FrameworkVersion, @TimeLimitMinutes, @CreatedAt)
            """,
            form
        );

    internal static Task<int> AddSlot(
        Db db,
        Guid formId,
        int variant,
        int slot,
        string facetCode,
        int facetVersion,
        string itemCode,
        int itemVersion
    ) =>
        db.Execute(
            """
            INSERT INTO form_slots (form_id, variant, slot, facet_code, facet_version, item_code, item_version)
            VALUES (@formId, @variant, @slot, @facetCode, @facetVersion, @itemCode, @itemVersion)
            """,
            new
            {
                formId,
                variant,
                slot,
                facetCode,
                facetVersion,
                itemCode,
                itemVersion,
            }
        );

    /// <summary>Marks a form as used by a published campaign. From then on, the form never changes.</summary>
    internal static Task<int> Freeze(Db db, Guid id, Instant now) =>
        db.Execute("UPDATE forms SET frozen_at = COALESCE(frozen_at, @now) WHERE id = @id", new { id, now });

    /// <summary>For each variant, the number of its slots that have an item.</summary>
    internal static async Task<IReadOnlyDictionary<int, int>> Filled(Db db, Guid id) =>
        (
            await db.Query<FilledRow>(
                """
                SELECT variant, COUNT(*) AS slots FROM form_slots WHERE form_id = @id GROUP BY variant
                """,
                new { id }
            )
        ).ToDictionary(row => row.Variant, row => row.Slots);

    private sealed record FilledRow
    {
        public int Variant { get; init; }
        public int Slots { get; init; }
    }

    /// <summary>All slots of all variants with the items' content.</summary>
    internal static Task<IReadOnlyList<FormSlotRow>> Slots(Db db, Guid formId) =>
        db.Query<FormSlotRow>(
            """
            SELECT s.variant, s.slot, s.facet_code, s.facet_version, s.item_code, s.item_version, v.content
            FROM form_slots AS s JOIN item_versions AS v ON v.code = s.item_code AND v.version = s.item_version
            WHERE s.form_id = @formId
            ORDER BY s.variant, s.slot
            """,
            new { formId }
        );
}
