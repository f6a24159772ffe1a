using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.TestKit;
using static Diagnostics.Engine.Tests.Calibration.Inputs;

namespace Diagnostics.Engine.Tests.Calibration;

/// <summary>
/// Tests the product's own computation on reference data. The expected values come from mirt 1.47 for LSAT6
/// (mml_rasch_2pl.json; the log-likelihood −2466.938 is also published), from mirt for verbal aggression
/// (mml_polytomous.json), and from mirt, equate and psych for four simulated forms assigned at random
/// (fourforms_random_groups.json).
/// </summary>
public sealed class CalibrationWorkTests
{
    [Fact]
    public void LSAT6_gives_the_parameters_of_mirt()
    {
        var expected = ReferenceData.Expected("mml_rasch_2pl").GetProperty("lsat6").GetProperty("rasch");

        var result = Run(Of((1, ReferenceData.Scores("lsat6"))), new(CalibrationModel.Rasch));

        result.Failure.Should().BeNull();
        result.Model!.LogLikelihood.Should().BeApproximately(expected.GetProperty("loglik").GetDouble(), 1e-5);
        result.Model.Variance.Should().BeApproximately(expected.GetProperty("latent_var").GetDouble(), 1e-4);
        result.Model.Aic.Should().BeApproximately(expected.GetProperty("aic").GetDouble(), 1e-4);
        result.Model.Bic.Should().BeApproximately(expected.GetProperty("bic").GetDouble(), 1e-4);
        foreach (var (item, known) in result.Items.Zip(expected.GetProperty("items").EnumerateArray()))
        {
            item.Model!.Location.Should().BeApproximately(known.GetProperty("difficulty").GetDouble(), 1e-4);
            // mirt's standard errors come from Oakes' formula, and ours come from the exact observed information.
            item.Model.StepErrors[0].Should().BeApproximately(known.GetProperty("se").GetDouble(), 1e-3);
        }
        result.Items[0].Model!.ScoreChiSquare.Value.Should().BeApproximately(0.436324070830297, 1e-3);
    }

    [Fact]
    public void Verbal_aggression_gives_the_partial_credit_of_mirt()
    {
        var result = Run(Of(2, (1, ReferenceData.Scores("verbagg_poly", skipColumns: 3))), new(CalibrationModel.Pcm));

        result.Model!.LogLikelihood.Should().BeApproximately(-6319.73335370835, 1e-3);
        result.Model.Variance.Should().BeApproximately(0.934049645326731, 1e-3);
        result
            .Calibrated[0]
            .Curve.Parameters.Intercepts.Should()
            .HaveCount(2)
            .And.SatisfyRespectively(
                first => first.Should().BeApproximately(0.421096002868677, 1e-3),
                second => second.Should().BeApproximately(0.505986747845317, 1e-3)
            );
    }

    [Fact]
    public void Four_variants_without_common_items_come_onto_one_scale()
    {
        var reference = ReferenceData.Expected("fourforms_random_groups");

        var result = Run(FourForms(), new(CalibrationModel.TwoPl));

        result.Failure.Should().BeNull();
        foreach (var (form, variant) in "ABCD".Select((form, at) => (form.ToString(), at + 1)))
        {
            var report = result.Form.Variants.Single(each => each.Variant == variant);
            report.Mean.Value.Should().BeApproximately(reference.GetProperty("form_means").GetProperty(form).GetDouble(), 1e-6);
            report.Deviation.Value.Should().BeApproximately(reference.GetProperty("form_sds").GetProperty(form).GetDouble(), 1e-6);
            report.Alpha.Value.Should().BeApproximately(reference.GetProperty("alpha").GetProperty(form).GetDouble(), 1e-6);
            foreach (
                var (item, known) in result
                    .Items.Where(item => item.Variant == variant)
                    .Zip(reference.GetProperty("two_pl_n01").GetProperty(form).EnumerateArray())
            )
            {
                item.Model!.Slope.Should().BeApproximately(known.GetProperty("a").GetDouble(), 2e-3, item.Code);
                item.Model.Location.Should().BeApproximately(known.GetProperty("b").GetDouble(), 2e-3, item.Code);
            }
        }
    }

    [Fact]
    public void Variants_are_equated_as_the_equate_package_does_and_unlike_ones_are_named()
    {
        var reference = ReferenceData.Expected("fourforms_random_groups").GetProperty("observed_score");

        var parallel = Run(FourForms(), new(CalibrationModel.Rasch)).Form.Parallelism;

        foreach (var (form, variant) in new[] { ("B", 2), ("C", 3), ("D", 4) })
        {
            var whole = parallel.Comparisons.Single(each => each.Variant == variant && each.Block is null);
            whole.Scores.Select(score => score.Mean).Should().Equal(Numbers(form, "mean"), (left, right) => Math.Abs(left - right) < 1e-5);
            whole
                .Scores.Select(score => score.Linear!.Value)
                .Should()
                .Equal(Numbers(form, "linear"), (left, right) => Math.Abs(left - right) < 1e-5);
        }
        // In the simulation C is truly far easier than A, D is harder than A, and B is almost equal to A.
        parallel
            .Comparisons.Where(each => each.Block is null)
            .Select(each => (each.Variant, each.Verdict))
            .Should()
            .Equal((2, ParallelVerdict.KeepScores), (3, ParallelVerdict.Equate), (4, ParallelVerdict.Equate));
        parallel.Verdict.Should().Be(ParallelVerdict.Equate);
        parallel.Detail.Should().Contain("Вариант 3: средний балл отличается на 3,47").And.Contain("легче первого");

        IEnumerable<double> Numbers(string form, string method) =>
            reference.GetProperty(form).GetProperty(method).EnumerateArray().Select(value => value.GetDouble());
    }

    [Fact]
    public void The_same_inputs_give_the_same_result_to_the_last_digit()
    {
        var inputs = Of((1, ReferenceData.Scores("lsat6")));

        CanonicalJson
            .Of(Run(inputs, new(CalibrationModel.TwoPl)).Items)
            .Should()
            .Be(CanonicalJson.Of(Run(inputs with { Persons = inputs.Persons.Reverse().ToList() }, new(CalibrationModel.TwoPl)).Items));
    }

    public static TheoryData<string, CalibrationFailure> Hopeless() =>
        new()
        {
            { "nobody", CalibrationFailure.NoScores },
            { "few", CalibrationFailure.TooFewPersons },
            { "alike", CalibrationFailure.NoVariance },
            { "polytomous", CalibrationFailure.NotDichotomous },
            { "one pass", CalibrationFailure.NotConverged },
            { "constant items", CalibrationFailure.TooFewItems },
        };

    [Theory]
    [MemberData(nameof(Hopeless))]
    public void What_cannot_be_estimated_is_told_with_the_reason_and_the_classical_part_stands(string what, CalibrationFailure failure)
    {
        var lsat = ReferenceData.Scores("lsat6");
        var (inputs, options) = what switch
        {
            "nobody" => (Of((1, lsat)) with { Persons = [] }, new CalibrationOptions(CalibrationModel.Pcm)),
            "few" => (Of((1, lsat[..99])), new(CalibrationModel.Pcm)),
            "alike" => (Of((1, Enumerable.Repeat(new[] { 1, 0, 1 }, 200).ToArray())), new(CalibrationModel.Pcm)),
            "polytomous" => (Of(2, (1, ReferenceData.Scores("verbagg_poly", skipColumns: 3))), new(CalibrationModel.Rasch)),
            "one pass" => (Of((1, lsat)), new(CalibrationModel.Gpcm, MostIterations: 1)),
            "constant items" => (
                Of((1, Enumerable.Range(0, 200).Select(person => new[] { person % 2, 1, 1 }).ToArray())),
                new(CalibrationModel.Pcm)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        var result = Run(inputs, options);

        result.Failure.Should().Be(failure);
        result.FailureDetail.Should().MatchRegex("[а-я]");
        (result.Form.Failure, result.Form.FailureDetail).Should().Be((Codes.Of(failure), result.FailureDetail));
        (result.Model, result.Calibrated.Count, result.Equatings.Count).Should().Be((null, 0, 0));
        result
            .Items.Should()
            .HaveCount(inputs.Persons.Count == 0 ? 0 : inputs.Items.Count)
            .And.NotContain(item => item.Model != null || item.Classical.Difficulty.Value == null);
    }

    [Fact]
    public void An_item_marked_all_or_nothing_has_two_categories_whatever_it_is_worth()
    {
        var scores = ReferenceData
            .Scores("lsat6")
            .Select(person => person.Select((score, at) => at == 2 ? 2 * score : score).ToArray())
            .ToArray();

        var result = Run(Of(2, (1, scores)), new(CalibrationModel.Rasch));

        result
            .Calibrated.Select(item => item.Curve.Points)
            .Should()
            .SatisfyRespectively(
                points => points.Should().Equal(0, 1),
                points => points.Should().Equal(0, 1),
                points => points.Should().Equal(0, 2),
                points => points.Should().Equal(0, 1),
                points => points.Should().Equal(0, 1)
            );
        result.Model!.LogLikelihood.Should().BeApproximately(-2466.93759958239, 1e-5);
        result.Calibrated[2].Curve.CategoryOf(1).Should().Be(0);
        result.Calibrated[2].Curve.CategoryOf(2).Should().Be(1);
    }

    [Fact]
    public void A_wrong_key_is_found_and_said_in_words()
    {
        // In the first item, strong people choose the third option, which is not the key.
        var random = SeededRandom.For(1, "key");
        var persons = Enumerable
            .Range(0, 200)
            .Select(number =>
            {
                var ability = random.NextDouble();
                var scores = Enumerable.Range(0, 10).Select(slot => slot > 0 && random.NextDouble() < ability ? 1 : 0).ToArray();
                var choices = scores.Select(score => score == 1 ? 1 : 0).ToArray();
                choices[0] = ability > 0.5 ? 2 : 3;
                return Person(1, number, scores) with { Choices = choices };
            })
            .ToList();

        var first = Run(Of((1, [new int[10]])) with { Persons = persons }, new(CalibrationModel.Pcm)).Items[0];

        first
            .Flags.Should()
            .Contain(flag =>
                flag.Code == "key_suspect"
                && flag.Option == "3"
                && flag.Detail == "Ключ, возможно, неверен: сильные выбирают вариант «3» чаще, чем ключ."
            );
        first.Options.Single(option => option.Option == "3").Fifths.Should().BeInAscendingOrder();
    }

    [Fact]
    public void Every_option_of_a_multiple_choice_is_looked_at_by_itself()
    {
        var inputs = Of((1, ReferenceData.Scores("lsat6")));
        var persons = inputs
            .Persons.Select((person, at) => person with { Choices = [at % 2 == 0 ? 0b0011 : 0b1000, .. person.Choices.Skip(1)] })
            .ToList();
        var items = inputs
            .Items.Select((item, at) => at == 0 ? item with { Type = ItemType.MultipleChoice, Keys = [0, 1] } : item)
            .ToList();

        var first = Run(inputs with { Persons = persons, Items = items }, new(CalibrationModel.Rasch)).Items[0];

        first
            .Options.Select(option => (option.Option, option.IsKey, option.Share))
            .Should()
            .Equal(("1", true, 0.5), ("2", true, 0.5), ("3", false, 0), ("4", false, 0.5));
    }

    [Fact]
    public void A_group_for_whom_an_item_is_harder_is_named()
    {
        // Both territories have equal abilities. In one, the first item is answered like a coin toss; in the other, it
        // is rarely answered correctly.
        var random = SeededRandom.For(2, "dif");
        var persons = Enumerable
            .Range(0, 800)
            .Select(number =>
            {
                var (ability, territory) = (random.NextDouble(), number % 2 == 0 ? "05" : "82");
                var scores = Enumerable
                    .Range(0, 12)
                    .Select(slot =>
                        random.NextDouble()
                        < (
                            slot > 0 ? ability
                            : territory == "05" ? 0.2 * ability
                            : 0.5 + (ability / 2)
                        )
                            ? 1
                            : 0
                    )
                    .ToArray();
                return Person(1, number, scores, territory);
            })
            .ToList();

        var result = Run(Of((1, [new int[12]])) with { Persons = persons }, new(CalibrationModel.Pcm));

        result
            .Items[0]
            .Differential.Should()
            .Contain(found =>
                found.By == "territory"
                && found.Group == "05"
                && found.Size == "C"
                && found.Effect < 0
                && found.Detail.Contains("заметно труднее")
            );
        result.Form.Groups.Select(group => (group.By, group.Group)).Should().Contain([("territory", "05"), ("territory", "82")]);
    }

    [Fact]
    public void Two_experts_are_held_beside_each_other()
    {
        // By hand: the second expert gives six of the ten answers one point less than the first expert; only one expert
        // marked the eleventh answer.
        int[] first = [2, 2, 2, 2, 1, 1, 2, 1, 1, 2],
            second = [2, 2, 2, 2, 0, 0, 1, 0, 0, 1];
        var marks = new ExpertMarks(
            [.. Enumerable.Range(0, 10).SelectMany(answer => new[] { answer, answer }), 10],
            [.. Enumerable.Range(0, 10).SelectMany(_ => new[] { 0, 1 }), 0],
            [.. first.Zip(second).SelectMany(pair => new double[] { pair.First, pair.Second }), 2]
        );

        var raters = Run(Of((1, ReferenceData.Scores("lsat6"))) with { Marks = marks }, new(CalibrationModel.Rasch)).Form.Raters!;

        (raters.Experts, raters.Answers, raters.MarkedTwice).Should().Be((2, 11, 10));
        raters.Exact.Value.Should().Be(0.4);
        // The mean difference is −0.6, with a standard error of 0.163: one expert is more severe than chance can
        // explain, and the other is more lenient.
        (raters.Severe, raters.Lenient)
            .Should()
            .Be((1, 1));
        // The observed disagreement is 6/10; the expected disagreement, from the 20 values (0 four times, 1 six times,
        // 2 ten times), is 2·(4·6·1 + 4·10·4 + 6·10·1)/(20·19).
        raters.Alpha.Value.Should().BeApproximately(1 - (0.6 / (2 * ((4 * 6) + (4 * 10 * 4) + (6 * 10)) / 380d)), 1e-6);
    }

    [Fact]
    public void Progress_rises_through_the_steps_and_a_cancelled_run_stops()
    {
        var inputs = Of((1, ReferenceData.Scores("lsat6")));
        var told = new List<CalibrationProgress>();
        CalibrationWork.Run(inputs, new(CalibrationModel.Pcm), told.Add, CancellationToken.None);

        told.Select(progress => progress.Share).Should().BeInAscendingOrder();
        told.Select(progress => progress.Step).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        foreach (var step in told.Select(progress => progress.Step).Where(step => step is not CalibrationStep.Saving))
        {
            using var stop = new CancellationTokenSource();
            var run = () =>
                CalibrationWork.Run(
                    inputs,
                    new(CalibrationModel.Pcm),
                    progress =>
                    {
                        if (progress.Step == step)
                            stop.Cancel();
                    },
                    stop.Token
                );
            run.Should().Throw<OperationCanceledException>(step.ToString());
        }
    }

    [Fact]
    public void Nothing_of_a_report_names_a_session_or_a_person()
    {
        var result = Run(FourForms(), new(CalibrationModel.Rasch));

        var text = CanonicalJson.Of(result.Items) + CanonicalJson.Of(result.Form);
        text.Should().NotContain(FourForms().Persons[0].SessionId.ToString("D"));
        text.Should().NotContain("NaN");
    }

    private static CalibrationInputs FourForms() =>
        Of([.. "ABCD".Select((form, at) => (at + 1, ReferenceData.Scores($"fourforms_{form}")))]);
}
