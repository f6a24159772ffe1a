using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.Tests.Raters;

public sealed class ManyFacetRaschTests
{
    private static List<FacetRating> Ratings1()
    {
        var rows = SharedReference.Rows("mfr_data_ratings1.csv");
        var persons = rows.Select(row => row[0]).Distinct().ToList();
        var raters = rows.Select(row => row[1]).Distinct().Order(StringComparer.Ordinal).ToList();
        return
        [
            .. rows.SelectMany(row =>
                Enumerable
                    .Range(0, 5)
                    .Where(item => row[item + 2] is not ("" or "NA"))
                    .Select(item => new FacetRating(
                        persons.IndexOf(row[0]),
                        item,
                        raters.IndexOf(row[1]),
                        (int)SharedReference.Number(row[item + 2])
                    ))
            ),
        ];
    }

    // The values in expected/many_facet_rasch.json come from TAM 4.4-2, tam.mml.mfr(~ item + rater + item:step). TAM
    // used 81 points on −8…8, and its weights h·φ(θ) are not normalised to sum to 1, hence the term added to the
    // log-likelihood.
    [ReferenceFact("mfr_data_ratings1.csv")]
    public void Severities_are_TAMs()
    {
        var fit = ManyFacetRasch.Fit(Ratings1(), new AbilityGrid(81, 8, InDeviations: false)).Value;

        double[] severities =
        [
            1.02231151365361,
            0.516267964114911,
            0.417394684243802,
            -0.762298138153216,
            -0.089542423433511,
            -0.778799665495153,
            -0.325333934930442,
        ];
        double[] difficulties = [-0.260043710602064, 0.447094944703123, -0.29432724247651, 0.496674790623659, 0.401426988295278];
        double[][] steps =
        [
            [-2.6151772754238, 0.284969320330556, 2.33020795509325],
            [-2.61961727917828, 0.281622457423772, 2.33799482175451],
            [-3.69860509007583, 0.703094811734945, 2.99551027834089],
            [-2.8424866286539, -0.294144151410561, 3.13663078006446],
            [-2.84193737806009, -0.417591319358208, 3.2595286974183],
        ];
        var mass = Enumerable
            .Range(0, 81)
            .Sum(point => 0.2 * Math.Exp(-Math.Pow(-8 + 0.2 * point, 2) / 2 / fit.Variance) / Math.Sqrt(2 * Math.PI * fit.Variance));
        (fit.LogLikelihood + 135 * Math.Log(mass)).Should().BeApproximately(-1263.11500186104, 1e-4);
        fit.Variance.Should().BeApproximately(4.05864975627822, 1e-4);
        for (var rater = 0; rater < 7; rater++)
            fit.Raters[rater].Severity.Value.Should().BeApproximately(severities[rater], 1e-4);
        for (var item = 0; item < 5; item++)
        {
            fit.Items[item].Difficulty.Value.Should().BeApproximately(difficulties[item], 1e-4);
            for (var step = 0; step < 3; step++)
                fit.Items[item].Steps.Value[step].Should().BeApproximately(steps[item][step], 1e-4);
        }
    }

    [ReferenceFact("mfr_data_ratings1.csv")]
    public void A_finer_and_wider_grid_changes_no_printed_digit()
    {
        var (usual, fine) = (ManyFacetRasch.Fit(Ratings1()).Value, ManyFacetRasch.Fit(Ratings1(), new AbilityGrid(401, 9, true)).Value);

        usual.LogLikelihood.Should().BeApproximately(fine.LogLikelihood, 1e-5);
        for (var rater = 0; rater < 7; rater++)
            usual.Raters[rater].Severity.Value.Should().BeApproximately(fine.Raters[rater].Severity.Value, 1e-5);
        usual.Raters.Sum(rater => rater.Severity.Value).Should().BeApproximately(0, 1e-10);
    }

    /// <summary>
    /// Every person is marked on every item by two raters, chosen in rotation; the last rater may mark at random.
    /// </summary>
    private static List<FacetRating> Simulated(Random random, double[] severities, int persons, bool erratic = false)
    {
        double[] difficulties = [-0.5, 0, 0.5];
        double[][] steps =
        [
            [-1.5, 0, 1.5],
            [-1, 1],
            [0],
        ];
        var ratings = new List<FacetRating>();
        for (var person = 0; person < persons; person++)
        {
            var ability = 1.2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            foreach (
                var rater in new[]
                {
                    person % severities.Length,
                    (person + 1 + person / severities.Length % (severities.Length - 1)) % severities.Length,
                }.Distinct()
            )
                for (var item = 0; item < 3; item++)
                    ratings.Add(
                        new FacetRating(
                            person,
                            item,
                            rater,
                            erratic && rater == severities.Length - 1
                                ? random.Next(steps[item].Length + 1)
                                : Psychometrics.ItemResponse.PartialCredit.Draw(
                                    ability - severities[rater] - difficulties[item],
                                    steps[item],
                                    random.NextDouble()
                                )
                        )
                    );
        }
        return ratings;
    }

    [Fact]
    public void Severities_are_recovered_and_95_percent_intervals_cover_95_percent()
    {
        var random = new Random(61);
        double[] severities = [-0.8, -0.3, 0, 0.1, 0.3, 0.7];
        var (covered, count, squares, expected) = (0, 0, 0.0, 0.0);
        for (var sample = 0; sample < 80; sample++)
        {
            var fit = ManyFacetRasch.Fit(Simulated(random, severities, 180), new AbilityGrid(41, 5, true)).Value;
            for (var rater = 0; rater < 6; rater++)
            {
                var (error, spread) = (fit.Raters[rater].Severity.Value - severities[rater], fit.Raters[rater].StandardError.Value);
                if (Math.Abs(error) < 1.96 * spread)
                    covered++;
                count++;
                squares += error * error;
                expected += spread * spread;
            }
        }

        // Of 480 intervals, 95 % should cover the truth, give or take two standard deviations of 1 % each. The actual
        // errors should be as large as the standard errors state.
        (covered / (double)count)
            .Should()
            .BeInRange(0.93, 0.97);
        Math.Sqrt(squares / expected).Should().BeInRange(0.92, 1.08);
    }

    [Fact]
    public void Fit_is_about_1_and_shows_who_marks_at_random()
    {
        var good = ManyFacetRasch.Fit(Simulated(new Random(5), [-0.5, 0, 0.2, 0.3], 600)).Value;
        var bad = ManyFacetRasch.Fit(Simulated(new Random(5), [-0.5, 0, 0.2, 0.3], 600, erratic: true)).Value;

        good.Raters.Should().OnlyContain(rater => Math.Abs(rater.Fit.Value.Infit - 1) < 0.12 && Math.Abs(rater.Fit.Value.Outfit - 1) < 0.2);
        good.Items.Should().OnlyContain(item => Math.Abs(item.Fit.Value.Infit - 1) < 0.12);
        bad.Raters[3].Fit.Value.Infit.Should().BeGreaterThan(1.3);
        bad.Raters.MaxBy(rater => rater.Fit.Value.Infit)!.Rater.Should().Be(3);
    }

    [Fact]
    public void A_rater_who_always_gives_the_lowest_mark_is_left_out_and_said_so()
    {
        var ratings = Simulated(new Random(6), [-0.5, 0.5], 100);
        var without = ManyFacetRasch.Fit(ratings).Value;
        ratings.AddRange(Enumerable.Range(0, 20).Select(person => new FacetRating(person, 0, 7, 0)));

        var fit = ManyFacetRasch.Fit(ratings).Value;

        fit.Raters[2].Severity.Reason.Should().Be(Undefined.PerfectScore);
        fit.Raters[2].Ratings.Should().Be(20);
        fit.LogLikelihood.Should().BeApproximately(without.LogLikelihood, 1e-9);
    }

    [Fact]
    public void A_score_never_given_leaves_the_steps_undefined_but_not_the_severity()
    {
        var ratings = Simulated(new Random(7), [-0.5, 0, 0.5], 200)
            .Select(rating => rating is { Item: 0, Score: 1 } ? rating with { Score = 2 } : rating)
            .ToList();
        ratings.AddRange(Enumerable.Range(0, 30).Select(person => new FacetRating(person, 3, person % 3, 1)));

        var fit = ManyFacetRasch.Fit(ratings).Value;

        fit.Items[0].Steps.Reason.Should().Be(Undefined.EmptyCategory);
        fit.Items[0].Difficulty.IsDefined.Should().BeTrue();
        fit.Items[3].Difficulty.Reason.Should().Be(Undefined.NoVariance);
        fit.Raters.Should().OnlyContain(rater => rater.Severity.IsDefined);
    }

    [Fact]
    public void Raters_that_share_no_person_are_shown_to_be_in_two_groups()
    {
        var here = Simulated(new Random(8), [-0.5, 0.5], 100);
        var there = Simulated(new Random(9), [0, 0.3], 100)
            .Select(rating => rating with { Person = rating.Person + 100, Rater = rating.Rater + 2 });

        ManyFacetRasch.Fit([.. here, .. there]).Value.Raters.Select(rater => rater.Group).Should().Equal(0, 0, 1, 1);
    }

    [Fact]
    public void Undefined_models_and_bad_ratings_are_named()
    {
        ManyFacetRasch.Fit([]).Reason.Should().Be(Undefined.NoVariance);
        ManyFacetRasch
            .Fit([.. Simulated(new Random(8), [-0.5, 0.5], 100).Where(rating => rating.Rater == 0)])
            .Reason.Should()
            .Be(Undefined.TooFewRaters);
        FluentActions
            .Invoking(() => ManyFacetRasch.Fit([new(0, 0, 0, 1), new(0, 0, 1, -2)]))
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
        FluentActions
            .Invoking(() => ManyFacetRasch.Fit([new(0, 0, 0, 1), new(0, 0, 0, 1)]))
            .Should()
            .Throw<BadDataException>()
            .Which.Row.Should()
            .Be(1);
    }
}
