using System.Text.Json.Nodes;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class ConditionalMaximumLikelihoodTests
{
    // The values in rasch_cml_polished.json come from Newton's method, run to a gradient below 1e-13 and checked
    // against eRm 1.0-2 and psychotools 0.7-2.
    [Theory]
    [InlineData("raschdat1", 0)]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Rasch_difficulties_and_errors_are_those_of_the_reference(string name, int skip) =>
        CheckRasch(ReferenceScores.Read(name, skip), name);

    [ReferenceFact("sat12_scored.csv")]
    public void Rasch_difficulties_and_errors_are_those_of_the_reference_for_sat12() => CheckRasch(ReferenceScores.Sat12(), "sat12_scored");

    private static void CheckRasch(ScoreMatrix scores, string name)
    {
        var expected = ReferenceScores.Expected("rasch_cml_polished")[name]!;

        var fit = ConditionalMaximumLikelihood.Fit(scores).Value;

        fit.LogLikelihood.Should().BeApproximately(expected.Number("cond_loglik"), 1e-7);
        fit.PersonsUsed.Should().Be(expected["n_used"]!.GetValue<int>());
        fit.LargestGradient.Should().BeLessThan(1e-9);
        fit.Items.Select(item => item.Value.Location).ShouldMatch(expected["items"]!.Numbers("difficulty"), 1e-7, "difficulty");
        fit.Items.Select(item => item.Value.StepErrors[0]).ShouldMatch(expected["items"]!.Numbers("se"), 1e-7, "se");
    }

    // The values come from eRm on raschdat1, with I1–I5 missing for one half of the persons and I26–I30 for the other
    // half; eRm stops at about 1e-4.
    [Fact]
    public void Items_missing_by_design_are_calibrated_through_the_common_ones()
    {
        var expected = ReferenceScores.Expected("rasch_cml_missing");

        var fit = ConditionalMaximumLikelihood.Fit(ReferenceScores.Read("raschdat1_linked_missing")).Value;

        fit.LogLikelihood.Should().BeApproximately(expected.Number("cond_loglik"), 1e-6);
        fit.Items.Select(item => item.Value.Location).ShouldMatch(expected["items"]!.Numbers("difficulty"), 5e-4, "difficulty");
        fit.Items.Select(item => item.Value.StepErrors[0]).ShouldMatch(expected["items"]!.Numbers("se"), 5e-4, "se");
    }

    // The values come from eRm::PCM, which puts zero at the mean of the cumulative steps.
    [Theory]
    [InlineData("pcmdat", 0)]
    [InlineData("verbagg_poly", 3)]
    public void Partial_credit_steps_and_errors_are_those_of_eRm(string name, int skip)
    {
        var expected = ReferenceScores.Expected("pcm_cml")["pcm"]![name]!;

        var fit = ConditionalMaximumLikelihood.Fit(ReferenceScores.Read(name, skip), ConditionalOrigin.MeanCumulativeStep).Value;

        fit.LogLikelihood.Should().BeApproximately(expected.Number("cond_loglik"), 1e-6);
        fit.Parameters.Should().Be(expected["n_par"]!.GetValue<int>());
        fit.Items.SelectMany(item => item.Value.Steps).ShouldMatch(Thresholds(expected), 5e-4, "threshold");
        fit.Items.SelectMany(item => item.Value.StepErrors)
            .ShouldMatch(expected["threshold_se"]!.AsObject().Select(entry => entry.Value!.GetValue<double>()), 5e-4, "se");
        fit.Items.Select(item => item.Value.Location).ShouldMatch(expected["thresholds"]!.Numbers("Location"), 5e-4, "location");
    }

    private static IEnumerable<double> Thresholds(JsonNode expected) =>
        expected["thresholds"]!
            .AsArray()
            .SelectMany(item =>
                item!
                    .AsObject()
                    .Where(entry => entry.Key.StartsWith("Threshold", StringComparison.Ordinal) && entry.Value is not null)
                    .Select(entry => entry.Value!.GetValue<double>())
            );

    [Fact]
    public void By_default_the_mean_of_all_steps_is_zero()
    {
        var fit = ConditionalMaximumLikelihood.Fit(ReferenceScores.Read("pcmdat")).Value;

        fit.Items.SelectMany(item => item.Value.Steps).Average().Should().BeApproximately(0, 1e-12);
    }

    // With two dichotomous items the conditional estimate is the log odds of the two ways to score 1 (Rasch 1960): 30
    // persons have only the first item right, 10 only the second, so δ₂ − δ₁ = ln 3 with variance 1/30 + 1/10.
    [Fact]
    public void Two_items_give_the_log_odds_worked_out_by_hand()
    {
        var fit = ConditionalMaximumLikelihood.Fit(Repeat((30, [1, 0]), (10, [0, 1]), (25, [1, 1]), (25, [0, 0]))).Value;

        (fit.Items[1].Value.Steps[0] - fit.Items[0].Value.Steps[0]).Should().BeApproximately(Math.Log(3), 1e-10);
        fit.Items[0].Value.StepErrors[0].Should().BeApproximately(Math.Sqrt((1 / 30d) + (1 / 10d)) / 2, 1e-10);
        fit.LogLikelihood.Should().BeApproximately((30 * Math.Log(0.75)) + (10 * Math.Log(0.25)), 1e-10);
        fit.PersonsUsed.Should().Be(40);
    }

    [Fact]
    public void An_item_without_variance_is_named_and_left_out()
    {
        var fit = ConditionalMaximumLikelihood.Fit(Repeat((30, [1, 0, 1]), (10, [0, 1, 1]), (5, [1, 1, 1]))).Value;

        fit.Items[2].Reason.Should().Be(Undefined.NoVariance);
        fit.Items[0].Value.Steps[0].Should().BeApproximately(-Math.Log(3) / 2, 1e-10);
    }

    [Fact]
    public void An_item_with_a_score_nobody_has_is_named_and_left_out()
    {
        var fit = ConditionalMaximumLikelihood.Fit(Repeat((30, [1, 0, 2]), (10, [0, 1, 0]), (5, [1, 0, 0]), (5, [0, 1, 2]))).Value;

        fit.Items[2].Reason.Should().Be(Undefined.EmptyCategory);
    }

    // Only the person with a perfect score has 2 on the last item; if that item were cut down to one step, the person's
    // answer would not fit its curve.
    [Fact]
    public void An_item_whose_highest_score_only_perfect_persons_have_is_left_out()
    {
        var scores = Repeat((30, [1, 0, 1]), (10, [0, 1, 0]), (5, [1, 0, 0]), (5, [0, 1, 1]), (1, [1, 1, 2]));
        var fit = ConditionalMaximumLikelihood.Fit(scores).Value;

        fit.Items[2].Reason.Should().Be(Undefined.EmptyCategory);
        Abilities.Estimate(scores, fit.Curves, AbilityMethod.WeightedLikelihood).Should().OnlyContain(ability => ability.IsDefined);
    }

    [Fact]
    public void Variants_without_common_items_have_no_common_scale() =>
        ConditionalMaximumLikelihood
            .Fit(Repeat((3, [1, 0, -1, -1]), (3, [0, 1, -1, -1]), (3, [-1, -1, 1, 0]), (3, [-1, -1, 0, 1])))
            .Reason.Should()
            .Be(Undefined.NotLinked);

    // Nobody passes either of the last two items without passing both of the first two, so there is no finite
    // difference between the pairs (Fischer 1981).
    [Fact]
    public void Items_that_always_come_before_others_have_no_finite_estimate() =>
        ConditionalMaximumLikelihood
            .Fit(Repeat((5, [1, 0, 0, 0]), (5, [0, 1, 0, 0]), (5, [1, 1, 1, 0]), (5, [1, 1, 0, 1])))
            .Reason.Should()
            .BeOneOf(Undefined.NotConverged, Undefined.Singular);

    [Fact]
    public void Perfect_and_zero_scores_alone_carry_no_information() =>
        ConditionalMaximumLikelihood.Fit(Repeat((5, [0, 0, 0]), (5, [1, 1, 1]))).Reason.Should().Be(Undefined.TooFewPersons);

    // The summation algorithm keeps its precision where the difference algorithm loses every digit.
    [Fact]
    public void Two_hundred_items_of_wide_range_lose_no_precision()
    {
        var truth = Enumerable.Range(0, 200).Select(item => -3 + (6 * item / 199d)).ToArray();
        var random = new Random(20);
        var scores = new int[400, 200];
        for (var person = 0; person < 400; person++)
        {
            var ability = (random.NextDouble() * 4) - 2;
            for (var item = 0; item < 200; item++)
                scores[person, item] = PartialCredit.Draw(ability, [truth[item]], random.NextDouble());
        }

        var fit = ConditionalMaximumLikelihood.Fit(new(scores)).Value;

        fit.LargestGradient.Should().BeLessThan(1e-9);
        var standardized = fit.Items.Select((item, at) => (item.Value.Location - truth[at]) / item.Value.LocationError).ToArray();
        standardized.Average(z => z * z).Should().BeInRange(0.7, 1.3); // χ²₁₉₉/199: 1 ± three standard deviations
    }

    // The values come from psychotools 0.7-2, run by tools/r/rasch_missing.R. psychotools stops its search when the
    // likelihood no longer changes, hence the tolerance.
    [Fact]
    public void Answers_missing_here_and_there_give_the_estimates_of_psychotools()
    {
        var scores = WithScatteredHoles(ReferenceScores.Read("verbagg_dich", 3));

        var fit = ConditionalMaximumLikelihood.Fit(scores).Value;

        fit.LogLikelihood.Should().BeApproximately(-2679.45829800, 1e-6);
        fit.Items.Select(item => item.Value.Steps[0])
            .ShouldMatch(
                [
                    -1.3584120,
                    -0.7724660,
                    -0.2206622,
                    -1.9467637,
                    -0.8747066,
                    -0.1443253,
                    -0.6699664,
                    0.4848775,
                    1.3371531,
                    -1.1913512,
                    0.1925545,
                    0.8672123,
                    -1.4290910,
                    -0.5839524,
                    0.7119260,
                    -1.0551096,
                    -0.0894735,
                    1.3576676,
                    0.0412468,
                    1.3628386,
                    2.7935002,
                    -0.8500491,
                    0.1684058,
                    1.8689466,
                ],
                2e-5,
                "difficulty"
            );
        fit.Items.Select(item => item.Value.StepErrors[0])
            .ShouldMatch(
                [
                    0.1474719,
                    0.1393202,
                    0.1358763,
                    0.1650906,
                    0.1396536,
                    0.1369629,
                    0.1381978,
                    0.1401357,
                    0.1563232,
                    0.1435539,
                    0.1369282,
                    0.1465749,
                    0.1509992,
                    0.1368931,
                    0.1431577,
                    0.1417485,
                    0.1357266,
                    0.1590844,
                    0.1369479,
                    0.1587868,
                    0.2297568,
                    0.1389978,
                    0.1379439,
                    0.1762759,
                ],
                2e-5,
                "error"
            );
    }

    // Compares two ways to compute the symmetric functions: by sums of positive terms (which agree with the reference
    // values), and by values of their generating function at points on a circle in the complex plane.
    [Theory]
    [InlineData("verbagg_dich")]
    [InlineData("verbagg_poly")]
    public void Booklets_that_nobody_shares_have_the_derivatives_of_the_recursion(string name)
    {
        var scores = WithScatteredHoles(ReferenceScores.Read(name, 3));
        var everybody = Enumerable.Range(0, scores.Persons).ToArray();
        var usable = UsableItems.Of(scores, everybody);
        int[] steps = [.. Enumerable.Range(0, scores.Items).Select(usable.Steps)],
            firsts = [.. steps.Select((_, item) => steps.Take(item).Sum())];
        var size = steps.Sum();
        var entries = Booklet
            .Group(scores, usable.Columns, everybody)
            .Select(group =>
                (
                    group.Items,
                    Raw: ConditionalMaximumLikelihood.Raw(scores, usable, group.Items, group.Persons[0]),
                    Persons: (double)group.Persons.Length
                )
            )
            .Where(entry => entry.Raw > 0 && entry.Raw < entry.Items.Sum(item => steps[item]))
            .ToArray();
        // Some items are equally hard, and their generating function vanishes on the circle of ability 0.
        var terms = Enumerable.Range(0, size).Select(at => Math.Exp(1.5 - (at / 4 * 4 * 3d / size))).ToArray();
        var (gradient, information) = (new double[size], new double[size * size]);
        var value = 0d;
        foreach (var (items, raw, persons) in entries)
        {
            var counts = new double[items.Sum(item => steps[item]) + 1];
            counts[raw] = persons;
            value += new ConditionalLikelihood(items, steps, firsts, counts).Accumulate(terms, gradient, information);
        }

        var scatter = new ConditionalScatter(entries, steps, firsts);
        var (onCircle, second) = (new double[size], new double[size * size]);
        scatter.Accumulate(terms, onCircle, second, exact: true).Should().BeApproximately(value, 1e-9);

        entries.Should().HaveCountGreaterThan(80);
        scatter.LogNormalizer(terms).Should().BeApproximately(value, 1e-9);
        onCircle.ShouldMatch(gradient, 1e-10, "gradient");
        second.ShouldMatch(information, 1e-10, "information");
    }

    /// <summary>
    /// Makes about one answer in ten missing by the rule of tools/r/rasch_missing.R, so that hardly any two persons
    /// lack exactly the same items.
    /// </summary>
    internal static ScoreMatrix WithScatteredHoles(ScoreMatrix scores)
    {
        var holes = new int[scores.Persons, scores.Items];
        for (var person = 0; person < scores.Persons; person++)
        for (var item = 0; item < scores.Items; item++)
            holes[person, item] = ((7919 * person) + (104729 * item) + (31 * person * item)) % 97 < 10 ? -1 : scores[person, item];
        return new(holes);
    }

    internal static ScoreMatrix Repeat(params (int Times, int[] Row)[] rows)
    {
        var lines = rows.SelectMany(entry => Enumerable.Repeat(entry.Row, entry.Times)).ToArray();
        var scores = new int[lines.Length, lines[0].Length];
        for (var row = 0; row < lines.Length; row++)
        for (var column = 0; column < lines[0].Length; column++)
            scores[row, column] = lines[row][column];
        return new(scores);
    }
}
