using Diagnostics.Psychometrics.Classification;

namespace Diagnostics.Psychometrics.Tests.Classification;

public sealed class LivingstonLewisTests
{
    private static List<double> Sums(string file) =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", file))
                .Skip(1)
                .Select(line => line.Split(',').Sum(SharedReference.Number)),
        ];

    // The values are in expected/classification_livingston_lewis.json. Its parameters come from betafunctions 1.9.0,
    // and its other figures from the part own_check of the file.
    [Theory]
    [InlineData(
        "raschdat1.csv",
        30,
        0.841677956465073,
        18,
        24,
        3.00417990363343,
        3.44717278849276,
        33.8104365995841,
        0.843056398243613,
        0.791759717304187,
        0.692531490413563,
        0.243570719374354
    )]
    [InlineData(
        "fourforms_A.csv",
        25,
        0.817664246279051,
        15,
        20,
        3.31648632734465,
        2.83959521085233,
        27.537911141327,
        0.783356921670066,
        0.718124835272103,
        0.578738943987846,
        0.273299100806994
    )]
    public void Three_levels_under_two_parameters(
        string file,
        int items,
        double alpha,
        int low,
        int high,
        double a,
        double b,
        double length,
        double accuracy,
        double consistency,
        double lowest,
        double middle
    )
    {
        var fit = LivingstonLewis.Of(Sums(file), 0, items, alpha, [low, high], fourMoments: false).Value;

        fit.Length.Should().BeApproximately(length, 1e-9);
        fit.TrueScores.Alpha.Should().BeApproximately(a, 1e-9);
        fit.TrueScores.Beta.Should().BeApproximately(b, 1e-9);
        fit.Quality.Accuracy.Should().BeApproximately(accuracy, 1e-9);
        fit.Quality.Consistency.Should().BeApproximately(consistency, 1e-9);
        fit.Quality.LevelShares[0].Should().BeApproximately(lowest, 1e-9);
        fit.Quality.LevelShares[1].Should().BeApproximately(middle, 1e-9);
        fit.Quality.LevelShares.Sum().Should().BeApproximately(1, 1e-12);
    }

    [Theory]
    [InlineData("raschdat1.csv", 30, 0.841677956465073, 18, 20, 0.88386025334562, 0.845398641636946)]
    [InlineData("raschdat1.csv", 30, 0.841677956465073, 24, 27, 0.958466713207949, 0.942595754789803)]
    [InlineData("fourforms_A.csv", 25, 0.817664246279051, 15, 17, 0.867419875725594, 0.816831712291422)]
    [InlineData("fourforms_A.csv", 25, 0.817664246279051, 20, 22, 0.91362035198517, 0.887534124645537)]
    public void Single_cuts_under_two_parameters(
        string file,
        int items,
        double alpha,
        int cut,
        int needed,
        double accuracy,
        double consistency
    )
    {
        var fit = LivingstonLewis.Of(Sums(file), 0, items, alpha, [cut], fourMoments: false).Value;

        fit.ItemsNeeded.Should().Equal(needed);
        fit.Quality.Accuracy.Should().BeApproximately(accuracy, 1e-9);
        fit.Quality.Consistency.Should().BeApproximately(consistency, 1e-9);
    }

    // The values come from betafunctions 1.9.0. To compute consistency, the package floors the cut, whereas our code
    // rounds it, so the package's consistency is listed only where both give the same number of effective items. The
    // package integrates only to about 5e-6. For fourforms_A at cut 15 it gives .8739917604, where 20,000 midpoints on
    // either side of the cut, computed separately from this code, give .8739872809. At cut 20 the package gives a kappa
    // of .5450265866, and the midpoints give .5450311862.
    [Theory]
    [InlineData(
        "raschdat1.csv",
        30,
        0.841677956465073,
        18,
        2.61053248929603,
        2.74975806998002,
        0.0166298647571834,
        0.938651613159934,
        0.883164404993113,
        0.844573334632232,
        0.637925702471453
    )]
    [InlineData(
        "raschdat1.csv",
        30,
        0.841677956465073,
        24,
        2.61053248929603,
        2.74975806998002,
        0.0166298647571834,
        0.938651613159934,
        0.956428650684669,
        0.939969162393176,
        0.482502970511131
    )]
    [InlineData(
        "fourforms_A.csv",
        25,
        0.817664246279051,
        20,
        1.96299400154709,
        1.7854623232866,
        0.112952914824385,
        0.926006495982726,
        0.90825506648063,
        0.881810223273422,
        0.5450311861649716
    )]
    [InlineData(
        "fourforms_A.csv",
        25,
        0.817664246279051,
        15,
        1.96299400154709,
        1.7854623232866,
        0.112952914824385,
        0.926006495982726,
        0.8739872809297964,
        double.NaN,
        double.NaN
    )]
    public void Four_parameters_keep_four_moments(
        string file,
        int items,
        double alpha,
        int cut,
        double a,
        double b,
        double lower,
        double upper,
        double accuracy,
        double consistency,
        double kappa
    )
    {
        var fit = LivingstonLewis.Of(Sums(file), 0, items, alpha, [cut]).Value;

        fit.TrueScores.Fitted.Should().Be(4);
        fit.TrueScores.Alpha.Should().BeApproximately(a, 1e-8);
        fit.TrueScores.Beta.Should().BeApproximately(b, 1e-8);
        fit.TrueScores.Lower.Should().BeApproximately(lower, 1e-8);
        fit.TrueScores.Upper.Should().BeApproximately(upper, 1e-8);
        fit.Quality.Accuracy.Should().BeApproximately(accuracy, 1e-6);
        if (double.IsNaN(consistency))
            return;
        fit.Quality.Consistency.Should().BeApproximately(consistency, 1e-6);
        fit.Quality.Kappa.Value.Should().BeApproximately(kappa, 1e-6);
    }

    // SAT12 with cuts at 60 and 80 % of 32 items. The fit to four moments falls outside 0…1, so only two moments are
    // fitted. At cut 26 the package floors the number of effective items, whereas own_check rounds it.
    [ReferenceFact("sat12_scored.csv")]
    public void A_test_whose_four_moments_are_impossible_falls_back_on_two()
    {
        List<double> scores = [.. SharedReference.Rows("sat12_scored.csv").Select(row => row.Sum(SharedReference.Number))];
        var fit = LivingstonLewis.Of(scores, 0, 32, 0.797891861124153, [20, 26]).Value;

        (fit.TrueScores.Fitted, fit.TrueScores.Lower, fit.TrueScores.Upper).Should().Be((2, 0, 1));
        fit.TrueScores.Alpha.Should().BeApproximately(6.45640339517877, 1e-9);
        fit.ItemsNeeded.Should().Equal(28, 37);
        fit.Quality.Accuracy.Should().BeApproximately(0.814338862580742, 1e-9);
        fit.Quality.Consistency.Should().BeApproximately(0.745406193542713, 1e-9);
        // In betafunctions the rows are the observed levels.
        fit.Quality.TrueByObserved[0, 1].Should().BeApproximately(0.0961111590844289, 1e-9);
        fit.Quality.TrueByObserved[1, 0].Should().BeApproximately(0.048201681155344, 1e-9);
        var upper = LivingstonLewis.Of(scores, 0, 32, 0.797891861124153, [26]).Value.Quality;
        upper.Accuracy.Should().BeApproximately(0.958651702820521, 1e-9);
        upper.Consistency.Should().BeApproximately(0.939698011828879, 1e-9);
    }

    // With limits 0 and 1 the true score, given y of N effective items, has the distribution beta(α + y, β + N − y),
    // the conjugate posterior.
    [Fact]
    public void Levels_given_a_score_are_the_conjugate_posterior()
    {
        var fit = LivingstonLewis.Of(Sums("raschdat1.csv"), 0, 30, 0.841677956465073, [18, 24], fourMoments: false).Value;
        foreach (var score in new[] { 0, 10, 17, 18, 23, 30 })
        {
            var passed = score / 30.0 * fit.Items;
            var below = MathNet.Numerics.Distributions.Beta.CDF(
                fit.TrueScores.Alpha + passed,
                fit.TrueScores.Beta + fit.Items - passed,
                0.6
            );

            fit.LevelsGiven(score)[0].Should().BeApproximately(below, 1e-9);
            fit.LevelsGiven(score).Sum().Should().BeApproximately(1, 1e-12);
        }
    }

    // Simulates two forms of 40 equal items with beta(5, 3) true shares. The estimates from form 1 alone are compared
    // with the actual levels.
    [Fact]
    public void Estimates_match_the_simulated_truth()
    {
        var random = new Random(12);
        const int people = 20_000;
        var (scores, right, same, sum, squares, errors) = (new List<double>(), 0, 0, 0.0, 0.0, 0.0);
        for (var person = 0; person < people; person++)
        {
            var truth = MathNet.Numerics.Distributions.Beta.Sample(random, 5, 3);
            var (first, second) = (Draw(truth), Draw(truth));
            scores.Add(first);
            if (Level(first / 40.0) == Level(truth))
                right++;
            if (Level(first / 40.0) == Level(second / 40.0))
                same++;
            sum += first;
            squares += (double)first * first;
            errors += 40 * truth * (1 - truth);
        }
        var variance = squares / people - sum / people * sum / people;
        var quality = LivingstonLewis.Of(scores, 0, 40, 1 - errors / people / variance, [24, 32]).Value.Quality;

        // The binomial standard deviations of the simulated shares are .003; the errors of the estimated moments add
        // about as much again.
        quality.Accuracy.Should().BeApproximately(right / (double)people, 0.012);
        quality.Consistency.Should().BeApproximately(same / (double)people, 0.012);

        int Draw(double truth) => Enumerable.Range(0, 40).Count(_ => random.NextDouble() < truth);
        static int Level(double share) =>
            share < 0.6 ? 0
            : share < 0.8 ? 1
            : 2;
    }

    [Fact]
    public void Undefined_and_bad_input_are_named()
    {
        LivingstonLewis.Of([3, 3, 3], 0, 10, 0.8, [6]).Reason.Should().Be(Undefined.NoVariance);
        LivingstonLewis.Of([3, 5, 7], 0, 10, -0.2, [6]).Reason.Should().Be(Undefined.NoVariance);
        LivingstonLewis.Of([3], 0, 10, 0.8, [6]).Reason.Should().Be(Undefined.TooFewPersons);
        FluentActions
            .Invoking(() => LivingstonLewis.Of([3, 11], 0, 10, 0.8, [6]))
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
        FluentActions
            .Invoking(() => LivingstonLewis.Of([3, double.NaN], 0, 10, 0.8, [6]))
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
        FluentActions.Invoking(() => LivingstonLewis.Of([3, 4], 0, 10, 0.8, [6, 6])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => LivingstonLewis.Of([3, 4], 0, 10, 1.1, [6])).Should().Throw<ArgumentException>();
    }
}
