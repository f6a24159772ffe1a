using System.Text.Json;
using Diagnostics.Psychometrics.Classical;
using FsCheck;
using FsCheck.Fluent;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.Classical;

/// <summary>
/// Compares with values of psych 2.2.9, lavaan 0.6.14 and formulas written out in R. The values are in
/// ctt_item_analysis.json (tolerance 1e-10), omega.json (1e-5) and csem_ctt.json (1e-10).
/// </summary>
public sealed class ReliabilityTests
{
    private const double Gate = 1e-10;

    [Theory]
    [InlineData("lsat6", 0)]
    [InlineData("raschdat1", 0)]
    [InlineData("verbagg_dich", 3)]
    [InlineData("verbagg_poly", 3)]
    [InlineData("attitude", 0)]
    public void Coefficients_agree_with_the_reference(string dataset, int skip) => Compare(dataset, skip);

    [ReferenceFact("sat12_scored.csv")]
    public void Coefficients_of_SAT12_agree_with_the_reference() => Compare("sat12_scored", 0);

    private static void Compare(string dataset, int skip)
    {
        var expected = Expected("ctt_item_analysis").GetProperty(dataset);

        var result = Reliability.Of(new ScoreMatrix(Scores(dataset, skip).Scores)).Value;

        result.Mean.Should().BeApproximately(expected.Number("total_mean"), Gate);
        result.StandardDeviation.Should().BeApproximately(expected.Number("total_sd"), Gate);
        result.Alpha.Value.Should().BeApproximately(expected.Number("alpha"), Gate);
        result.StandardizedAlpha.Value.Should().BeApproximately(expected.Number("alpha_standardized"), Gate);
        result.MeanCorrelation.Value.Should().BeApproximately(expected.Number("mean_inter_item_r"), Gate);
        result.Lambda2.Value.Should().BeApproximately(expected.Number("guttman_lambda2"), Gate);
        result.Lambda6.Value.Should().BeApproximately(expected.Number("guttman_lambda6"), Gate);
        result.SplitHalf.Value.Should().BeApproximately(expected.Number("split_half_odd_even_spearman_brown"), Gate);
        result.StandardError.Value.Should().BeApproximately(expected.Number("sem"), Gate);
        var interval = expected.GetProperty("alpha_feldt_95").Numbers();
        result.AlphaInterval.Value.Lower.Should().BeApproximately(interval[0], Gate);
        result.AlphaInterval.Value.Upper.Should().BeApproximately(interval[1], Gate);
        var kr21 = expected.GetProperty("kr21");
        if (kr21.ValueKind == JsonValueKind.Null)
            result.Kr21.Reason.Should().Be(Undefined.NotDichotomous);
        else
            result.Kr21.Value.Should().BeApproximately(kr21.GetDouble(), Gate);
    }

    // The expected value is alpha_listwise in edge_cases.json, for the eight items that vary.
    [Fact]
    public void Persons_with_gaps_are_left_out() =>
        Reliability
            .Of(FirstEight("edge_missing"))
            .Value.Alpha.Value.Should()
            .BeApproximately(Expected("edge_cases").Number("alpha_listwise"), Gate);

    // The value in edge_cases.json comes from psych, which drops the two items without variance and counts 8 items. Our
    // code counts all 10, so its factor is 10/9 instead of 8/7.
    [Fact]
    public void Items_without_variance_count_as_items()
    {
        var psych = Expected("edge_cases").GetProperty("alpha_with_zero_variance_items").GetProperty("result").Number("alpha");

        Reliability.Of(FirstEight("edge_complete")).Value.Alpha.Value.Should().BeApproximately(psych, Gate);
        var ten = Reliability.Of(new ScoreMatrix(Scores("edge_complete").Scores)).Value;
        ten.Alpha.Value.Should().BeApproximately(psych * (10 / 9d) / (8 / 7d), Gate);
        (ten.StandardizedAlpha.Reason, ten.Lambda6.Reason).Should().Be((Undefined.NoVariance, Undefined.NoVariance));
    }

    private static ScoreMatrix FirstEight(string dataset)
    {
        var scores = Scores(dataset).Scores;
        var eight = new int[scores.GetLength(0), 8];
        for (var row = 0; row < eight.GetLength(0); row++)
        for (var column = 0; column < 8; column++)
            eight[row, column] = scores[row, column];
        return new(eight);
    }

    [Fact]
    public void Scores_without_variance_have_no_reliability()
    {
        var result = Reliability
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0, 2 },
                        { 1, 0, 2 },
                        { 1, 0, 2 },
                    }
                )
            )
            .Value;

        new Undefined?[]
        {
            result.Alpha.Reason,
            result.AlphaInterval.Reason,
            result.Lambda2.Reason,
            result.Lambda6.Reason,
            result.SplitHalf.Reason,
            result.StandardError.Reason,
        }
            .Should()
            .OnlyContain(reason => reason == Undefined.NoVariance);
    }

    [Fact]
    public void Linearly_dependent_items_leave_lambda_6_undefined() =>
        Reliability
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0, 1 },
                        { 0, 0, 0 },
                        { 0, 1, 1 },
                        { 1, 1, 2 },
                        { 1, 0, 1 },
                    }
                )
            )
            .Value.Lambda6.Reason.Should()
            .Be(Undefined.Singular);

    // With 100,000 persons Feldt's interval must approach the interval from the normal approximation, with the SE of
    // ln(1 − α) ≈ √(2k / ((k − 1) n)).
    [Fact]
    public void Feldts_interval_holds_for_a_hundred_thousand_persons()
    {
        var interval = Reliability.FeldtInterval(0.8, 100_000, 60);

        var width = 1.959964 * Math.Sqrt(2 * 60d / (59 * 100_000d));
        interval.Lower.Should().BeApproximately(1 - (0.2 * Math.Exp(width)), 1e-5);
        interval.Upper.Should().BeApproximately(1 - (0.2 * Math.Exp(-width)), 1e-5);
    }

    // Guttman (1945): lambda-2 is never below lambda-3 = alpha. The order of the items changes neither value.
    [Fact]
    public void Lambda_2_is_never_below_alpha() =>
        Prop.ForAll(
                Gen.Choose(0, 3).ArrayOf(60).ToArbitrary(),
                cells =>
                {
                    var scores = new int[12, 5];
                    Buffer.BlockCopy(cells, 0, scores, 0, 60 * sizeof(int));
                    var result = Reliability.Of(new ScoreMatrix(scores)).Value;
                    return !result.Alpha.IsDefined || result.Lambda2.Value >= result.Alpha.Value - 1e-12;
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("attitude")]
    [InlineData("raschdat1")]
    public void Omega_agrees_with_lavaan_and_psych(string dataset)
    {
        var expected = Expected("omega").GetProperty(dataset);
        var scores = new ScoreMatrix(Scores(dataset).Scores);

        var likelihood = Omega.Of(scores).Value;
        var residuals = Omega.Of(scores, FactorMethod.MinimumResiduals).Value;

        likelihood.Total.Should().BeApproximately(expected.Number("omega_total"), 1e-5);
        // The reference divides loadings computed with the denominator n by a variance computed with n − 1; here both
        // use n.
        likelihood
            .OverObserved.Should()
            .BeApproximately(expected.Number("omega_over_observed_var") * scores.Persons / (scores.Persons - 1), 1e-5);
        likelihood.ChiSquare.Should().BeApproximately(expected.Number("chisq"), 1e-4);
        likelihood.DegreesOfFreedom.Should().Be(expected.GetProperty("df").GetInt32());
        foreach (var (loading, value) in likelihood.Loadings.Zip(expected.GetProperty("loadings").Numbers()))
            loading.Should().BeApproximately(value, 1e-4 * Math.Abs(value) + 1e-5);
        residuals.OverObserved.Should().BeApproximately(expected.Number("psych_omega_total_1factor_minres"), 1e-5);
    }

    [Fact]
    public void Two_items_identify_no_factor() =>
        Omega
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0 },
                        { 0, 1 },
                        { 1, 1 },
                    }
                )
            )
            .Reason.Should()
            .Be(Undefined.TooFewItems);

    [Theory]
    [InlineData("raschdat1", "raschdat1", 30)]
    [InlineData("sat12", "sat12_scored", 32)]
    public void Conditional_errors_agree_with_Lord_Keats_and_Kelley(string name, string dataset, int items)
    {
        var figures = Expected("ctt_item_analysis").GetProperty(dataset);
        var (alpha, kr21, mean, deviation) = (
            figures.Number("alpha"),
            figures.Number("kr21"),
            figures.Number("total_mean"),
            figures.Number("total_sd")
        );

        foreach (var row in Expected("csem_ctt").GetProperty(name).EnumerateArray())
        {
            var raw = row.GetProperty("raw").GetInt32();
            ConditionalError.Lord(raw, items).Should().BeApproximately(row.Number("csem_lord"), Gate);
            ConditionalError.Keats(raw, items, alpha, kr21).Value.Should().BeApproximately(row.Number("csem_keats"), Gate);
            ConditionalError.KelleyTrueScore(raw, mean, alpha).Should().BeApproximately(row.Number("kelley_true"), Gate);
            ConditionalError.KelleyStandardError(deviation, alpha).Value.Should().BeApproximately(row.Number("see_kelley"), Gate);
        }
    }

    // Lee (2007): with dichotomous items only, the multinomial error is Lord's binomial error.
    [Fact]
    public void The_multinomial_error_of_dichotomous_items_is_Lords()
    {
        var scores = new ScoreMatrix(Scores("raschdat1").Scores);

        foreach (var error in ConditionalError.CompoundMultinomial(scores, [.. Enumerable.Repeat(1, 30)]).Value)
            error.StandardError.Should().BeApproximately(ConditionalError.Lord(error.Score, 30), Gate);
    }

    // By hand: the items of 2 points have scores 0 and 2, so n·s² = 2·2 = 4; those of 1 point have scores 1 and 0, so
    // n·s² = 2·½ = 1. The error is √5.
    [Fact]
    public void Error_variances_of_strata_add()
    {
        var errors = ConditionalError
            .CompoundMultinomial(
                new ScoreMatrix(
                    new[,]
                    {
                        { 0, 2, 1, 0 },
                    }
                ),
                [2, 2, 1, 1]
            )
            .Value;

        errors.Should().ContainSingle().Which.StandardError.Should().BeApproximately(Math.Sqrt(5), 1e-14);
        ConditionalError
            .CompoundMultinomial(
                new ScoreMatrix(
                    new[,]
                    {
                        { 0, 2, 1 },
                    }
                ),
                [2, 2, 1]
            )
            .Reason.Should()
            .Be(Undefined.TooFewItems);
    }

    [Fact]
    public void Stratified_alpha_of_one_block_is_alpha_and_of_two_follows_from_their_errors()
    {
        var scores = new ScoreMatrix(Scores("attitude").Scores);
        var alpha = Expected("ctt_item_analysis").GetProperty("attitude").Number("alpha");

        Composite.Of(scores, new int[7]).Value.StratifiedAlpha.Value.Should().BeApproximately(alpha, Gate);
        var two = Composite.Of(scores, [0, 0, 0, 0, 1, 1, 1]).Value;
        // Mosier's formula, given the figures of the blocks, gives the same number.
        var r = two.Correlations[0][1].Value;
        Composite
            .Weighted(
                [1, 1],
                [.. two.Blocks.Select(block => block.StandardDeviation)],
                [.. two.Blocks.Select(block => block.Alpha.Value)],
                new[,]
                {
                    { 1, r },
                    { r, 1 },
                }
            )
            .Value.Should()
            .BeApproximately(two.StratifiedAlpha.Value, Gate);
    }

    // Reliability of a difference with equal variances, Lord & Novick (1968): (mean reliability − r) / (1 − r) = (.8 −
    // .5)/(1 − .5) = .6.
    [Fact]
    public void A_negative_weight_gives_the_reliability_of_a_difference() =>
        Composite
            .Weighted(
                [1, -1],
                [3, 3],
                [0.85, 0.75],
                new[,]
                {
                    { 1, 0.5 },
                    { 0.5, 1 },
                }
            )
            .Value.Should()
            .BeApproximately(0.6, 1e-14);

    [Fact]
    public void A_block_of_one_item_has_no_alpha_and_leaves_the_sum_without_one()
    {
        var result = Composite
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 1, 0, 1 },
                        { 0, 0, 1 },
                        { 1, 1, 0 },
                    }
                ),
                [0, 0, 1]
            )
            .Value;

        (result.Blocks[1].Alpha.Reason, result.StratifiedAlpha.Reason).Should().Be((Undefined.TooFewItems, Undefined.TooFewItems));
    }
}
