using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Calibration recovers known items within the stated errors. The full campaign (more replications, 500 to 10,000
/// persons) is the command <c>dotnet run -c Release --project tools/Benchmarks -- recovery</c>.
/// </summary>
public sealed class RecoveryTests
{
    // The coverage of 95 % intervals over some thousand parameters has a standard error below 0.7 percentage points.
    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, true)]
    [InlineData(1, false, false)]
    [InlineData(2, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    public void Intervals_of_95_percent_cover_the_truth_as_often(int steps, bool freeSlopes, bool conditional)
    {
        var random = new Random(1000 + steps);
        var items = Simulation.Items(20, steps, freeSlopes, random);
        var standardized = Enumerable
            .Range(0, 50)
            .SelectMany(_ => Fit(Simulation.Answers(items, 500, 1, random), items, freeSlopes, conditional))
            .ToArray();

        standardized
            .Count(z => Math.Abs(z) < 1.959964)
            .Should()
            .BeInRange((int)(0.93 * standardized.Length), (int)(0.97 * standardized.Length));
        standardized.Average().Should().BeInRange(-0.15, 0.15);
        standardized.Average(z => z * z).Should().BeInRange(0.85, 1.15);
    }

    // The errors fall as 1/√persons, and the stated errors remain correct.
    [Theory]
    [InlineData(2_000, 1, false)]
    [InlineData(2_000, 2, true)]
    [InlineData(10_000, 1, true)]
    [InlineData(10_000, 2, false)]
    public void More_persons_leave_less_error(int persons, int steps, bool freeSlopes)
    {
        var random = new Random(persons + steps);
        var items = Simulation.Items(20, steps, freeSlopes, random);
        var scores = Simulation.Answers(items, persons, 1, random);

        var standardized = Fit(scores, items, freeSlopes, conditional: false).ToArray();

        standardized.Average(z => z * z).Should().BeInRange(0.5, 1.7);
        standardized.Should().OnlyContain(z => Math.Abs(z) < 4);
        var fit = MarginalMaximumLikelihood
            .Fit(scores, new(freeSlopes ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit))
            .Value;
        fit.Items.Zip(items)
            .Average(pair => Math.Pow(pair.First.Value.Parameters.Location - pair.Second.Location, 2))
            .Should()
            .BeLessThan(20d / persons);
    }

    // Four variants of 20 items, with 5 items in common between neighbours, are put on one scale; their stated errors
    // are valid across the whole scale.
    [Fact]
    public void Variants_linked_by_common_items_come_onto_one_scale()
    {
        var random = new Random(7);
        var items = Simulation.Items(65, 1, false, random);
        var whole = Simulation.Answers(items, 4_000, 1, random);
        var cells = new int[whole.Persons, whole.Items];
        for (var person = 0; person < whole.Persons; person++)
        for (var item = 0; item < whole.Items; item++)
            cells[person, item] = item >= person % 4 * 15 && item < (person % 4 * 15) + 20 ? whole[person, item] : -1;
        ScoreMatrix scores = new(cells);

        Fit(scores, items, false, conditional: true).Average(z => z * z).Should().BeInRange(0.6, 1.5);
        Fit(scores, items, false, conditional: false).Average(z => z * z).Should().BeInRange(0.6, 1.5);
    }

    // The stated errors of the abilities are as large as the actual errors.
    [Theory]
    [InlineData(AbilityMethod.WeightedLikelihood)]
    [InlineData(AbilityMethod.ExpectedAPosteriori)]
    public void Abilities_are_as_far_from_the_truth_as_their_errors_say(AbilityMethod method)
    {
        var random = new Random(11);
        var items = Simulation.Items(40, 1, true, random);
        var (persons, truth) = (4_000, new double[4_000]);
        var cells = new int[persons, 40];
        for (var person = 0; person < persons; person++)
        {
            truth[person] = random.Normal();
            for (var item = 0; item < 40; item++)
                cells[person, item] = random.NextDouble() < items[item].Probabilities(truth[person])[1] ? 1 : 0;
        }

        var standardized = Abilities
            .Estimate(new(cells), items, method)
            .Select((ability, person) => (ability.Value.Value - truth[person]) / ability.Value.Error)
            .ToArray();

        standardized.Count(z => Math.Abs(z) < 1.959964).Should().BeInRange(3_720, 3_880);
        standardized.Average().Should().BeInRange(-0.05, 0.05);
    }

    private static IEnumerable<double> Fit(ScoreMatrix scores, ItemParameters[] items, bool freeSlopes, bool conditional) =>
        conditional
            ? Simulation.Standardized(ConditionalMaximumLikelihood.Fit(scores).Value, items)
            : Simulation.Standardized(
                MarginalMaximumLikelihood
                    .Fit(scores, new(freeSlopes ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit))
                    .Value,
                items
            );
}
