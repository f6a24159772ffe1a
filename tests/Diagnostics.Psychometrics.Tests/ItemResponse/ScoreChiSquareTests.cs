using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class ScoreChiSquareTests
{
    // The values in mml_rasch_2pl.json come from mirt's itemfit, with an expected count of at least 1 in each cell.
    [Theory]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void It_is_that_of_mirt(string name, int skip) => Check(ReferenceScores.Read(name, skip), name);

    [ReferenceFact("sat12_scored.csv")]
    public void It_is_that_of_mirt_for_sat12() => Check(ReferenceScores.Sat12(), "sat12_scored");

    private static void Check(ScoreMatrix scores, string name)
    {
        var expected = ReferenceScores.Expected("mml_rasch_2pl")[name]!;
        foreach (
            var (model, items) in new[]
            {
                (MarginalModel.GeneralizedPartialCredit, expected["two_pl"]!["item_fit"]!),
                (MarginalModel.PartialCredit, expected["rasch"]!["S_X2"]!),
            }
        )
        {
            var fit = ScoreChiSquares.Of(scores, MarginalMaximumLikelihood.Fit(scores, new(model)).Value, model);

            fit.Select(item => (double)item.Value.Degrees).ShouldMatch(items.Numbers("df.S_X2"), 0, $"{model} degrees");
            fit.Select(item => item.Value.Statistic).ShouldMatch(items.Numbers("S_X2"), 5e-3, $"{model} statistic");
            fit.Select(item => item.Value.Probability).ShouldMatch(items.Numbers("p.S_X2"), 1e-3, $"{model} probability");
        }
    }

    [Theory]
    [InlineData(MarginalModel.PartialCredit, "pcm")]
    [InlineData(MarginalModel.GeneralizedPartialCredit, "gpcm")]
    public void Polytomous_items_agree_with_mirt(MarginalModel model, string name)
    {
        var scores = ReferenceScores.Read("verbagg_poly", 3);
        var items = ReferenceScores.Expected("mml_polytomous")["verbagg_poly"]![name]!["item_fit"]!;

        var fit = ScoreChiSquares.Of(scores, MarginalMaximumLikelihood.Fit(scores, new(model)).Value, model);

        fit.Select(item => (double)item.Value.Degrees).ShouldMatch(items.Numbers("df.S_X2"), 0, "degrees");
        fit.Select(item => item.Value.Statistic).ShouldMatch(items.Numbers("S_X2"), 5e-2, "statistic");
    }

    // The values at eap_by_sumscore in mml_rasch_2pl.json come from mirt's EAPsum method on 61 nodes.
    [Theory]
    [InlineData("lsat6")]
    [InlineData("verbagg_dich")]
    public void Abilities_by_raw_score_are_those_of_mirt(string name)
    {
        var expected = ReferenceScores.Expected("mml_rasch_2pl")[name]!;
        var rows = expected["two_pl"]!["eap_by_sumscore"]!;

        var abilities = SumScores.Abilities(AbilitiesTests.Mirt(expected["two_pl"]!));

        abilities.Select(row => row.Ability.Value.Value).ShouldMatch(rows.Numbers("F1"), 1e-4);
        abilities.Select(row => row.Ability.Value.Error).ShouldMatch(rows.Numbers("SE_F1"), 1e-4);
        abilities.Select(row => row.Expected * expected["n_persons"]!.GetValue<int>()).ShouldMatch(rows.Numbers("expected"), 1e-2);
    }

    // By hand, for two items with P = ½ and P = ¼: the scores 0, 1 and 2 have the probabilities 3/8, 1/2 and 1/8.
    [Fact]
    public void Raw_scores_of_two_items_by_hand() =>
        SumScores.Probabilities([new(1, [0]), new(1, [-Math.Log(3)])], 0).ShouldMatch([0.375, 0.5, 0.125], 1e-12);

    // Half of the persons lack the first item and half lack the last. Each half has a table of its own, and the
    // statistics of the two tables are added.
    [Fact]
    public void Persons_with_different_items_are_tabled_apart()
    {
        var whole = ReferenceScores.Read("verbagg_dich", 3);
        var curves = MarginalMaximumLikelihood.Fit(whole).Value.Curves;
        ScoreMatrix Part(int skip, bool first)
        {
            var cells = new int[whole.Persons / 2, whole.Items];
            for (var person = 0; person < cells.GetLength(0); person++)
            for (var item = 0; item < whole.Items; item++)
                cells[person, item] = item == skip ? -1 : whole[first ? person : person + cells.GetLength(0), item];
            return new(cells);
        }
        var (upper, lower) = (Part(0, true), Part(23, false));
        var both = new int[upper.Persons * 2, upper.Items];
        for (var person = 0; person < both.GetLength(0); person++)
        for (var item = 0; item < upper.Items; item++)
            both[person, item] = person < upper.Persons ? upper[person, item] : lower[person - upper.Persons, item];

        var together = ScoreChiSquares.Of(new(both), curves, _ => 0);
        var (left, right) = (ScoreChiSquares.Of(upper, curves, _ => 0), ScoreChiSquares.Of(lower, curves, _ => 0));

        together[5].Value.Statistic.Should().BeApproximately(left[5].Value.Statistic + right[5].Value.Statistic, 1e-9);
        together[5].Value.Degrees.Should().Be(left[5].Value.Degrees + right[5].Value.Degrees);
        together[0].Value.Statistic.Should().BeApproximately(right[0].Value.Statistic, 1e-9);
    }
}
