using Diagnostics.Psychometrics.ItemResponse;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class PartialCreditTests
{
    // The probabilities follow from tabulated exponentials: 1/(1+e^-1) = 0.7310585786, 1/(1+e^2) = 0.1192029220.
    [Theory]
    [InlineData(0, 0, 0.5)]
    [InlineData(1, 0, 0.7310585786300049)]
    [InlineData(-1, 1, 0.11920292202211755)]
    public void With_one_step_it_is_the_Rasch_model(double ability, double difficulty, double probability) =>
        PartialCredit.Probabilities(ability, [difficulty])[1].Should().BeApproximately(probability, 1e-15);

    // By hand, for θ = 0 and δ = (−ln 2, ln 2): the terms 1, 2 and 2·½ = 1 give ¼, ½, ¼.
    [Fact]
    public void Two_steps_give_the_probabilities_worked_out_by_hand()
    {
        var probabilities = PartialCredit.Probabilities(0, [-Math.Log(2), Math.Log(2)]);

        probabilities[0].Should().BeApproximately(0.25, 1e-15);
        probabilities[1].Should().BeApproximately(0.5, 1e-15);
        probabilities[2].Should().BeApproximately(0.25, 1e-15);
        PartialCredit.ExpectedScore(0, [-Math.Log(2), Math.Log(2)]).Should().BeApproximately(1, 1e-15);
    }

    // At θ = δ_k the two categories of step k are equally probable (Masters 1982).
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_is_where_its_two_categories_are_equally_probable(int step)
    {
        double[] steps = [-1.2, 0.3, 2.1];
        var probabilities = PartialCredit.Probabilities(steps[step], steps);

        probabilities[step].Should().BeApproximately(probabilities[step + 1], 1e-15);
    }

    [Fact]
    public void Abilities_far_out_neither_overflow_nor_vanish()
    {
        PartialCredit.Probabilities(800, [0, 0])[2].Should().Be(1);
        PartialCredit.Probabilities(-800, [0, 0])[0].Should().Be(1);
    }

    [Fact]
    public void The_expected_score_rises_with_ability() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<NormalFloat>(),
                ArbMap.Default.ArbFor<NormalFloat>(),
                (first, second) =>
                {
                    double[] steps = [-0.7, 0.1, 1.4];
                    var (low, high) = (
                        Math.Clamp(Math.Min(first.Get, second.Get), -30, 30),
                        Math.Clamp(Math.Max(first.Get, second.Get), -30, 30)
                    );
                    return PartialCredit.ExpectedScore(low, steps) <= PartialCredit.ExpectedScore(high, steps) + 1e-12;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Inversion_draws_each_score_over_its_share_of_the_unit_interval()
    {
        double[] steps = [-Math.Log(2), Math.Log(2)];

        var drawn = Enumerable.Range(0, 1000).Select(place => PartialCredit.Draw(0, steps, (place + 0.5) / 1000)).ToList();

        drawn.Count(score => score == 0).Should().Be(250);
        drawn.Count(score => score == 1).Should().Be(500);
        drawn.Count(score => score == 2).Should().Be(250);
    }

    [Fact]
    public void What_is_no_number_is_refused()
    {
        FluentActions.Invoking(() => PartialCredit.Probabilities(double.NaN, [0])).Should().Throw<ArgumentException>();
        FluentActions
            .Invoking(() => PartialCredit.Probabilities(0, [0, double.PositiveInfinity]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Step 2*");
        FluentActions.Invoking(() => PartialCredit.Probabilities(0, [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PartialCredit.Draw(0, [0], 1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
