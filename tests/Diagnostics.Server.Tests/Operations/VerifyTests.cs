using Diagnostics.Engine;
using Diagnostics.Engine.Audit;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Operations;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

/// <summary>
/// No fault is found in a database that a whole walkthrough has filled. Then the test spoils one thing after another
/// directly in the database, and each fault is found.
/// </summary>
public sealed class VerifyTests
{
    private sealed record Spoiled(DatabaseFault Fault, string Table, string Sql);

    private static readonly Spoiled[] Cases =
    [
        new(DatabaseFault.ReferenceBroken, "consents", "DELETE FROM consents"),
        new(
            DatabaseFault.RevisionMissing,
            "session_responses",
            "UPDATE session_responses SET revision = revision + 1, base_revision = base_revision + 1 WHERE revision = "
                + "(SELECT MAX(revision) FROM session_responses)"
        ),
        new(
            DatabaseFault.RevisionMissing,
            "questionnaire_answers",
            "UPDATE questionnaire_answers SET revision = revision + 1 WHERE question = 'g3'"
        ),
        new(DatabaseFault.ManifestNotKept, "sessions", "UPDATE sessions SET manifest = '{\"1\":99}' WHERE state = 'finished'"),
        new(DatabaseFault.ManifestNotKept, "sessions", "UPDATE sessions SET manifest = 'torn {' WHERE state = 'finished'"),
        new(
            DatabaseFault.RoundMissing,
            "marking_rounds",
            "UPDATE marking_rounds SET number = number + 1 WHERE number = (SELECT MAX(number) FROM marking_rounds)"
        ),
        new(
            DatabaseFault.RoundWithoutResponse,
            "marking_rounds",
            "UPDATE marking_rounds SET response_revision = 77 WHERE response_revision > 0"
        ),
        new(
            DatabaseFault.ProfileVersionMissing,
            "profiles",
            "UPDATE profiles SET version = version + 1 WHERE version = (SELECT MAX(version) FROM profiles)"
        ),
        new(DatabaseFault.ProfileChanged, "profiles", "UPDATE profiles SET content = content || ' '"),
        new(DatabaseFault.PolicyChanged, "policies", "UPDATE policies SET content = content || ' '"),
        new(DatabaseFault.InstrumentChanged, "instruments", "UPDATE instruments SET content = content || ' '"),
        new(DatabaseFault.PracticeChanged, "practice_results", "UPDATE practice_results SET content = content || ' '"),
        new(DatabaseFault.ObservationChanged, "observation_sheets", "UPDATE observation_sheets SET content = content || ' '"),
        new(DatabaseFault.ComplexProfileChanged, "complex_profiles", "UPDATE complex_profiles SET content = content || ' '"),
        new(
            DatabaseFault.ProtocolChanged,
            "marking_protocols",
            """
            INSERT INTO marking_protocols (campaign_id, number, content, fingerprint, approved_by, approved_at)
            SELECT c.id, 90, '{}', 'another', a.id, c.created_at FROM campaigns AS c CROSS JOIN access_accounts AS a ORDER BY c.id, a.id LIMIT 1
            """
        ),
        new(DatabaseFault.AuditBroken, "audit_entries", "UPDATE audit_entries SET actor = 'somebody else' WHERE number = 2"),
        new(DatabaseFault.AuditBroken, "audit_entries", "DELETE FROM audit_entries WHERE number = (SELECT MAX(number) FROM audit_entries)"),
    ];

    [SqliteFact]
    public async Task What_was_changed_past_the_service_is_named_on_SQLite() =>
        await Walk(
            new TestService(),
            async database =>
            {
                foreach (var each in Cases)
                    await Names(
                        database,
                        each,
                        [
                            "PRAGMA defer_foreign_keys = ON",
                            $"DROP TRIGGER IF EXISTS {each.Table}_keep_update",
                            $"DROP TRIGGER IF EXISTS {each.Table}_keep_delete",
                        ]
                    );
            }
        );

    [PostgresFact]
    public async Task What_was_changed_past_the_service_is_named_on_PostgreSQL() =>
        await Walk(
            new TestService { Connection = await PostgresDatabases.CreateMigrated(TestService.Start) },
            async database =>
            {
                foreach (var each in Cases)
                    await Names(database, each, [$"ALTER TABLE {each.Table} DISABLE TRIGGER ALL"]);
            }
        );

    [Fact]
    public async Task A_damaged_file_is_named_and_nothing_else_is_asked_of_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("diagnostics.db");
        long root,
            size;
        await using (var database = new Database(file))
        {
            await Migrator.Migrate(database, TestService.Start);
            root = await database.Read(db => db.Value<long>("SELECT rootpage FROM sqlite_master WHERE name = 'sessions_seat'"));
            size = await database.Read(db => db.Value<long>("SELECT page_size FROM pragma_page_size"));
        }
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            stream.Seek((root - 1) * size, SeekOrigin.Begin);
            await stream.WriteAsync(Enumerable.Repeat((byte)0xA5, 64).ToArray());
        }

        var (code, output, _) = await Verify(new Database(file), folder.Path);

        code.Should().Be(1);
        output
            .Should()
            .StartWith("Файл базы данных повреждён [")
            .And.Contain("остальное не проверялось")
            .And.Contain("Найдено: ")
            .And.NotContain("Журнал аудита");
    }

    [Fact]
    public async Task Nothing_to_check_is_an_answer_of_its_own()
    {
        using var folder = new TemporaryFolder();

        var (none, _, missing) = await Verify(new Database(folder.File("none.db")), folder.Path);
        var (old, _, pending) = await Verify(await Touched(folder.File("old.db")), folder.Path);

        (none, old).Should().Be((2, 2));
        missing.Should().Contain("none.db нет.");
        File.Exists(folder.File("none.db")).Should().BeFalse("a look makes no database");
        pending.Should().Contain("0001_initial.sql");
    }

    /// <summary>Every finding is a line for an operator, so every kind of fault needs a text.</summary>
    [Fact]
    public void Every_fault_has_words() =>
        Enum.GetValues<DatabaseFault>()
            .Select(fault => VerifyDatabase.Text(new(fault, "", AuditFault.NotLinked)))
            .Should()
            .OnlyHaveUniqueItems()
            .And.NotContain(text => text.Length < 20);

    private static async Task Walk(TestService service, Func<Database, Task> spoil)
    {
        await service.InitializeAsync();
        try
        {
            // The walkthrough uses real dates, so the clock shows the real time.
            service.Clock.Advance(SystemClock.Instance.GetCurrentInstant() - TestService.Start);
            var walkthrough = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http")));
            await walkthrough.Run(
                new Dictionary<string, string> { ["host"] = service.Url, ["password"] = service.AdminPassword },
                service.Clock
            );
            await service.Services.GetRequiredService<AuditAnchors>().WriteHead();
            var database = service.Services.GetRequiredService<Database>();

            var (code, output, _) = await Verify(database, service.DataFolder, keep: true);
            output.Should().Contain("Нарушений нет.").And.Contain("совпало отпечатков вне базы данных — 1 из 1");
            code.Should().Be(0);
            await spoil(database);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    /// <summary>
    /// Spoils the database and checks it in a transaction that is rolled back, so that each case starts from a clean
    /// database.
    /// </summary>
    private static async Task Names(Database database, Spoiled spoiled, string[] unlock)
    {
        var head = (await database.Read(AuditStore.Head))!;
        DatabaseReport? report = null;
        await database.Write<Result<int>>(
            async db =>
            {
                foreach (var statement in unlock)
                    await db.Execute(statement);
                (await db.Execute(spoiled.Sql)).Should().BePositive("the walkthrough leaves something to spoil: {0}", spoiled.Sql);
                report = await DatabaseCheck.Run(db, [head]);
                return Refusal.Conflict("undone", "undone");
            },
            Isolation.Guarded
        );

        report!
            .Findings.Should()
            .Contain(
                finding =>
                    finding.Fault == spoiled.Fault
                    && finding.Subject.StartsWith(spoiled.Table == "consents" ? "" : spoiled.Table, StringComparison.Ordinal),
                spoiled.Sql
            );
        (await database.Read(db => DatabaseCheck.Run(db, [head]))).Findings.Should().BeEmpty("the spoiling was undone");
    }

    private static async Task<(int Code, string Output, string Errors)> Verify(Database database, string data, bool keep = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Diagnostics:Data"] = data })
            .Build();
        var (output, errors) = (new StringWriter(), new StringWriter());
        try
        {
            return (await VerifyVerb.Run(database, configuration, output, errors), output.ToString(), errors.ToString());
        }
        finally
        {
            if (!keep)
                await database.DisposeAsync();
        }
    }

    private static async Task<Database> Touched(string file)
    {
        var database = new Database(file);
        await database.Write(db => db.Value<int>("SELECT 1"));
        return database;
    }
}
