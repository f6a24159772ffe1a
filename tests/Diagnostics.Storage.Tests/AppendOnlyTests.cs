using Microsoft.Data.Sqlite;

namespace Diagnostics.Storage.Tests;

/// <summary>Answers, marks, rights' evidence and published versions cannot be rewritten through the database either.</summary>
public sealed class AppendOnlyTests : IClassFixture<SceneFixture>
{
    private static readonly string[] Tables =
    [
        "appeal_events", "appeal_proposals", "appeal_recusals", "appeal_votes", "audit_entries", "calibration_campaigns",
        "calibration_equatings", "calibration_events", "calibration_items", "calibration_results", "item_versions", "marking_admissions", "marking_benchmarks",
        "marking_flags", "marking_key_decisions", "marking_protocols", "marking_rounds", "marking_trial_flags", "marking_trial_marks", "policies", "profiles",
        "session_events", "session_rejected_responses", "session_responses",
    ];

    private readonly TestDatabase test;

    public AppendOnlyTests(SceneFixture scene) => test = scene.Test;

    public static TheoryData<string, string> Rewritings()
    {
        var all = new TheoryData<string, string>();
        foreach (var table in Tables)
        {
            all.Add(table, "UPDATE {table} SET {column} = {column}");
            all.Add(table, "UPDATE OR REPLACE {table} SET {column} = {column}");
            all.Add(table, "DELETE FROM {table}");
            // Both remove or change the row that stands in the way.
            all.Add(table, "INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
            all.Add(table, "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET {column} = excluded.{column}");
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Rewritings))]
    public async Task History_refuses_to_be_rewritten(string table, string rewriting)
    {
        var column = await test.Value<string>("SELECT name FROM pragma_table_info(@table) WHERE cid = 0", new { table });
        var rows = await test.Value<int>($"SELECT COUNT(*) FROM {table}");
        rows.Should().BePositive("a trigger only fires where there is a row");
        var sql = rewriting.Replace("{table}", table, StringComparison.Ordinal).Replace("{column}", column, StringComparison.Ordinal);

        (await FluentActions.Awaiting(() => test.Execute(sql)).Should().ThrowAsync<SqliteException>())
            .Which.Message.Should().ContainAny($"{table} is append-only", $"{table} never change");
        (await test.Value<int>($"SELECT COUNT(*) FROM {table}")).Should().Be(rows);
    }

    [Fact]
    public async Task These_are_all_tables_with_such_triggers() =>
        (await test.Query<string>("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY tbl_name")).Should().Equal(Tables);
}

/// <summary>One database for tests that leave nothing behind in it.</summary>
public sealed class SceneFixture : IAsyncLifetime
{
    internal TestDatabase Test { get; private set; } = null!;

    public async Task InitializeAsync() => Test = await Scene.Make();

    public async Task DisposeAsync() => await Test.DisposeAsync();
}
