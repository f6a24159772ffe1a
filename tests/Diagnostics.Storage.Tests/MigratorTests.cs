using System.Data.Common;
using Diagnostics.Engine.Access;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests;

public abstract class MigratorTests(Provider provider)
{
    public sealed class OnSqlite() : MigratorTests(Provider.Sqlite)
    {
        [ContractFact]
        public async Task Responses_that_are_laid_out_anew_are_all_there_and_still_kept_from_rewriting()
        {
            await using var test = await Scene.Make(Provider.Sqlite);
            var session = await Scene.AddSession(test, seat: 1, TestDatabase.Now + Duration.FromHours(2));
            for (var revision = 0; revision < 3; revision++)
                foreach (var slot in (int[])[7, 2])
                    await ResponseSaves.Save(
                        test.Database,
                        new(session, slot, revision, $"{slot}-{revision}", false, TestDatabase.Now + Duration.FromSeconds(revision))
                    );
            var before = await test.Database.Read(db => ResponseStore.History(db, session));

            await test.Execute("DELETE FROM schema_migrations WHERE name = '0010_responses_by_arrival.sql'");
            (await Migrator.Migrate(test.Database, TestDatabase.Now)).Should().Equal("0010_responses_by_arrival.sql");

            before.Should().HaveCount(6);
            (await test.Database.Read(db => ResponseStore.History(db, session))).Should().Equal(before);
            (
                await FluentActions.Awaiting(() => test.Execute("DELETE FROM session_responses")).Should().ThrowAsync<DbException>()
            ).WithMessage("*append-only*");
        }
    }

    [NeedsPostgres]
    public sealed class OnPostgres() : MigratorTests(Provider.Postgres)
    {
        [ContractFact]
        public async Task A_node_that_starts_does_not_migrate_a_server_but_says_what_to_do()
        {
            await using var test = await TestDatabase.Empty(Provider.Postgres);

            (
                await FluentActions
                    .Awaiting(() => Migrator.Prepare(test.Database, TestDatabase.Now))
                    .Should()
                    .ThrowAsync<DatabaseUnavailableException>()
            ).WithMessage("*0001_initial.sql*migrate*");
            await Migrator.Migrate(test.Database, TestDatabase.Now);
            await Migrator.Prepare(test.Database, TestDatabase.Now);
        }
    }

    [NeedsSqlServer]
    public sealed class OnSqlServer() : MigratorTests(Provider.SqlServer)
    {
        [ContractFact]
        public async Task A_node_that_starts_says_that_the_database_is_not_set_up_and_migrate_sets_it_up()
        {
            await using var test = await TestDatabase.Empty(Provider.SqlServer);

            (
                await FluentActions
                    .Awaiting(() => Migrator.Prepare(test.Database, TestDatabase.Now))
                    .Should()
                    .ThrowAsync<DatabaseUnavailableException>()
            ).WithMessage("*migrate*ALLOW_SNAPSHOT_ISOLATION ON*READ_COMMITTED_SNAPSHOT ON*");
            await Migrator.Migrate(test.Database, TestDatabase.Now);
            await Migrator.Prepare(test.Database, TestDatabase.Now);
        }
    }

    [ContractFact]
    public async Task An_empty_file_gets_every_script_in_order_and_a_second_run_applies_none()
    {
        await using var test = await TestDatabase.Empty(provider);

        var first = await Migrator.Migrate(test.Database, TestDatabase.Now);
        var second = await Migrator.Migrate(test.Database, TestDatabase.Now + Duration.FromDays(1));

        first.Should().StartWith(["0001_initial.sql", "0002_bank_imports.sql"]).And.BeInAscendingOrder(StringComparer.Ordinal);
        second.Should().BeEmpty();
        (await test.Query<string>("SELECT name FROM schema_migrations ORDER BY name")).Should().Equal(first);
        (await test.Query<Instant>("SELECT DISTINCT applied_at FROM schema_migrations")).Should().Equal(TestDatabase.Now);
        (await test.Database.Read(Migrator.Pending)).Should().BeEmpty();
    }

    [ContractFact]
    public async Task A_script_that_changed_after_it_was_applied_is_refused_by_name()
    {
        await using var test = await TestDatabase.Migrated(provider);
        await test.Execute("UPDATE schema_migrations SET checksum = 'of another text' WHERE name = '0001_initial.sql'");

        (
            await FluentActions
                .Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
        ).WithMessage("*0001_initial.sql*изменился*");
    }

    [ContractFact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await using var test = await TestDatabase.Migrated(provider);
        await test.Execute("INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('9999_future.sql', 'x', 't')");
        await test.Execute("DELETE FROM schema_migrations WHERE name = '0002_bank_imports.sql'");

        (
            await FluentActions
                .Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
        ).WithMessage("*более новой версией*9999_future.sql*");
        (await test.Query<string>("SELECT name FROM schema_migrations")).Should().NotContain("0002_bank_imports.sql");
    }

    [ContractFact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        await using var test = await TestDatabase.Empty(provider);
        await test.Execute("CREATE TABLE wp_posts (id INT NOT NULL)");

        (
            await FluentActions
                .Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
        ).WithMessage("*другой программы*wp_posts*");
        await test.Execute("DROP TABLE wp_posts");
        (await Migrator.Migrate(test.Database, TestDatabase.Now)).Should().NotBeEmpty("the refusal has left nothing behind");
    }

    [ContractFact]
    public async Task A_script_that_fails_half_way_leaves_nothing_of_itself_or_of_those_before_it()
    {
        await using var test = await TestDatabase.Empty(provider);
        // The second script makes a table with the name of this view, so the script must fail. The test calls ChangeSchema
        // because it first sets up the database on a server.
        await test.Database.ChangeSchema(db => db.Execute("CREATE VIEW bank_imports AS SELECT 1 AS x"));

        await FluentActions.Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now)).Should().ThrowAsync<DbException>();
        (
            await test.Query<string>(
                provider switch
                {
                    Provider.Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
                    Provider.Postgres => "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
                    _ => "SELECT name FROM sys.tables",
                }
            )
        ).Should().BeEmpty();

        await test.Execute("DROP VIEW bank_imports");
        (await Migrator.Migrate(test.Database, TestDatabase.Now)).Should().HaveCountGreaterThanOrEqualTo(2);
    }

    [ContractFact]
    public async Task A_methodologist_keeps_every_grant_under_the_new_code_and_one_given_under_the_old_code_still_counts()
    {
        await using var test = await Scene.Make(provider);
        await test.Execute(
            """
            INSERT INTO access_grants (id, account_id, role, scope, scope_id, granted_by, granted_at, ended_at) VALUES
                ('#territory', '#expert', 'methodist', 'territory', 'Т', 'admin', 't', NULL),
                ('#everywhere', '#expert', 'methodist', 'all', NULL, NULL, 't', 't')
            """
        );
        var expert = await test.Value<Guid>("SELECT id FROM access_accounts WHERE user_name = 'expert'");
        var before = await test.Database.Read(db => AccountStore.GrantHistory(db, expert));
        await test.Execute("DELETE FROM schema_migrations WHERE name = '0011_methodologist.sql'");

        (await Migrator.Migrate(test.Database, TestDatabase.Now)).Should().Equal("0011_methodologist.sql");

        before.Select(row => row.Grant.Role).Should().BeEquivalentTo([Role.Expert, Role.Methodologist, Role.Methodologist]);
        var after = await test.Database.Read(db => AccountStore.GrantHistory(db, expert));
        after.Should().Equal(before.Select(row => row.Role == "methodist" ? row with { Role = "methodologist" } : row));
        (await test.Query<string>("SELECT granted_by FROM access_grants WHERE granted_by IS NOT NULL")).Should().Equal("admin");
        (
            await test.Database.Write(db =>
                AccountStore.AddGrant(
                    db,
                    Guid.CreateVersion7(),
                    expert,
                    new(Role.Methodologist, GrantScope.Territory, "Т"),
                    "admin",
                    TestDatabase.Now
                )
            )
        )
            .Should()
            .BeFalse("it is the grant that was kept");
    }

    [ContractFact]
    public async Task Of_servers_that_start_at_once_on_one_database_one_migrates_and_all_go_on()
    {
        await using var test = await TestDatabase.Empty(provider);
        var servers = Enumerable.Range(0, 4).Select(_ => test.Open()).ToList();

        var applied = await Task.WhenAll(servers.Select(server => Task.Run(() => Migrator.Migrate(server, TestDatabase.Now))));

        applied.Count(scripts => scripts.Count > 0).Should().Be(1);
        foreach (var server in servers)
        {
            (await server.Read(Migrator.Pending)).Should().BeEmpty();
            await server.DisposeAsync();
        }
    }
}
