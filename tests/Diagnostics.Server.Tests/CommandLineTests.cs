using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.Server.Tests;

/// <summary>
/// The message names an operator's typing error; nothing is written under a name that was meant as a setting.
/// </summary>
public sealed class CommandLineTests
{
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
}
