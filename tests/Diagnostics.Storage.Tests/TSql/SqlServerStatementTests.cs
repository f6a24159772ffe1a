using System.Text.RegularExpressions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Operations;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.Storage.SqlServer;
using Diagnostics.TestKit;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests.TSql;

/// <summary>
/// Every statement that SQL Server may get is read with the server's grammar and checked against the schema of its
/// scripts. Finding an unknown word, a missing column, or bytes compared with a text needs no server.
/// </summary>
public sealed partial class SqlServerStatementTests(SceneFixture.OnSqlite scene) : IClassFixture<SceneFixture.OnSqlite>
{
    public static TheoryData<string, bool> Methods() => StoreMethods.Names();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_statement_of_a_store_is_understood(string name, bool leaveOut)
    {
        var statements = await Recorded(db => StoreMethods.Call(name, db, leaveOut));

        statements.SelectMany(statement => Faults(statement.Sent)).Distinct().Should().BeEmpty();
    }

    /// <summary>
    /// Every statement in the stores must be reached by a call above, because otherwise it would not be checked.
    /// </summary>
    [Fact]
    public async Task No_statement_that_stands_in_the_stores_is_left_out()
    {
        List<string> said = [];
        foreach (var row in StoreMethods.Names())
            said.AddRange(
                (await Recorded(db => StoreMethods.Call((string)row[0], db, (bool)row[1]))).Select(statement => Flat(statement.Said))
            );
        said.AddRange((await Others()).Select(statement => Flat(statement.Said)));

        var standing = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src", "Diagnostics.Storage"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !OfOthers().IsMatch(file))
            .SelectMany(StatementsIn)
            .ToList();

        standing.Should().HaveCountGreaterThan(150);
        standing
            .Where(statement => !said.Exists(each => each.StartsWith(statement, StringComparison.Ordinal)))
            .Distinct()
            .Should()
            .BeEmpty();
    }

    /// <summary>
    /// Takes the branches that depend on existing rows, such as those for stale, late and repeated saves.
    /// </summary>
    [Fact]
    public async Task What_only_some_rows_lead_to_is_understood_too() =>
        (await Others()).SelectMany(statement => Faults(statement.Sent)).Should().BeEmpty();

    public static TheoryData<string> OfTheServer() =>
        [
            SqlServerBackend.BeginSnapshot,
            SqlServerBackend.BeginGuarded,
            SqlServerBackend.BeginSerial,
            SqlServerBackend.Commit,
            SqlServerBackend.Undo,
            SqlServerBackend.ReadOptions,
            SqlServerBackend.LockOfTurn,
            SqlServerBackend.LockOfSchema,
            SqlServerDialect.Instance.CountTables,
            SqlServerSaves.Hold,
            $"{SqlServerSaves.Hold}\n{SqlServerSaves.Insert(0)}\n{SqlServerSaves.Insert(1)}",
            .. SqlServerBackend.Missing(new DatabaseOptions { DelayedDurability = DatabaseOptions.ForcedDelay }, "our]s"),
            .. TSqlCatalog.Ours.References.Select(reference =>
                SqlServerDialect.CountOrphans(reference.Table, reference.Target, reference.Columns.Zip(reference.TargetColumns).ToList())
            ),
        ];

    [Theory]
    [MemberData(nameof(OfTheServer))]
    public void What_is_said_to_this_server_only_is_understood(string sql) => Faults(sql).Should().BeEmpty();

    [Fact]
    public async Task The_question_for_references_is_understood()
    {
        var recorder = new SqlServerDialectRecorder();
        await FluentActions
            .Awaiting(() => SqlServerDialect.Instance.FindOrphans(new Db(scene.Test.Connect(), null, recorder)))
            .Should()
            .ThrowAsync<SqliteException>("SQLite has no such views");

        recorder.Statements.Should().ContainSingle().Which.Sent.Should().Match<string>(sql => TSqlReader.Faults(sql, null).Count == 0);
    }

    /// <summary>The script that the administrator runs once; the tool that sends it inserts the password.</summary>
    [Fact]
    public void The_administrators_script_is_understood() =>
        SqlServerDialect
            .Instance.Batches(File.ReadAllText(Path.Combine(Repository.Root, "docker", "sqlserver.sql")))
            .SelectMany(batch => TSqlText.Parse(batch).Faults)
            .Should()
            .BeEmpty();

    /// <summary>
    /// Checks the rows and violations in the contract tests, because without a server no other test runs them for SQL
    /// Server.
    /// </summary>
    [Fact]
    public void What_the_tests_say_is_understood() =>
        SchemaTests
            .Impossible()
            .Select(row => (string)row[1])
            .Prepend(Scene.Rows)
            .SelectMany(sql => Faults(SqlServerDialect.Instance.Of(Words.In(sql, Provider.SqlServer))))
            .Should()
            .BeEmpty();

    [Theory]
    [InlineData("SELECT id, nme FROM sites", "*nme*")]
    [InlineData("SELECT s.id FROM sites AS s JOIN campaigns AS c ON c.id = x.site_id", "*x.site_id*")]
    [InlineData("SELECT id FROM sittes", "*no table sittes*")]
    [InlineData("SELECT s.id, id FROM sites AS s JOIN forms AS f ON f.id = s.id", "*ambiguous: id*")]
    [InlineData("SELECT id FROM sites ORDER BY id LIMIT 1", "*")]
    [InlineData("SELECT EXISTS (SELECT 1 FROM sites)", "*")]
    [InlineData("SELECT id FROM sites WHERE code || 'x' = 'x'", "*")]
    [InlineData("INSERT INTO sites (id) VALUES (@id) ON CONFLICT DO NOTHING", "*")]
    [InlineData("SELECT key FROM idempotency_keys", "*")]
    [InlineData("SELECT id FROM access_accounts WHERE disabled = FALSE", "*FALSE*")]
    [InlineData("SELECT closed_at IS NULL FROM campaigns", "*")]
    [InlineData("SELECT id FROM sites WHERE id = '00000000-0000-0000-0000-000000000000'", "*Id against Text*")]
    [InlineData("SELECT id FROM sites UNION ALL SELECT 'x' FROM sites", "*Id against Text*")]
    [InlineData("SELECT id FROM sites WHERE seats IN (SELECT seats FROM sites ORDER BY seats)", "*ORDER BY clause is not valid*")]
    [InlineData("SELECT SUM(CASE WHEN EXISTS (SELECT 1 FROM forms) THEN 1 ELSE 0 END) AS n FROM sites", "*aggregate of a subquery*")]
    [InlineData("SELECT code, COUNT(*) AS n FROM sites GROUP BY name", "*neither grouped*code*")]
    [InlineData("SELECT DISTINCT name FROM sites ORDER BY code", "*distinct*")]
    [InlineData("INSERT INTO participants (id) VALUES (@id)", "*created_at must be given*")]
    [InlineData("INSERT INTO participants (id, created_at) VALUES (@id, @now, 1)", "*3 values for 2*")]
    [InlineData("UPDATE sites SET colour = 1 WHERE id = @id", "*colour*")]
    [InlineData("UPDATE sites SET seats = 'ten' WHERE id = @id", "*Number against Text*")]
    [InlineData("DELETE FROM sites WHERE sit = 1", "*sit*")]
    [InlineData("SELECT id FROM sites WHERE id = @id OR id > @Id", "*spelled in two ways*")]
    [InlineData("SELECT n.slott FROM OPENJSON(@json) WITH (slot int) AS n", "*slott*")]
    public void What_is_wrong_is_found(string sql, string fault) => TSqlReader.Faults(sql).Should().ContainMatch(fault);

    [Theory]
    [InlineData(
        "SELECT id FROM sites ORDER BY id LIMIT @limit",
        "SELECT id FROM sites ORDER BY id OFFSET 0 ROWS FETCH NEXT @limit ROWS ONLY"
    )]
    [InlineData("SELECT 'LIMIT 1' FROM t WHERE a = TRUE AND b = 'TRUE'", "SELECT 'LIMIT 1' FROM t WHERE a = 1 AND b = 'TRUE'")]
    [InlineData(
        "INSERT INTO t (a) VALUES (';ON CONFLICT') ON CONFLICT (a) WHERE b IN ('x') DO NOTHING; DELETE FROM t",
        "BEGIN TRY INSERT INTO t (a) VALUES (';ON CONFLICT'); END TRY BEGIN CATCH IF ERROR_NUMBER() NOT IN (2601, 2627) THROW; END CATCH; DELETE FROM t"
    )]
    [InlineData("INSERT INTO t (a) VALUES (1); UPDATE t SET a = 2", "INSERT INTO t (a) VALUES (1); UPDATE t SET a = 2")]
    public void What_this_server_says_differently_is_said_so(string shared, string words) =>
        SqlServerDialect.Instance.Of(shared).Should().Be(words);

    [Fact]
    public void A_row_is_held_by_an_update_lock() =>
        SqlServerDialect
            .Instance.Holding("SELECT id FROM sessions WHERE id = @id")
            .Should()
            .Be("SELECT id FROM sessions WITH (UPDLOCK, ROWLOCK) WHERE id = @id");

    private static IEnumerable<string> Faults(string sql)
    {
        // Write the list parameter in the form in which the driver receives it.
        var sent = InList().Replace(sql, "IN (@$1)");
        return TSqlReader.Faults(sent).Select(fault => $"{fault}\n{sent}");
    }

    /// <summary>
    /// Records a call three times: as it runs here, as if every guard had failed, and as if every guard had held.
    /// </summary>
    private async Task<List<(string Said, string Sent)>> Recorded(Func<Db, Task> call)
    {
        var recorder = new SqlServerDialectRecorder();
        foreach (var changed in (int?[])[null, 0, 1])
        {
            await using var connection = scene.Test.Connect();
            await using var transaction = connection.BeginTransaction();
            await using var answering = new AnsweringConnection(connection, changed);
            try
            {
                await call(new Db(answering, transaction, recorder));
            }
            catch (Exception fault)
                when (fault is SqliteException or NullReferenceException or InvalidOperationException or ArgumentException)
            {
                // The schema refused a statement, or there are no rows with which to continue; the statements up to
                // this point are recorded.
            }
        }
        return recorder.Statements;
    }

    private async Task<List<(string Said, string Sent)>> Others()
    {
        var (sitting, finished, now) = (Words.Id("sitting"), Words.Id("finished"), TestDatabase.Now);
        List<(string Said, string Sent)> all = [];
        foreach (
            var save in (ResponseToSave[])
                [
                    new(sitting, 1, 0, "stale", false, now),
                    new(sitting, 1, 1, "late", false, now + Duration.FromDays(100)),
                    new(finished, 1, 1, "after the end", false, now),
                    new(sitting, 1, 1, null, false, now),
                    new(Words.Id("none"), 1, 0, "x", false, now),
                ]
        )
            all.AddRange(await Recorded(db => ResponseSaves.Save(db, save)));
        // The scene's form already has an approved calibration.
        all.AddRange(await Recorded(db => CalibrationStore.Approve(db, Words.Id("waiting"), Words.Id("f"), now, Words.Id("expert"), null)));
        all.AddRange(await Recorded(db => TaskStore.CountAlike(db, new TaskRow { Likeness = "like" })));
        foreach (var kind in (string[])["session", "appeal", "profile", "script", "assignment"])
            all.AddRange(await Recorded(db => LookStore.OwnersOf(db, $"{kind}:{finished:D}")));
        all.AddRange(await Recorded(db => DatabaseCheck.Run(db, [])));
        all.AddRange(await Recorded(db => Migrator.Ready(db)));
        all.AddRange(
            (await Recorded(db => Migrator.Apply(db, now, [.. Migrator.Scripts("sqlite"), ("9999_sample.sql", "SELECT 1")]))).Where(
                statement => statement.Said != "SELECT 1"
            )
        );
        return all;
    }

    /// <summary>The statements in a file, each up to its first interpolated value.</summary>
    private static IEnumerable<string> StatementsIn(string file) =>
        from Match text in Literal().Matches(File.ReadAllText(file))
        let body = text.Groups["raw"] is { Success: true } raw ? raw.Value : text.Groups["plain"].Value
        let flat = Flat(body)
        where Verb().IsMatch(flat)
        let hole = text.Value[0] == '$' ? flat.IndexOf('{', StringComparison.Ordinal) : -1
        where hole is < 0 or > 20
        select hole < 0 ? flat : flat[..hole].TrimEnd();

    private static string Flat(string sql) => Blanks().Replace(sql, " ").Trim();

    [GeneratedRegex(@"\bIN @(\w+)")]
    private static partial Regex InList();

    [GeneratedRegex("\\$?(?:\"\"\"(?<raw>.*?)\"\"\"|\"(?<plain>(?:[^\"\\\\\n]|\\\\.)*)\")", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex("^(SELECT|INSERT INTO|UPDATE|DELETE FROM) ")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    /// <summary>
    /// Files that are not checked: the folder of an engine contains statements of that engine only, and the backup's
    /// statements are only for SQLite.
    /// </summary>
    [GeneratedRegex(@"[\\/](Sqlite|Postgres|SqlServer|Servers|obj|bin)[\\/]|(SqliteBackup|SqliteSaves|PostgresSaves|SqlServerSaves)\.cs$")]
    private static partial Regex OfOthers();
}
