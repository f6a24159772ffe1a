using System.Text.Json;
using Diagnostics.Psychometrics.Classical;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.Classical;

/// <summary>
/// Compares with ctt_item_analysis.json, which has values of psych 2.2.9 and of formulas written out in R, at a
/// tolerance of 1e-10.
/// </summary>
public sealed class ItemAnalysisTests
{
    private const double Gate = 1e-10;

    [Theory]
    [InlineData("lsat6", 0)]
    [InlineData("raschdat1", 0)]
    [InlineData("verbagg_dich", 3)]
    [InlineData("verbagg_poly", 3)]
    [InlineData("attitude", 0)]
    public void Items_agree_with_the_reference(string dataset, int skip) => Compare(dataset, skip);

    [ReferenceFact("sat12_scored.csv")]
    public void Items_of_SAT12_agree_with_the_reference() => Compare("sat12_scored", 0);

    private static void Compare(string dataset, int skip)
    {
        var expected = Expected("ctt_item_analysis").GetProperty(dataset);

        var result = ItemAnalysis.Of(new ScoreMatrix(Scores(dataset, skip).Scores)).Value;

        result.Persons.Should().Be(expected.GetProperty("n_persons").GetInt32());
        var groups = expected.GetProperty("upper_lower");
        (result.GroupSize, result.LowWithTies, result.HighWithTies)
            .Should()
            .Be(
                (
                    groups.GetProperty("n_group").GetInt32(),
                    groups.GetProperty("n_low_ties").GetInt32(),
                    groups.GetProperty("n_high_ties").GetInt32()
                )
            );
        foreach (var (item, row) in result.Items.Zip(expected.GetProperty("items").EnumerateArray()))
        {
            item.Mean.Value.Should().BeApproximately(row.Number("mean"), Gate);
            item.StandardDeviation.Value.Should().BeApproximately(row.Number("sd"), Gate);
            item.Difficulty.Value.Should().BeApproximately(row.Number("p"), Gate);
            item.ItemTotal.Value.Should().BeApproximately(row.Number("r_total"), Gate);
            item.ItemRest.Value.Should().BeApproximately(row.Number("r_rest"), Gate);
            item.AlphaIfDeleted.Value.Should().BeApproximately(row.Number("alpha_if_deleted"), Gate);
            item.UpperLower.Value.Should().BeApproximately(row.Number("D27_stable"), Gate);
            item.UpperLowerWithTies.Value.Should().BeApproximately(row.Number("D27_ties_inclusive"), Gate);
        }
    }

    [Fact]
    public void An_item_without_variance_has_no_correlation_and_says_so()
    {
        var result = ItemAnalysis.Of(new ScoreMatrix(Scores("edge_complete").Scores)).Value;

        var all = result.Items[8];
        (all.Difficulty.Value, all.ItemTotal.Reason, all.ItemRest.Reason).Should().Be((1d, Undefined.NoVariance, Undefined.NoVariance));
        result.Items[9].Difficulty.Reason.Should().Be(Undefined.NoVariance, "nobody has a point, so the maximum is unknown");
        ItemAnalysis
            .Of(new ScoreMatrix(Scores("edge_complete").Scores), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
            .Value.Items[9]
            .Difficulty.Value.Should()
            .Be(0);
    }

    [Fact]
    public void Difficulty_is_a_share_of_the_maximum_that_is_known()
    {
        var result = ItemAnalysis
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0 },
                        { 2, 1 },
                        { 0, 1 },
                    }
                ),
                [4, 1]
            )
            .Value;

        result.Items[0].Difficulty.Value.Should().Be(0.25);
        result.GroupSize.Should().Be(0);
        result.Items[0].UpperLower.Reason.Should().Be(Undefined.TooFewPersons);
    }

    [Fact]
    public void One_person_is_too_few() =>
        ItemAnalysis
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0 },
                    }
                )
            )
            .Reason.Should()
            .Be(Undefined.TooFewPersons);

    [Fact]
    public void A_score_above_the_maximum_names_its_place()
    {
        var act = () =>
            ItemAnalysis.Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0 },
                        { 0, 3 },
                    }
                ),
                [1, 2]
            );

        act.Should().Throw<BadDataException>().Which.Should().Match<BadDataException>(error => error.Row == 1 && error.Column == 1);
    }

    [Fact]
    public void A_score_below_minus_one_names_its_place()
    {
        var act = () =>
            new ScoreMatrix(
                new[,]
                {
                    { 1, 0 },
                    { -2, 3 },
                }
            );

        act.Should().Throw<BadDataException>().Which.Should().Match<BadDataException>(error => error.Row == 1 && error.Column == 0);
    }

    // By hand: row 0 answers items 0 and 2 of four; row 1 answers nothing; row 2 answers all.
    [Fact]
    public void A_blank_before_the_last_answer_is_omitted_and_after_it_not_reached()
    {
        var result = Omissions
            .Of(
                new[,]
                {
                    { true, false, true, false },
                    { false, false, false, false },
                    { true, true, true, true },
                }
            )
            .Value;

        result.Select(item => item.Omitted * 3).Should().Equal(0, 1, 0, 0);
        result.Select(item => Math.Round(item.NotReached * 3)).Should().Equal(1, 1, 1, 2);
    }
}
