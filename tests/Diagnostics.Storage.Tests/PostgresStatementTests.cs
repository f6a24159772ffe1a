using Diagnostics.Storage.Postgres;
using Npgsql;

namespace Diagnostics.Storage.Tests;

/// <summary>PostgreSQL understands the frequent statements as written, and finds their rows by an index.</summary>
[NeedsPostgres]
public sealed class PostgresStatementTests(SceneFixture.OnPostgres scene) : IClassFixture<SceneFixture.OnPostgres>
{
    // The table of key decisions is small, because people make decisions one by one; the answers that a decision
    // affects are found by index.
    private static readonly string[] MayBeScanned = ["marking_key_decisions"];

    public static TheoryData<string> Names() => HotStatements.Names();

    [ContractTheory]
    [MemberData(nameof(Names))]
    public async Task Rows_are_found_by_an_index(string name)
    {
        await using var connection = new NpgsqlConnection(scene.Test.Source);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var db = new Db(connection, transaction, PostgresDialect.Instance);
        // The rows to which the scene refers are missing, which does not matter here.
        await db.Execute($"SET LOCAL session_replication_role = replica; SET LOCAL enable_seqscan = off; {HotStatements.Scene}");
        var before = await Scanned(db);

        await HotStatements.All[name](db);

        // In a test's database a scan is cheaper than any index. With scans disabled, the server chooses a scan only
        // where there is no other way.
        (await Scanned(db))
            .Except(before)
            .Select(table => table.Name)
            .Except(MayBeScanned)
            .Should()
            .BeEmpty();
    }

    private static async Task<IReadOnlyList<ScannedTable>> Scanned(Db db) =>
        await db.Query<ScannedTable>("SELECT relname::text AS name, seq_scan AS scans FROM pg_stat_xact_user_tables WHERE seq_scan > 0");

    private sealed record ScannedTable
    {
        public string Name { get; init; } = "";
        public long Scans { get; init; }
    }
}
