using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Engine.Tests.ItemBank;

public class RubricAndPointsTests
{
    [Fact]
    public void Marks_that_a_level_describes_are_accepted() => Items.TwoCriteria.Check(Items.Map(("K1", 2), ("K2", 0))).Should().BeNull();

    [Theory]
    [InlineData("K1", 1, "criterion-missing")]
    [InlineData("K3", 1, "unknown-criterion")]
    [InlineData("K2", 3, "points-not-in-rubric")]
    [InlineData("K2", 0.5, "points-not-in-rubric")]
    public void Marks_that_do_not_fit_are_refused(string criterion, decimal points, string code)
    {
        var marks = Items.Map(("K1", 2), ("K2", 1));
        if (code == "criterion-missing")
            marks.Remove(criterion);
        else
            marks[criterion] = Points.From(points);
        Items.TwoCriteria.Check(marks)!.Code.Should().Be(code);
    }

    [Fact]
    public void Nothing_for_the_gate_makes_everything_nothing()
    {
        Items.TwoCriteria.Effective(Items.Map(("K1", 0), ("K2", 2))).Values.Sum().Should().Be(Points.Zero);
        Items.TwoCriteria.Effective(Items.Map(("K1", 1), ("K2", 2))).Values.Sum().Should().Be(Points.From(3));
        (Items.TwoCriteria with { Gate = null }).Effective(Items.Map(("K1", 0), ("K2", 2))).Values.Sum().Should().Be(Points.From(2));
    }

    [Theory]
    [InlineData(new[] { 0d, 1, 2 }, true)]
    [InlineData(new[] { 0d, 0.5, 1 }, true)]
    [InlineData(new[] { 0d, 2 }, false)]
    [InlineData(new[] { 1d, 2 }, false)]
    [InlineData(new[] { 0d }, false)]
    [InlineData(new[] { 0d, 1, 1 }, false)]
    [InlineData(new[] { -1d, 0, 1 }, false)]
    public void A_rubric_describes_every_point_from_zero_to_the_maximum(double[] levels, bool sound)
    {
        var rubric = new Rubric([Items.Criterion("K1", levels.Select(points => (decimal)points).ToArray())], null);
        var item = Items.Extended(rubric, Math.Max(rubric.Maximum.ToDecimal(), 1));
        item.Faults().Any().Should().Be(!sound);
    }

    [Fact]
    public void A_gate_that_names_no_criterion_and_criteria_of_one_code_are_faults()
    {
        Items.Extended(Items.TwoCriteria with { Gate = "K9" }).Faults().Should().ContainSingle();
        Items
            .Extended(new Rubric([Items.Criterion("K1", 0, 1, 2), Items.Criterion("K1", 0, 1, 2)], null))
            .Faults()
            .Should()
            .ContainSingle();
    }

    [Fact]
    public void An_exemplar_with_points_that_no_level_describes_is_a_fault() =>
        Items
            .Of(
                new ExtendedTask(Items.TwoCriteria, [new("Ответ", Items.Map(("K1", 3), ("K2", 1)), "Почему")]),
                new Engine.ItemBank.Scoring.RubricRule(),
                4
            )
            .Faults()
            .Should()
            .ContainSingle();

    [Theory]
    [InlineData("0.001", 1)]
    [InlineData("1.5", 1500)]
    [InlineData("-2", -2000)]
    [InlineData("1.5000", 1500)]
    public void Points_are_exact_to_a_thousandth(string value, long thousandths) =>
        Points.From(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).Thousandths.Should().Be(thousandths);

    [Theory]
    [InlineData("0.0001")]
    [InlineData("1.0000000000000000000000000001")]
    [InlineData("2000000000000")]
    public void Points_finer_than_a_thousandth_or_beyond_reason_are_refused(string value) =>
        Points.TryFrom(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), out _).Should().BeFalse();

    [Theory]
    [InlineData(2, 1, 3, "0.667")]
    [InlineData(2, 1, 4, "0.5")]
    [InlineData(1, 1, 3, "0.333")]
    [InlineData(1, 3, 3, "1")]
    [InlineData(1, 0, 3, "0")]
    // Exactly half a thousandth is left over: 1/16 is 62.5 thousandths.
    [InlineData(1, 1, 16, "0.063")]
    public void A_share_is_rounded_to_a_thousandth_half_up(int points, int numerator, int denominator, string share) =>
        Points.From(points).Share(numerator, denominator).ToString().Should().Be(share);

    [Fact]
    public void Adding_tenths_ten_times_gives_one() => Enumerable.Repeat(Points.From(0.1m), 10).Sum().Should().Be(Points.From(1));
}
