using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>Compares with the values printed by tools/r/answer_copying.R, and with simulations.</summary>
public sealed class AnswerCopyingTests
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
    [InlineData(AbilityMethod.MaximumLikelihood, 0, 1, 5, 4.173263224, 0.630244867, 0.635241362, 0.262635505)]
    [InlineData(AbilityMethod.MaximumLikelihood, 1, 2, 3, 6.166554849, -2.451713334, -2.722613424, 0.996761610)]
    [InlineData(AbilityMethod.WeightedLikelihood, 0, 1, 5, 4.184995201, 0.621918443, 0.636309788, 0.262287263)]
    [InlineData(AbilityMethod.WeightedLikelihood, 2, 0, 6, 6.979220523, -0.756674956, -0.755160357, 0.774923614)]
    [InlineData(AbilityMethod.MaximumAPosteriori, 1, 2, 3, 6.383209335, -2.586781267, -2.604543896, 0.995400168)]
    public void Omega_is_that_of_the_formulas(
        AbilityMethod method,
        int copier,
        int source,
        int matches,
        double expected,
        double omega,
        double z,
        double p
    )
    {
        var index = AnswerCopying.Of(Patterns, Ten, method, Abilities.Estimate(Patterns, Ten, method), [(copier, source)]).Single().Value;

        (index.Matches, index.Answers).Should().Be((matches, 10));
        new[] { index.Expected, index.Omega, index.Z, index.P }.ShouldMatch([expected, omega, z, p], 1e-7);
    }

    // When all persons answer alone, one pair in twenty is beyond 1.645. With 40,000 pairs the share has a standard
    // error of 0.11 percentage points.
    [Theory]
    [InlineData(24, 1, false)]
    [InlineData(24, 1, true)]
    [InlineData(20, 2, true)]
    [InlineData(40, 1, true)]
    public void One_pair_in_twenty_is_flagged_at_five_percent(int items, int steps, bool freeSlopes)
    {
        var random = new Random(23);
        var known = Simulation.Items(items, steps, freeSlopes, random);
        var scores = Simulation.Answers(known, 20_000, 1, random);
        var pairs = Enumerable.Range(0, 10_000).SelectMany(pair => new[] { (2 * pair, 2 * pair + 1), (2 * pair + 1, 2 * pair) }).ToArray();

        var found = AnswerCopying
            .Of(scores, known, AbilityMethod.WeightedLikelihood, Abilities.Estimate(scores, known, AbilityMethod.WeightedLikelihood), pairs)
            .Where(index => index.IsDefined)
            .Select(index => index.Value)
            .ToArray();

        (found.Count(index => index.P < 0.05) / (double)found.Length).Should().BeInRange(0.04, 0.06);
        (found.Count(index => index.P < 0.01) / (double)found.Length).Should().BeInRange(0.005, 0.015);
    }

    [Fact]
    public void Who_copied_half_of_the_answers_stands_out()
    {
        var random = new Random(29);
        var known = Simulation.Items(40, 2, true, random);
        var alone = Simulation.Answers(known, 400, 1, random);
        var scores = new int[400, 40];
        for (var person = 0; person < 400; person++)
        for (var item = 0; item < 40; item++)
            scores[person, item] = person % 2 == 1 && item % 2 == 0 ? alone[person - 1, item] : alone[person, item];
        var matrix = new ScoreMatrix(scores);

        var found = AnswerCopying.Of(
            matrix,
            known,
            AbilityMethod.WeightedLikelihood,
            Abilities.Estimate(matrix, known, AbilityMethod.WeightedLikelihood),
            [.. Enumerable.Range(0, 200).Select(pair => (2 * pair + 1, 2 * pair))]
        );

        found.Count(index => index.IsDefined && index.Value.P < 0.01).Should().BeGreaterThan(120);
    }

    [Fact]
    public void Pairs_without_common_items_and_wrong_pairs_are_refused()
    {
        var scores = new ScoreMatrix(
            new[,]
            {
                { 1, 0, 1, -1, -1 },
                { -1, -1, -1, 1, 0 },
                { -1, -1, -1, -1, -1 },
            }
        );
        ItemParameters[] curves = Ten[..5];
        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.WeightedLikelihood);

        AnswerCopying
            .Of(scores, curves, AbilityMethod.WeightedLikelihood, abilities, [(0, 1), (2, 0)])
            .Select(index => index.Reason)
            .Should()
            .Equal(Undefined.NoCommonUnits, Undefined.TooFewItems);
        foreach (var pair in new[] { (0, 0), (0, 3), (-1, 0) })
            FluentActions
                .Invoking(() => AnswerCopying.Of(scores, curves, AbilityMethod.WeightedLikelihood, abilities, [pair]))
                .Should()
                .Throw<ArgumentException>();
    }
}
