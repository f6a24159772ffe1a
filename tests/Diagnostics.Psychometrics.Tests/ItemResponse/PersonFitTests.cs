using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Compares with values from tools/r/lz_star.R, which uses Snijders' formulas for dichotomous items and base R's
/// correlations.
/// </summary>
public sealed class PersonFitTests
{
    private static readonly ItemParameters[] Ten =
    [
        .. Enumerable.Range(0, 10).Select(item => ItemParameters.FromSteps(0.6 + (1.2 * item / 9), [-2 + (4d * item / 9)])),
    ];

    private static readonly ScoreMatrix Patterns = new(
        new[,]
        {
            { 1, 1, 1, 1, 1, 0, 1, 0, 0, 0 },
            { 0, 0, 1, 0, 1, 0, 1, 1, 0, 1 },
            { 1, 0, 1, 1, 0, 1, 0, 0, 0, 0 },
        }
    );

    [Theory]
    [InlineData(AbilityMethod.MaximumLikelihood, 1.093401434, -3.692939490, 0.243927442)]
    [InlineData(AbilityMethod.WeightedLikelihood, 1.087875902, -3.691907214, 0.234694224)]
    [InlineData(AbilityMethod.MaximumAPosteriori, 1.101400316, -3.771928370, 0.235950544)]
    public void It_is_that_of_Snijders_formulas(AbilityMethod method, double first, double second, double third) =>
        PersonFit
            .Of(Patterns, Ten, method, Abilities.Estimate(Patterns, Ten, method))
            .Select(value => value.Value)
            .ShouldMatch([first, second, third], 2e-8);

    // When the answers follow the model, one person in twenty has a statistic below −1.645; with 20,000 persons the
    // share has a standard error of 0.15 percentage points.
    [Theory]
    [InlineData(24, 1, false)]
    [InlineData(24, 1, true)]
    [InlineData(20, 2, true)]
    [InlineData(40, 1, true)]
    public void One_in_twenty_is_rejected_at_five_percent(int items, int steps, bool freeSlopes)
    {
        var random = new Random(11);
        var known = Simulation.Items(items, steps, freeSlopes, random);
        var scores = Simulation.Answers(known, 20_000, 1, random);

        var fit = PersonFit
            .Of(scores, known, AbilityMethod.WeightedLikelihood, Abilities.Estimate(scores, known, AbilityMethod.WeightedLikelihood))
            .Where(value => value.IsDefined)
            .Select(value => value.Value)
            .ToArray();

        (fit.Count(value => value < -1.645) / (double)fit.Length).Should().BeInRange(0.04, 0.06);
    }

    [Fact]
    public void Equal_items_say_nothing_of_patterns_and_the_posterior_mean_is_refused()
    {
        ItemParameters[] equal = [.. Enumerable.Repeat(new ItemParameters(1, [0.5]), 4)];
        var scores = new ScoreMatrix(
            new[,]
            {
                { 1, 0, 1, 0 },
                { -1, -1, -1, -1 },
            }
        );

        var fit = PersonFit.Of(
            scores,
            equal,
            AbilityMethod.WeightedLikelihood,
            Abilities.Estimate(scores, equal, AbilityMethod.WeightedLikelihood)
        );

        fit.Select(value => value.Reason).Should().Equal(Undefined.NoVariance, Undefined.TooFewItems);
        FluentActions
            .Invoking(() =>
                PersonFit.Of(
                    scores,
                    equal,
                    AbilityMethod.ExpectedAPosteriori,
                    Abilities.Estimate(scores, equal, AbilityMethod.ExpectedAPosteriori)
                )
            )
            .Should()
            .Throw<ArgumentException>();
    }

    [Fact]
    public void Q3_is_the_correlation_of_residuals()
    {
        var whole = ReferenceScores.Read("verbagg_dich", 3);
        var (six, abilities) = (new int[whole.Persons, 6], new Estimate<Ability>[whole.Persons]);
        for (var person = 0; person < whole.Persons; person++)
        {
            var raw = 0;
            for (var item = 0; item < 6; item++)
                raw += six[person, item] = whole[person, item];
            abilities[person] = Estimate<Ability>.Of(new(Math.Log((raw + 0.5) / (6.5 - raw)), 1));
        }
        var curves = Enumerable.Range(0, 6).Select(item => ItemParameters.FromSteps(1, [-1 + (2d * item / 5)])).ToArray();

        var pairs = LocalDependence.Of(new(six), curves, abilities);

        pairs
            .Select(pair => pair.Value.Q3)
            .ShouldMatch(
                [
                    0.0476067868,
                    -0.2410738238,
                    0.0568864612,
                    -0.2095295870,
                    -0.3436791720,
                    -0.1658040668,
                    -0.3571275752,
                    0.1694826385,
                    -0.3959145558,
                    -0.3986481985,
                    -0.4002576804,
                    0.1811602987,
                    -0.0303246639,
                    -0.1913559336,
                    -0.2578911063,
                ],
                1e-9
            );
        (pairs[4].Value.First, pairs[4].Value.Second).Should().Be((0, 5));
    }

    [Fact]
    public void Q3_flags_one_pair_in_twenty_by_chance_and_an_item_asked_twice_for_certain()
    {
        var random = new Random(17);
        var known = Simulation.Items(20, 1, true, random);
        var (flagged, pairs, apart) = (0, 0, 0d);
        for (var time = 0; time < 20; time++)
        {
            var scores = Simulation.Answers(known, 800, 1, random);
            foreach (var pair in LocalDependence.Of(scores, known, Abilities.Estimate(scores, known, AbilityMethod.WeightedLikelihood)))
            {
                pairs++;
                apart += pair.Value.Q3 - pair.Value.Expected;
                if (pair.Value.P < 0.05)
                    flagged++;
            }
        }
        (flagged / (double)pairs).Should().BeInRange(0.04, 0.06);
        (apart / pairs).Should().BeApproximately(0, 0.003, "Q3 is expected where it is found");

        var twice = Simulation.Answers(known, 800, 1, random);
        var copied = new int[800, 20];
        for (var person = 0; person < 800; person++)
        for (var item = 0; item < 20; item++)
            copied[person, item] = item == 11 && person % 3 > 0 ? twice[person, 10] : twice[person, item];
        var found = LocalDependence.Of(new(copied), known, Abilities.Estimate(new(copied), known, AbilityMethod.WeightedLikelihood));
        found.MaxBy(pair => pair.Value.Z)!.Value.Should().Match<ItemPair>(pair => pair.First == 10 && pair.Second == 11 && pair.P < 1e-6);
    }
}
