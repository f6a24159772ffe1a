using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class MarginalMaximumLikelihoodTests
{
    private static MarginalFit Fit(ScoreMatrix scores, MarginalModel model, int? nodes = null) =>
        MarginalMaximumLikelihood.Fit(scores, new(model, nodes)).Value;

    // Log-likelihoods of LSAT6. Rizopoulos (2006), JSS 17(5), pp. 7 and 10, with 21 Gauss–Hermite points: −2473.054
    // (slope 1), −2466.938 (one common slope). mirt's own tests: −2466.653 (2PL). Further digits come from ltm 1.2-0,
    // TAM 4.4-2 and mirt 1.47 (mml_rasch_2pl.json).
    [Theory]
    [InlineData(MarginalModel.PartialCreditStandardNormal, -2473.0538472508)]
    [InlineData(MarginalModel.PartialCredit, -2466.9375995786)]
    [InlineData(MarginalModel.GeneralizedPartialCredit, -2466.6533773981)]
    public void The_log_likelihoods_of_LSAT6_are_the_published_ones(MarginalModel model, double expected)
    {
        var fit = Fit(ReferenceScores.Read("lsat6"), model);

        fit.LogLikelihood.Should().BeApproximately(expected, 1e-5);
    }

    // The difficulties and standard errors of the model with slope 1 are printed in Rizopoulos (2006), p. 7.
    [Fact]
    public void The_standard_errors_with_slope_1_are_the_published_ones()
    {
        var fit = Fit(ReferenceScores.Read("lsat6"), MarginalModel.PartialCreditStandardNormal);

        fit.Items.Select(item => item.Value.Parameters.Steps[0]).ShouldMatch([-2.872, -1.063, -0.2576, -1.3881, -2.2188], 5e-4, "b");
        fit.Items.Select(item => item.Value.Errors!.Steps[0]).ShouldMatch([0.1287, 0.0821, 0.0766, 0.0865, 0.1048], 1e-4, "se");
        fit.VarianceError.Should().BeNull();
    }

    // The values in mml_rasch_2pl.json come from mirt 1.47 with 121 nodes on ±8; mirt's fit of the "Rasch" model stops
    // slightly before the maximum.
    [Theory]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Rasch_and_2PL_agree_with_mirt(string name, int skip) => CheckDichotomous(ReferenceScores.Read(name, skip), name);

    [ReferenceFact("sat12_scored.csv")]
    public void Rasch_and_2PL_agree_with_mirt_for_sat12() => CheckDichotomous(ReferenceScores.Sat12(), "sat12_scored");

    private static void CheckDichotomous(ScoreMatrix scores, string name)
    {
        var expected = ReferenceScores.Expected("mml_rasch_2pl")[name]!;

        var rasch = Fit(scores, MarginalModel.PartialCredit);
        rasch.LogLikelihood.Should().BeApproximately(expected["rasch"]!.Number("loglik"), 1e-5);
        rasch.Aic.Should().BeApproximately(expected["rasch"]!.Number("aic"), 2e-5);
        rasch.Bic.Should().BeApproximately(expected["rasch"]!.Number("bic"), 2e-5);
        rasch.Variance.Should().BeApproximately(expected["rasch"]!.Number("latent_var"), 1e-3);
        rasch.VarianceError.Should().BeApproximately(expected["rasch"]!.Number("latent_var_se"), 1e-3);
        rasch
            .Items.Select(item => item.Value.Parameters.Steps[0])
            .ShouldMatch(expected["rasch"]!["items"]!.Numbers("difficulty"), 1e-3, "rasch b");
        rasch.Items.Select(item => item.Value.Errors!.Steps[0]).ShouldMatch(expected["rasch"]!["items"]!.Numbers("se"), 1e-3, "rasch se");

        var items = expected["two_pl"]!["items"]!;
        var free = Fit(scores, MarginalModel.GeneralizedPartialCredit);
        free.LogLikelihood.Should().BeApproximately(expected["two_pl"]!.Number("loglik"), 1e-5);
        free.Aic.Should().BeApproximately(expected["two_pl"]!.Number("aic"), 2e-5);
        free.Bic.Should().BeApproximately(expected["two_pl"]!.Number("bic"), 2e-5);
        free.Items.Select(item => item.Value.Parameters.Slope).ShouldMatch(items.Numbers("a"), 1e-3, "a");
        free.Items.Select(item => item.Value.Parameters.Intercepts[0]).ShouldMatch(items.Numbers("intercept_d"), 1e-3, "d");
        free.Items.Select(item => item.Value.Errors!.Slope).ShouldMatch(items.Numbers("se_a"), 1e-3, "se a");
        free.Items.Select(item => item.Value.Errors!.Intercepts[0]).ShouldMatch(items.Numbers("se_d"), 1e-3, "se d");
    }

    // mml_polytomous.json: mirt 1.47.
    [Fact]
    public void Partial_credit_and_its_generalization_agree_with_mirt()
    {
        var expected = ReferenceScores.Expected("mml_polytomous")["verbagg_poly"]!;
        var scores = ReferenceScores.Read("verbagg_poly", 3);

        var partial = Fit(scores, MarginalModel.PartialCredit);
        partial.LogLikelihood.Should().BeApproximately(expected["pcm"]!.Number("loglik"), 1e-5);
        partial.Variance.Should().BeApproximately(expected["pcm"]!.Number("latent_var"), 2e-3);
        partial
            .Items.Select(item => item.Value.Parameters.Intercepts[0])
            .ShouldMatch(expected["pcm"]!["parameters"]!.Numbers("d1"), 2e-3, "d1");
        partial
            .Items.Select(item => item.Value.Parameters.Intercepts[1])
            .ShouldMatch(expected["pcm"]!["parameters"]!.Numbers("d2"), 2e-3, "d2");

        var general = Fit(scores, MarginalModel.GeneralizedPartialCredit);
        general.LogLikelihood.Should().BeApproximately(expected["gpcm"]!.Number("loglik"), 1e-5);
        general.Items.Select(item => item.Value.Parameters.Slope).ShouldMatch(expected["gpcm"]!["parameters"]!.Numbers("a"), 2e-3, "a");
        general
            .Items.Select(item => item.Value.Parameters.Steps[0])
            .ShouldMatch(expected["gpcm"]!["parameters"]!.Numbers("b1"), 2e-3, "b1");
        general
            .Items.Select(item => item.Value.Parameters.Steps[1])
            .ShouldMatch(expected["gpcm"]!["parameters"]!.Numbers("b2"), 2e-3, "b2");
    }

    [Fact]
    public void More_nodes_than_chosen_change_nothing_that_counts()
    {
        var scores = ReferenceScores.Read("verbagg_dich", 3);

        Fit(scores, MarginalModel.GeneralizedPartialCredit)
            .LogLikelihood.Should()
            .BeApproximately(Fit(scores, MarginalModel.GeneralizedPartialCredit, 400).LogLikelihood, 1e-6);
    }

    // Compares the exact information with central differences of the gradient, for persons with missing answers.
    [Theory]
    [InlineData(MarginalModel.PartialCredit, false)]
    [InlineData(MarginalModel.GeneralizedPartialCredit, false)]
    [InlineData(MarginalModel.PartialCredit, true)]
    [InlineData(MarginalModel.GeneralizedPartialCredit, true)]
    public void The_observed_information_is_the_derivative_of_the_gradient(MarginalModel model, bool scattered)
    {
        var whole = ReferenceScores.Read("verbagg_poly", 3);
        var data = MarginalData.Of(
            scattered ? ConditionalMaximumLikelihoodTests.WithScatteredHoles(whole) : WithHoles(whole),
            model != MarginalModel.GeneralizedPartialCredit
        );
        var layout = new MarginalLayout(model, data.Usable);
        var likelihood = new MarginalLikelihood(data, layout);
        var quadrature = new Quadrature(48);
        var at = layout.Start(data.Usable);

        var information = new ObservedInformation(data, layout, likelihood).At(likelihood.Evaluate(quadrature, at));

        for (var parameter = 0; parameter < layout.Size; parameter++)
        {
            var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
            (up[parameter], down[parameter]) = (at[parameter] + 1e-5, at[parameter] - 1e-5);
            var (above, below) = (likelihood.Evaluate(quadrature, up), likelihood.Evaluate(quadrature, down));
            likelihood
                .Evaluate(quadrature, at)
                .Gradient[parameter]
                .Should()
                .BeApproximately((above.LogLikelihood - below.LogLikelihood) / 2e-5, 1e-3);
            for (var other = 0; other < layout.Size; other++)
                information[parameter * layout.Size + other]
                    .Should()
                    .BeApproximately(-(above.Gradient[other] - below.Gradient[other]) / 2e-5, 1e-4);
        }
    }

    // A person without answers carries no information about the items, so the log-likelihood of LSAT6 stays as
    // published.
    [Fact]
    public void Persons_without_answers_are_left_out()
    {
        var whole = ReferenceScores.Read("lsat6");
        var holes = new int[whole.Persons + 1, whole.Items];
        for (var item = 0; item < whole.Items; item++)
        {
            holes[0, item] = -1;
            for (var person = 0; person < whole.Persons; person++)
                holes[person + 1, item] = whole[person, item];
        }

        var fit = Fit(new(holes), MarginalModel.GeneralizedPartialCredit);

        fit.Persons.Should().Be(1000);
        fit.LogLikelihood.Should().BeApproximately(-2466.6533773981, 1e-5);
    }

    [Fact]
    public void A_prior_draws_the_slopes_to_its_mode()
    {
        var scores = ReferenceScores.Read("lsat6");

        var tight = MarginalMaximumLikelihood.Fit(scores, new(Prior: new(0, 0.01))).Value;
        var half = MarginalMaximumLikelihood.Fit(scores, new(Prior: new(Math.Log(0.5), 0.01))).Value;

        tight.Items.Should().OnlyContain(item => Math.Abs(item.Value.Parameters.Slope - 1) < 0.01);
        tight.LogLikelihood.Should().BeApproximately(-2473.054, 0.1); // the model with slope 1
        half.Items.Should().OnlyContain(item => Math.Abs(item.Value.Parameters.Slope - 0.5) < 0.01);
    }

    [Fact]
    public void Polytomous_and_dichotomous_items_are_calibrated_together()
    {
        var (dichotomous, polytomous) = (ReferenceScores.Read("verbagg_dich", 3), ReferenceScores.Read("verbagg_poly", 3));
        var mixed = new int[dichotomous.Persons, dichotomous.Items];
        for (var person = 0; person < dichotomous.Persons; person++)
        for (var item = 0; item < dichotomous.Items; item++)
            mixed[person, item] = item % 2 == 0 ? dichotomous[person, item] : polytomous[person, item];

        var fit = Fit(new(mixed), MarginalModel.GeneralizedPartialCredit);

        fit.Parameters.Should().Be(24 + 12 + 24);
        fit.LargestGradient.Should().BeLessThan(1e-4);
        fit.Items[1].Value.Parameters.Intercepts.Should().HaveCount(2);
    }

    [Fact]
    public void What_cannot_be_estimated_is_named()
    {
        var rows = ConditionalMaximumLikelihoodTests.Repeat(
            (30, [1, 0, 1, 1]),
            (10, [0, 1, 1, 0]),
            (5, [1, 1, 1, 1]),
            (9, [0, 0, 1, 0]),
            (3, [1, 0, 1, 0])
        );

        var fit = Fit(rows, MarginalModel.PartialCreditStandardNormal);

        fit.Items[2].Reason.Should().Be(Undefined.NoVariance);
        MarginalMaximumLikelihood
            .Fit(ConditionalMaximumLikelihoodTests.Repeat((5, [1, 0]), (5, [0, 1])))
            .Reason.Should()
            .Be(Undefined.TooFewItems);
    }

    // All answers are tosses of the same biased coin: nothing distinguishes people, so the variance is almost zero.
    [Fact]
    public void People_who_do_not_differ_have_no_variance()
    {
        var random = new Random(3);
        var scores = new int[3_000, 10];
        for (var person = 0; person < 3_000; person++)
        for (var item = 0; item < 10; item++)
            scores[person, item] = random.NextDouble() < 0.3 + (0.04 * item) ? 1 : 0;

        Fit(new(scores), MarginalModel.PartialCredit).Variance.Should().BeLessThan(0.02);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        var scores = ReferenceScores.Read("lsat6");
        FluentActions
            .Invoking(() => MarginalMaximumLikelihood.Fit(scores, new(MarginalModel.PartialCredit, Prior: new(0, 1))))
            .Should()
            .Throw<ArgumentException>();
        FluentActions.Invoking(() => MarginalMaximumLikelihood.Fit(scores, new(Prior: new(0, 0)))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => MarginalMaximumLikelihood.Fit(scores, new(Nodes: 3))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_cancelled_fit_gives_nothing_back()
    {
        var scores = ReferenceScores.Read("lsat6");
        FluentActions
            .Invoking(() => MarginalMaximumLikelihood.Fit(scores, cancel: new CancellationToken(canceled: true)))
            .Should()
            .Throw<OperationCanceledException>();
        MarginalMaximumLikelihood.Fit(scores, cancel: CancellationToken.None).IsDefined.Should().BeTrue();
    }

    // The likelihood of a person's answers involves only the items that the person answered. The fit computes the
    // likelihood for all persons together; the test computes it person by person, by plain sums over twice as many
    // nodes.
    [Fact]
    public void Answers_missing_here_and_there_have_the_likelihood_of_the_items_presented()
    {
        var scores = ConditionalMaximumLikelihoodTests.WithScatteredHoles(ReferenceScores.Read("verbagg_dich", 3));

        var fit = Fit(scores, MarginalModel.GeneralizedPartialCredit);

        var (nodes, sum) = (new Quadrature(2 * fit.Nodes), 0d);
        for (var person = 0; person < scores.Persons; person++)
        {
            var integral = 0d;
            for (var node = 0; node < nodes.Count; node++)
                integral +=
                    Math.Exp(nodes.LogWeights[node])
                    * Enumerable
                        .Range(0, scores.Items)
                        .Where(item => !scores.IsMissing(person, item))
                        .Aggregate(
                            1d,
                            (product, item) => product * fit.Curves[item]!.Probabilities(nodes.Nodes[node])[scores[person, item]]
                        );
            sum += Math.Log(integral);
        }
        fit.LogLikelihood.Should().BeApproximately(sum, 1e-6);
        fit.LargestGradient.Should().BeLessThan(1e-6);
    }

    internal static ScoreMatrix WithHoles(ScoreMatrix scores)
    {
        var holes = new int[scores.Persons, scores.Items];
        for (var person = 0; person < scores.Persons; person++)
        for (var item = 0; item < scores.Items; item++)
            holes[person, item] = (person % 3 == 0 && item < 5) || (person % 3 == 1 && item > 20) ? -1 : scores[person, item];
        return new(holes);
    }
}
