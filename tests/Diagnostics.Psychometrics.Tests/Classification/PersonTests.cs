using Diagnostics.Psychometrics.Classification;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Psychometrics.Tests.Classification;

public sealed class PersonTests
{
    // Normal table: Φ(1) = .8413447461, Φ(2) = .9772498681.
    [Fact]
    public void A_measure_with_its_error_gives_the_probability_of_each_level()
    {
        var levels = LevelProbabilities.Of(0.5, 0.25, [0.25, 1.0]);

        levels[0].Should().BeApproximately(1 - 0.8413447460685429, 1e-12);
        levels[1].Should().BeApproximately(0.8413447460685429 - (1 - 0.9772498680518208), 1e-12);
        levels[2].Should().BeApproximately(1 - 0.9772498680518208, 1e-12);
    }

    // Kelley by hand, for mean 20, s = 5, r = .84 and x = 30: the estimate is 28.4, its standard error 5·√(.84·.16) =
    // 1.833030278.
    [Fact]
    public void A_raw_score_is_first_drawn_to_the_mean_as_far_as_it_is_unreliable()
    {
        var levels = LevelProbabilities.FromScore(30, 20, 5, 0.84, [28.4, 28.4 + 1.833030277982336]).Value;

        levels[0].Should().BeApproximately(0.5, 1e-12);
        levels[2].Should().BeApproximately(1 - 0.8413447460685429, 1e-12);
        LevelProbabilities.FromScore(30, 20, 5, 0, [24]).Reason.Should().Be(Undefined.NoVariance);
    }

    [Fact]
    public void Probabilities_of_levels_sum_to_1_and_none_is_negative() =>
        Prop.ForAll(
                Gen.Choose(-8000, 8000).ArrayOf(4).ToArbitrary(),
                numbers =>
                {
                    double[] cuts = [.. numbers.Skip(1).Select(number => number / 1000.0).Distinct().Order()];
                    var levels = LevelProbabilities.Of(numbers[0] / 1000.0, 0.4, cuts);
                    return levels.All(level => level >= 0) && Math.Abs(levels.Sum() - 1) < 1e-12;
                }
            )
            .QuickCheckThrowOnFailure();

    // The values are in expected/rci.json: Jacobson & Truax (1991) with a SEM of 2.5 before and after, and the same
    // case with before and after swapped.
    [Theory]
    [InlineData(20, 28, 2.26274169979695, 0.023651616655356, Direction.Improved)]
    [InlineData(25, 24, -0.282842712474619, 0.777297410789522, Direction.NotShown)]
    [InlineData(12, 25, 3.67695526217005, 0.000236034416529349, Direction.Improved)]
    [InlineData(25, 12, -3.67695526217005, 0.000236034416529349, Direction.Worsened)]
    [InlineData(38, 38, 0, 1, Direction.NotShown)]
    public void Reliable_change_is_Jacobson_and_Truaxs(double first, double second, double index, double p, Direction direction)
    {
        var change = ReliableChange.Between(first, 2.5, second, 2.5);

        change.StandardError.Should().BeApproximately(3.53553390593274, 1e-12);
        change.Index.Should().BeApproximately(index, 1e-12);
        change.P.Should().BeApproximately(p, 1e-10);
        change.Direction.Should().Be(direction);
        // s = 5 and r = .75 give the SEM of 2.5.
        ReliableChange.JacobsonTruax(first, second, 5, 0.75).Value.Index.Should().BeApproximately(index, 1e-12);
    }

    [Fact]
    public void Unequal_errors_practice_and_abilities_are_those_of_the_reference()
    {
        ReliableChange.Between(20, 2, 28, 3).Index.Should().BeApproximately(2.21880078490092, 1e-12);
        ReliableChange.Between(20, 2.5, 28, 2.5, expectedChange: 4.2).Index.Should().BeApproximately(1.07480230740355, 1e-12);
        var theta = ReliableChange.Between(-0.2, 0.35, 0.9, 0.4);
        theta.Index.Should().BeApproximately(2.06958591044391, 1e-12);
        theta.P.Should().BeApproximately(0.0384911386065665, 1e-10);
    }

    [Fact]
    public void Change_without_any_error_is_refused()
    {
        FluentActions.Invoking(() => ReliableChange.Between(1, 0, 2, 0)).Should().Throw<ArgumentException>();
        ReliableChange.JacobsonTruax(1, 2, 0, 0.8).Reason.Should().Be(Undefined.NoVariance);
    }
}
