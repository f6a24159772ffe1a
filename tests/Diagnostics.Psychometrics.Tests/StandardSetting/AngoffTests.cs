using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Raters;
using Diagnostics.Psychometrics.StandardSetting;

namespace Diagnostics.Psychometrics.Tests.StandardSetting;

public sealed class AngoffTests
{
    // By hand: the cuts 2.0, 2.2, 1.8 and 3.6 have mean 2.4 and median 2.1; s² = (.16 + .04 + .36 + 1.44)/3 = 2/3, and
    // SE = √(2/3)/2.
    private static readonly double[,] Four =
    {
        { 0.8, 0.6, 0.4, 0.2 },
        { 0.9, 0.6, 0.4, 0.3 },
        { 0.7, 0.5, 0.4, 0.2 },
        { 0.9, 0.9, 0.9, 0.9 },
    };

    [Fact]
    public void The_cut_is_the_mean_of_the_judges_sums_with_its_error_over_judges()
    {
        var panel = Angoff.Of(Four).Value;

        panel.Cut.Should().BeApproximately(2.4, 1e-12);
        panel.Median.Should().BeApproximately(2.1, 1e-12);
        panel.Maximum.Should().Be(4);
        panel.Deviation.Value.Should().BeApproximately(Math.Sqrt(2.0 / 3), 1e-12);
        panel.ErrorOverJudges.Value.Should().BeApproximately(Math.Sqrt(2.0 / 3) / 2, 1e-12);
        // t(3) at 97.5 % is 3.182446305.
        panel.Interval.Value.Lower.Should().BeApproximately(2.4 - 3.182446305284263 * Math.Sqrt(2.0 / 3) / 2, 1e-9);
        panel.Items[1].Mean.Should().BeApproximately(0.65, 1e-12);
        (panel.Items[1].Lowest, panel.Items[1].Highest).Should().Be((0.5, 0.9));
    }

    // The deviations from the median 2.1 are .1, .1, .3 and 1.5, so MAD = .2, and judge 3 has .6745 · 1.5/.2 = 5.06.
    [Fact]
    public void A_judge_far_from_the_panel_is_flagged_and_the_cut_without_this_judge_is_shown()
    {
        var panel = Angoff.Of(Four).Value;

        panel.Judges[3].ModifiedZ.Value.Should().BeApproximately(0.6745 * 1.5 / 0.2, 1e-9);
        panel.Judges[3].Flags.Should().Be(JudgeFlags.CutFarFromPanel | JudgeFlags.SameShareEverywhere);
        panel.Judges[3].PanelWithout.Value.Should().BeApproximately(2, 1e-12);
        panel.Judges[3].WithOthers.Reason.Should().Be(Undefined.NoVariance);
        panel.Judges.Take(3).Should().OnlyContain(judge => judge.Flags == JudgeFlags.None && judge.WithOthers.Value > 0.95);
    }

    // .1 + .2 is not exactly .3 in binary, but the judges agree and must be seen to agree.
    [Fact]
    public void Judges_who_agree_but_for_rounding_are_not_outliers() =>
        Angoff
            .Of(
                new[,]
                {
                    { 0.1, 0.2 },
                    { 0.3, 0 },
                    { 0.15, 0.15 },
                    { 0.25, 0.05 },
                }
            )
            .Value.Judges.Should()
            .OnlyContain(judge => !judge.Flags.HasFlag(JudgeFlags.CutFarFromPanel));

    [Fact]
    public void A_judge_who_ranks_the_items_the_other_way_round_is_flagged()
    {
        var panel = Angoff
            .Of(
                new[,]
                {
                    { 0.8, 0.5, 0.2 },
                    { 0.7, 0.5, 0.3 },
                    { 0.2, 0.5, 0.8 },
                }
            )
            .Value;

        panel.Judges[2].WithOthers.Value.Should().BeApproximately(-1, 1e-12);
        panel.Judges[2].Flags.Should().Be(JudgeFlags.OrdersItemsUnlikeOthers);
    }

    // Shrout & Fleiss (1979), table 3, read as items × judges, has the mean squares 11.24, 32.49 and 1.02, hence the
    // variances 2.5556, 5.2444 and 1.0194.
    [Fact]
    public void The_error_over_judges_and_items_comes_from_the_published_mean_squares()
    {
        double[,] ratings =
        {
            { 9, 6, 8, 7, 10, 6 },
            { 2, 1, 4, 1, 5, 2 },
            { 5, 3, 6, 2, 6, 4 },
            { 8, 2, 8, 6, 9, 7 },
        };

        var panel = Angoff.Of(ratings, [10, 10, 10, 10, 10, 10]).Value;

        panel
            .ErrorOverJudgesAndItems.Value.Should()
            .BeApproximately(6 * Math.Sqrt(5.2444444444 / 4 + 2.5555555556 / 6 + 1.0194444444 / 24), 1e-8);
        panel.SingleJudge.Value.Value.Should().BeApproximately(0.29, 5e-3);
        panel.Panel.Value.Value.Should().BeApproximately(0.62, 5e-3);
        // Per item the judges' variance is MSJ/items, so the error over judges is items · √(MSJ/(items · judges)).
        panel.ErrorOverJudges.Value.Should().BeApproximately(6 * Math.Sqrt(32.4861111111 / 24), 1e-8);
    }

    [Fact]
    public void Yes_and_no_count_the_points_of_the_items()
    {
        var panel = Angoff
            .OfYesNo(
                new[,]
                {
                    { 1, 1, 0 },
                    { 1, 0, 0 },
                    { 1, 1, 1 },
                },
                [1, 2, 3]
            )
            .Value;

        panel.Judges.Select(judge => judge.Cut).Should().Equal(3, 1, 6);
        panel.Cut.Should().BeApproximately(10.0 / 3, 1e-12);
        var refusal = FluentActions
            .Invoking(() =>
                Angoff.OfYesNo(
                    new[,]
                    {
                        { 1, 0 },
                        { 1, 2 },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which;
        (refusal.Row, refusal.Column).Should().Be((1, 1));
    }

    [Fact]
    public void A_panel_of_one_has_a_cut_and_no_error()
    {
        var panel = Angoff
            .Of(
                new[,]
                {
                    { 0.5, 0.7, 0.2 },
                }
            )
            .Value;

        panel.Cut.Should().BeApproximately(1.4, 1e-12);
        panel.ErrorOverJudges.Reason.Should().Be(Undefined.TooFewRaters);
        panel.ErrorOverJudgesAndItems.Reason.Should().Be(Undefined.TooFewRaters);
        panel.Interval.Reason.Should().Be(Undefined.TooFewRaters);
        Angoff.Of(new double[0, 3]).Reason.Should().Be(Undefined.TooFewRaters);
    }

    [Fact]
    public void A_rating_beyond_the_items_points_is_refused_with_its_place()
    {
        var refusal = FluentActions
            .Invoking(() =>
                Angoff.Of(
                    new[,]
                    {
                        { 0.5, 0.5 },
                        { 0.5, 1.5 },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Which;
        (refusal.Row, refusal.Column).Should().Be((1, 1));
        FluentActions
            .Invoking(() =>
                Angoff.Of(
                    new[,]
                    {
                        { double.NaN },
                    }
                )
            )
            .Should()
            .Throw<BadDataException>();
    }

    [Fact]
    public void Ratings_on_the_models_own_curve_are_wholly_consistent()
    {
        IReadOnlyList<IReadOnlyList<double>> steps =
        [
            [-1],
            [0],
            [0.5, 1.5],
            [2],
        ];
        double[] ratings = [.. steps.Select(item => PartialCredit.ExpectedScore(0.7, item))];

        var judge = IntrajudgeConsistency.Of(ratings, steps).Value;

        judge.Ability.Should().BeApproximately(0.7, 1e-9);
        judge.Consistency.Should().BeApproximately(1, 1e-9);
        judge.WithDifficulty.Value.Should().BeApproximately(1, 1e-9);
    }

    // By hand, for items at −ln 3, 0 and ln 3: the ratings ¼ ½ ¾ sum to 1.5, so θ = 0 and P = ¾ ½ ¼. The errors are ½ 0
    // ½; the largest possible ones are ¾ ½ ¾.
    [Fact]
    public void A_judge_who_turns_the_difficulties_round_is_inconsistent_by_the_computed_amount()
    {
        var judge = IntrajudgeConsistency
            .Of(
                [0.25, 0.5, 0.75],
                [
                    [-Math.Log(3)],
                    [0],
                    [Math.Log(3)],
                ]
            )
            .Value;

        judge.Ability.Should().BeApproximately(0, 1e-9);
        judge.MeanError.Should().BeApproximately(1.0 / 3, 1e-9);
        judge.Consistency.Should().BeApproximately(0.5, 1e-9);
        judge.WithDifficulty.Value.Should().BeApproximately(-1, 1e-9);
        IntrajudgeConsistency
            .Of(
                [1, 1],
                [
                    [0],
                    [0],
                ]
            )
            .Reason.Should()
            .Be(Undefined.PerfectScore);
    }
}
