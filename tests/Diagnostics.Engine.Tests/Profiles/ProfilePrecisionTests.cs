using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Profiles;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>
/// The values were computed by hand: n Rasch items of difficulty 0 have the test curve n/(1 + e^−θ) and the information
/// n·p·(1 − p).
/// </summary>
public sealed class ProfilePrecisionTests
{
    private static readonly ScaleLevel[] Levels =
    [
        new(DeficitLevel.High, 0, "В", "р"),
        new(DeficitLevel.Medium, 60, "С", "р"),
        new(DeficitLevel.Minimal, 81, "М", "р"),
    ];

    [Fact]
    public void Half_of_sixteen_equal_items_lies_at_0_with_the_error_of_four_information_units()
    {
        var precision = Of(16, 8)!;

        // The standard error is √(16 · ¼)/16 = 12.5 %. Warm's curvature at 0 is I − (½ ln I)″ = 4 + ¼, so the error of
        // θ is 0.4851. On the curve, 0 ± 1.96 · 0.4851 is 27.87…72.13 %.
        precision.StandardErrorPercent.Should().Be(12.5m);
        precision.FromPercent.Should().Be(27.87m);
        precision.ToPercent.Should().Be(72.13m);
        // The boundaries at ln(0.6/0.4) = 0.4055 and ln(0.81/0.19) = 1.4500 are 0.836 and 2.989 standard errors away.
        // The probabilities are 0.7984, 0.2002 and 0.0014; the rounding difference is added to the first.
        precision.Levels.Select(chance => chance.Level).Should().Equal(DeficitLevel.High, DeficitLevel.Medium, DeficitLevel.Minimal);
        precision.Levels[0].Probability.Should().Be(0.799m);
        precision.Levels[1].Probability.Should().Be(0.200m);
        precision.Levels[2].Probability.Should().Be(0.001m);
        precision.Levels.Sum(chance => chance.Probability).Should().Be(1m);
    }

    [Fact]
    public void More_items_are_surer() => Of(64, 32)!.StandardErrorPercent.Should().Be(6.25m);

    [Fact]
    public void A_perfect_result_has_an_interval_too_and_stands_in_it()
    {
        var precision = Of(16, 16)!;

        precision.ToPercent.Should().Be(100m);
        // θ is about ln(16.5/0.5) = 3.5, and its error about 1.4.
        precision.FromPercent.Should().BeInRange(60m, 75m);
        precision.Levels[2].Probability.Should().BeGreaterThan(0.7m);
    }

    [Fact]
    public void Without_the_parameters_of_an_item_nothing_is_said()
    {
        var curves = Curves(4);
        curves.Remove(3);

        ProfilePrecision.Of(Results(4, 2), curves, curves, Levels, 50).Should().BeNull();
    }

    [Fact]
    public void A_change_within_the_error_is_told_from_one_beyond_it()
    {
        // In the entry diagnostic θ is 0; in the later diagnostic θ is about ln(p/(1 − p)). For 10 of 16 points that is
        // 0.51, which is within the errors of ½ of both; for 15 of 16 points θ is far beyond these errors.
        ProfilePrecision
            .Change(Results(16, 10), Calibration(16), new(Guid.Empty, Results(16, 8), Curves(16)))!
            .Verdict.Should()
            .Be(ChangeVerdict.WithinError);
        var grown = ProfilePrecision.Change(Results(16, 15), Calibration(16), new(Guid.Empty, Results(16, 8), Curves(16)))!;
        (grown.Verdict, grown.EntryPercent, grown.DifferencePercent).Should().Be((ChangeVerdict.Improved, 50m, 43.75m));
        ProfilePrecision
            .Change(Results(16, 1), Calibration(16), new(Guid.Empty, Results(16, 8), Curves(16)))!
            .Verdict.Should()
            .Be(ChangeVerdict.Worsened);
        ProfilePrecision.Change(Results(16, 1), Calibration(16), null).Should().BeNull();
    }

    [Fact]
    public void The_same_points_on_a_harder_variant_are_a_change()
    {
        // Half of the points on items two logits harder is a gain of two logits. That is 2.8 times the error of the
        // difference, ½·√2, which exceeds 1.96.
        var change = ProfilePrecision.Change(Results(16, 8), Calibration(16, difficulty: 2), new(Guid.Empty, Results(16, 8), Curves(16)))!;

        (change.DifferencePercent, change.Verdict).Should().Be((0m, ChangeVerdict.Improved));
    }

    [Theory]
    [InlineData(ParallelVerdict.Equate, 4, 5.2)]
    [InlineData(ParallelVerdict.Equate, 10, 10)]
    [InlineData(ParallelVerdict.Equate, 0, 0)]
    [InlineData(ParallelVerdict.KeepScores, 4, 4)]
    [InlineData(ParallelVerdict.Parallel, 4, 4)]
    public void Points_are_equated_only_where_it_takes_away_more_error_than_it_brings(ParallelVerdict verdict, int earned, decimal shown)
    {
        double[] equivalents = [-0.3, 1, 2.5, 3.8, 5.2, 6.1, 7, 8, 9, 9.7, 10.4];

        var share = Equating.Of(
            new(Points.From(earned), Points.From(10)),
            new(2, "subject", EquatingRule.Equipercentile, verdict, equivalents)
        );

        share.Should().Be(new ResultShare(Points.From(shown), Points.From(10)));
    }

    [Fact]
    public void Half_a_point_lies_between_the_equals_of_its_neighbours() =>
        Equating
            .Of(new(Points.From(1.5m), Points.From(2)), new(2, "subject", EquatingRule.Linear, ParallelVerdict.Equate, [0, 1.2, 2]))
            .Earned.Should()
            .Be(Points.From(1.6m));

    private static Precision? Of(int items, int right) =>
        ProfilePrecision.Of(Results(items, right), Curves(items), Curves(items), Levels, Math.Round(100m * right / items, 2));

    private static List<SlotResult> Results(int items, int right) =>
        Enumerable
            .Range(1, items)
            .Select(slot => new SlotResult(slot, "subject", "subject.a", 1, slot <= right ? Points.From(1) : Points.Zero, Points.From(1)))
            .ToList();

    private static Dictionary<int, PointsCurve> Curves(int items, double difficulty = 0) =>
        Enumerable.Range(1, items).ToDictionary(slot => slot, _ => new PointsCurve(ItemParameters.FromSteps(1, [difficulty]), [0, 1]));

    private static FormCalibration Calibration(int items, double difficulty = 0) =>
        new(Guid.Empty, "f", CalibrationModel.Rasch, Instant.MinValue, Curves(items, difficulty), Curves(items), []);
}
