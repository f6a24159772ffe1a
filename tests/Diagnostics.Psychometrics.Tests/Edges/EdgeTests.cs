using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.Differential;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Psychometrics.Tests.Edges;

public sealed class EdgeTests
{
    // To make a hundred thousand calls, run this command: dotnet run -c Release --project tools/psychometrics -- edges
    // 100000
    [Fact]
    public void Every_awkward_call_gives_finite_numbers_or_a_typed_reason() => EdgeCampaign.Run(3_000).Faults.Should().BeEmpty();

    [Fact]
    public void The_search_for_faults_finds_them()
    {
        Finite.Fault(Estimate<double>.Of(double.NaN)).Should().NotBeNull();
        Finite.Fault(Estimate<Interval>.Of(new(0, double.PositiveInfinity))).Should().Be(".Upper = Infinity");
        Finite.Fault(new[] { Estimate<double>.None(Undefined.Singular) }).Should().BeNull();
    }

    // By hand: the mean squares are 0, 0 and 1 for units, raters and error (½ within units). ICC(2,1) = −1/(0 + 1 − 1)
    // and ICC(2,k) = −1/(0 − ½) = 2, which no correlation can be.
    [Fact]
    public void Raters_who_disagree_completely_have_no_agreement_form()
    {
        var icc = IntraclassCorrelation
            .Of(
                new double[,]
                {
                    { 0, 1 },
                    { 1, 0 },
                }
            )
            .Value;

        icc.MeanSquares.Should().Be((0d, 0.5, 0d, 1d));
        icc[IccForm.AgreementSingle].Reason.Should().Be(Undefined.NoVariance);
        icc[IccForm.AgreementMean].Reason.Should().Be(Undefined.NoVariance);
        icc[IccForm.ConsistencySingle].Value.Value.Should().Be(-1);
    }

    [Fact]
    public void Equal_totals_that_are_no_binary_fraction_of_the_maximum_have_no_variance() =>
        LivingstonLewis.Of([.. Enumerable.Repeat(7d, 49)], 0, 30, 0.8, [18]).Reason.Should().Be(Undefined.NoVariance);

    [Theory]
    [InlineData(1)]
    [InlineData(1 - 1e-12)]
    public void A_reliability_of_one_leaves_no_error_to_classify_with(double alpha) =>
        LivingstonLewis.Of([3, 4, 9, 10], 0, 10, alpha, [6]).Reason.Should().Be(Undefined.NoVariance);

    [Theory]
    [InlineData(12, 3)]
    [InlineData(500, 5)]
    [InlineData(1000, 20)]
    public void Answers_in_a_perfect_scale_have_no_finite_maximum(int persons, int items)
    {
        var scores = new int[persons, items];
        for (var person = 0; person < persons; person++)
        for (var item = 0; item < items; item++)
            scores[person, item] = person % (items + 1) > item ? 1 : 0;

        foreach (var errors in new[] { true, false })
        {
            MarginalMaximumLikelihood
                .Fit(new(scores), new(MarginalModel.PartialCredit, StandardErrors: errors))
                .Reason.Should()
                .Be(Undefined.NotConverged);
            MarginalMaximumLikelihood.Fit(new(scores), new(StandardErrors: errors)).Reason.Should().Be(Undefined.NotConverged);
        }
    }

    [Fact]
    public void An_item_twice_has_no_finite_slope()
    {
        var whole = ReferenceFiles.Scores("verbagg_dich", 3).Scores;
        var twice = new int[whole.GetLength(0), 9];
        for (var person = 0; person < twice.GetLength(0); person++)
        for (var item = 0; item < 9; item++)
            twice[person, item] = whole[person, item % 8];

        MarginalMaximumLikelihood.Fit(new(twice)).Reason.Should().Be(Undefined.NotConverged);
    }

    // Every person has a total of 3. Totals of coin tosses would vary more, so the likelihood is highest at a variance
    // of 0.
    [Fact]
    public void A_variance_of_nothing_is_0_and_has_no_error()
    {
        var scores = new int[600, 6];
        for (var person = 0; person < 600; person++)
        for (var item = 0; item < 6; item++)
            scores[person, item] = (person + item) % 2;

        var fit = MarginalMaximumLikelihood.Fit(new(scores), new(MarginalModel.PartialCredit)).Value;

        (fit.Variance, fit.VarianceError).Should().Be((0, null));
        // By hand: each item is answered correctly half of the time, whichever persons answer it.
        fit.LogLikelihood.Should().BeApproximately(-3600 * Math.Log(2), 1e-8);
        fit.Items[0].Value.Errors!.Steps[0].Should().BeApproximately(2 / Math.Sqrt(600), 1e-8);
        Abilities
            .Estimate(new(scores), fit.Curves, AbilityMethod.ExpectedAPosteriori, fit.Abilities)[0]
            .Reason.Should()
            .Be(Undefined.NoVariance);
    }

    [Fact]
    public void Complete_disagreement_leaves_kappa_without_an_error()
    {
        var kappa = AgreementTable
            .FromCounts(
                new[,]
                {
                    { 0, 5 },
                    { 5, 0 },
                }
            )
            .Kappa()
            .Value;

        kappa.Value.Should().Be(-1);
        kappa.StandardError.Reason.Should().Be(Undefined.NoVariance);
        // Fleiss, Cohen and Everitt (1969), eq. 9, by hand: (½ + ¼ − ½)/(n·¼) = 1/n.
        kappa.Z.Value.Should().BeApproximately(-Math.Sqrt(10), 1e-12);
    }

    [Fact]
    public void Answers_that_a_curve_holds_for_certain_or_impossible_leave_fit_finite_or_undefined()
    {
        ItemParameters[] curves = [new(20, [900]), new(20, [900]), new(1, [0])];
        var scores = new ScoreMatrix(
            new[,]
            {
                { 1, 0, 1 },
                { 1, 1, 0 },
            }
        );
        Estimate<Ability>[] abilities = [Estimate<Ability>.Of(new(0.5, 1)), Estimate<Ability>.Of(new(-0.5, 1))];

        var fit = ModelFit.OfItems(scores, curves, abilities);

        fit.Select(one => one.Reason).Should().Equal(Undefined.TooFewPersons, Undefined.NoVariance, null);
        Finite.Fault(fit).Should().BeNull();
    }

    // Each group has only two different scores, so the variance in the formula comes close to 0, and rounding must not
    // make it negative.
    [Fact]
    public void Errors_of_linear_equating_of_two_scores_are_finite() =>
        Finite.Fault(EquatingErrors.Linear(ScoreDistribution.Of([0, 13, 0, 7]), ScoreDistribution.Of([3, 0, 0, 1]))).Should().BeNull();

    // The two items mirror each other: r = −1, and alpha of standardised items is −2/0.
    [Fact]
    public void Items_that_cancel_have_no_standardised_alpha() =>
        Reliability
            .Of(
                new ScoreMatrix(
                    new[,]
                    {
                        { 0, 2 },
                        { 1, 1 },
                        { 2, 0 },
                        { 0, 2 },
                    }
                )
            )
            .Value.StandardizedAlpha.Reason.Should()
            .Be(Undefined.NoVariance);

    [Fact]
    public void Omega_of_dependent_items_is_finite_or_says_why()
    {
        var random = new Random(4);
        for (var time = 0; time < 40; time++)
        {
            var scores = new int[40, 5];
            for (var person = 0; person < 40; person++)
            {
                var ability = random.Next(3);
                for (var item = 0; item < 4; item++)
                    scores[person, item] = ability + random.Next(3);
                scores[person, 4] = scores[person, 0] + scores[person, 1];
            }
            Finite.Fault(Omega.Of(new(scores))).Should().BeNull();
        }
    }

    // Nobody answered item 2, so the other items have the statistics of the form without it.
    [Fact]
    public void An_item_that_nobody_answered_leaves_the_other_items_their_statistics()
    {
        var whole = ReferenceFiles.Scores("raschdat1").Scores;
        var (with, without) = (new int[100, 6], new int[100, 5]);
        for (var person = 0; person < 100; person++)
        for (var item = 0; item < 5; item++)
        {
            without[person, item] = whole[person, item];
            with[person, item < 2 ? item : item + 1] = whole[person, item];
            with[person, 2] = -1;
        }

        var (items, expected) = (ItemAnalysis.Of(new(with)).Value, ItemAnalysis.Of(new(without)).Value);
        items.Persons.Should().Be(100);
        items.Items[2].ItemRest.Reason.Should().Be(Undefined.TooFewPersons);
        items
            .Items.Where((_, item) => item != 2)
            .Select(item => item.ItemRest.Value)
            .Should()
            .Equal(expected.Items.Select(item => item.ItemRest.Value));
        items.Items[5].Item.Should().Be(5);
        Reliability.Of(new(with)).Value.Should().BeEquivalentTo(Reliability.Of(new(without)).Value);
        Omega.Of(new(with)).Value.Total.Should().Be(Omega.Of(new(without)).Value.Total);
        Composite.Of(new(with), [0, 0, 1, 2, 2, 2]).Value.Blocks.Select(block => block.Items).Should().Equal(2, 0, 3);
        ConditionalError
            .CompoundMultinomial(new(with), [1, 1, 1, 1, 1, 1])
            .Value.Should()
            .Equal(ConditionalError.CompoundMultinomial(new(without), [1, 1, 1, 1, 1]).Value);
        var focal = Enumerable.Range(0, 100).Select(person => person % 3 == 0).ToArray();
        MantelHaenszel.Of(new(with), focal)[3].Value.ChiSquare.Should().Be(MantelHaenszel.Of(new(without), focal)[2].Value.ChiSquare);
    }

    // DLMF 8.17.6: I½(a, a) = ½. For parameters that are too large to sum, the result is a reason, not a silent stop.
    [Fact]
    public void The_incomplete_beta_function_converges_or_says_that_it_does_not()
    {
        IncompleteBeta.Regularized(5e9, 5e9, 0.5).Value.Should().BeApproximately(0.5, 1e-9);
        IncompleteBeta.Regularized(1e17, 1e17, 0.5).Reason.Should().Be(Undefined.NotConverged);
        Tails.FQuantile(0.975, 1e17, 1e17).Reason.Should().Be(Undefined.NotConverged);
        FluentActions
            .Invoking(() => Reliability.FeldtInterval(0.8, int.MaxValue, int.MaxValue))
            .Should()
            .Throw<ArgumentOutOfRangeException>();
    }
}
