using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Multidimensional;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.Psychometrics.Tests.Subscores;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Multidimensional;

public sealed class MultidimensionalMaximumLikelihoodTests
{
    private static readonly int[] TwelveInTwo = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];

    private static ScoreMatrix Twelve()
    {
        var whole = ReferenceScores.Read("verbagg_dich", 3);
        var part = new int[whole.Persons, 12];
        for (var person = 0; person < whole.Persons; person++)
        for (var item = 0; item < 12; item++)
            part[person, item] = whole[person, item];
        return new(part);
    }

    // The values come from tools/r/multidimensional_rasch.R, which uses plain sums over 61 x 61 points, maximised by
    // optim. The script takes its errors from the observed information, and our code takes them from the persons' score
    // vectors; the two differ by chance, by an amount of the order of 1/√persons.
    [Fact]
    public void A_Rasch_model_in_two_dimensions_is_that_of_brute_force()
    {
        var fit = MultidimensionalMaximumLikelihood.Fit(Twelve(), TwelveInTwo).Value;

        fit.LogLikelihood.Should().BeApproximately(-2117.593776, 5e-4);
        fit.Items.Select(item => item.Value.Parameters.Intercepts[0])
            .ShouldMatch(
                [
                    1.396965,
                    0.653174,
                    0.100584,
                    1.991484,
                    0.815611,
                    0.022403,
                    0.524595,
                    -0.682998,
                    -1.518550,
                    1.071756,
                    -0.347874,
                    -1.038740,
                ],
                1e-3,
                "intercepts"
            );
        fit.Covariance[0, 0].Should().BeApproximately(3.287053, 3e-3);
        fit.Covariance[1, 1].Should().BeApproximately(1.812351, 3e-3);
        fit.Correlations[0, 1].Should().BeApproximately(0.864276, 1e-3);
        foreach (
            var (error, expected) in fit
                .Items.Select(item => item.Value.Errors!.Intercepts[0])
                .Zip([
                    0.189649,
                    0.178078,
                    0.174782,
                    0.205230,
                    0.179898,
                    0.174681,
                    0.153490,
                    0.155844,
                    0.173423,
                    0.161350,
                    0.152508,
                    0.161676,
                ])
        )
            (error / expected).Should().BeInRange(0.85, 1.15);
        (fit.VarianceErrors![0] / 0.500099).Should().BeInRange(0.8, 1.2);
        (fit.VarianceErrors![1] / 0.289869).Should().BeInRange(0.8, 1.2);
        (fit.CorrelationErrors![0, 1] / 0.046485).Should().BeInRange(0.75, 1.25);
        fit.Parameters.Should().Be(15);
    }

    // At the estimates of a fit with holes, the likelihood and the abilities are compared with plain sums over a
    // product grid of points.
    [Theory]
    [InlineData(MarginalModel.PartialCredit)]
    [InlineData(MarginalModel.GeneralizedPartialCredit)]
    public void Likelihood_and_abilities_are_those_of_plain_sums(MarginalModel model)
    {
        var scores = ConditionalMaximumLikelihoodTests.WithScatteredHoles(Twelve());
        var fit = MultidimensionalMaximumLikelihood.Fit(scores, TwelveInTwo, new(model)).Value;
        var abilities = BlockAbilities.Estimate(scores, TwelveInTwo, fit);
        var (first, second, along) = (Math.Sqrt(fit.Covariance[0, 0]), Math.Sqrt(fit.Covariance[1, 1]), fit.Correlations[0, 1]);
        var across = Math.Sqrt(1 - (along * along));
        var z = Enumerable.Range(0, 61).Select(at => -6 + (0.2 * at)).ToArray();
        var sum = 0d;
        for (var person = 0; person < scores.Persons; person++)
        {
            var (mass, one, other, square) = (0d, 0d, 0d, 0d);
            foreach (var left in z)
            {
                var ability = first * left;
                var inFirst = Likelihood(scores, fit, person, 0, ability) * Math.Exp(-left * left / 2) * 0.2 / Math.Sqrt(2 * Math.PI);
                foreach (var right in z)
                {
                    var inSecond = second * ((along * left) + (across * right));
                    var product =
                        inFirst
                        * Likelihood(scores, fit, person, 1, inSecond)
                        * Math.Exp(-right * right / 2)
                        * 0.2
                        / Math.Sqrt(2 * Math.PI);
                    mass += product;
                    one += product * ability;
                    other += product * inSecond;
                    square += product * inSecond * inSecond;
                }
            }
            sum += Math.Log(mass);
            abilities[person].Value.Values[0].Should().BeApproximately(one / mass, 2e-4);
            abilities[person].Value.Values[1].Should().BeApproximately(other / mass, 2e-4);
            abilities[person].Value.Error(1).Should().BeApproximately(Math.Sqrt((square / mass) - (other / mass * (other / mass))), 2e-4);
        }
        fit.LogLikelihood.Should().BeApproximately(sum, 1e-3);
    }

    private static double Likelihood(ScoreMatrix scores, BlockFit fit, int person, int block, double ability)
    {
        var product = 1d;
        for (var item = 6 * block; item < 6 * (block + 1); item++)
        {
            if (scores.IsMissing(person, item))
                continue;
            var curve = fit.Curves[item]!;
            var right = 1 / (1 + Math.Exp(-(curve.Slope * ability) - curve.Intercepts[0]));
            product *= scores[person, item] == 1 ? right : 1 - right;
        }
        return product;
    }

    [Theory]
    [InlineData(2, 6, 2, false)]
    [InlineData(3, 6, 1, false)]
    [InlineData(4, 6, 2, false)]
    [InlineData(2, 8, 1, true)]
    public void Simulated_items_and_correlations_come_back_within_their_errors(int blocks, int items, int steps, bool free)
    {
        var (standardized, correlations) = (new List<double>(), new List<double>());
        for (var seed = 1; seed <= 3; seed++)
        {
            var people = BlockSimulation.Of(
                [.. Enumerable.Range(0, blocks).Select(_ => Enumerable.Repeat(steps, items).ToArray())],
                600,
                0.7,
                0,
                seed,
                free ? 0.25 : 0
            );
            var fit = MultidimensionalMaximumLikelihood
                .Fit(
                    people.Scores,
                    people.Blocks,
                    new(free ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit, Points: 5)
                )
                .Value;
            foreach (var (item, truth) in fit.Items.Zip(people.Items))
                standardized.AddRange(
                    item.Value.Parameters.Intercepts.Zip(truth.Intercepts, (estimate, known) => estimate - known)
                        .Zip(item.Value.Errors!.Intercepts, (apart, error) => apart / error)
                );
            for (var row = 1; row < blocks; row++)
            for (var column = 0; column < row; column++)
                correlations.Add((fit.Correlations[row, column] - 0.7) / fit.CorrelationErrors![row, column]);
        }

        // The mean of 24 or more squared standardized errors has expectation 1. The permitted range is wide because the
        // errors of items in one sample are correlated.
        standardized.Average(one => one * one).Should().BeInRange(0.5, 2);
        correlations.Should().OnlyContain(one => Math.Abs(one) < 3.5);
    }

    [Fact]
    public void Levels_from_all_blocks_are_surer_than_from_one()
    {
        var people = BlockSimulation.Of([.. Enumerable.Repeat(new[] { 1, 1, 1, 1, 1, 1 }, 4)], 1_000, 0.8, 0, 5, spread: 1.5);
        var fit = MultidimensionalMaximumLikelihood.Fit(people.Scores, people.Blocks, new(StandardErrors: false)).Value;

        var abilities = BlockAbilities.Estimate(people.Scores, people.Blocks, fit);

        var alone = Abilities.Estimate(
            people.Scores,
            [.. fit.Curves.Select((curve, item) => people.Blocks[item] == 0 ? curve : null)],
            AbilityMethod.ExpectedAPosteriori,
            new(0, Math.Sqrt(fit.Covariance[0, 0]))
        );
        abilities.Average(one => one.Value.Error(0)).Should().BeLessThan(0.85 * alone.Average(one => one.Value.Error));
        var levels = abilities[0].Value.Levels(0, [-0.5, 0.5]);
        levels.Sum().Should().BeApproximately(1, 1e-12);
        var covered = Enumerable
            .Range(0, 1_000)
            .Average(person =>
                Enumerable.Range(0, 4).Count(block => abilities[person].Value.Interval(block).Contains(people.Abilities[person, block]))
                / 4d
            );
        covered.Should().BeInRange(0.93, 0.97);
    }

    [Fact]
    public void What_cannot_be_estimated_is_named()
    {
        var scores = Twelve();
        var twice = new int[scores.Persons, 8];
        for (var person = 0; person < scores.Persons; person++)
        for (var item = 0; item < 8; item++)
            twice[person, item] = scores[person, item % 4];

        MultidimensionalMaximumLikelihood.Fit(new(twice), [0, 0, 0, 0, 1, 1, 1, 1]).Reason.Should().Be(Undefined.Singular);
        MultidimensionalMaximumLikelihood
            .Fit(scores, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], new(MarginalModel.GeneralizedPartialCredit))
            .Reason.Should()
            .Be(Undefined.TooFewItems);
        MultidimensionalMaximumLikelihood.Fit(scores, TwelveInTwo, new(MostEvaluations: 2)).Reason.Should().Be(Undefined.NotConverged);
        FluentActions.Invoking(() => MultidimensionalMaximumLikelihood.Fit(scores, [0])).Should().Throw<BadDataException>();
        FluentActions.Invoking(() => MultidimensionalMaximumLikelihood.Fit(scores, new int[12])).Should().Throw<ArgumentException>();
        FluentActions
            .Invoking(() => MultidimensionalMaximumLikelihood.Fit(scores, TwelveInTwo, cancel: new CancellationToken(canceled: true)))
            .Should()
            .Throw<OperationCanceledException>();
        var curves = Enumerable.Repeat<ItemParameters?>(new(1, [0]), 12).ToArray();
        FluentActions
            .Invoking(() =>
                BlockAbilities.Estimate(
                    scores,
                    curves,
                    TwelveInTwo,
                    [0, 1],
                    new double[,]
                    {
                        { 1, 2 },
                        { 2, 1 },
                    }
                )
            )
            .Should()
            .Throw<ArgumentException>();
        BlockAbilities
            .Estimate(
                new(
                    new[,]
                    {
                        { -1, -1 },
                    }
                ),
                curves[..2],
                [0, 1],
                [0, 1],
                new[,]
                {
                    { 1, 0.5 },
                    { 0.5, 1 },
                }
            )[0]
            .Reason.Should()
            .Be(Undefined.TooFewItems);
    }
}
