using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Compares the calibration of new items beside known ones with tools/r/marginal_models.R, on the odd rows of the
/// verbal aggression data; items 1–6 are known, and items 7–10 are new.
/// </summary>
public sealed class FixedItemCalibrationTests
{
    private static readonly double[] Slopes = [1.2, 1.4, 1.5, 1.1, 1.3, 0.9];
    private static readonly double[] Difficulties = [-1.0, -0.4, -0.1, -1.3, -0.6, 0.1];

    private static ScoreMatrix Group()
    {
        var whole = ReferenceScores.Read("verbagg_dich", 3);
        var part = new int[(whole.Persons + 1) / 2, 10];
        for (var person = 0; person < part.GetLength(0); person++)
        for (var item = 0; item < 10; item++)
            part[person, item] = whole[2 * person, item];
        return new(part);
    }

    private static ItemParameters?[] Known(bool ownSlopes) =>
        [
            .. Difficulties.Select((difficulty, item) => ItemParameters.FromSteps(ownSlopes ? Slopes[item] : 1, [difficulty])),
            null,
            null,
            null,
            null,
        ];

    [Fact]
    public void Items_with_slopes_are_those_of_brute_force()
    {
        var known = Known(true);
        var fit = FixedItemCalibration.Fit(Group(), known).Value;

        new[] { fit.LogLikelihood, fit.Abilities.Mean, fit.Abilities.Deviation, fit.MeanError, fit.DeviationError }.ShouldMatch(
            [-882.573296, 0.139855, 1.369645, 0.133997, 0.152161],
            1e-5
        );
        double[][] expected =
        [
            [0.937194, -0.374695, 0.247274, 0.219864],
            [1.183065, 0.788882, 0.304426, 0.223985],
            [0.846420, 1.883937, 0.233349, 0.443786],
            [0.650736, -1.039806, 0.195643, 0.385799],
        ];
        foreach (var (item, values) in fit.Items.Skip(6).Zip(expected))
            new[]
            {
                item.Value.Parameters.Slope,
                item.Value.Parameters.Steps[0],
                item.Value.Errors!.Slope,
                item.Value.Errors!.Steps[0],
            }.ShouldMatch(values, 2e-5);
        fit.Items[2].Value.Should().Be(new MarginalItem(known[2]!, null), "known items stay as they are");
        fit.Parameters.Should().Be(10);
    }

    [Fact]
    public void Rasch_items_are_those_of_brute_force()
    {
        var fit = FixedItemCalibration.Fit(Group(), Known(false), new(MarginalModel.PartialCredit)).Value;

        new[] { fit.LogLikelihood, fit.Abilities.Mean, fit.Abilities.Deviation, fit.MeanError, fit.DeviationError }.ShouldMatch(
            [-889.029057, 0.232158, 1.445747, 0.143170, 0.132067],
            1e-5
        );
        fit.Items.Skip(6).Select(item => item.Value.Parameters.Location).ShouldMatch([-0.276151, 0.966002, 1.838132, -0.679427], 1e-5);
        fit.Items.Skip(6).Select(item => item.Value.Errors!.Steps[0]).ShouldMatch([0.205023, 0.213594, 0.242760, 0.210405], 1e-5);
    }

    [Fact]
    public void Drift_is_that_of_brute_force()
    {
        var two = AnchorDrift.Of(Group(), Known(true)).Value[2].Value;
        var rasch = AnchorDrift.Of(Group(), Known(false), new(MarginalModel.PartialCredit)).Value[2].Value;

        (two.Column, two.Degrees, rasch.Degrees).Should().Be((2, 2, 1));
        new[] { two.Statistic, two.Displacement, two.DisplacementError }.ShouldMatch([6.916885, 0.239939 + 0.1, 0.215725], 2e-5);
        new[] { rasch.Statistic, rasch.Displacement, rasch.DisplacementError }.ShouldMatch([3.508119, 0.289513 + 0.1, 0.208571], 2e-5);
        // In R: pchisq(6.916885, 2, lower = FALSE) and pchisq(3.508119, 1, lower = FALSE).
        new[] { two.P, rasch.P }.ShouldMatch([0.0314788, 0.0610714], 1e-5);
    }

    [Fact]
    public void An_item_that_became_harder_is_found_and_new_items_come_back_on_the_old_scale()
    {
        var random = new Random(31);
        var truth = Simulation.Items(24, 2, true, random);
        var moved = (ItemParameters[])truth.Clone();
        moved[5] = ItemParameters.FromSteps(truth[5].Slope, [.. truth[5].Steps.Select(step => step + 0.6)]);
        // This group is abler and less spread out: θ = 0.7 + 0.8 z.
        var inZ = Array.ConvertAll(
            moved,
            item => ItemParameters.FromSteps(0.8 * item.Slope, [.. item.Steps.Select(step => (step - 0.7) / 0.8)])
        );
        var scores = Simulation.Answers(inZ, 3_000, 1, random);
        ItemParameters?[] known = [.. truth.Take(12), .. Enumerable.Repeat<ItemParameters?>(null, 12)];

        var drift = AnchorDrift.Of(scores, known).Value.Select(item => item.Value).ToArray();
        drift.MaxBy(item => item.Statistic)!.Column.Should().Be(5);
        drift.Single(item => item.P < 0.05 / 12).Column.Should().Be(5);
        drift[5].Displacement.Should().BeApproximately(0.6, 3 * drift[5].DisplacementError);
        drift[5].RobustZ.Should().BeGreaterThan(3);

        known[5] = null;
        var fit = FixedItemCalibration.Fit(scores, known).Value;
        fit.Abilities.Mean.Should().BeApproximately(0.7, 3 * fit.MeanError);
        fit.Abilities.Deviation.Should().BeApproximately(0.8, 3 * fit.DeviationError);
        for (var item = 12; item < 24; item++)
            fit.Items[item].Value.Parameters.Location.Should().BeApproximately(truth[item].Location, 4 * fit.LocationErrors[item]);
    }

    // Tests items that have not changed. 40 replications of 12 items give 480 tests, so the share of flagged items has
    // a standard error of one percentage point.
    [Fact]
    public void Items_that_stayed_are_flagged_at_the_nominal_rate()
    {
        var random = new Random(37);
        var truth = Simulation.Items(12, 1, false, random);
        var (flagged, all) = (0, 0);
        for (var time = 0; time < 40; time++)
            foreach (var item in AnchorDrift.Of(Simulation.Answers(truth, 500, 1.2, random), truth, new(MarginalModel.PartialCredit)).Value)
            {
                all++;
                flagged += item.Value.P < 0.05 ? 1 : 0;
            }
        (flagged / (double)all).Should().BeInRange(0.02, 0.08);
    }

    [Fact]
    public void Without_known_items_or_people_who_differ_there_is_no_scale()
    {
        var scores = Group();
        FixedItemCalibration.Fit(scores, new ItemParameters?[10]).Reason.Should().Be(Undefined.NotLinked);
        FluentActions
            .Invoking(() => FixedItemCalibration.Fit(scores, Known(true), new(MarginalModel.PartialCredit)))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() =>
                FixedItemCalibration.Fit(
                    new(
                        new[,]
                        {
                            { 2, 1 },
                        }
                    ),
                    [new(1, [0]), null]
                )
            )
            .Should()
            .Throw<BadDataException>();
    }
}
