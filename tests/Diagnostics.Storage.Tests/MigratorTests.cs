using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests;

public sealed class MigratorTests
{
    [Fact]
    public async Task An_empty_file_gets_every_script_in_order_and_a_second_run_applies_none()
    {
        await using var test = new TestDatabase();

        var first = await Migrator.Migrate(test.Database, TestDatabase.Now);
        var second = await Migrator.Migrate(test.Database, TestDatabase.Now + Duration.FromDays(1));

        first.Should().StartWith(["0001_initial.sql", "0002_bank_imports.sql"]).And.BeInAscendingOrder(StringComparer.Ordinal);
        second.Should().BeEmpty();
        (await test.Query<string>("SELECT name FROM schema_migrations ORDER BY name")).Should().Equal(first);
        (await test.Query<string>("SELECT DISTINCT applied_at FROM schema_migrations")).Should().Equal("2026-09-14T06:00:00.000000Z");
        (await test.Database.Read(Migrator.Pending)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_script_that_changed_after_it_was_applied_is_refused_by_name()
    {
        await using var test = await TestDatabase.Migrated();
        await test.Execute("UPDATE schema_migrations SET checksum = 'of another text' WHERE name = '0001_initial.sql'");

        (await FluentActions.Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now)).Should().ThrowAsync<DatabaseUnavailableException>())
            .WithMessage("*0001_initial.sql*изменился*");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await using var test = await TestDatabase.Migrated();
        await test.Execute("INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('9999_future.sql', 'x', 'x')");
        await test.Execute("DELETE FROM schema_migrations WHERE name = '0002_bank_imports.sql'");

        (await FluentActions.Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now)).Should().ThrowAsync<DatabaseUnavailableException>())
            .WithMessage("*более новой версией*9999_future.sql*");
        (await test.Query<string>("SELECT name FROM schema_migrations")).Should().NotContain("0002_bank_imports.sql");
    }

    [Fact]
    public async Task A_script_that_fails_half_way_leaves_nothing_of_itself_or_of_those_before_it()
    {
        await using var test = new TestDatabase();
        // The second script makes a table of this name.
        await test.Execute("CREATE TABLE bank_imports (x TEXT)");

        await FluentActions.Awaiting(() => Migrator.Migrate(test.Database, TestDatabase.Now)).Should().ThrowAsync<SqliteException>();
        (await test.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'")).Should().Equal("bank_imports");

        await test.Execute("DROP TABLE bank_imports");
        (await Migrator.Migrate(test.Database, TestDatabase.Now)).Should().HaveCountGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Of_servers_that_start_at_once_on_one_file_one_migrates_and_all_go_on()
    {
        await using var test = new TestDatabase();
        var servers = Enumerable.Range(0, 4).Select(_ => new Database(test.Database.Path)).ToList();

        var applied = await Task.WhenAll(servers.Select(server => Task.Run(() => Migrator.Migrate(server, TestDatabase.Now))));

        applied.Count(scripts => scripts.Count > 0).Should().Be(1);
        foreach (var server in servers)
        {
            (await server.Read(Migrator.Pending)).Should().BeEmpty();
            await server.DisposeAsync();
        }
    }
}
