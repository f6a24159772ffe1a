using System.Globalization;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>
/// Verdicts on pairs of results, before and after, which were worked out by hand and without a calibration. Levels
/// change at 60 and 81 %, and there is no deficit from 81 % on. A better level, or a gain of ten percentage points,
/// removes a deficit in part.
/// </summary>
public sealed class ProgressTests
{
    private static readonly Instant Entry = Instant.FromUtc(2026, 9, 14, 9, 0);
    private static readonly Instant Final = Instant.FromUtc(2027, 9, 14, 9, 0);

    [Theory]
    // Before, the deficit was high.
    [InlineData("0/100", "0/100", DeficitChange.NotRemoved)]
    [InlineData("0/100", "9.999/100", DeficitChange.NotRemoved)]
    [InlineData("0/100", "10/100", DeficitChange.PartlyRemoved)]
    [InlineData("0/100", "59.999/100", DeficitChange.PartlyRemoved)]
    [InlineData("0/100", "100/100", DeficitChange.Removed)]
    [InlineData("40/100", "30/100", DeficitChange.NotRemoved)]
    [InlineData("40/100", "40/100", DeficitChange.NotRemoved)]
    [InlineData("40/100", "49.999/100", DeficitChange.NotRemoved)]
    [InlineData("40/100", "50/100", DeficitChange.PartlyRemoved)]
    [InlineData("40/100", "80.999/100", DeficitChange.PartlyRemoved)]
    [InlineData("40/100", "81/100", DeficitChange.Removed)]
    [InlineData("40/100", "85/100", DeficitChange.Removed)]
    [InlineData("50/100", "59.999/100", DeficitChange.NotRemoved)]
    [InlineData("50/100", "60/100", DeficitChange.PartlyRemoved)]
    [InlineData("55/100", "60/100", DeficitChange.PartlyRemoved)]
    [InlineData("59.999/100", "59.999/100", DeficitChange.NotRemoved)]
    [InlineData("59.999/100", "60/100", DeficitChange.PartlyRemoved)]
    // Before, the deficit was medium.
    [InlineData("60/100", "59.999/100", DeficitChange.NotRemoved)]
    [InlineData("60/100", "69.999/100", DeficitChange.NotRemoved)]
    [InlineData("60/100", "70/100", DeficitChange.PartlyRemoved)]
    [InlineData("60/100", "80/100", DeficitChange.PartlyRemoved)]
    [InlineData("60/100", "81/100", DeficitChange.Removed)]
    [InlineData("65/100", "55/100", DeficitChange.NotRemoved)]
    [InlineData("70/100", "79.999/100", DeficitChange.NotRemoved)]
    [InlineData("70/100", "80/100", DeficitChange.PartlyRemoved)]
    [InlineData("80/100", "80.999/100", DeficitChange.NotRemoved)]
    [InlineData("80/100", "81/100", DeficitChange.Removed)]
    [InlineData("80.999/100", "81/100", DeficitChange.Removed)]
    // From no deficit.
    [InlineData("81/100", "81/100", DeficitChange.NoDeficit)]
    [InlineData("81/100", "80.999/100", DeficitChange.New)]
    [InlineData("81/100", "60/100", DeficitChange.New)]
    [InlineData("100/100", "100/100", DeficitChange.NoDeficit)]
    [InlineData("100/100", "81/100", DeficitChange.NoDeficit)]
    [InlineData("100/100", "0/100", DeficitChange.New)]
    // Fractions without a finite decimal form: a third plus ten percentage points is exactly 13/30, and two thirds plus
    // ten is 23/30.
    [InlineData("1/3", "13/30", DeficitChange.PartlyRemoved)]
    [InlineData("1/3", "12.999/30", DeficitChange.NotRemoved)]
    [InlineData("2/3", "23/30", DeficitChange.PartlyRemoved)]
    [InlineData("2/3", "22.999/30", DeficitChange.NotRemoved)]
    [InlineData("2/3", "17/21", DeficitChange.PartlyRemoved)]
    [InlineData("3/5", "81/100", DeficitChange.Removed)]
    public void A_deficit_is_removed_wholly_partly_or_not(string before, string after, DeficitChange verdict)
    {
        var progress = Progress(Build(Subject(before)), Subject(after));

        progress.Blocks.Single().Verdict.Should().Be(verdict);
        progress.Competencies.Single().Verdict.Should().Be(verdict);
        progress.Elements.Single().Verdict.Should().Be(verdict);
        progress.Comparability.Should().Be(Comparability.Comparable);
    }

    /// <summary>
    /// Four blocks of one competency each, and the conclusion from all of them (Положение об ИОМ, пп. 6.1 и 6.2;
    /// Технология ИОМ, шаг 11).
    /// </summary>
    [Theory]
    [InlineData("40 40 40 40", "85 85 85 85", RouteOutcome.Successful, "Выявленные дефициты сняты полностью", RouteDecision.Finished)]
    [InlineData("40 70 90 90", "85 85 90 90", RouteOutcome.Successful, "Выявленные дефициты сняты полностью", RouteDecision.Finished)]
    [InlineData(
        "90 90 90 90",
        "90 90 90 90",
        RouteOutcome.Successful,
        "При входной диагностике дефициты не выявлены",
        RouteDecision.Finished
    )]
    [InlineData(
        "90 90 90 90",
        "90 90 90 50",
        RouteOutcome.NotQuiteSuccessful,
        "При входной диагностике дефициты не выявлены; выявлены новые",
        RouteDecision.NextStage
    )]
    [InlineData(
        "40 70 90 90",
        "85 85 90 70",
        RouteOutcome.NotQuiteSuccessful,
        "Выявленные дефициты сняты полностью; выявлены новые",
        RouteDecision.NextStage
    )]
    [InlineData(
        "40 40 40 40",
        "85 85 85 50",
        RouteOutcome.NotQuiteSuccessful,
        "Выявленные дефициты сняты частично",
        RouteDecision.NextStage
    )]
    [InlineData(
        "40 40 40 40",
        "50 50 50 50",
        RouteOutcome.NotQuiteSuccessful,
        "Выявленные дефициты сняты частично",
        RouteDecision.NextStage
    )]
    [InlineData(
        "40 40 40 40",
        "85 40 40 40",
        RouteOutcome.NotQuiteSuccessful,
        "Выявленные дефициты сняты частично, некоторые не сняты",
        RouteDecision.NextStage
    )]
    [InlineData(
        "40 40 40 40",
        "50 40 40 40",
        RouteOutcome.NotQuiteSuccessful,
        "Выявленные дефициты сняты частично, некоторые не сняты",
        RouteDecision.NextStage
    )]
    [InlineData("40 40 40 40", "40 40 40 40", RouteOutcome.Unsuccessful, "Не снят ни один дефицит", RouteDecision.NextStage)]
    [InlineData("40 40 90 90", "45 30 90 90", RouteOutcome.Unsuccessful, "Не снят ни один дефицит", RouteDecision.NextStage)]
    [InlineData(
        "40 90 90 90",
        "40 90 90 50",
        RouteOutcome.Unsuccessful,
        "Не снят ни один дефицит; выявлены новые",
        RouteDecision.NextStage
    )]
    public void The_final_diagnostic_ends_in_one_of_three_conclusions(
        string before,
        string after,
        RouteOutcome outcome,
        string summary,
        RouteDecision route
    )
    {
        var progress = Progress(Build(Blocks(before)), Blocks(after));

        progress.Summary!.Text.Should().Be(summary);
        (progress.Conclusion!.Outcome, progress.Conclusion.Route).Should().Be((outcome, route));
        progress.Conclusion.FollowUps.Should().NotBeEmpty();
    }

    [Fact]
    public void The_problems_are_named_by_what_has_become_of_them()
    {
        var summary = Progress(Build(Blocks("40 40 40 90")), Blocks("85 55 40 70")).Summary!;

        summary.Removed.Should().Equal("subject.c");
        summary.PartlyRemoved.Should().Equal("methodical.c");
        summary.NotRemoved.Should().Equal("psychological.c");
        summary.New.Should().Equal("communicative.c");
    }

    [Fact]
    public void A_block_none_of_whose_competencies_can_be_judged_is_judged_as_a_whole()
    {
        // One item each: no competency has enough evidence, but the blocks still get levels.
        Evidence[] before = [One("subject", 1, 4), One("methodical", 4, 4)],
            after = [One("subject", 4, 4), One("methodical", 4, 4)];

        var progress = Progress(Build(before), after);

        progress.Competencies.Should().OnlyContain(unit => unit.Verdict == DeficitChange.Unknown);
        progress.Summary!.Removed.Should().Equal("subject");
        progress.Conclusion!.Outcome.Should().Be(RouteOutcome.Successful);
    }

    [Fact]
    public void What_one_diagnostic_did_not_test_is_shown_and_not_judged()
    {
        var progress = Progress(Build(Blocks("40 40 40 40")), Blocks("85 85 85"));

        var communicative = progress.Blocks.Single(unit => unit.Code == "communicative");
        communicative.Verdict.Should().Be(DeficitChange.Unknown);
        communicative.Results.Select(result => result.ResultPercent).Should().Equal(40m, null);
        communicative.DifferencePercent.Should().BeNull();
        progress.Conclusion.Should().BeNull("of the communicative deficit nobody knows whether it is still there");
        progress.Summary!.Text.Should().Be("Дефициты, проверенные дважды, сняты полностью; об остальных судить нельзя");
        (progress.Comparability, progress.Reasons.Single().Code).Should().Be((Comparability.Flagged, "tested_once"));
        progress.Reasons.Single().Detail.Should().Contain(communicative.Title);
    }

    [Fact]
    public void Nor_is_anything_concluded_where_a_deficit_appears_that_the_entry_diagnostic_did_not_look_for()
    {
        var open = Progress(Build(Blocks("40 40 40")), Blocks("85 85 85 40"));
        var none = Progress(Build(Blocks("40 40 40")), Blocks("85 85 85 90"));

        open.Conclusion.Should().BeNull();
        none.Conclusion!.Outcome.Should().Be(RouteOutcome.Successful, "what was not tested before shows no deficit now");
    }

    [Fact]
    public void A_block_speaks_for_its_competency_of_which_there_is_too_little_evidence()
    {
        // The deficit of the first competency is removed; the second has one unsolved item, so the block still has a
        // deficit.
        var methodical = Scales.Teacher.Blocks.Single(block => block.Code == "methodical");
        var second = new Competency("methodical.d", "Вторая", "", [new("methodical.d.a", "Её элемент")]);
        var framework = Scales.Teacher with { Blocks = [methodical with { Competencies = [.. methodical.Competencies, second] }] };
        Evidence[] Diagnostic(string first) =>
            [.. Two("methodical", first), new("test", Entry, "methodical", second.Code, Points.Zero, Points.From(4), "methodical.d.a", 1)];

        var entry = Build(Diagnostic("8/20"), framework: framework);
        var earlier = new EarlierDiagnostics(new("b", 1), [new(entry, new("b", 1))]);
        var progress = Build(Diagnostic("18/20"), CampaignStage.Final, Final, earlier, framework: framework).Progress!;

        progress.Competencies.Select(unit => unit.Verdict).Should().Equal(DeficitChange.Removed, DeficitChange.Unknown);
        (progress.Blocks.Single().Verdict, progress.Blocks.Single().Results[^1].ResultPercent)
            .Should()
            .Be((DeficitChange.PartlyRemoved, 75m));
        progress.Summary!.PartlyRemoved.Should().Equal("methodical");
        progress.Conclusion!.Outcome.Should().Be(RouteOutcome.NotQuiteSuccessful);
    }

    [Fact]
    public void The_way_leads_over_the_intermediate_diagnostic()
    {
        var (entry, between) = (
            Build(Subject("40/100")),
            Build(Subject("62/100"), CampaignStage.Intermediate, Entry + Duration.FromDays(180))
        );

        var atHalf = Progress(entry, Subject("62/100"), stage: CampaignStage.Intermediate);
        var atEnd = Progress(new EarlierDiagnostics(new("b", 1), [new(entry, new("b", 1)), new(between, new("b", 1))]), Subject("85/100"));

        atHalf.Competencies.Single().Verdict.Should().Be(DeficitChange.PartlyRemoved);
        atHalf.Conclusion.Should().BeNull("the route goes on");
        atEnd.Steps.Select(step => step.Stage).Should().Equal(CampaignStage.Entry, CampaignStage.Intermediate, CampaignStage.Final);
        atEnd
            .Competencies.Single()
            .Results.Select(result => (result.ResultPercent, result.Level))
            .Should()
            .Equal((40m, DeficitLevel.High), (62m, DeficitLevel.Medium), (85m, DeficitLevel.Minimal));
        atEnd.Competencies.Single().DifferencePercent.Should().Be(45m);
    }

    [Fact]
    public void Diagnostics_of_different_frameworks_or_specifications_are_not_compared_and_the_reason_is_told()
    {
        var entry = Build(Subject("40/100"));
        var other = entry with { Subject = entry.Subject with { FrameworkCode = "manager" } };

        var framework = Progress(other, Subject("85/100"));
        var blueprint = Progress(new EarlierDiagnostics(new("b", 1), [new(entry, new("c", 1))]), Subject("85/100"));

        foreach (var (progress, code) in new[] { (framework, "framework_differs"), (blueprint, "blueprint_differs") })
        {
            progress.Comparability.Should().Be(Comparability.Refused);
            progress.Reasons.Select(reason => reason.Code).Should().Equal(code);
            progress.Blocks.Should().BeEmpty();
            progress.Conclusion.Should().BeNull();
        }
    }

    [Fact]
    public void Other_versions_and_another_scale_are_compared_with_a_reservation()
    {
        var entry = Build(Subject("85/100"));
        var then = entry with { Subject = entry.Subject with { FrameworkVersion = 7, LevelScaleCode = "four-levels" } };

        // Today's scale sets the boundary at 90 %. A result of 85 % was no deficit under the earlier scale, but is a
        // deficit under today's scale.
        var scale = Scales.Default with
        {
            Levels = [Scales.Default.Levels[0], Scales.Default.Levels[1], Scales.Default.Levels[2] with { FromPercent = 90 }],
        };
        var progress = Progress(new EarlierDiagnostics(new("b", 2), [new(then, new("b", 1))]), Subject("92/100"), scale: scale);

        progress.Comparability.Should().Be(Comparability.Flagged);
        progress
            .Reasons.Select(reason => reason.Code)
            .Should()
            .Equal("blueprint_version_differs", "framework_version_differs", "level_scale_differs");
        progress.Blocks.Single().Verdict.Should().Be(DeficitChange.Removed);
    }

    [Fact]
    public void A_profile_of_the_first_schema_is_compared_by_its_elements()
    {
        var entry = Build(Subject("40/100")) with { Competencies = null, Schema = null, Sources = null, RouteForm = null };

        Progress(entry, Subject("85/100")).Competencies.Single().Verdict.Should().Be(DeficitChange.Removed);
    }

    [Fact]
    public void A_better_result_never_makes_a_worse_verdict()
    {
        DeficitChange[] fromDeficit = [DeficitChange.NotRemoved, DeficitChange.PartlyRemoved, DeficitChange.Removed];
        DeficitChange[] fromNone = [DeficitChange.New, DeficitChange.NoDeficit];
        Prop.ForAll(
                Gen.Choose(0, 100).Three().ToArbitrary(),
                points =>
                {
                    var (before, low, high) = (points.Item1, Math.Min(points.Item2, points.Item3), Math.Max(points.Item2, points.Item3));
                    var order = before >= 81 ? fromNone : fromDeficit;
                    return Place(high) >= Place(low) && Place(low) >= 0;

                    int Place(int after) =>
                        Array.IndexOf(order, Progress(Build(Subject($"{before}/100")), Subject($"{after}/100")).Blocks.Single().Verdict);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static Progress Progress(DeficitProfile entry, IReadOnlyList<Evidence> after, CampaignStage stage = CampaignStage.Final) =>
        Progress(new EarlierDiagnostics(new("b", 1), [new(entry, new("b", 1))]), after, stage);

    private static Progress Progress(
        EarlierDiagnostics earlier,
        IReadOnlyList<Evidence> after,
        CampaignStage stage = CampaignStage.Final,
        LevelScale? scale = null
    ) => Build(after, stage, Final, earlier, scale).Progress!;

    /// <summary>
    /// Evidence with the given share of the points, such as <c>2/3</c>. It consists of two items, which are enough for
    /// the competency and the element to have a level.
    /// </summary>
    private static Evidence[] Subject(string share) => Two("subject", share);

    private static Evidence[] Two(string block, string share)
    {
        var parts = share.Split('/').Select(part => decimal.Parse(part, CultureInfo.InvariantCulture)).ToList();
        var first = Math.Min(parts[0], parts[1] - 1);
        return [One(block, first, parts[1] - 1), One(block, parts[0] - first, 1)];
    }

    /// <summary>Evidence for these percentages, block by block in the order of the framework.</summary>
    private static Evidence[] Blocks(string percents) =>
        percents.Split(' ').Zip(Scales.Teacher.Blocks).SelectMany(pair => Two(pair.Second.Code, $"{pair.First}/100")).ToArray();

    private static Evidence One(string block, decimal earned, decimal maximum) =>
        new("test", Entry, block, $"{block}.c", Points.From(earned), Points.From(maximum), $"{block}.a", 1);

    private static DeficitProfile Build(
        IReadOnlyList<Evidence> evidence,
        CampaignStage stage = CampaignStage.Entry,
        Instant? taken = null,
        EarlierDiagnostics? earlier = null,
        LevelScale? scale = null,
        Framework? framework = null
    ) =>
        ProfileBuilder.Build(
            new(Guid.Empty, 1, ProfileStatus.Final, "published", taken ?? Entry),
            new ProfileSubject(Guid.Empty, Guid.NewGuid(), Guid.Empty, stage, 1, "teacher", 1, "default", 1, taken ?? Entry),
            new(framework ?? Scales.Teacher, scale ?? Scales.Default, Scales.Policy),
            evidence,
            earlier: earlier
        );
}
