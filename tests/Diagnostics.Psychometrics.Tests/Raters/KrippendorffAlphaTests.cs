using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.Tests.Raters;

public sealed class KrippendorffAlphaTests
{
    private static RatingSet Published()
    {
        var raters = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "krippendorff_c.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .ToArray();
        var ratings = new double?[12, 4];
        for (var rater = 0; rater < 4; rater++)
        for (var unit = 0; unit < 12; unit++)
            ratings[unit, rater] = raters[rater][unit].Length > 0 ? SharedReference.Number(raters[rater][unit]) : null;
        return RatingSet.FromMatrix(ratings);
    }

    // Krippendorff prints .743 .815 .849 .797; further digits come from irr 0.84.1 (expected/krippendorff_alpha.json).
    [Theory]
    [InlineData(Metric.Nominal, 0.743421052631579)]
    [InlineData(Metric.Ordinal, 0.815387503754881)]
    [InlineData(Metric.Interval, 0.849107142857143)]
    [InlineData(Metric.Ratio, 0.797402774711612)]
    public void Alpha_is_Krippendorffs_own(Metric metric, double alpha) =>
        KrippendorffAlpha.Of(Published(), metric).Value.Should().BeApproximately(alpha, 1e-12);

    // The values in expected/krippendorff_alpha.json come from irr 0.84.1. Without missing ratings irr divides a unit's
    // pairs by 1 instead of by its number of ratings less one. Three raters then count as 2n = 120 values instead of n
    // = 60, and irr's 1 − alpha is (n − ½)/(n − 1) times the right value.
    [ReferenceFact("irr_anxiety.csv")]
    public void Alpha_is_irrs_but_for_its_count_of_complete_data()
    {
        var rows = SharedReference.Rows("irr_anxiety.csv");
        var ratings = new double?[rows.Length, 3];
        for (var unit = 0; unit < rows.Length; unit++)
        for (var rater = 0; rater < 3; rater++)
            ratings[unit, rater] = SharedReference.Number(rows[unit][rater]);
        var set = RatingSet.FromMatrix(ratings);

        Irrs(Metric.Nominal).Should().BeApproximately(-0.032400849858357, 1e-12);
        Irrs(Metric.Ordinal).Should().BeApproximately(0.221847851608359, 1e-12);
        Irrs(Metric.Interval).Should().BeApproximately(0.163065545243619, 1e-12);
        Irrs(Metric.Ratio).Should().BeApproximately(0.134528470566634, 1e-12);

        double Irrs(Metric metric) => 1 - (1 - KrippendorffAlpha.Of(set, metric).Value) * 59.5 / 59;
    }

    // Krippendorff (2011), Computing Krippendorff's alpha-reliability, prints .095 in section A and .692 in section B.
    [Theory]
    [InlineData("0100000010", "1110010000", 0.095)]
    [InlineData("aabbdcccedda", "babbbccceddd", 0.692)]
    public void Two_observers_agree_as_printed(string first, string second, double alpha)
    {
        var ratings = new double?[first.Length, 2];
        for (var unit = 0; unit < first.Length; unit++)
            (ratings[unit, 0], ratings[unit, 1]) = (first[unit], second[unit]);

        KrippendorffAlpha.Of(RatingSet.FromMatrix(ratings), Metric.Nominal).Value.Should().BeApproximately(alpha, 5e-4);
    }

    // Writes out the definition, with the coincidence matrix and the metric's own formula for every pair of values.
    [Theory]
    [InlineData(Metric.Nominal)]
    [InlineData(Metric.Ordinal)]
    [InlineData(Metric.Interval)]
    [InlineData(Metric.Ratio)]
    public void Alpha_is_its_definition_by_the_coincidence_matrix(Metric metric)
    {
        var random = new Random(11);
        for (var sample = 0; sample < 50; sample++)
        {
            var ratings = new double?[15, 4];
            for (var unit = 0; unit < 15; unit++)
            for (var rater = 0; rater < 4; rater++)
                ratings[unit, rater] = random.Next(4) == 0 ? null : (unit + random.Next(4)) % 6;
            KrippendorffAlpha
                .Of(RatingSet.FromMatrix(ratings), metric)
                .Value.Should()
                .BeApproximately(ByDefinition(ratings, metric), 1e-12);
        }
    }

    private static double ByDefinition(double?[,] ratings, Metric metric)
    {
        var pairs = new double[6, 6];
        for (var unit = 0; unit < ratings.GetLength(0); unit++)
        {
            var values = Enumerable
                .Range(0, 4)
                .Select(rater => ratings[unit, rater])
                .OfType<double>()
                .Select(value => (int)value)
                .ToArray();
            for (var one = 0; one < values.Length; one++)
            for (var other = 0; other < values.Length; other++)
                if (one != other)
                    pairs[values[one], values[other]] += 1.0 / (values.Length - 1);
        }
        var n = Enumerable.Range(0, 6).Select(value => Enumerable.Range(0, 6).Sum(other => pairs[value, other])).ToArray();
        var (observed, expected) = (0.0, 0.0);
        for (var one = 0; one < 6; one++)
        for (var other = 0; other < 6; other++)
        {
            var (low, high) = (Math.Min(one, other), Math.Max(one, other));
            var difference =
                one == other
                    ? 0
                    : metric switch
                    {
                        Metric.Nominal => 1,
                        Metric.Ordinal => Math.Pow(n[low..(high + 1)].Sum() - (n[low] + n[high]) / 2, 2),
                        Metric.Interval => Math.Pow(one - other, 2),
                        _ => Math.Pow((one - other) / (double)(one + other), 2),
                    };
            observed += pairs[one, other] * difference;
            expected += n[one] * n[other] * difference;
        }
        return 1 - (n.Sum() - 1) * observed / expected;
    }

    [Fact]
    public void Units_seen_by_one_rater_do_not_count()
    {
        var pairs = RatingSet.FromMatrix(
            new double?[,]
            {
                { 1, 1 },
                { 2, 3 },
                { 3, 3 },
            }
        );
        var lonely = RatingSet.FromMatrix(
            new double?[,]
            {
                { 1, 1 },
                { 9, null },
                { 2, 3 },
                { 3, 3 },
                { null, null },
            }
        );

        KrippendorffAlpha.Of(lonely, Metric.Ordinal).Value.Should().Be(KrippendorffAlpha.Of(pairs, Metric.Ordinal).Value);
    }

    [Fact]
    public void Undefined_alphas_say_why()
    {
        KrippendorffAlpha
            .Of(
                RatingSet.FromMatrix(
                    new double?[,]
                    {
                        { 1, null },
                        { null, 2 },
                    }
                ),
                Metric.Nominal
            )
            .Reason.Should()
            .Be(Undefined.NoCommonUnits);
        KrippendorffAlpha
            .Of(
                RatingSet.FromMatrix(
                    new double?[,]
                    {
                        { 1, 1 },
                        { 1, 1 },
                    }
                ),
                Metric.Interval
            )
            .Reason.Should()
            .Be(Undefined.NoVariance);
        KrippendorffAlpha
            .Bootstrap(
                RatingSet.FromMatrix(
                    new double?[,]
                    {
                        { 1, 1 },
                    }
                ),
                Metric.Interval,
                100,
                1
            )
            .Reason.Should()
            .Be(Undefined.NoVariance);
        FluentActions
            .Invoking(() =>
                KrippendorffAlpha.Of(
                    RatingSet.FromMatrix(
                        new double?[,]
                        {
                            { 1, -1 },
                        }
                    ),
                    Metric.Ratio
                )
            )
            .Should()
            .Throw<BadDataException>();
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_around_alpha()
    {
        var first = KrippendorffAlpha.Bootstrap(Published(), Metric.Ordinal, 1000, seed: 7).Value;
        var second = KrippendorffAlpha.Bootstrap(Published(), Metric.Ordinal, 1000, seed: 7).Value;

        second.Should().Be(first);
        first.Interval.Contains(first.Alpha).Should().BeTrue();
        KrippendorffAlpha.Bootstrap(Published(), Metric.Ordinal, 1000, seed: 8).Value.Interval.Should().NotBe(first.Interval);
    }

    // The units are normal with variance 1, and the errors of the two raters have variance ½, so alpha with the
    // interval metric tends to 1/(1 + ½).
    [Fact]
    public void The_bootstrap_interval_covers_the_truth_as_often_as_it_says()
    {
        var random = new Random(4);
        var covered = 0;
        for (var sample = 0; sample < 200; sample++)
        {
            var ratings = new double?[100, 2];
            for (var unit = 0; unit < 100; unit++)
            {
                var truth = Normal();
                for (var rater = 0; rater < 2; rater++)
                    ratings[unit, rater] = truth + Math.Sqrt(0.5) * Normal();
            }
            if (KrippendorffAlpha.Bootstrap(RatingSet.FromMatrix(ratings), Metric.Interval, 400, sample).Value.Interval.Contains(2.0 / 3))
                covered++;
        }

        // 95 % of 200 is 190, with a binomial standard deviation of 3.1; the percentile interval is slightly too short.
        covered.Should().BeInRange(178, 199);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Theory]
    [InlineData(Metric.Nominal)]
    [InlineData(Metric.Ordinal)]
    [InlineData(Metric.Interval)]
    [InlineData(Metric.Ratio)]
    public void A_hundred_thousand_ratings_take_under_two_seconds(Metric metric)
    {
        var random = new Random(5);
        var (units, raters, values) = (new int[100_000], new int[100_000], new double[100_000]);
        for (var row = 0; row < units.Length; row++)
            (units[row], raters[row], values[row]) = (row / 4, row % 4 * 10 + row / 4 % 10, Math.Min(10, row / 4 % 9 + random.Next(3)));
        var limit = TimeSpan.FromSeconds(2);

        // Take the fastest of a few runs: on a busy machine any single run may have waited for other processes.
        var quickest = TimeSpan.MaxValue;
        for (var run = 0; run < 5 && quickest >= limit; run++)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            KrippendorffAlpha.Of(new RatingSet(units, raters, values), metric).Value.Should().BeInRange(0.2, 1);
            if (clock.Elapsed < quickest)
                quickest = clock.Elapsed;
        }

        quickest.Should().BeLessThan(limit);
    }
}
