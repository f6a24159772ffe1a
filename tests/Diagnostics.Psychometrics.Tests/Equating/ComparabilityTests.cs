using Diagnostics.Psychometrics.Equating;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.Equating;

/// <summary>
/// Uses four simulated 25-item forms; fourforms_random_groups.json has their equating errors against the known truth.
/// </summary>
public sealed class ComparabilityTests
{
    private static readonly System.Text.Json.JsonElement Reference = Expected("fourforms_random_groups");

    private static ScoreDistribution Form(string form)
    {
        var scores = new ScoreMatrix(Scores($"fourforms_{form}").Scores);
        return ScoreDistribution.Of(
            [.. Enumerable.Range(0, scores.Persons).Select(person => Enumerable.Range(0, scores.Items).Sum(item => scores[person, item]))],
            25
        );
    }

    // By rmse_vs_population_criterion, identity equating has an error of 3.68 for C and 1.61 for D; both are far above
    // the errors of smoothed equating (.26 and .22).
    [Theory]
    [InlineData("C")]
    [InlineData("D")]
    public void A_form_that_is_harder_or_easier_should_be_equated(string form)
    {
        var report = Comparability.Compare(Form(form), Form("A"), degree: 4).Value;

        report.Verdict.Should().Be(ParallelVerdict.Equate);
        report
            .MeanDifference.Should()
            .BeApproximately(Reference.GetProperty("form_means").Number("A") - Reference.GetProperty("form_means").Number(form), 1e-10);
        report.DistributionP.Should().BeLessThan(1e-6);
        report.ShareThatMatters.Should().BeGreaterThan(0.9);
        // The reference averages over scores that it chooses, and our report averages over people, so the values are of
        // similar size but not equal.
        var truth = Reference.GetProperty("rmse_vs_population_criterion").GetProperty(form);
        report.IdentityError.Should().BeApproximately(truth.Number("identity"), 0.3 * truth.Number("identity"));
    }

    // By rmse_vs_population_criterion, identity equating has an error of .307 for B and smoothed equating one of .260,
    // so equating gains almost nothing.
    [Fact]
    public void Scores_of_a_nearly_parallel_form_are_kept()
    {
        var report = Comparability.Compare(Form("B"), Form("A"), degree: 4).Value;

        report.Verdict.Should().NotBe(ParallelVerdict.Equate);
        report.MeanP.Should().BeGreaterThan(0.05);
        report.Scores.Count(score => score.Exceeds).Should().BeLessThan(4);
    }

    [Fact]
    public void Two_samples_of_one_form_are_found_different_one_time_in_twenty()
    {
        // Both samples come from the smoothed distribution of form A, so p is uniform, and 400 draws give 20 ± 4.4
        // values below .05; four standard deviations either way give 2 to 38.
        var random = new Random(11);
        var smooth = LogLinear.Fit(Form("A"), 4).Value.Smooth;
        var below = Enumerable.Range(0, 400).Count(_ => Comparability.Compare(Draw(), Draw(), degree: 4).Value.DistributionP < 0.05);
        below.Should().BeInRange(2, 38);

        ScoreDistribution Draw()
        {
            var totals = new int[1000];
            for (var person = 0; person < totals.Length; person++)
            {
                var uniform = random.NextDouble();
                while (smooth.Cumulative(totals[person]) < uniform)
                    totals[person]++;
            }
            return ScoreDistribution.Of(totals, 25);
        }
    }

    [Fact]
    public void Small_groups_are_never_called_parallel()
    {
        var few = ScoreDistribution.Of([1, 3, 5, 7, 8, 7, 5, 3, 1]);

        var report = Comparability.Compare(few, few, degree: 3).Value;

        report.DistributionChiSquare.Should().BeApproximately(0, 1e-9);
        report.PowerToSee.Should().BeGreaterThan(1);
        report.Verdict.Should().Be(ParallelVerdict.KeepScores);
    }

    // With an SD of 5.16 and 10,000 people for each form, the SE of the mean difference is .073, and a difference of
    // .24 of a point is found nine times in ten.
    [Fact]
    public void Large_groups_without_a_difference_show_parallel_forms()
    {
        var many = ScoreDistribution.Of([
            .. LogLinear.Fit(Form("A"), 4).Value.Smooth.Counts.Select(count => Math.Round(count * 10_000 / 600)),
        ]);

        var report = Comparability.Compare(many, many, degree: 4).Value;

        report.PowerToSee.Should().BeApproximately(3.2415 * 5.157 * Math.Sqrt(2 / 10_000d), 0.002);
        report.Verdict.Should().Be(ParallelVerdict.Parallel);
    }

    // By hand, for rows (10, 20) and (20, 10): each expected count is 15, so χ² = 4 · 25/15 = 6.6667, and with 1 df p =
    // 0.009823.
    [Fact]
    public void Uneven_assignment_is_seen()
    {
        var test = Comparability
            .Assignment(
                new[,]
                {
                    { 10, 20 },
                    { 20, 10 },
                }
            )
            .Value;

        test.ChiSquare.Should().BeApproximately(20 / 3d, 1e-12);
        test.DegreesOfFreedom.Should().Be(1);
        test.P.Should().BeApproximately(0.009823, 1e-6);
        Comparability
            .Assignment(
                new[,]
                {
                    { 10, 20 },
                }
            )
            .Reason.Should()
            .Be(Undefined.EmptyCategory);
    }

    [Fact]
    public void Forms_of_different_maxima_are_refused()
    {
        var act = () => Comparability.Compare(ScoreDistribution.Of([1, 2]), ScoreDistribution.Of([1, 2, 3]));

        act.Should().Throw<BadDataException>();
    }
}
