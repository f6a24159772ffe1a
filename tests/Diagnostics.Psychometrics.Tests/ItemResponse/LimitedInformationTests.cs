using System.Text.Json;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Compares M2 with mirt 1.47 (mml_rasch_2pl.json) and, for three categories, with tools/r/marginal_models.R, which
/// sums over all 243 patterns of five items.
/// </summary>
public sealed class LimitedInformationTests
{
    [Theory]
    [InlineData("lsat6", MarginalModel.PartialCredit, "rasch", 0)]
    [InlineData("lsat6", MarginalModel.GeneralizedPartialCredit, "two_pl", 0)]
    [InlineData("verbagg_dich", MarginalModel.PartialCredit, "rasch", 3)]
    [InlineData("verbagg_dich", MarginalModel.GeneralizedPartialCredit, "two_pl", 3)]
    public void Dichotomous_items_agree_with_mirt(string data, MarginalModel model, string name, int skip)
    {
        var scores = ReferenceScores.Read(data, skip);
        Same(
            LimitedInformation.Of(scores, MarginalMaximumLikelihood.Fit(scores, new(model)).Value, model).Value,
            ReferenceFiles.Expected("mml_rasch_2pl").GetProperty(data).GetProperty(name).GetProperty("M2")[0]
        );
    }

    [ReferenceFact("sat12_scored.csv")]
    public void The_32_items_of_SAT12_agree_with_mirt()
    {
        foreach (var (model, name) in new[] { (MarginalModel.PartialCredit, "rasch"), (MarginalModel.GeneralizedPartialCredit, "two_pl") })
            Same(
                LimitedInformation
                    .Of(ReferenceScores.Sat12(), MarginalMaximumLikelihood.Fit(ReferenceScores.Sat12(), new(model)).Value, model)
                    .Value,
                ReferenceFiles.Expected("mml_rasch_2pl").GetProperty("sat12_scored").GetProperty(name).GetProperty("M2")[0]
            );
    }

    // mirt divides the ends of the interval by n and the estimate itself by n − 1. Our code divides both by n − 1, and
    // its interval agrees with the one computed from R's pchisq.
    private static void Same(LimitedInformationFit fit, JsonElement expected)
    {
        fit.Degrees.Should().Be(expected.GetProperty("df").GetInt32());
        fit.Statistic.Should().BeApproximately(expected.Number("M2"), 1e-4 * expected.Number("M2"));
        fit.P.Should().BeApproximately(expected.Number("p"), 1e-3);
        var bounds = Math.Sqrt(fit.Persons / (fit.Persons - 1d));
        new[] { fit.Rmsea, fit.RmseaInterval.Lower, fit.RmseaInterval.Upper }.ShouldMatch(
            [expected.Number("RMSEA"), bounds * expected.Number("RMSEA_5"), bounds * expected.Number("RMSEA_95")],
            2e-5
        );
    }

    [Theory]
    [InlineData(MarginalModel.PartialCredit, 37.524878, 4, 0, 0.163117, 0.117893, 0.212685)]
    [InlineData(MarginalModel.RatingScale, 42.120326, 8, 0.000001, 0.116361, 0.083192, 0.152121)]
    public void Items_of_three_categories_agree_with_the_sum_over_all_patterns(
        MarginalModel model,
        double statistic,
        int degrees,
        double p,
        double rmsea,
        double lower,
        double upper
    )
    {
        var whole = ReferenceScores.Read("verbagg_poly", 3);
        var five = new int[whole.Persons, 5];
        for (var person = 0; person < whole.Persons; person++)
        for (var item = 0; item < 5; item++)
            five[person, item] = whole[person, item];

        var fit = LimitedInformation.Of(new(five), MarginalMaximumLikelihood.Fit(new(five), new(model)).Value, model).Value;

        fit.Degrees.Should().Be(degrees);
        new[] { fit.Statistic, fit.P, fit.Rmsea, fit.RmseaInterval.Lower, fit.RmseaInterval.Upper }.ShouldMatch(
            [statistic, p, rmsea, lower, upper],
            2e-5
        );
    }

    // The data are generated from the model. With 300 replications, the share rejected at 5 % has a standard error of
    // 1.3 percentage points.
    [Fact]
    public void A_true_model_is_rejected_once_in_twenty()
    {
        var random = new Random(43);
        var rejected = 0;
        for (var time = 0; time < 300; time++)
        {
            var scores = Simulation.Answers(Simulation.Items(10, 1, true, random), 600, 1, random);
            var fit = MarginalMaximumLikelihood.Fit(scores, new(StandardErrors: false));
            if (fit.IsDefined && LimitedInformation.Of(scores, fit.Value, MarginalModel.GeneralizedPartialCredit).Value.P < 0.05)
                rejected++;
        }
        (rejected / 300d).Should().BeInRange(0.02, 0.08);
    }

    [Fact]
    public void Each_form_of_a_joint_calibration_has_its_own_statistic()
    {
        var random = new Random(47);
        var known = Simulation.Items(12, 1, false, random);
        var whole = Simulation.Answers(known, 2_000, 1, random);
        var scores = new int[2_000, 12];
        for (var person = 0; person < 2_000; person++)
        for (var item = 0; item < 12; item++)
            scores[person, item] = person % 2 == 0 == item < 6 ? whole[person, item] : -1;
        var fit = MarginalMaximumLikelihood.Fit(new(scores), new(MarginalModel.PartialCredit)).Value;

        LimitedInformation.Of(new(scores), fit, MarginalModel.PartialCredit).Reason.Should().Be(Undefined.TooFewPersons);
        var first = LimitedInformation.Of(new(scores), fit, MarginalModel.PartialCredit, [0, 1, 2, 3, 4, 5]).Value;
        (first.Persons, first.Degrees).Should().Be((1_000, 14));
        LimitedInformation.Of(new(scores), fit, MarginalModel.PartialCredit, [0, 1]).Reason.Should().Be(Undefined.TooFewItems);
    }
}
