using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Profiles;

public sealed class ProfileBuilderTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 9, 0);

    /// <summary>Макет ИОМ, блок 4, as printed: the deficit and the result of each block.</summary>
    [Theory]
    [InlineData("communicative", "коммуникативные", 83, DeficitLevel.Minimal, "17% (результат выполнения теста входной диагностики - 83%)")]
    [InlineData("methodical", "методические", 52, DeficitLevel.High, "48% (результат выполнения теста входной диагностики - 52%)")]
    [InlineData("subject", "предметные", 44, DeficitLevel.High, "56% (результат выполнения теста входной диагностики - 44%)")]
    [InlineData(
        "psychological",
        "психолого-педагогические",
        68,
        DeficitLevel.Medium,
        "32% (результат выполнения теста входной диагностики - 68%)"
    )]
    public void Numbers_agree_with_the_route_form(string block, string adjective, decimal percent, DeficitLevel level, string text)
    {
        var result = Build([Result(block, percent, 100)]).Blocks.Single();

        result.Adjective.Should().Be(adjective);
        result.RouteFormText.Should().Be(text);
        result.Result.ResultPercent.Should().Be(percent);
        result.Result.DeficitPercent.Should().Be(100 - percent);
        result.Result.Level.Should().Be(level);
    }

    [Theory]
    [InlineData(CampaignStage.Intermediate, "34% (результат выполнения теста промежуточной диагностики - 66%)")]
    [InlineData(CampaignStage.Final, "34% (результат выполнения теста итоговой диагностики - 66%)")]
    public void The_route_form_names_the_stage_and_cuts_to_whole_percent(CampaignStage stage, string text) =>
        Build([Result("subject", 2, 3)], stage: stage).Blocks.Single().RouteFormText.Should().Be(text);

    [Fact]
    public void Blocks_are_summed_by_points_and_split_by_difficulty()
    {
        var profile = Build([
            new(1, "subject", "subject.a", 1, Points.From(1), Points.From(1)),
            new(2, "subject", "subject.b", 2, Points.From(0.5m), Points.From(2)),
            new(3, "subject", "subject.b", 2, Points.From(2), Points.From(2)),
            new(4, "methodical", "methodical.a", 3, Points.From(3), Points.From(4)),
        ]);

        profile.Blocks.Select(block => block.Code).Should().Equal("subject", "methodical");
        var subject = profile.Blocks[0];
        (subject.Result.Earned, subject.Result.Maximum).Should().Be((Points.From(3.5m), Points.From(5)));
        subject.Result.ResultPercent.Should().Be(70);
        subject
            .Difficulties.Should()
            .Equal(
                new DifficultyResult(1, Points.From(1), Points.From(1), 100),
                new DifficultyResult(2, Points.From(2.5m), Points.From(4), 62.5m)
            );
        (profile.Total.Earned, profile.Total.Maximum).Should().Be((Points.From(6.5m), Points.From(9)));
        profile.Total.ResultPercent.Should().Be(72.22m);
    }

    [Fact]
    public void An_element_with_scarce_evidence_gives_a_signal_and_no_level()
    {
        var profile = Build([
            // One item: too few items, so the evidence is scarce.
            new(1, "subject", "subject.a", 1, Points.Zero, Points.From(4)),
            // Two items worth 2 points: too few points, so the evidence is scarce.
            new(2, "methodical", "methodical.a", 1, Points.From(1), Points.From(1)),
            new(3, "methodical", "methodical.a", 1, Points.From(1), Points.From(1)),
            // Two items worth 3 points: enough evidence.
            new(4, "methodical", "methodical.b", 1, Points.From(1), Points.From(1)),
            new(5, "methodical", "methodical.b", 1, Points.From(1), Points.From(2)),
        ]);

        profile
            .Elements.Select(element => (element.Code, element.Items, element.Evidence, element.Level, element.Signal))
            .Should()
            .Equal(
                ("subject.a", 1, EvidenceStrength.Scarce, null, ElementSignal.PossibleDeficit),
                ("methodical.a", 2, EvidenceStrength.Scarce, null, ElementSignal.NoSign),
                ("methodical.b", 2, EvidenceStrength.Enough, DeficitLevel.Medium, null)
            );
    }

    [Fact]
    public void A_boundary_case_and_the_recommendation_stand_with_the_level()
    {
        var result = Build([Result("subject", 3, 5)]).Blocks.Single().Result;

        result.BoundaryCase.Should().BeTrue();
        result.Level.Should().Be(DeficitLevel.Medium);
        result.LevelLabel.Should().Be("Средний");
        result.Recommendation.Should().Be("по индивидуальному плану или курсы");
    }

    [Fact]
    public void A_result_outside_the_framework_is_an_error_and_never_lost()
    {
        var unknown = () => Build([Result("subject", 1, 1), new(2, "sport", "sport.a", 1, Points.Zero, Points.From(1))]);
        var misplaced = () => Build([new(1, "subject", "methodical.a", 1, Points.Zero, Points.From(1))]);
        var none = () => Build([]);

        unknown.Should().Throw<ArgumentException>();
        misplaced.Should().Throw<ArgumentException>();
        none.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Result_and_deficit_make_a_hundred_and_blocks_make_the_total() =>
        Prop.ForAll(
                Results(),
                results =>
                {
                    var profile = Build(results);
                    return profile
                            .Blocks.Select(block => block.Result)
                            .Append(profile.Total)
                            .All(level => level.ResultPercent + level.DeficitPercent == 100)
                        && profile.Blocks.Select(block => block.Result.Earned).Sum() == profile.Total.Earned
                        && profile.Blocks.Select(block => block.Result.Maximum).Sum() == profile.Total.Maximum
                        && profile.Blocks.All(block =>
                            block.Difficulties.Select(difficulty => difficulty.Earned).Sum() == block.Result.Earned
                        )
                        && profile.Elements.Select(element => element.Earned).Sum() == profile.Total.Earned
                        && profile.Elements.Sum(element => element.Items) == results.Length;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_results_changes_nothing() =>
        Prop.ForAll(
                Results(),
                results =>
                {
                    var (one, other) = (Build(results), Build([.. results.Reverse()]));
                    return one.Total == other.Total
                        && one.Blocks.Select(block => (block.Code, block.Result))
                            .SequenceEqual(other.Blocks.Select(block => (block.Code, block.Result)))
                        && one.Elements.SequenceEqual(other.Elements);
                }
            )
            .QuickCheckThrowOnFailure();

    private static Arbitrary<SlotResult[]> Results()
    {
        var one =
            from block in Gen.Elements("subject", "methodical", "psychological", "communicative")
            from element in Gen.Elements("a", "b")
            from difficulty in Gen.Choose(1, 3)
            from maximum in Gen.Choose(1, 4000)
            from earned in Gen.Choose(0, maximum)
            select new SlotResult(
                1,
                block,
                $"{block}.{element}",
                difficulty,
                Points.FromThousandths(earned),
                Points.FromThousandths(maximum)
            );
        return one.NonEmptyListOf()
            .Select(list => list.Select((result, place) => result with { Slot = place + 1 }).ToArray())
            .ToArbitrary();
    }

    private static SlotResult Result(string block, decimal earned, decimal maximum) =>
        new(1, block, $"{block}.a", 1, Points.From(earned), Points.From(maximum));

    private static DeficitProfile Build(
        IReadOnlyList<SlotResult> results,
        CampaignStage stage = CampaignStage.Entry,
        LevelScale? scale = null
    ) =>
        ProfileBuilder.Build(
            new(Guid.Empty, 1, ProfileStatus.Provisional, "scored", Now),
            new ProfileSubject(Guid.Empty, Guid.Empty, Guid.Empty, stage, 1, "teacher", 1, "default", 1, Now),
            new(Scales.Teacher, scale ?? Scales.Default, Scales.Policy),
            Evidence.Of("test", Now, Scales.Teacher, results)
        );
}
