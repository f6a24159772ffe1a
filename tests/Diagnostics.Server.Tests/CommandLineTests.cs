using System.CommandLine;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.Data.Sqlite;

namespace Diagnostics.Server.Tests;

/// <summary>
/// When an operator mistypes a command, the message names the error, and no file or folder is created under a name that
/// was meant as a setting.
/// </summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Verbs => new(CommandLine.Parse([]).RootCommandResult.Command.Subcommands.Select(verb => verb.Name));

    [Theory]
    [InlineData("backup", "файл")]
    [InlineData("export-scores", "папка")]
    [InlineData("lint", "папка")]
    [InlineData("openapi", "файл")]
    [InlineData("sources", "папка")]
    public async Task A_setting_is_not_taken_for_a_file_that_was_left_out(string verb, string argument)
    {
        var parsed = CommandLine.Parse([verb, "--Diagnostics:Data=data"]);

        parsed.Errors.Should().ContainSingle().Which.Message.Should().StartWith($"Вместо «{argument}» указано «--Diagnostics:Data=data»");
        (await parsed.InvokeAsync()).Should().NotBe(0);
        Directory.GetFileSystemEntries(".", "--Diagnostics*").Should().BeEmpty();
    }

    [Fact]
    public void A_setting_beside_the_file_is_a_setting() =>
        CommandLine.Parse(["backup", "copy.db", "--Diagnostics:Data=data"]).Errors.Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_help_of_a_command_is_Russian(string verb) =>
        Output(verb, "--help").Should().HaveCountGreaterThan(2).And.OnlyContain(line => PublishedLanguageTests.IsRussian(line));

    [Fact]
    public void The_help_of_the_whole_is_Russian() =>
        Output("--help").Should().HaveCountGreaterThan(15).And.OnlyContain(line => PublishedLanguageTests.IsRussian(line));

    [Theory]
    [InlineData("lint")]
    [InlineData("export-scores")]
    [InlineData("export-scores", "folder", "--form")]
    [InlineData("export-scores", "folder", "--form", "form")]
    [InlineData("export-scores", "folder", "--form=one", "--form=two")]
    [InlineData("unlock", "--Urls=http://localhost")]
    public void What_is_typed_wrongly_is_refused_in_Russian(params string[] line) =>
        CommandLine
            .Parse(line)
            .Errors.Select(error => error.Message)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(message => PublishedLanguageTests.IsRussian(message));

    [Theory]
    [InlineData("Команды «migarte» нет; список команд показывает --help.", "migarte")]
    [InlineData("Команды «migarte» нет; список команд показывает --help.", "--urls", "http://127.0.0.1:5080", "migarte")]
    [InlineData("Параметра «--chek» нет; параметры показывает --help, настройки — docs/operations/settings.md.", "migrate", "--chek")]
    [InlineData(
        "Параметра «--Databse:Provider» нет; параметры показывает --help, настройки — docs/operations/settings.md.",
        "--Databse:Provider=x"
    )]
    [InlineData("Параметра «-x» нет; список параметров показывает --help.", "-x")]
    [InlineData("У настройки «--Diagnostics:Data» нет значения; пишут --Diagnostics:Data=значение.", "migrate", "--Diagnostics:Data")]
    [InlineData("Слово «now» лишнее; как вызывать команду, показывает migrate --help.", "migrate", "now")]
    [InlineData("Вместо «папка» указана пустая строка. Папка банка, например item-bank.", "lint", "")]
    public void A_slip_is_one_sentence(string sentence, params string[] line) =>
        CommandLine.Fault(CommandLine.Parse(line)).Should().Be(sentence);

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:5080")]
    [InlineData("--Urls=http://127.0.0.1:5080")]
    [InlineData("--Logging:LogLevel:Default=Error", "--environment", "Production")]
    [InlineData("migrate", "--check", "--Diagnostics:Data", "data")]
    [InlineData("backup", "copy.db", "--Database:Provider=sqlite")]
    [InlineData("health", "--Diagnostics:OperationsPort=5081")]
    [InlineData("lint", "--help")]
    public void What_is_typed_rightly_has_no_fault(params string[] line) => CommandLine.Fault(CommandLine.Parse(line)).Should().BeNull();

    /// <summary>
    /// Every verb with input that it must refuse at once: it writes one Russian line to the error output, ends with
    /// exit code 2, and creates nothing.
    /// </summary>
    [Theory]
    [InlineData("unlock admin")]
    [InlineData("reset-password admin")]
    [InlineData("remove-second-factor admin")]
    [InlineData("verify")]
    [InlineData("migrate --check")]
    [InlineData("migrate --Diagnostics:Data=file")]
    [InlineData("migrate --Diagnostics:Data=file/data")]
    [InlineData("migrate --Database:Provider=oracle")]
    [InlineData("migrate --Database:Provider=postgres --Database:ConnectionString=nonsense")]
    [InlineData("migrate --Diagnostics:Dta=x")]
    [InlineData("backup copy.db")]
    [InlineData("export out")]
    [InlineData("export-scores out")]
    [InlineData("export-scores out --form 01a032c8-9000-77aa-967e-bfe6f9d689f7")]
    [InlineData("lint nowhere")]
    [InlineData("lint file")]
    [InlineData("lint empty")]
    [InlineData("sources empty")]
    [InlineData("import empty")]
    [InlineData("import nowhere")]
    [InlineData("openapi nowhere/x.json")]
    [InlineData("openapi empty")]
    [InlineData("health --Diagnostics:OperationsPort=abc")]
    [InlineData("demo --Urls=http://127.0.0.1:0 --Diagnostics:Bank=nowhere")]
    [InlineData("demo quick")]
    [InlineData("--foo")]
    public async Task A_verb_that_cannot_begin_says_why_and_leaves_nothing(string line)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("file"), "");
        Directory.CreateDirectory(folder.File("empty"));
        var start = ServerProcess.Command("Diagnostics.Server.dll", line.Split(' '));
        start.WorkingDirectory = folder.Path;

        var (code, output, errors) = await ChildProcess.Run(start);

        code.Should().Be(2, output + errors);
        output.Should().BeEmpty();
        errors.TrimEnd().Split('\n').Should().ContainSingle().Which.Should().Match<string>(text => PublishedLanguageTests.IsRussian(text));
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo("file", "empty");
    }

    /// <summary>A database that another program or another version made.</summary>
    [Theory]
    [InlineData("unlock admin", "")]
    [InlineData("export out", "")]
    [InlineData("backup copy.db", "")]
    [InlineData("backup copy.db", "CREATE TABLE theirs (x)")]
    [InlineData("verify", "CREATE TABLE theirs (x)")]
    [InlineData("migrate --check", Newer)]
    [InlineData("verify", Newer)]
    [InlineData("export out", Newer)]
    public async Task A_database_that_is_not_of_this_version_is_named(string line, string sql)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        await using (var connection = new SqliteConnection($"Data Source={folder.File("data/diagnostics.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql.Length == 0 ? "PRAGMA user_version = 1" : sql;
            await command.ExecuteNonQueryAsync();
        }
        var start = ServerProcess.Command("Diagnostics.Server.dll", line.Split(' '));
        start.WorkingDirectory = folder.Path;

        var (code, output, errors) = await ChildProcess.Run(start);

        code.Should().Be(2, output + errors);
        errors.TrimEnd().Split('\n').Should().ContainSingle().Which.Should().Match<string>(text => PublishedLanguageTests.IsRussian(text));
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo("data");
    }

    private const string Newer =
        "CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL); "
        + "INSERT INTO schema_migrations VALUES ('9999_later.sql', '', '2030-01-01T00:00:00Z')";

    private static List<string> Output(params string[] line)
    {
        using var output = new StringWriter();
        CommandLine.Parse(line).Invoke(new InvocationConfiguration { Output = output }).Should().Be(0);
        return output.ToString().Split('\n').Where(text => text.Any(char.IsLetter)).ToList();
    }
}
