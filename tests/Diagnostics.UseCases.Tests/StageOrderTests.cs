using Diagnostics.TestKit;

namespace Diagnostics.UseCases.Tests;

/// <summary>Within each of these projects, a stage uses only earlier stages.</summary>
public sealed class StageOrderTests
{
    [Theory]
    [InlineData("Engine")]
    [InlineData("Storage")]
    [InlineData("UseCases")]
    public void No_stage_looks_at_a_later_one_of_its_project(string project)
    {
        var sources = Stages.Sources(project);

        Stages.References(project, sources).Should().HaveCountGreaterThan(10, "the sources are read as they should be");
        Stages.LookingAhead(project, sources).Where(reference => reference.Project == project).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Psychometrics")]
    [InlineData("Engine")]
    [InlineData("Storage")]
    [InlineData("UseCases")]
    [InlineData("Server")]
    public void No_folders_look_at_each_other(string project) => Stages.Cycles(project, Stages.Sources(project)).Should().BeEmpty();

    [Fact]
    public void What_every_use_case_runs_in_knows_no_stage() =>
        Stages
            .References("UseCases", Stages.Sources("UseCases"))
            .Where(reference =>
                reference is { Project: "UseCases", From: "Execution" or "Operations" } && Stages.Order.Contains(reference.To)
            )
            .Should()
            .BeEmpty();
}
