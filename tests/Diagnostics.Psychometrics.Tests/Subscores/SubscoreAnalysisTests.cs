using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.Subscores;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Subscores;

/// <summary>
/// Compares with values from tools/r/subscores.R, which uses base R's matrices, psych's alpha, and Sinharay's (2010)
/// formulas, on four blocks of six items.
/// </summary>
public sealed class SubscoreAnalysisTests
{
    private const double Gate = 1e-9;

    private static readonly int[] Blocks = [.. Enumerable.Range(0, 24).Select(item => item / 6)];

    private static SubscoreAnalysis Verbal(SubscoreReliability coefficient = SubscoreReliability.Alpha) =>
        SubscoreAnalysis.Of(ReferenceScores.Read("verbagg_poly", 3), Blocks, coefficient: coefficient).Value;

    [Theory]
    [InlineData(0, 0.7614144712, 0.7050398720, 0.8356470146, 1.1684659366, 1.4078270541)]
    [InlineData(1, 0.6649133360, 0.7599325649, 0.8563700326, 0.7907407009, 1.2077863982)]
    [InlineData(2, 0.7774812796, 0.7717038891, 0.8596962234, 1.0426975155, 1.3131276163)]
    [InlineData(3, 0.6750530743, 0.7179153330, 0.8783392295, 0.6594596432, 1.0777527958)]
    public void Reductions_of_error_and_errors_are_those_of_R(
        int block,
        double own,
        double total,
        double augmented,
        double error,
        double kelley
    )
    {
        var subscore = Verbal().Blocks[block];

        subscore.Reduction.Own.Should().BeApproximately(own, Gate);
        subscore.Reduction.Total.Should().BeApproximately(total, Gate);
        subscore.Reduction.Augmented.Should().BeApproximately(augmented, Gate);
        subscore.AugmentedError.Should().BeApproximately(error, Gate);
        subscore.KelleyError.Should().BeApproximately(kelley, Gate);
    }

    [Fact]
    public void Augmented_scores_are_those_of_R() =>
        Verbal()
            .Estimate([9, 3, 5, 0])
            .Select(one => one.Augmented)
            .ShouldMatch([7.8946064851, 3.0151448404, 4.5133306246, 1.5812325030], Gate);

    [Fact]
    public void The_congeneric_coefficient_is_that_of_R() =>
        Verbal(SubscoreReliability.Congeneric)
            .Blocks.Select(block => block.Reliability)
            .ShouldMatch([0.762686854407, 0.669236226160, 0.782064659095, 0.695215693856], Gate);

    // By the numbers above, the points of block 0 or 2 alone predict the true score better than the total does; those
    // of block 1 or 3 do so only with the help of the other blocks.
    [Fact]
    public void Each_block_is_told_what_its_score_is_worth() =>
        Verbal()
            .Blocks.Select(block => block.Worth)
            .Should()
            .Equal(SubscoreWorth.OwnScore, SubscoreWorth.OnlyAugmented, SubscoreWorth.OwnScore, SubscoreWorth.OnlyAugmented);

    [Fact]
    public void Blocks_of_one_ability_tell_nothing_beyond_the_total()
    {
        var people = BlockSimulation.Of(
            [
                [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
                [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            ],
            20_000,
            0.97,
            0,
            2
        );

        SubscoreAnalysis
            .Of(people.Scores, people.Blocks)
            .Value.Blocks.Should()
            .OnlyContain(block => block.Worth == SubscoreWorth.NothingBeyondTotal);
    }

    [Fact]
    public void A_block_that_nothing_predicts_is_too_uncertain()
    {
        var people = BlockSimulation.Of(
            [
                [1, 1],
                [1, 1],
            ],
            5_000,
            0.2,
            0,
            3
        );

        SubscoreAnalysis
            .Of(people.Scores, people.Blocks)
            .Value.Blocks.Should()
            .OnlyContain(block => block.Worth == SubscoreWorth.TooUncertain);
    }

    // Over many people, the study in tools/psychometrics found that points put 21.8 % of them on the wrong side of the
    // boundary, and augmented scores 15.9 %.
    [Fact]
    public void Augmented_subscores_put_fewer_people_on_the_wrong_side_and_their_intervals_cover()
    {
        var people = BlockSimulation.Of([.. Enumerable.Repeat(new[] { 1, 1, 1, 1, 1, 1 }, 4)], 5_000, 0.8, 0, 7, spread: 1.5);
        var analysis = SubscoreAnalysis.Of(people.Scores, people.Blocks).Value;
        var (byPoints, augmented, covered) = (0, 0, 0);
        for (var person = 0; person < 5_000; person++)
        {
            var estimates = analysis.Estimate([.. Enumerable.Range(0, 4).Select(block => people.Points(person, block))]);
            for (var block = 0; block < 4; block++)
            {
                var truth = people.TrueScore(person, block);
                if (estimates[block].Observed >= 3.6 != truth >= 3.6)
                    byPoints++;
                if (estimates[block].Augmented >= 3.6 != truth >= 3.6)
                    augmented++;
                if (estimates[block].Interval().Contains(truth))
                    covered++;
            }
        }

        // With 20,000 blocks, two standard deviations of a share are half a percentage point.
        (byPoints / 20_000d)
            .Should()
            .BeInRange(0.21, 0.23);
        (augmented / 20_000d).Should().BeLessThan(0.165);
        (covered / 20_000d).Should().BeInRange(0.93, 0.97);
    }

    [Fact]
    public void What_cannot_be_told_is_named()
    {
        var scores = ReferenceScores.Read("verbagg_poly", 3);
        SubscoreAnalysis.Of(scores, [.. Blocks.Select(_ => 1)]).Reason.Should().Be(Undefined.TooFewItems);
        SubscoreAnalysis
            .Of(scores, [.. Enumerable.Range(0, 24).Select(item => item == 0 ? 0 : 1)])
            .Reason.Should()
            .Be(Undefined.TooFewItems);
        SubscoreAnalysis
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0, 1, 0 },
                        { 0, 1, 0, 1 },
                        { 1, 1, 1, 1 },
                    }
                ),
                [0, 0, 1, 1]
            )
            .Reason.Should()
            .Be(Undefined.TooFewPersons);
        SubscoreAnalysis
            .Of(ConditionalMaximumLikelihoodTests.Repeat((5, [1, 0, 1, 1]), (5, [0, 1, 0, 0]), (2, [1, 1, 1, 1])), [0, 0, 1, 1])
            .Reason.Should()
            .Be(Undefined.NoVariance);
        FluentActions.Invoking(() => SubscoreAnalysis.Of(scores, [0, 1])).Should().Throw<BadDataException>();
        FluentActions
            .Invoking(() => Verbal().Estimate([1, 2, double.NaN, 3]))
            .Should()
            .Throw<BadDataException>()
            .Which.Column.Should()
            .Be(2);
    }

    [Fact]
    public void With_zero_for_a_missing_score_everybody_counts()
    {
        var holes = ConditionalMaximumLikelihoodTests.WithScatteredHoles(ReferenceScores.Read("verbagg_poly", 3));

        SubscoreAnalysis.Of(holes, Blocks, missing: MissingScores.Zero).Value.Persons.Should().Be(316);
        SubscoreAnalysis.Of(holes, Blocks).Value.Persons.Should().BeLessThan(60);
    }
}
