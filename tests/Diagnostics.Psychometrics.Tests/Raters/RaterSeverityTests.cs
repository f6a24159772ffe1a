using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.Tests.Raters;

public sealed class RaterSeverityTests
{
    // By hand: rater 0 differs from the mean of the others by 3−4, 2−4, 5−5.5 and 1−1, that is by −1, −2, −.5 and 0.
    // The mean is −.875, s² = (.015625 + 1.265625 + .140625 + .765625)/3 = .7291667, SE = √(.7291667/4) = .4269563.
    private static readonly RatingSet Scripts = RatingSet.FromMatrix(
        new double?[,]
        {
            { 3, 4, null },
            { 2, null, 4 },
            { 5, 5, 6 },
            { 1, 1, null },
            { 4, null, null },
        }
    );

    [Fact]
    public void A_rater_is_compared_with_the_mean_of_the_others_on_the_same_scripts()
    {
        var rater = RaterSeverity.Summarise(Scripts)[0];

        rater.Units.Should().Be(4);
        rater.MeanDifference.Value.Should().BeApproximately(-0.875, 1e-14);
        rater.StandardError.Value.Should().BeApproximately(0.42695628191498325, 1e-12);
        // The 97.5 % point of t with 3 degrees of freedom is 3.182446305.
        rater.Interval.Value.Upper.Should().BeApproximately(-0.875 + 3.182446305284263 * 0.42695628191498325, 1e-9);
        rater.Tendency.Should().Be(Tendency.NotShown);
        rater.Exact.Value.Should().Be(new Share(2, 5));
        rater.Near.Value.Should().Be(new Share(4, 5));
    }

    [Fact]
    public void A_rater_below_the_others_beyond_chance_is_called_severe_and_the_others_lenient()
    {
        var ratings = new double?[30, 2];
        for (var script = 0; script < 30; script++)
            (ratings[script, 0], ratings[script, 1]) = (3 + script % 3, 4 + script % 3 + script % 2);

        var summary = RaterSeverity.Summarise(RatingSet.FromMatrix(ratings));

        summary.Select(rater => rater.Tendency).Should().Equal(Tendency.Severe, Tendency.Lenient);
        summary[0].MeanDifference.Value.Should().BeApproximately(-1.5, 1e-12);
    }

    [Fact]
    public void Without_common_scripts_nothing_is_said_of_a_rater()
    {
        var summary = RaterSeverity.Summarise(
            RatingSet.FromMatrix(
                new double?[,]
                {
                    { 1, null, 2 },
                    { null, 3, null },
                }
            )
        );

        summary[1].MeanDifference.Reason.Should().Be(Undefined.NoCommonUnits);
        summary[0].MeanDifference.Value.Should().Be(-1);
        summary[0].StandardError.Reason.Should().Be(Undefined.TooFewPersons);
        summary[0].Tendency.Should().Be(Tendency.NotShown);
    }

    [Fact]
    public void Equal_differences_are_not_taken_for_certainty()
    {
        var summary = RaterSeverity.Summarise(
            RatingSet.FromMatrix(
                new double?[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                }
            )
        );

        summary[0].StandardError.Reason.Should().Be(Undefined.NoVariance);
        summary[0].Tendency.Should().Be(Tendency.NotShown);
    }

    [Fact]
    public void A_unit_rated_twice_by_one_rater_and_a_number_that_is_none_are_refused()
    {
        FluentActions
            .Invoking(() => new RatingSet([0, 1, 0], [2, 2, 2], [1, 1, 2]))
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(2);
        var refusal = FluentActions.Invoking(() => new RatingSet([0, 1], [0, 0], [1, double.NaN])).Should().Throw<BadDataException>().Which;
        (refusal.Row, refusal.Column).Should().Be((1, 2));
        FluentActions.Invoking(() => new RatingSet([0, -1], [0, 0], [1, 1])).Should().Throw<BadDataException>().Which.Row.Should().Be(1);
        FluentActions.Invoking(() => new RatingSet([0], [0, 1], [1])).Should().Throw<BadDataException>();
    }
}
