using System.Text.RegularExpressions;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Postgres;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.TestKit;
using Npgsql;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// A region is a schema that a connection names, and no statement of ours names a schema. On Citus such a schema is on
/// one server (docs/operations/country.md); these tests keep, without Citus, what it was found to need.
/// </summary>
[NeedsPostgres]
public sealed partial class RegionInSchemaTests : IAsyncLifetime
{
    /// <summary>The options that docs/operations/country.md gives to the nodes of a region.</summary>
    private const string OptionsOnCitus = "-c plan_cache_mode=force_custom_plan -c citus.enable_ddl_propagation=off";

    private TestDatabase test = null!;
    private Database kamchatka = null!;
    private Database moscow = null!;

    public async Task InitializeAsync()
    {
        test = await TestDatabase.Empty(Provider.Postgres);
        await test.Execute("CREATE SCHEMA region_41");
        await test.Execute("CREATE SCHEMA region_77");
        (kamchatka, moscow) = (Region("region_41"), Region("region_77"));
        foreach (var region in new[] { kamchatka, moscow })
        {
            (await region.Read(Migrator.Pending)).Should().NotBeEmpty("the other region's tables are not its own");
            await Migrator.Migrate(region, TestDatabase.Now);
        }
    }

    public async Task DisposeAsync()
    {
        await kamchatka.DisposeAsync();
        await moscow.DisposeAsync();
        await test.DisposeAsync();
    }

    [ContractFact]
    public async Task Regions_in_schemas_of_one_database_know_nothing_of_each_other()
    {
        const string add =
            "INSERT INTO sites (id, code, name, address, territory, time_zone, seats) VALUES ('#site', 'one', 'Школа № 1', "
            + "'ул. Школьная, 1', @territory, @zone, 5)";
        await kamchatka.Write(db => db.Execute(Words.In(add, Provider.Postgres), new { territory = "41", zone = "Asia/Kamchatka" }));
        await moscow.Write(db => db.Execute(Words.In(add, Provider.Postgres), new { territory = "77", zone = "Europe/Moscow" }));

        (await kamchatka.Read(db => db.Value<string>("SELECT territory FROM sites"))).Should().Be("41");
        (await moscow.Read(db => db.Value<string>("SELECT territory FROM sites"))).Should().Be("77");
        (await moscow.Read(db => db.Dialect.FindOrphans(db))).Should().BeEmpty();
    }

    /// <summary>The server counts which tables its plans opened, and in which schema each of them is.</summary>
    [ContractFact]
    public async Task Plans_of_frequent_statements_open_tables_of_one_schema_only()
    {
        await using var connection = new NpgsqlConnection(SourceOf("region_77"));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var db = new Db(connection, transaction, PostgresDialect.Instance);
        // The rows to which the scene refers are missing, which does not matter here.
        await db.Execute($"SET LOCAL session_replication_role = replica; {HotStatements.Scene}");

        foreach (var statement in HotStatements.All.Values)
            await statement(db);

        (
            await db.Query<string>(
                """
                SELECT DISTINCT schemaname::text FROM pg_stat_xact_user_tables
                WHERE seq_scan > 0 OR idx_scan > 0 OR n_tup_ins > 0 OR n_tup_upd > 0 OR n_tup_del > 0
                """
            )
        ).Should().Equal("region_77");
    }

    /// <summary>
    /// Citus renames the tables of a statement to those of its shards. It misses the ones in a WITH before an INSERT
    /// and the ones in RETURNING, and would ask the shard's server for a table that is not there.
    /// </summary>
    [Fact]
    public void The_save_has_a_form_in_which_every_table_is_renamed()
    {
        PostgresSaves.Hold.Should().StartWith("SELECT id, deadline FROM sessions").And.EndWith("FOR NO KEY UPDATE");
        PostgresSaves.Insert.Should().StartWith("INSERT INTO session_responses").And.NotMatchRegex(@"\bWITH\b");
        PostgresSaves
            .Insert[PostgresSaves.Insert.IndexOf("RETURNING", StringComparison.Ordinal)..]
            .Should()
            .Be("RETURNING session_id, slot");
    }

    [ContractTheory]
    [InlineData("", "force_generic_plan", "force_custom_plan")]
    [InlineData(OptionsOnCitus, "force_custom_plan", "force_custom_plan")]
    [InlineData("-c plan_cache_mode=auto", "auto", "auto")]
    public async Task An_operators_own_plan_mode_is_that_of_every_connection(string options, string ofSaves, string ofOthers)
    {
        await using var node = Region("region_77", options);
        const string ask = "SELECT current_setting('plan_cache_mode')";
        var asked = new BatchedWrite<string, string>(
            (db, sql) => db.Value<string>(sql),
            async (db, sqls) => [.. await Task.WhenAll(sqls.Select(sql => db.Value<string?>(sql)))]
        );

        (await node.WriteBatched(asked, ask)).Should().Be(ofSaves);
        (await node.Read(db => db.Value<string>(ask))).Should().Be(ofOthers);
        (await node.Read(db => db.Value<string>("SHOW synchronous_commit"))).Should().Be("on", "the operator named another setting");
    }

    [ContractFact]
    public async Task What_the_nodes_of_a_region_on_Citus_ask_for_reaches_the_server()
    {
        await using var node = Region("region_77", OptionsOnCitus);

        (await node.Read(db => db.Value<string>("SHOW citus.enable_ddl_propagation"))).Should().Be("off");
    }

    /// <summary>
    /// The queue is a table of the region's own schema. With the option of the guide, Citus locks it on the server to
    /// which the nodes connect and nowhere else; another region's queue is another table.
    /// </summary>
    [ContractFact]
    public async Task The_queue_of_one_region_holds_up_nobody_in_another()
    {
        var (taken, free) = (new TaskCompletionSource(), new TaskCompletionSource());
        var held = kamchatka.Write(async db =>
        {
            await AuditStore.Append(db, TestDatabase.Now, "test", "test.held", "test");
            taken.TrySetResult();
            await free.Task;
            return await db.Query<string>(
                """
                SELECT relation::regclass::text FROM pg_locks
                WHERE pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND locktype = 'relation'
                """
            );
        });
        await taken.Task;
        var sameRegion = Audited(kamchatka);

        await Audited(moscow).WaitAsync(Wait.AtMost);

        sameRegion.IsCompleted.Should().BeFalse("its region's queue is taken");
        free.SetResult();
        (await held).Should().Equal("turn");
        await sameRegion;
    }

    [ContractFact]
    public async Task A_shard_that_did_not_commit_is_a_conflict_and_the_work_runs_again()
    {
        var runs = 0;

        var result = await moscow.Write(async db =>
        {
            if (++runs < 3)
                await db.Execute(Raise("could not commit transaction for shard 102010 on at least one active node"));
            return await db.Value<int>("SELECT 42");
        });

        (result, runs).Should().Be((42, 3));
    }

    [ContractFact]
    public async Task Another_internal_error_is_no_conflict()
    {
        var runs = 0;

        await FluentActions
            .Awaiting(() =>
                moscow.Write(db =>
                {
                    runs++;
                    return db.Execute(Raise("cache lookup failed for relation 16384"));
                })
            )
            .Should()
            .ThrowAsync<DatabaseUnavailableException>();

        runs.Should().Be(1);
    }

    [ContractFact]
    public async Task A_shard_that_never_commits_is_told_to_the_caller_as_a_busy_database() =>
        await FluentActions
            .Awaiting(() =>
                moscow.Write(db => db.Execute(Raise("could not commit transaction for shard 102010 on at least one active node")))
            )
            .Should()
            .ThrowAsync<DatabaseBusyException>();

    /// <summary>The words of a script that Citus 13 refuses, raised by a server without Citus.</summary>
    [ContractFact]
    public async Task A_script_that_the_engine_refuses_is_named_and_leaves_nothing_behind()
    {
        const string refuses =
            "CREATE TABLE before_it (id integer); DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', "
            + "MESSAGE = 'cannot execute ADD COLUMN command with PRIMARY KEY, UNIQUE, FOREIGN and CHECK constraints'; END $$";
        List<(string, string)> scripts = [.. Migrator.Scripts("postgres"), ("9999_refused.sql", refuses)];

        var fault = await FluentActions
            .Awaiting(() => moscow.ChangeSchema(db => Migrator.Apply(db, TestDatabase.Now, scripts)))
            .Should()
            .ThrowAsync<PostgresException>();

        Migrator.RefusedScript(fault.Which).Should().Be("9999_refused.sql");
        (await moscow.Read(db => db.Value<bool>("SELECT to_regclass('before_it') IS NULL"))).Should().BeTrue();
    }

    /// <summary>
    /// Found on Citus 13.2: what a distributed schema refuses in a script. Scripts up to 0025 are applied before a
    /// schema is distributed; every later one may run on a schema that is.
    /// </summary>
    [Fact]
    public void Later_scripts_keep_to_what_a_distributed_schema_takes() =>
        Migrator
            .Scripts("postgres")
            .Where(script => string.CompareOrdinal(script.Name, "0026") >= 0)
            .SelectMany(script => RefusedByCitus(script.Text).Select(what => $"{script.Name}: {what}"))
            .Should()
            .BeEmpty();

    [Theory]
    [InlineData("ALTER TABLE sites ADD COLUMN a integer CHECK (a > 0);", "ADD COLUMN … CHECK")]
    [InlineData("ALTER TABLE sites ADD COLUMN a uuid REFERENCES campaigns (id);", "ADD COLUMN … REFERENCES")]
    [InlineData("ALTER TABLE sites ADD COLUMN a text UNIQUE;", "ADD COLUMN … UNIQUE")]
    [InlineData("ALTER TABLE sites ADD COLUMN a integer,\n    ADD COLUMN b integer CHECK (b > 0);", "ADD COLUMN … CHECK")]
    [InlineData("ALTER TABLE sites ADD COLUMN a integer NOT NULL DEFAULT 0;", null)]
    [InlineData("ALTER TABLE sites ADD COLUMN a text COLLATE \"C\"; ALTER TABLE sites ADD CONSTRAINT a_said CHECK (a <> '');", null)]
    [InlineData("ALTER TABLE sites ADD CONSTRAINT a_of FOREIGN KEY (a) REFERENCES campaigns (id);", null)]
    [InlineData("CREATE TABLE a (id uuid PRIMARY KEY, b integer CHECK (b > 0), c uuid REFERENCES sites (id));", null)]
    [InlineData("ALTER TABLE sites ADD COLUMN a integer; -- CHECK one day", null)]
    public void What_a_distributed_schema_refuses_is_seen(string script, string? what) =>
        RefusedByCitus(script).Should().Equal(what is null ? [] : [what]);

    private static IEnumerable<string> RefusedByCitus(string script) =>
        Comment()
            .Replace(script, "")
            .Split(';')
            .Where(statement => statement.TrimStart().StartsWith("ALTER TABLE", StringComparison.Ordinal))
            .Select(statement => WithRule().Match(statement))
            .Where(match => match.Success)
            .Select(match => $"ADD COLUMN … {match.Groups["rule"].Value}");

    private static Task<int> Audited(Database region) =>
        region.Write(async db =>
        {
            await AuditStore.Append(db, TestDatabase.Now, "test", "test.audited", "test");
            return 0;
        });

    private static string Raise(string message) => $"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = '{message}'; END $$";

    private Database Region(string schema, string options = "") => Database.OnPostgres(SourceOf(schema, options));

    private string SourceOf(string schema, string options = "") =>
        new NpgsqlConnectionStringBuilder(test.Source) { SearchPath = schema, Options = options }.ConnectionString;

    [GeneratedRegex(@"--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"ADD COLUMN\b(?:(?!ADD CONSTRAINT).)*?\b(?<rule>CHECK|REFERENCES|UNIQUE|PRIMARY KEY)\b", RegexOptions.Singleline)]
    private static partial Regex WithRule();
}
