using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

/// <summary>
/// Compares the graded response model and the rating scale model with tools/r/marginal_models.R, which maximises the
/// same likelihoods by brute force, on six items of the verbal aggression data.
/// </summary>
public sealed class MarginalModelTests
{
    private static ScoreMatrix Six()
    {
        var whole = ReferenceScores.Read("verbagg_poly", 3);
        var six = new int[whole.Persons, 6];
        for (var person = 0; person < whole.Persons; person++)
        for (var item = 0; item < 6; item++)
            six[person, item] = whole[person, item];
        return new(six);
    }

    [Fact]
    public void Graded_responses_are_those_of_brute_force()
    {
        double[][] expected =
        [
            [1.950452, -0.731736, 0.286961, 0.292290, 0.114438, 0.097313],
            [2.208819, -0.323571, 0.539259, 0.343678, 0.092893, 0.100839],
            [1.041202, -0.050914, 1.612074, 0.173178, 0.131808, 0.255285],
            [1.589754, -1.153805, 0.248013, 0.234365, 0.155620, 0.105600],
            [2.111497, -0.400651, 0.559137, 0.320865, 0.096884, 0.102776],
            [1.014933, -0.016895, 1.381465, 0.175871, 0.133644, 0.238664],
        ];

        var fit = GradedResponse.Fit(Six()).Value;

        fit.LogLikelihood.Should().BeApproximately(-1830.284037, 1e-5);
        (fit.Parameters, fit.Persons).Should().Be((18, 316));
        foreach (var (item, values) in fit.Items.Zip(expected))
            new[] { item.Value.Slope, item.Value.Thresholds[0], item.Value.Thresholds[1], item.Value.SlopeError }
                .Concat(item.Value.ThresholdErrors)
                .ShouldMatch(values, 2e-5);
        var ability = GradedResponse.Abilities(Six(), fit.Items)[0].Value;
        new[] { ability.Value, ability.Error }.ShouldMatch([-1.667280, 0.599558], 1e-5);
    }

    [Fact]
    public void Rating_scales_are_those_of_brute_force()
    {
        var fit = MarginalMaximumLikelihood.Fit(Six(), new(MarginalModel.RatingScale)).Value;

        fit.LogLikelihood.Should().BeApproximately(-1850.418499, 1e-5);
        fit.Parameters.Should().Be(8);
        new[] { fit.Variance, fit.VarianceError!.Value }.ShouldMatch([1.284346, 0.181962], 1e-5);
        fit.Items.Select(item => item.Value.Parameters.Location)
            .ShouldMatch([-0.283793, 0.155912, 0.669183, -0.512686, 0.091050, 0.615020], 1e-5);
        var first = fit.Items[0].Value;
        first.Parameters.Steps.Concat(first.Errors!.Steps).ShouldMatch([-0.568817, 0.001232, 0.126676, 0.119692], 1e-5);
        // The intercept of the highest score is twice β, so its error is twice the error of the location.
        fit.Items.Select(item => item.Value.Errors!.Intercepts[1] / 2)
            .ShouldMatch([0.107405, 0.106890, 0.111292, 0.109247, 0.106716, 0.110575], 1e-5);
    }

    [Fact]
    public void With_two_categories_a_rating_scale_is_the_Rasch_model_and_a_graded_response_the_2PL()
    {
        var scores = ReferenceScores.Read("lsat6");

        var (scale, rasch) = (
            MarginalMaximumLikelihood.Fit(scores, new(MarginalModel.RatingScale)).Value,
            MarginalMaximumLikelihood.Fit(scores, new(MarginalModel.PartialCredit)).Value
        );
        var (graded, two) = (GradedResponse.Fit(scores).Value, MarginalMaximumLikelihood.Fit(scores).Value);

        scale.LogLikelihood.Should().BeApproximately(rasch.LogLikelihood, 1e-7);
        (scale.VarianceError!.Value - rasch.VarianceError!.Value).Should().BeApproximately(0, 1e-6);
        graded.LogLikelihood.Should().BeApproximately(-2466.653377, 1e-5, "mirt and ltm print it, in mml_rasch_2pl.json");
        foreach (var (one, other) in graded.Items.Zip(two.Items))
        {
            one.Value.Slope.Should().BeApproximately(other.Value.Parameters.Slope, 1e-4);
            one.Value.SlopeError.Should().BeApproximately(other.Value.Errors!.Slope, 1e-4);
            one.Value.ThresholdErrors[0].Should().BeApproximately(other.Value.Errors!.Steps[0], 1e-3);
        }
    }

    // Ten replications with 20 items of four categories give 800 intervals of 95 %. The share that covers the truth has
    // a standard error of .8 percentage points.
    [Fact]
    public void Simulated_graded_items_come_back_within_their_errors()
    {
        var random = new Random(41);
        var (inside, all) = (0, 0);
        for (var time = 0; time < 10; time++)
        {
            GradedItem[] truth =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(item =>
                    {
                        var middle = -1.5 + 3d * item / 19;
                        return new GradedItem(Math.Exp(0.25 * random.Normal()), [middle - 0.8, middle, middle + 0.8], 0, [0, 0, 0]);
                    }),
            ];
            var scores = new int[1_000, 20];
            for (var person = 0; person < 1_000; person++)
            {
                var ability = random.Normal();
                for (var item = 0; item < 20; item++)
                {
                    var (uniform, score) = (random.NextDouble(), 0);
                    foreach (var probability in truth[item].Probabilities(ability))
                    {
                        if ((uniform -= probability) < 0 || score == 3)
                            break;
                        score++;
                    }
                    // One answer in ten is missing at random.
                    scores[person, item] = random.Next(10) == 0 ? -1 : score;
                }
            }
            foreach (var (item, known) in GradedResponse.Fit(new(scores)).Value.Items.Zip(truth))
            {
                var z = item
                    .Value.Thresholds.Select((threshold, at) => (threshold - known.Thresholds[at]) / item.Value.ThresholdErrors[at])
                    .Append((item.Value.Slope - known.Slope) / item.Value.SlopeError);
                foreach (var one in z)
                {
                    all++;
                    inside += Math.Abs(one) < 1.96 ? 1 : 0;
                }
            }
        }
        (inside / (double)all).Should().BeInRange(0.93, 0.97);
    }

    [Fact]
    public void A_perfect_scale_has_no_finite_maximum()
    {
        var scores = new int[40, 5];
        for (var person = 0; person < 40; person++)
        for (var item = 0; item < 5; item++)
            scores[person, item] = person % 6 > item ? 1 : 0;

        GradedResponse.Fit(new(scores)).Reason.Should().Be(Undefined.NotConverged);
        MarginalMaximumLikelihood.Fit(new(scores), new(MarginalModel.RatingScale)).Reason.Should().Be(Undefined.NotConverged);
    }
}
