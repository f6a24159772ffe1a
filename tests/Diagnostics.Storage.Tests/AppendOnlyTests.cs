using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Nobody can rewrite answers, marks, evidence of rights or published versions, even directly in the database.
/// </summary>
public abstract class AppendOnlyTests(SceneFixture scene)
{
    private static readonly string[] Tables =
    [
        "appeal_events",
        "appeal_hearings",
        "appeal_proposals",
        "appeal_recusals",
        "appeal_votes",
        "audit_entries",
        "audit_people",
        "blueprints",
        "calibration_campaigns",
        "calibration_equatings",
        "calibration_events",
        "calibration_items",
        "calibration_results",
        "campaign_decisions",
        "campaign_documents",
        "complex_profiles",
        "events",
        "form_slots",
        "frameworks",
        "instruments",
        "item_facet_items",
        "item_transitions",
        "item_versions",
        "marking_admissions",
        "marking_benchmarks",
        "marking_flag_decisions",
        "marking_flags",
        "marking_key_decisions",
        "marking_protocols",
        "marking_rounds",
        "marking_trial_flags",
        "marking_trial_marks",
        "observation_agreements",
        "observation_experts",
        "observation_sheets",
        "observation_withdrawals",
        "observations",
        "paper_collections",
        "paper_entries",
        "paper_packages",
        "paper_scan_withdrawals",
        "paper_scans",
        "paper_works",
        "policies",
        "practice_results",
        "profiles",
        "questionnaire_answers",
        "questionnaire_finishes",
        "questionnaire_rejected_answers",
        "questionnaire_sessions",
        "questionnaire_withdrawals",
        "session_events",
        "session_rejected_responses",
        "session_responses",
        "site_acts",
        "site_interruption_sessions",
        "site_journal",
    ];

    private readonly TestDatabase test = scene.Test;

    private static TheoryData<string, string> EachTable(params string[] rewritings)
    {
        var all = new TheoryData<string, string>();
        foreach (var table in Tables)
        foreach (var rewriting in rewritings)
            all.Add(table, rewriting);
        return all;
    }

    private async Task Refuses(string table, string rewriting, string column, string key)
    {
        var rows = await test.Value<int>($"SELECT COUNT(*) FROM {table}");
        rows.Should().BePositive("a trigger only fires where there is a row");
        var sql = rewriting
            .Replace("{table}", table, StringComparison.Ordinal)
            .Replace("{column}", column, StringComparison.Ordinal)
            .Replace("{key}", key, StringComparison.Ordinal);

        (await FluentActions.Awaiting(() => test.Execute(sql)).Should().ThrowAsync<DbException>())
            // SQL Server checks foreign keys to a row before it runs the trigger, so either the key or the trigger may
            // refuse.
            .Which.Message.Should()
            .ContainAny("is append-only", "never change", "REFERENCE constraint");
        (await test.Value<int>($"SELECT COUNT(*) FROM {table}")).Should().Be(rows);
    }

    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : AppendOnlyTests(scene), IClassFixture<SceneFixture.OnSqlite>
    {
        public static TheoryData<string, string> Rewritings() =>
            EachTable(
                "UPDATE {table} SET {column} = {column}",
                "UPDATE OR REPLACE {table} SET {column} = {column}",
                "DELETE FROM {table}",
                // Both of the next statements would remove or change the conflicting row.
                "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
                "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET {column} = excluded.{column}"
            );

        [Theory]
        [MemberData(nameof(Rewritings))]
        public async Task History_refuses_to_be_rewritten(string table, string rewriting) =>
            await Refuses(
                table,
                rewriting,
                await test.Value<string>("SELECT name FROM pragma_table_info(@table) WHERE cid = 0", new { table }),
                ""
            );

        [Fact]
        public async Task These_are_all_tables_with_such_triggers() =>
            (
                await test.Query<string>(
                    "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_keep_%' ORDER BY tbl_name"
                )
            )
                .Should()
                .Equal(Tables);
    }

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : AppendOnlyTests(scene), IClassFixture<SceneFixture.OnPostgres>
    {
        public static TheoryData<string, string> Rewritings() =>
            EachTable(
                "UPDATE {table} SET {column} = {column}",
                "DELETE FROM {table}",
                // No row trigger runs for TRUNCATE.
                "TRUNCATE {table} CASCADE",
                "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}"
            );

        [ContractTheory]
        [MemberData(nameof(Rewritings))]
        public async Task History_refuses_to_be_rewritten(string table, string rewriting) =>
            await Refuses(
                table,
                rewriting,
                await test.Value<string>(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(@table) AND attnum = 1",
                    new { table }
                ),
                await test.Value<string>(
                    """
                    SELECT string_agg(a.attname::text, ', ') FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indisprimary AND i.indrelid = to_regclass(@table)
                    """,
                    new { table }
                )
            );

        [ContractFact]
        public async Task These_are_all_tables_with_such_triggers() => (
                await test.Query<string>(
                    """
                    SELECT DISTINCT c.relname::text COLLATE "C" AS name FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgname LIKE '%_keep_%' ORDER BY name
                    """
                )
            ).Should().Equal(Tables);
    }

    [NeedsSqlServer]
    public sealed class OnSqlServer(SceneFixture.OnSqlServer scene) : AppendOnlyTests(scene), IClassFixture<SceneFixture.OnSqlServer>
    {
        public static TheoryData<string, string> Rewritings() => EachTable("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}");

        [ContractTheory]
        [MemberData(nameof(Rewritings))]
        public async Task History_refuses_to_be_rewritten(string table, string rewriting) =>
            await Refuses(
                table,
                rewriting,
                await test.Value<string>(
                    "SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(@table) AND column_id = 1",
                    new { table }
                ),
                ""
            );

        [ContractFact]
        public async Task These_are_all_tables_with_such_triggers() =>
            (
                await test.Query<string>(
                    "SELECT DISTINCT OBJECT_NAME(parent_id) FROM sys.triggers WHERE parent_class = 1 AND name LIKE '%_keep_%'"
                )
            )
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(Tables);
    }
}
