using Diagnostics.TestKit;

namespace Diagnostics.Engine.Tests;

/// <summary>
/// A stage may use only earlier stages; later stages hook in through a delegate (<see cref="Hooks.EngineHooks"/>).
/// </summary>
public sealed class StageOrderTests
{
    private static readonly IReadOnlyDictionary<string, string> Sources = Stages.Sources("Engine");

    [Fact]
    public void No_stage_looks_at_a_later_one()
    {
        Sources.Should().HaveCountGreaterThan(80);
        Stages.References("Engine", Sources).Should().HaveCountGreaterThan(40, "the sources are read as they should be");
        Stages.LookingAhead("Engine", Sources).Should().BeEmpty();
    }

    [Fact]
    public void No_folders_look_at_each_other() => Stages.Cycles("Engine", Sources).Should().BeEmpty();

    [Theory]
    [InlineData("using Diagnostics.Engine.Profiles;", "Profiles")]
    [InlineData("using static Diagnostics.Engine.Profiles.Equating;", "Profiles")]
    [InlineData("using Scale = Diagnostics.Engine.Profiles.Equating;", "Profiles")]
    [InlineData("using Diagnostics.Storage.Appeals;", "Appeals")]
    [InlineData("namespace Diagnostics.Engine.Marking; sealed record Third(Engine.Profiles.Equating Rule);", "Profiles")]
    [InlineData("namespace Diagnostics.Engine.Marking; sealed record Third(Profiles.Equating Rule);", "Profiles")]
    [InlineData("namespace Diagnostics.Engine.Marking; sealed record Third(int Profiles) { int Number => Profiles.Count; }", null)]
    [InlineData("using Diagnostics.Engine.Campaigns; // unlike Diagnostics.Engine.Profiles", null)]
    [InlineData("using Diagnostics.Engine.ItemBank.Scoring;", null)]
    public void A_use_of_a_later_stage_is_found_however_it_is_written(string text, string? later)
    {
        var sources = new Dictionary<string, string>
        {
            ["Marking/Third.cs"] = text,
            ["Profiles/Equating.cs"] = "namespace Diagnostics.Engine.Profiles; public static class Equating;",
        };

        Stages.LookingAhead("Engine", sources).Select(reference => reference.To).Should().Equal(later is null ? [] : [later]);
    }

    [Fact]
    public void Folders_that_look_at_each_other_are_found_over_any_number_of_steps() =>
        Stages
            .Cycles(
                "Engine",
                new Dictionary<string, string>
                {
                    ["Access/A.cs"] = "using Diagnostics.Engine.Hooks;",
                    ["Hooks/B.cs"] = "using Diagnostics.Engine.Marking;",
                    ["Marking/C.cs"] = "using Diagnostics.Engine.Access;",
                    ["Profiles/D.cs"] = "using Diagnostics.Engine.Marking;",
                }
            )
            .Should()
            .Equal("Access Hooks Marking");
}
