using System.Diagnostics;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Server.Tests.Sessions;
using Diagnostics.Storage;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using NodaTime;
using Npgsql;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>Carries out the procedures described in docs/operations/backup.md.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_copy_made_while_people_save_starts_a_service_that_has_every_save_acknowledged_before_it()
    {
        using var folder = new TemporaryFolder();
        using var restored = new TemporaryFolder();
        var exam = await Exam.Prepare(folder.Path, Repository.Bank, desks: 20);
        var savers = new Savers(exam);
        List<SentSave> before;
        var copy = folder.File("copy.db");
        int code;
        string output;
        int during;
        using (var server = await ServerProcess.Start(folder.Path, Repository.Bank, ServerProcess.Unlimited))
        using (var enough = new CancellationTokenSource())
        {
            var saving = savers.Run(server.Port, enough.Token);
            await server.Until("500 saves are acknowledged", () => savers.Acknowledged.Count >= 500);
            before = [.. savers.Acknowledged];
            (code, output) = await ServerProcess.RunVerb("backup", copy, $"--Diagnostics:Data={folder.Path}");
            during = savers.Acknowledged.Count - before.Count;
            await enough.CancelAsync();
            await saving;
        }

        code.Should().Be(0, output);
        output.Should().Contain("Копия записана и проверена").And.Contain("сеансов — 20").And.Contain("МБ");
        during.Should().BePositive("the service goes on saving beside it");
        savers.Refused.Should().BeEmpty();
        File.Exists(copy + ".part").Should().BeFalse();

        File.Move(copy, restored.File("diagnostics.db"));
        using (var server = await ServerProcess.Start(restored.Path, Repository.Bank))
        {
            var stored = await Savers.Stored(server.Port, exam);
            before.Where(save => !stored.Contains(save)).Should().BeEmpty();
        }
        var (clean, report) = await ServerProcess.RunVerb("verify", $"--Diagnostics:Data={restored.Path}");
        clean.Should().Be(0, report);
        report.Should().Contain("Нарушений нет.");
    }

    [Fact]
    public async Task A_copy_overwrites_nothing_and_leaves_nothing_half_done()
    {
        using var folder = new TemporaryFolder();
        await using var database = new Database(folder.File("diagnostics.db"));
        var nothing = await Backup(database, folder.File("early.db"));
        await Migrator.Migrate(database, TestService.Start);
        await File.WriteAllTextAsync(folder.File("precious"), "kept");
        await File.WriteAllTextAsync(folder.File("other.db.part"), "kept");

        var taken = await Backup(database, folder.File("precious"));
        var begun = await Backup(database, folder.File("other.db"));
        var nowhere = await Backup(database, folder.File("no/such/folder.db"));
        var fine = await Backup(database, folder.File("fine.db"));

        nothing.Should().Match<(int Code, string Text)>(answer => answer.Code == 2 && answer.Text.Contains("diagnostics.db нет"));
        taken.Should().Match<(int Code, string Text)>(answer => answer.Code == 2 && answer.Text.Contains("ничего не перезаписывает"));
        begun.Should().Match<(int Code, string Text)>(answer => answer.Code == 2 && answer.Text.Contains(".part уже есть"));
        nowhere.Should().Match<(int Code, string Text)>(answer => answer.Code == 2 && answer.Text.Contains("не создаётся"));
        fine.Code.Should().Be(0, fine.Text);
        (await File.ReadAllTextAsync(folder.File("precious"))).Should().Be("kept");
        (await File.ReadAllTextAsync(folder.File("other.db.part"))).Should().Be("kept");
        Directory
            .GetFiles(folder.Path)
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(["diagnostics.db", "diagnostics.db-wal", "diagnostics.db-shm", "precious", "other.db.part", "fine.db"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(folder.File("fine.db"))
                .Should()
                .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "personal data are in it");
    }

    [Fact]
    public async Task On_a_server_the_verb_names_the_servers_own_tools()
    {
        await using var database = Database.OnPostgres("Host=127.0.0.1;Port=1;Database=none");

        (await Backup(database, "/tmp/never"))
            .Should()
            .Match<(int Code, string Text)>(answer => answer.Code == 2 && answer.Text.Contains("pg_dump"));
    }

    /// <summary>
    /// Runs pg_dump while the service saves, restores the dump into a new database with pg_restore, and starts a
    /// service on the new database.
    /// </summary>
    [PostgresFact]
    public async Task A_dump_of_PostgreSQL_made_while_people_save_starts_a_service_that_has_every_save_acknowledged_before_it()
    {
        using var folder = new TemporaryFolder();
        var (connection, target) = (
            await PostgresDatabases.CreateMigrated(SystemClock.Instance.GetCurrentInstant()),
            await PostgresDatabases.Create()
        );
        Exam exam;
        await using (
            var app = Service.Build([
                $"--Diagnostics:Data={folder.Path}",
                $"--Diagnostics:Bank={Repository.Bank}",
                "--Logging:LogLevel:Default=Error",
                .. TestService.OnPostgres(connection),
            ])
        )
        {
            await Startup.Prepare(app.Services, TextWriter.Null);
            exam = await Exam.Populate(app.Services, folder.Path, desks: 20);
        }
        var savers = new Savers(exam);
        List<SentSave> before;
        using (
            var server = await ServerProcess.Start(
                folder.Path,
                Repository.Bank,
                [.. ServerProcess.Unlimited, .. TestService.OnPostgres(connection)]
            )
        )
        using (var enough = new CancellationTokenSource())
        {
            var saving = savers.Run(server.Port, enough.Token);
            await server.Until("500 saves are acknowledged", () => savers.Acknowledged.Count >= 500);
            before = [.. savers.Acknowledged];
            await Tool("pg_dump", connection, "--format=custom", "--file", folder.File("copy.dump"));
            await enough.CancelAsync();
            await saving;
        }

        await Tool("pg_restore", target, "--exit-on-error", "--no-owner", folder.File("copy.dump"));
        using (var server = await ServerProcess.Start(folder.Path, Repository.Bank, TestService.OnPostgres(target)))
        {
            var stored = await Savers.Stored(server.Port, exam);
            before.Where(save => !stored.Contains(save)).Should().BeEmpty();
        }
        var (clean, report) = await ServerProcess.RunVerb([
            "verify",
            $"--Diagnostics:Data={folder.Path}/none",
            .. TestService.OnPostgres(target),
        ]);
        clean.Should().Be(0, report);
        await PostgresDatabases.Drop(connection);
        await PostgresDatabases.Drop(target);
    }

    private static async Task<(int Code, string Text)> Backup(Database database, string target)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await BackupVerb.Run(database, target, output, errors);
        return (code, output.ToString() + errors);
    }

    private static async Task Tool(string name, string connection, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        var binaries = Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();
        var (code, _, errors) = await ChildProcess.Run(
            new(
                Path.Combine(binaries, "bin", name),
                [
                    "--host",
                    settings.Host!,
                    "--port",
                    $"{settings.Port}",
                    "--username",
                    settings.Username!,
                    "--dbname",
                    settings.Database!,
                    .. arguments,
                ]
            )
        );
        code.Should().Be(0, errors);
    }
}
