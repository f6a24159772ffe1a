using System.CommandLine;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.Server.Tests;

/// <summary>
/// The message names an operator's typing error, and no file or folder is created under a name that was meant as a
/// setting.
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

    private static List<string> Output(params string[] line)
    {
        using var output = new StringWriter();
        CommandLine.Parse(line).Invoke(new InvocationConfiguration { Output = output }).Should().Be(0);
        return output.ToString().Split('\n').Where(text => text.Any(char.IsLetter)).ToList();
    }
}
