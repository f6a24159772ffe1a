using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>
/// The scale has three levels: high below 60 %, medium below 81 %, minimal from 81 %. The sources with their weights, in
/// the order of the policy: test 4, observation 3, practice 2, self-diagnosis 1.
/// </summary>
public sealed class ComplexProfileTests
{
    private const DeficitLevel High = DeficitLevel.High,
        Medium = DeficitLevel.Medium,
        Low = DeficitLevel.Low,
        Minimal = DeficitLevel.Minimal;

    private static readonly Instant Spring = Instant.FromUtc(2026, 3, 2, 9, 0);
    private static readonly Instant Autumn = Instant.FromUtc(2026, 9, 14, 9, 0);

    private static readonly string[] Sources = ["test", "observation", "practice", "self_diagnosis"];

    /// <summary>
    /// Every row was worked by hand; the working stands before it, with the weights 40, 30, 20 and 10 as 4, 3, 2 and 1.
    /// </summary>
    [Theory]
    // 4 · 50 / 4 = 50
    [InlineData(50, null, null, null, High, 50)]
    // 1 · 90 / 1 = 90
    [InlineData(null, null, null, 90, Minimal, 90)]
    // (360 + 255 + 180 + 95) / 10 = 890 / 10
    [InlineData(90, 85, 90, 95, Minimal, 89)]
    // (160 + 270 + 180 + 90) / 10 = 700 / 10
    [InlineData(40, 90, 90, 90, Medium, 70)]
    // (360 + 120 + 80 + 40) / 10 = 600 / 10: exactly on the boundary, which belongs to the level above
    [InlineData(90, 40, 40, 40, Medium, 60)]
    // (280 + 95) / 5 = 375 / 5
    [InlineData(70, null, null, 95, Medium, 75)]
    // (380 + 30) / 5 = 410 / 5
    [InlineData(95, null, null, 30, Minimal, 82)]
    // (240 + 177) / 7 = 417 / 7 = 59.571…
    [InlineData(60, 59, null, null, High, 59.57)]
    // (324 + 240 + 162) / 9 = 726 / 9 = 80.666…
    [InlineData(81, 80, 81, null, Medium, 80.66)]
    // (210 + 100 + 90) / 6 = 400 / 6 = 66.666…
    [InlineData(null, 70, 50, 90, Medium, 66.66)]
    // (270 + 100 + 55) / 6 = 425 / 6 = 70.833…
    [InlineData(null, 90, 50, 55, Medium, 70.83)]
    // (236 + 183 + 100) / 8 = 519 / 8 = 64.875
    [InlineData(59, 61, null, 100, Medium, 64.87)]
    // (236 + 180 + 40) / 9 = 456 / 9 = 50.666…
    [InlineData(59, 60, 20, null, High, 50.66)]
    // (400 + 160) / 6 = 560 / 6 = 93.333…
    [InlineData(100, null, 80, null, Minimal, 93.33)]
    // (0 + 100) / 3 = 33.333…
    [InlineData(null, null, 0, 100, High, 33.33)]
    // (324 + 120 + 0) / 7 = 444 / 7 = 63.428…
    [InlineData(81, null, 60, 0, Medium, 63.42)]
    // (244 + 243 + 162) / 9 = 649 / 9 = 72.111…
    [InlineData(61, 81, 81, null, Medium, 72.11)]
    public void Weights_join_the_results(int? test, int? observation, int? practice, int? self, DeficitLevel level, double percent)
    {
        var joint = Joint(JoinRule.Weights, test, observation, practice, self);

        joint.Level.Should().Be(level);
        joint.ResultPercent.Should().Be((decimal)percent);
    }

    /// <summary>The lowest result of each row decides: it stands in the comment.</summary>
    [Theory]
    // 50
    [InlineData(50, null, null, null, High)]
    // 90
    [InlineData(null, null, null, 90, Minimal)]
    // 85, the observation
    [InlineData(90, 85, 90, 95, Minimal)]
    // 40, the test
    [InlineData(40, 90, 90, 90, High)]
    // 40, all but the test
    [InlineData(90, 40, 40, 40, High)]
    // 70, the test
    [InlineData(70, null, null, 95, Medium)]
    // 30, the self-diagnosis
    [InlineData(95, null, null, 30, High)]
    // 59, the observation
    [InlineData(60, 59, null, null, High)]
    // 80, the observation
    [InlineData(81, 80, 81, null, Medium)]
    // 50, the practice
    [InlineData(null, 70, 50, 90, High)]
    // 50, the practice
    [InlineData(null, 90, 50, 55, High)]
    // 59, the test
    [InlineData(59, 61, null, 100, High)]
    // 20, the practice
    [InlineData(59, 60, 20, null, High)]
    // 80, the practice
    [InlineData(100, null, 80, null, Medium)]
    // 0, the practice
    [InlineData(null, null, 0, 100, High)]
    // 0, the self-diagnosis
    [InlineData(81, null, 60, 0, High)]
    // 61, the test
    [InlineData(61, 81, 81, null, Medium)]
    public void The_worst_level_decides(int? test, int? observation, int? practice, int? self, DeficitLevel level)
    {
        var joint = Joint(JoinRule.Worst, test, observation, practice, self);

        joint.Level.Should().Be(level);
        joint.ResultPercent.Should().BeNull("a joint of levels has no number");
    }

    /// <summary>The leading source, then the weighted mean of the others, and the step that they allow.</summary>
    [Theory]
    // test high, nobody else
    [InlineData(50, null, null, null, High)]
    // self-diagnosis minimal, nobody else
    [InlineData(null, null, null, 90, Minimal)]
    // test minimal; (255 + 180 + 95) / 6 = 88.333… minimal
    [InlineData(90, 85, 90, 95, Minimal)]
    // test high; (270 + 180 + 90) / 6 = 90 minimal, two steps up: one is allowed
    [InlineData(40, 90, 90, 90, Medium)]
    // test minimal; (120 + 80 + 40) / 6 = 40 high, two steps down: one is allowed
    [InlineData(90, 40, 40, 40, Medium)]
    // test medium; 95 minimal, one step up
    [InlineData(70, null, null, 95, Minimal)]
    // test minimal; 30 high, two steps down: one is allowed
    [InlineData(95, null, null, 30, Medium)]
    // test medium; 59 high, one step down
    [InlineData(60, 59, null, null, High)]
    // test minimal; (240 + 162) / 5 = 80.4 medium, one step down
    [InlineData(81, 80, 81, null, Medium)]
    // observation medium; (100 + 90) / 3 = 63.333… medium
    [InlineData(null, 70, 50, 90, Medium)]
    // observation minimal; (100 + 55) / 3 = 51.666… high, two steps down: one is allowed
    [InlineData(null, 90, 50, 55, Medium)]
    // test high; (183 + 100) / 4 = 70.75 medium, one step up
    [InlineData(59, 61, null, 100, Medium)]
    // test high; (180 + 40) / 5 = 44 high
    [InlineData(59, 60, 20, null, High)]
    // test minimal; 80 medium, one step down
    [InlineData(100, null, 80, null, Medium)]
    // practice high; 100 minimal, two steps up: one is allowed
    [InlineData(null, null, 0, 100, Medium)]
    // test minimal; (120 + 0) / 3 = 40 high, two steps down: one is allowed
    [InlineData(81, null, 60, 0, Medium)]
    // test medium; (243 + 162) / 5 = 81 minimal, one step up
    [InlineData(61, 81, 81, null, Minimal)]
    public void The_first_source_leads_and_the_others_move_it_by_one_step(
        int? test,
        int? observation,
        int? practice,
        int? self,
        DeficitLevel level
    )
    {
        var joint = Joint(JoinRule.Leading, test, observation, practice, self);

        joint.Level.Should().Be(level);
        joint.ResultPercent.Should().BeNull("a joint of levels has no number");
    }

    /// <summary>High below 50 %, medium below 70 %, low below 90 %. A step is a step of this scale.</summary>
    [Theory]
    // (380 + 120) / 7 = 71.428… low
    [InlineData(JoinRule.Weights, 95, 40, Low)]
    // 40 high
    [InlineData(JoinRule.Worst, 95, 40, High)]
    // test minimal; 40 high, three steps down: one is allowed
    [InlineData(JoinRule.Leading, 95, 40, Low)]
    // (180 + 270) / 7 = 64.285… medium
    [InlineData(JoinRule.Weights, 45, 90, Medium)]
    // test high; 90 minimal, three steps up: one is allowed
    [InlineData(JoinRule.Leading, 45, 90, Medium)]
    public void A_scale_of_four_levels_has_steps_of_its_own(JoinRule rule, int test, int observation, DeficitLevel level) =>
        Subject(Build(rule, [One("test", test), One("observation", observation)], Scales.FourLevels)).Whole.Level.Should().Be(level);

    [Fact]
    public void Every_source_stands_on_its_own_line_and_the_missing_ones_are_named()
    {
        var profile = Build(JoinRule.Leading, [One("test", 70), One("self_diagnosis", 95, at: Spring)]);
        var subject = Subject(profile).Whole;

        profile.Missing.Should().Equal("observation", "practice");
        subject
            .Sources.Select(line => (line.Source, line.Weight, line.Evidence, line.To, line.ResultPercent, line.Level))
            .Should()
            .Equal(
                ("test", 40, CompetencyEvidence.Enough, Autumn, 70m, Medium),
                ("observation", 30, CompetencyEvidence.None, null, null, null),
                ("practice", 20, CompetencyEvidence.None, null, null, null),
                ("self_diagnosis", 10, CompetencyEvidence.Enough, Spring, 95m, Minimal)
            );
        profile.Blocks.Should().HaveCount(4, "a block about which nothing is known is shown as such");
        profile.Blocks[1].Whole.Level.Should().BeNull();
    }

    [Fact]
    public void A_contradiction_is_shown_whatever_the_joint_level_is()
    {
        // The test finds no deficit, the person a great one: minimal against high is two steps.
        foreach (var rule in Enum.GetValues<JoinRule>())
            Joint(rule, 95, null, null, 30).Contradictions.Should().Equal(new Contradiction("self_diagnosis", "test", 2));
        // The weighted mean is (160 + 270 + 180 + 90) / 10 = 70, medium, and hides none of the three.
        Joint(JoinRule.Weights, 40, 90, 90, 90)
            .Contradictions.Should()
            .Equal(
                new Contradiction("test", "observation", 2),
                new Contradiction("test", "practice", 2),
                new Contradiction("test", "self_diagnosis", 2)
            );
        Joint(JoinRule.Weights, 70, 90, 60, 59).Contradictions.Should().Equal(new Contradiction("self_diagnosis", "observation", 2));
        Joint(JoinRule.Weights, 70, 90, 60, 61).Contradictions.Should().BeEmpty("one step is no contradiction");
    }

    [Fact]
    public void A_source_with_scarce_evidence_gives_a_signal_that_no_rule_joins()
    {
        var policy = Policy(JoinRule.Worst) with
        {
            Sources = [.. Policy(JoinRule.Worst).Sources.Select(terms => terms with { Enough = new(2, Points.From(3)) })],
        };
        var joint = Subject(
            ComplexProfile.Of(
                Scales.Teacher,
                Scales.Default,
                policy,
                [One("test", 90), One("test", 90), One("observation", 10), One("practice", 70)]
            )
        ).Whole;

        joint.Level.Should().Be(Minimal);
        joint
            .Sources.Select(line => (line.Evidence, line.Level, line.Signal))
            .Should()
            .Equal(
                (CompetencyEvidence.Enough, Minimal, null),
                (CompetencyEvidence.Signal, null, ElementSignal.PossibleDeficit),
                (CompetencyEvidence.Signal, null, ElementSignal.NoSign),
                (CompetencyEvidence.None, null, null)
            );
        joint.Contradictions.Should().BeEmpty("a signal is no level");
    }

    [Fact]
    public void Later_evidence_of_a_source_replaces_earlier_unless_the_policy_keeps_both()
    {
        Evidence[] evidence = [One("observation", 40, at: Spring), One("observation", 90, at: Autumn)];
        var latest = Subject(Build(JoinRule.Worst, evidence)).Whole.Sources[1];
        // From 2 March to 14 September 2026 are 196 days.
        var policy = Policy(JoinRule.Worst);
        ComplexPolicy Keeping(int days) => policy with { Sources = [.. policy.Sources.Select(terms => terms with { PoolDays = days })] };
        var both = Subject(ComplexProfile.Of(Scales.Teacher, Scales.Default, Keeping(196), evidence)).Whole.Sources[1];
        var tooOld = Subject(ComplexProfile.Of(Scales.Teacher, Scales.Default, Keeping(195), evidence)).Whole.Sources[1];

        (latest.Items, latest.From, latest.ResultPercent).Should().Be((1, Autumn, 90m));
        // (40 + 90) of 200
        (both.Items, both.From, both.To, both.ResultPercent)
            .Should()
            .Be((2, Spring, Autumn, 65m));
        (tooOld.Items, tooOld.ResultPercent).Should().Be((1, 90m));
    }

    [Fact]
    public void Evidence_that_fits_nowhere_is_an_error_and_never_lost()
    {
        var unknownSource = () => Build(JoinRule.Worst, [One("rumour", 10)]);
        var foreignBlock = () => Build(JoinRule.Worst, [One("test", 10) with { Block = "finance" }]);
        var foreignCompetency = () => Build(JoinRule.Worst, [One("test", 10) with { Competency = "resources.finance" }]);
        var overflow = () => Build(JoinRule.Worst, [One("test", 10) with { Earned = Points.From(101) }]);

        unknownSource.Should().Throw<ArgumentException>();
        foreignBlock.Should().Throw<ArgumentException>();
        foreignCompetency.Should().Throw<ArgumentException>();
        overflow.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_better_piece_of_evidence_never_makes_a_level_worse() =>
        Prop.ForAll(
                Cases(),
                given =>
                {
                    if (given.Evidence.Length == 0)
                        return true;
                    var place = given.Pick % given.Evidence.Length;
                    var worse = given.Evidence[place];
                    var better = worse with
                    {
                        Earned = Points.FromThousandths((worse.Earned.Thousandths + worse.Maximum.Thousandths + 1) / 2),
                    };
                    return Levels(given.Rule, given.Evidence)
                        .Zip(Levels(given.Rule, [.. given.Evidence[..place], better, .. given.Evidence[(place + 1)..]]))
                        .All(pair => pair.First is null ? pair.Second is null : pair.Second >= pair.First);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_evidence_changes_nothing() =>
        Prop.ForAll(Cases(), given => Text(given.Rule, given.Evidence) == Text(given.Rule, [.. given.Evidence.Reverse()]))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_absent_source_changes_nothing_but_its_own_line() =>
        Prop.ForAll(
                Cases(),
                given =>
                {
                    var absent = Sources[given.Pick % Sources.Length];
                    Evidence[] evidence = [.. given.Evidence.Where(one => one.Source != absent)];
                    var policy = Policy(given.Rule);
                    var without = policy with { Sources = [.. policy.Sources.Where(terms => terms.Source != absent)] };
                    var profile = ComplexProfile.Of(Scales.Teacher, Scales.Default, policy, evidence);
                    var trimmed = profile with
                    {
                        Missing = [.. profile.Missing.Where(source => source != absent)],
                        Blocks =
                        [
                            .. profile.Blocks.Select(block => new JointBlock(
                                Without(block.Whole, absent),
                                [.. block.Competencies.Select(competency => Without(competency, absent))]
                            )),
                        ],
                    };
                    return CanonicalJson.Of(trimmed)
                        == CanonicalJson.Of(ComplexProfile.Of(Scales.Teacher, Scales.Default, without, evidence));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Withdrawing_a_source_restores_the_earlier_joint() =>
        Prop.ForAll(
                Cases(),
                given =>
                {
                    var before = Text(given.Rule, given.Evidence);
                    Evidence[] added = [One("observation", given.Pick % 101, at: Autumn + Duration.FromDays(30))];
                    Evidence[] together = [.. given.Evidence, .. added];
                    return Text(given.Rule, together) != before && Text(given.Rule, [.. together.Except(added)]) == before;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_policy_with_faults_names_each()
    {
        Policy(JoinRule.Weights).Faults(Sources).Should().BeEmpty();
        (Policy(JoinRule.Weights) with { Sources = [] }).Faults(Sources).Should().ContainSingle();
        Policy(JoinRule.Weights)
            .Faults(["test", "observation", "practice"])
            .Should()
            .ContainSingle(fault => fault.Contains("self_diagnosis"));
        var terms = Policy(JoinRule.Weights).Sources[0];
        // Without the test, 30 + 20 + 10 are left.
        (Policy(JoinRule.Weights) with { Sources = [.. Policy(JoinRule.Weights).Sources.Skip(1)] })
            .Faults(Sources)
            .Should()
            .Equal("sources: веса (weight) вместе составляют 100, а здесь 60.");
        new ComplexPolicy(
            JoinRule.Worst,
            [terms with { Weight = 0 }, terms with { Enough = new(0, Points.Zero) }, terms with { PoolDays = -1, Title = " " }],
            0,
            new("default", 1)
        )
            .Faults(Sources)
            .Should()
            .HaveCount(7);
    }

    private static Arbitrary<(JoinRule Rule, Evidence[] Evidence, int Pick)> Cases()
    {
        var one =
            from source in Gen.Elements(Sources)
            from block in Gen.Elements("subject", "methodical")
            from day in Gen.Choose(0, 2)
            from maximum in Gen.Choose(1, 4000)
            from earned in Gen.Choose(0, maximum)
            from weight in Gen.Choose(1, 3)
            select new Evidence(
                source,
                Spring + Duration.FromDays(day),
                block,
                $"{block}.c",
                Points.FromThousandths(earned),
                Points.FromThousandths(maximum),
                Weight: weight
            );
        return (
            from rule in Gen.Elements(Enum.GetValues<JoinRule>())
            from evidence in one.ListOf()
            from pick in Gen.Choose(0, 1000)
            select (rule, evidence.ToArray(), pick)
        ).ToArbitrary();
    }

    private static JointResult Without(JointResult result, string source) =>
        result with
        {
            Sources = [.. result.Sources.Where(line => line.Source != source)],
        };

    private static IEnumerable<DeficitLevel?> Levels(JoinRule rule, IReadOnlyList<Evidence> evidence) =>
        Build(rule, evidence).Blocks.SelectMany(block => block.Competencies.Prepend(block.Whole)).Select(result => result.Level);

    private static string Text(JoinRule rule, IReadOnlyList<Evidence> evidence) => CanonicalJson.Of(Build(rule, evidence));

    private static JointResult Joint(JoinRule rule, int? test, int? observation, int? practice, int? self) =>
        Subject(
            Build(
                rule,
                [
                    .. Sources
                        .Zip([test, observation, practice, self])
                        .Where(pair => pair.Second is not null)
                        .Select(pair => One(pair.First, pair.Second!.Value)),
                ]
            )
        ).Whole;

    private static JointBlock Subject(ComplexProfile profile) => profile.Blocks.Single(block => block.Whole.Code == "subject");

    private static ComplexProfile Build(JoinRule rule, IReadOnlyList<Evidence> evidence, LevelScale? scale = null) =>
        ComplexProfile.Of(Scales.Teacher, scale ?? Scales.Default, Policy(rule), evidence);

    private static ComplexPolicy Policy(JoinRule rule) =>
        new(
            rule,
            [
                .. Sources.Select(
                    (source, place) => new SourceTerms(source, source, 40 - (10 * place), new(1, Points.FromThousandths(1)), 0)
                ),
            ],
            2,
            new("default", 1)
        );

    private static Evidence One(string source, int percent, Instant? at = null) =>
        new(source, at ?? Autumn, "subject", "subject.c", Points.From(percent), Points.From(100));
}
