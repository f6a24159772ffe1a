using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Storage.Calibration;

internal sealed record CalibrationReportRow
{
    /// <summary>Canonical JSON.</summary>
    public string Content { get; init; } = "";

    public string Fingerprint { get; init; } = "";
}

/// <summary>
/// Results of runs: reports, parameters, equating tables. Append-only; the transaction that ends a run writes them.
/// </summary>
internal static class CalibrationResultStore
{
    internal static async Task Add(Db db, Guid runId, CalibrationResult result, Instant now)
    {
        var (items, form) = (CanonicalJson.Of(result.Items), CanonicalJson.Of(result.Form));
        await db.Execute(
            """
            INSERT INTO calibration_results (run_id, items, form, fingerprint, created_at) VALUES (@runId, @items, @form, @fingerprint, @now)
            """,
            new
            {
                runId,
                items,
                form,
                fingerprint = Digest.Of(items + form),
                now,
            }
        );
        foreach (var item in result.Calibrated)
            await db.Execute(
                """
                INSERT INTO calibration_items (run_id, variant, slot, item_code, item_version, points, slope, intercepts, location, infit, outfit)
                VALUES (@runId, @Variant, @Slot, @Code, @Version, @points, @Slope, @intercepts, @Location, @Infit, @Outfit)
                """,
                new
                {
                    runId,
                    item.Variant,
                    item.Slot,
                    item.Code,
                    item.Version,
                    points = JsonSerializer.Serialize(item.Curve.Points),
                    item.Curve.Parameters.Slope,
                    intercepts = JsonSerializer.Serialize(item.Curve.Parameters.Intercepts),
                    item.Curve.Parameters.Location,
                    item.Infit,
                    item.Outfit,
                }
            );
        foreach (var table in result.Equatings)
            await db.Execute(
                """
                INSERT INTO calibration_equatings (run_id, variant, block, method, verdict, equivalents) VALUES (@runId, @Variant, @Block, @method, @verdict, @equivalents)
                """,
                new
                {
                    runId,
                    table.Variant,
                    table.Block,
                    method = Codes.Of(table.Rule),
                    verdict = Codes.Of(table.Verdict),
                    equivalents = JsonSerializer.Serialize(table.Equivalents),
                }
            );
    }

    internal static Task<CalibrationReportRow?> Items(Db db, Guid runId) =>
        db.Find<CalibrationReportRow>("SELECT items AS content, fingerprint FROM calibration_results WHERE run_id = @runId", new { runId });

    internal static Task<CalibrationReportRow?> Form(Db db, Guid runId) =>
        db.Find<CalibrationReportRow>("SELECT form AS content, fingerprint FROM calibration_results WHERE run_id = @runId", new { runId });

    /// <summary>
    /// Parameters of a variant's items, keyed by slot, without the items that the calibration left out.
    /// </summary>
    internal static async Task<IReadOnlyDictionary<int, PointsCurve>> Curves(Db db, Guid runId, int variant) =>
        (
            await db.Query<CurveRow>(
                """
                SELECT slot, points, slope, intercepts FROM calibration_items WHERE run_id = @runId AND variant = @variant ORDER BY slot
                """,
                new { runId, variant }
            )
        ).ToDictionary(
            row => row.Slot,
            row => new PointsCurve(
                new ItemParameters(row.Slope, JsonSerializer.Deserialize<double[]>(row.Intercepts)!),
                JsonSerializer.Deserialize<int[]>(row.Points)!
            )
        );

    /// <summary>
    /// Equating tables of a variant by one method, one table for each block. The first variant has no tables, because
    /// all results are reported in the points of that variant.
    /// </summary>
    internal static async Task<IReadOnlyList<EquatingTable>> Equatings(Db db, Guid runId, int variant, EquatingRule rule)
    {
        var rows = await db.Query<EquatingRow>(
            """
            SELECT block, verdict, equivalents FROM calibration_equatings
            WHERE run_id = @runId AND variant = @variant AND method = @method ORDER BY block
            """,
            new
            {
                runId,
                variant,
                method = Codes.Of(rule),
            }
        );
        return rows.Select(row => new EquatingTable(
                variant,
                row.Block,
                rule,
                Codes.Parse<ParallelVerdict>(row.Verdict),
                JsonSerializer.Deserialize<double[]>(row.Equivalents)!
            ))
            .ToList();
    }

    private sealed record CurveRow
    {
        public int Slot { get; init; }
        public string Points { get; init; } = "";
        public double Slope { get; init; }
        public string Intercepts { get; init; } = "";
    }

    private sealed record EquatingRow
    {
        public string Block { get; init; } = "";
        public string Verdict { get; init; } = "";
        public string Equivalents { get; init; } = "";
    }
}
