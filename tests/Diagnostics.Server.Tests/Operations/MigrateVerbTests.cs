using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Diagnostics.Server.Tests.Operations;

public sealed class MigrateVerbTests
{
    [PostgresFact]
    public async Task An_operator_sees_what_a_server_lacks_and_brings_it_up_to_date()
    {
        using var folder = new TemporaryFolder();
        var connection = await PostgresDatabases.Create();
        await using (
            var database = Databases.Open(
                Settings(("Database:Provider", "postgres"), ("Database:ConnectionString", connection), ("Diagnostics:Data", folder.Path))
            )
        )
        {
            var (before, migrated, after) = (new StringWriter(), new StringWriter(), new StringWriter());

            (await MigrateVerb.Check(database, before)).Should().Be(1);
            (await MigrateVerb.Migrate(database, migrated)).Should().Be(0);
            (await MigrateVerb.Check(database, after)).Should().Be(0);

            before.ToString().Should().Contain("Не применено: 0001_initial.sql");
            migrated.ToString().Should().Contain("Применено: 0001_initial.sql");
            after.ToString().Trim().Should().Be("Схема базы данных обновлена.");
        }
        await PostgresDatabases.Drop(connection);
    }

    /// <summary>A table of the same name stands for anything that an engine does not carry out.</summary>
    [PostgresFact]
    public async Task A_change_that_the_engine_refuses_is_told_in_one_line_and_leaves_nothing_behind()
    {
        var connection = await PostgresDatabases.Create();
        await using (var database = Database.OnPostgres(connection))
        {
            await database.ChangeSchema(db => db.Execute("CREATE VIEW sites AS SELECT 1 AS id"));

            var fault = await FluentActions
                .Awaiting(() => MigrateVerb.Migrate(database, TextWriter.Null))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>();

            fault
                .Which.Message.Should()
                .Be(
                    "База данных не выполняет изменение схемы 0001_initial.sql (42P07: relation \"sites\" already exists); ничего не изменено."
                );
            (await database.Read(db => db.Value<bool>("SELECT to_regclass('schema_migrations') IS NULL"))).Should().BeTrue();
        }
        await PostgresDatabases.Drop(connection);
    }

    [PostgresFact]
    public async Task Tables_in_use_are_named_to_the_operator_who_may_try_again()
    {
        var connection = await PostgresDatabases.CreateMigrated(TestService.Start);
        await using (var holder = new NpgsqlConnection(connection + ";Pooling=false"))
        await using (var database = Database.OnPostgres(connection))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE", holder))
                await hold.ExecuteNonQueryAsync();

            await FluentActions
                .Awaiting(() => MigrateVerb.Migrate(database, TextWriter.Null))
                .Should()
                .ThrowAsync<DatabaseUnavailableException>()
                .WithMessage(MigrateVerb.TablesInUse);
        }
        await PostgresDatabases.Drop(connection);
    }

    [Theory]
    [InlineData("oracle", "", "*sqlite, postgres или sqlserver*oracle*")]
    [InlineData("postgres", "", "*Database:ConnectionString*")]
    [InlineData("postgres", "Host=a;Nonsense=b", "*Database:ConnectionString*")]
    [InlineData("sqlserver", "", "*Database:ConnectionString*")]
    [InlineData("sqlserver", "Server=a;Database=b;Nonsense=c", "*Database:ConnectionString*")]
    [InlineData("sqlite", "Nonsense=b", "*Database:ConnectionString*")]
    public void Settings_that_name_no_database_are_refused_in_an_operators_words(string provider, string connection, string message)
    {
        using var folder = new TemporaryFolder();

        FluentActions
            .Invoking(() =>
                Databases.Open(
                    Settings(("Database:Provider", provider), ("Database:ConnectionString", connection), ("Diagnostics:Data", folder.Path))
                )
            )
            .Should()
            .Throw<DatabaseUnavailableException>()
            .WithMessage(message);
    }

    [Fact]
    public void A_switch_that_is_neither_on_nor_off_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();

        FluentActions
            .Invoking(() => Databases.Open(Settings(("Database:GatherLog", "нет"), ("Diagnostics:Data", folder.Path))))
            .Should()
            .Throw<DatabaseUnavailableException>()
            .WithMessage("*Database:GatherLog*true или false*нет*");
    }

    [Fact]
    public async Task A_verb_names_the_SQL_Server_that_does_not_answer()
    {
        using var folder = new TemporaryFolder();
        await using var database = Databases.Open(
            Settings(
                ("Database:Provider", "sqlserver"),
                ("Database:ConnectionString", "Server=127.0.0.1,1;Database=d;Connect Timeout=5"),
                ("Diagnostics:Data", folder.Path)
            )
        );

        await FluentActions
            .Awaiting(() => MigrateVerb.Migrate(database, new StringWriter()))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage("*127.0.0.1,1*не отвечает*");
        await FluentActions
            .Awaiting(() => MigrateVerb.Check(database, new StringWriter()))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>()
            .WithMessage("*127.0.0.1,1*не отвечает*");
    }

    private static IConfiguration Settings(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Name, value => (string?)value.Value)).Build();
}
