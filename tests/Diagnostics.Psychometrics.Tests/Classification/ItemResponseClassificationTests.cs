using System.Text.Json;
using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Classification;

/// <summary>
/// The file expected/classification_irt_sat12.json has the values of cacIRT 1.4, with the scaling constant D written
/// out, and those of a separate Lord–Wingersky recursion.
/// </summary>
public sealed class ItemResponseClassificationTests
{
    private static readonly JsonElement Expected = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "classification_irt_sat12.json")))
        .RootElement.GetProperty("expected");

    private static readonly double[] Theta = Numbers(Expected.GetProperty("quadrature").GetProperty("theta"));
    private static readonly double[] Weights = Numbers(Expected.GetProperty("quadrature").GetProperty("weight"));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static (double A, double B)[] Items =>
        [
            .. Expected
                .GetProperty("items")
                .EnumerateArray()
                .Select(item => (item.GetProperty("a").GetDouble(), item.GetProperty("b").GetDouble())),
        ];

    private static double[][] At(double theta) =>
        [
            .. Items.Select(item =>
            {
                var right = 1 / (1 + Math.Exp(-item.A * (theta - item.B)));
                return new[] { 1 - right, right };
            }),
        ];

    [Fact]
    public void The_score_distribution_is_Lord_and_Wingerskys()
    {
        var table = Expected.GetProperty("lord_wingersky");
        var thetas = Numbers(table.GetProperty("theta"));
        for (var row = 0; row < thetas.Length; row++)
        {
            var expected = Numbers(table.GetProperty("distribution")[row]);
            var distribution = LordWingersky.Distribution(At(thetas[row]));
            distribution.Should().HaveCount(33);
            for (var score = 0; score < 33; score++)
                distribution[score].Should().BeApproximately(expected[score], 1e-12);
        }
    }

    // By hand: one item has the scores 0…2 with probabilities ¼ ½ ¼, the other has 0…1 with ½ ½, so the totals 0…3 have
    // the probabilities ⅛ ⅜ ⅜ ⅛.
    [Fact]
    public void Items_with_several_points_are_convolved() =>
        LordWingersky
            .Distribution([
                [0.25, 0.5, 0.25],
                [0.5, 0.5],
            ])
            .Should()
            .Equal(0.125, 0.375, 0.375, 0.125);

    [Theory]
    [InlineData(new[] { 20 }, 0.862184904960981, 0.80989020470481)]
    [InlineData(new[] { 26 }, 0.943916474003416, 0.921172789052614)]
    [InlineData(new[] { 20, 26 }, 0.806426150991074, 0.734738840439613)]
    public void Lees_indices_are_cacIRTs(int[] cuts, double accuracy, double consistency)
    {
        var quality = Lee.Classify([.. Theta.Select(theta => (IReadOnlyList<double[]>)At(theta))], Weights, cuts).Value;

        quality.Accuracy.Should().BeApproximately(accuracy, 1e-9);
        quality.Consistency.Should().BeApproximately(consistency, 1e-9);
    }

    [Theory]
    [InlineData(new[] { 0.287573164468229 }, 0.872744107986043, 0.822344011340053)]
    [InlineData(new[] { 1.87187887975816 }, 0.964495780065639, 0.949383014052888)]
    [InlineData(new[] { 0.287573164468229, 1.87187887975816 }, 0.837346399320516, 0.773253570589746)]
    public void Rudners_indices_are_cacIRTs(double[] cuts, double accuracy, double consistency)
    {
        double[] errors =
        [
            .. Theta.Select(theta =>
                1 / Math.Sqrt(At(theta).Zip(Items).Sum(pair => pair.Second.A * pair.Second.A * pair.First[0] * pair.First[1]))
            ),
        ];

        var quality = Rudner.Classify(Theta, errors, cuts, Weights).Value;

        quality.Accuracy.Should().BeApproximately(accuracy, 1e-7);
        quality.Consistency.Should().BeApproximately(consistency, 1e-7);
    }

    // Simulates 20,000 persons N(0, 1) and two forms with the same 30 items, which have slopes. The items are estimated
    // from the first form's answers alone, and the predictions of the estimates are compared with the actual levels.
    // The standard deviation of a share is .003.
    [Fact]
    public void Estimates_from_calibrated_items_match_the_simulated_truth()
    {
        const int People = 20_000;
        var random = new Random(7);
        var items = Simulation.Items(30, 1, true, random);
        double[] abilities = [.. Enumerable.Range(0, People).Select(_ => random.Normal())];
        var (first, second) = (Answers(), Answers());
        var fit = MarginalMaximumLikelihood.Fit(first, new(StandardErrors: false)).Value;
        ItemParameters[] curves = [.. fit.Curves.Select(curve => curve!)];
        var quadrature = AbilityGrid.Normal(from: -5, to: 5, count: 101);
        int[] rawCuts = [15, 20];

        var byScore = Lee.Classify(
            [.. quadrature.Points.Select(point => (IReadOnlyList<double[]>)[.. curves.Select(curve => curve.Probabilities(point))])],
            [.. quadrature.Weights],
            rawCuts
        ).Value;
        double[] cuts = [-0.3, 0.8];
        var byAbility = Rudner
            .Classify(
                [.. quadrature.Points],
                [.. quadrature.Points.Select(point => 1 / Math.Sqrt(Information.OfTest(curves, point)))],
                cuts,
                [.. quadrature.Weights]
            )
            .Value;

        double[] limits = [.. rawCuts.Select(cut => (double)cut)];
        byScore
            .Accuracy.Should()
            .BeApproximately(
                Share(person =>
                    Level(Total(first, person), limits) == Level(items.Sum(item => item.Probabilities(abilities[person])[1]), limits)
                ),
                0.012
            );
        byScore
            .Consistency.Should()
            .BeApproximately(Share(person => Level(Total(first, person), limits) == Level(Total(second, person), limits)), 0.012);
        var (one, other) = (Estimates(first), Estimates(second));
        byAbility.Accuracy.Should().BeApproximately(Share(person => Level(one[person], cuts) == Level(abilities[person], cuts)), 0.012);
        byAbility.Consistency.Should().BeApproximately(Share(person => Level(one[person], cuts) == Level(other[person], cuts)), 0.012);

        ScoreMatrix Answers()
        {
            var scores = new int[People, items.Length];
            for (var person = 0; person < People; person++)
            for (var item = 0; item < items.Length; item++)
                scores[person, item] = random.NextDouble() < items[item].Probabilities(abilities[person])[1] ? 1 : 0;
            return new(scores);
        }

        // Weighted likelihood is unbiased and defined for every score, as Rudner's normal error assumes.
        double[] Estimates(ScoreMatrix scores) =>
            [.. Abilities.Estimate(scores, curves, AbilityMethod.WeightedLikelihood).Select(ability => ability.Value.Value)];
        double Total(ScoreMatrix scores, int person) => Enumerable.Range(0, items.Length).Sum(item => scores[person, item]);
        double Share(Func<int, bool> right) => Enumerable.Range(0, People).Count(right) / (double)People;
        static int Level(double value, double[] cuts) => cuts.Count(cut => value >= cut);
    }

    [Fact]
    public void Bad_probabilities_weights_and_errors_are_refused_with_their_place()
    {
        var refusal = FluentActions
            .Invoking(() =>
                Lee.Classify(
                    [
                        [
                            [0.5, 0.5],
                            [0.5, 0.6],
                        ],
                    ],
                    [1],
                    [1]
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which;
        (refusal.Row, refusal.Column).Should().Be((0, 1));
        FluentActions
            .Invoking(() =>
                Lee.Classify(
                    [
                        [
                            [0.5, 0.5],
                        ],
                    ],
                    [-1],
                    [1]
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(0);
        FluentActions.Invoking(() => Rudner.Classify([0, 1], [0.3, 0], [0.5])).Should().Throw<BadDataException>().Which.Row.Should().Be(1);
        Rudner.Classify([], [], [0.5]).Reason.Should().Be(Undefined.TooFewPersons);
    }
}
