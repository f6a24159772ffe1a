using System.Text.Json.Nodes;
using Diagnostics.Psychometrics.ItemResponse;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class AbilitiesTests
{
    // Returns the curves that mirt estimated, so that the tests check only the estimates of abilities.
    internal static ItemParameters[] Mirt(JsonNode twoPl) =>
        [.. twoPl["items"]!.AsArray().Select(item => new ItemParameters(item!.Number("a"), [item!.Number("intercept_d")]))];

    internal static ScoreMatrix Patterns(JsonNode twoPl)
    {
        var patterns = twoPl["scores_first_patterns"]!.AsArray().Select(entry => entry!["pattern"]!.GetValue<string>()).ToArray();
        var scores = new int[patterns.Length, patterns[0].Length];
        for (var row = 0; row < patterns.Length; row++)
        for (var column = 0; column < patterns[0].Length; column++)
            scores[row, column] = patterns[row][column] - '0';
        return new(scores);
    }

    // mml_rasch_2pl.json has the values of mirt's fscores for the 2PL; mirt integrates EAP on 61 nodes over ±6, and its
    // optimizer stops at about 1e-4.
    [Theory]
    [InlineData("lsat6", AbilityMethod.ExpectedAPosteriori, "eap", "eap_sd", 1e-6)]
    [InlineData("verbagg_dich", AbilityMethod.ExpectedAPosteriori, "eap", "eap_sd", 1e-6)]
    [InlineData("sat12_scored", AbilityMethod.ExpectedAPosteriori, "eap", "eap_sd", 1e-6)]
    [InlineData("lsat6", AbilityMethod.MaximumAPosteriori, "map", "map_se", 1e-4)]
    [InlineData("sat12_scored", AbilityMethod.MaximumAPosteriori, "map", "map_se", 1e-4)]
    [InlineData("lsat6", AbilityMethod.WeightedLikelihood, "wle", "wle_se", 1e-4)]
    [InlineData("verbagg_dich", AbilityMethod.WeightedLikelihood, "wle", "wle_se", 1e-4)]
    [InlineData("sat12_scored", AbilityMethod.WeightedLikelihood, "wle", "wle_se", 1e-4)]
    [InlineData("lsat6", AbilityMethod.MaximumLikelihood, "ml", "ml_se", 1e-4)]
    [InlineData("sat12_scored", AbilityMethod.MaximumLikelihood, "ml", "ml_se", 1e-4)]
    public void Abilities_and_errors_are_those_of_mirt(string name, AbilityMethod method, string value, string error, double tolerance)
    {
        var twoPl = ReferenceScores.Expected("mml_rasch_2pl")[name]!["two_pl"]!;

        var abilities = Abilities.Estimate(Patterns(twoPl), Mirt(twoPl), method);

        var rows = twoPl["scores_first_patterns"]!.AsArray();
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row]![value] is null)
            {
                abilities[row].Reason.Should().Be(Undefined.PerfectScore);
                continue;
            }
            abilities[row].Value.Value.Should().BeApproximately(rows[row]!.Number(value), tolerance, $"row {row}");
            abilities[row].Value.Error.Should().BeApproximately(rows[row]!.Number(error), tolerance, $"row {row}");
        }
    }

    // The values in rasch_cml.json are eRm's abilities for raw scores between the extremes, given the conditional
    // difficulties.
    [Theory]
    [InlineData("raschdat1", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Maximum_likelihood_under_Rasch_is_that_of_eRm(string name, int skip)
    {
        var scores = ReferenceScores.Read(name, skip);
        var expected = ReferenceScores.Expected("rasch_cml")[name]!["person_theta_by_raw"]!
            .AsArray()
            .ToDictionary(entry => entry!["raw"]!.GetValue<int>(), entry => entry!.Number("theta"));

        var abilities = Abilities.Estimate(scores, ConditionalMaximumLikelihood.Fit(scores).Value.Curves, AbilityMethod.MaximumLikelihood);

        for (var person = 0; person < scores.Persons; person++)
        {
            var raw = Enumerable.Range(0, scores.Items).Sum(item => scores[person, item]);
            if (raw == 0 || raw == scores.Items)
                abilities[person].Reason.Should().Be(Undefined.PerfectScore);
            else
                abilities[person].Value.Value.Should().BeApproximately(expected[raw], 5e-4);
        }
    }

    // The values in mml_polytomous.json are EAP abilities of the first ten persons under the generalized partial credit
    // model.
    [Fact]
    public void Expected_a_posteriori_of_polytomous_items_is_that_of_mirt()
    {
        var scores = ReferenceScores.Read("verbagg_poly", 3);
        var expected = ReferenceScores.Expected("mml_polytomous")["verbagg_poly"]!["gpcm"]!;
        var curves = expected["parameters"]!
            .AsArray()
            .Select(item => ItemParameters.FromSteps(item!.Number("a"), [item!.Number("b1"), item!.Number("b2")]))
            .ToArray();

        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.ExpectedAPosteriori);

        abilities
            .Take(10)
            .Select(ability => ability.Value.Value)
            .ShouldMatch(expected["eap_first_10"]!.AsArray().Select(value => value!.GetValue<double>()), 1e-5);
    }

    // The prior N(μ, σ²) with slope a is equivalent to N(0, 1) with slope aσ and difficulty (b − μ)/σ.
    [Fact]
    public void A_prior_elsewhere_is_a_change_of_scale()
    {
        var scores = ReferenceScores.Read("lsat6");
        var curves = Enumerable.Range(0, 5).Select(item => ItemParameters.FromSteps(1.3, [item - 2])).ToArray();
        var scaled = curves.Select(curve => ItemParameters.FromSteps(1.3 * 1.5, [(curve.Steps[0] - 0.4) / 1.5])).ToArray();

        foreach (var method in new[] { AbilityMethod.ExpectedAPosteriori, AbilityMethod.MaximumAPosteriori })
        {
            var direct = Abilities.Estimate(scores, curves, method, new(0.4, 1.5));
            var standard = Abilities.Estimate(scores, scaled, method);
            direct.Select(ability => ability.Value.Value).ShouldMatch(standard.Select(ability => 0.4 + (1.5 * ability.Value.Value)), 1e-8);
            direct.Select(ability => ability.Value.Error).ShouldMatch(standard.Select(ability => 1.5 * ability.Value.Error), 1e-8);
        }
    }

    [Fact]
    public void A_person_without_answers_has_no_ability() =>
        Abilities
            .Estimate(
                new(
                    new[,]
                    {
                        { -1, -1 },
                        { 1, 0 },
                    }
                ),
                [new(1, [0]), new(1, [0])],
                AbilityMethod.ExpectedAPosteriori
            )[0]
            .Reason.Should()
            .Be(Undefined.TooFewItems);

    // Two items at −1 and 1, one of them right: by symmetry θ = 0, I = 2·P(1 − P) with P = 1/(1 + e).
    [Fact]
    public void Items_not_presented_do_not_count()
    {
        var ability = Abilities
            .Estimate(
                new(
                    new[,]
                    {
                        { 1, -1, 0 },
                    }
                ),
                [new(1, [1]), new(1, [5]), new(1, [-1])],
                AbilityMethod.MaximumLikelihood
            )[0]
            .Value;

        var probability = 1 / (1 + Math.E);
        ability.Value.Should().BeApproximately(0, 1e-9);
        ability.Error.Should().BeApproximately(1 / Math.Sqrt(2 * probability * (1 - probability)), 1e-9);
    }

    [Fact]
    public void A_score_above_the_curve_is_refused_with_its_place() =>
        FluentActions
            .Invoking(() =>
                Abilities.Estimate(
                    new(
                        new[,]
                        {
                            { 1, 0 },
                            { 1, 2 },
                        }
                    ),
                    [new(1, [0]), new(1, [0])],
                    AbilityMethod.MaximumLikelihood
                )
            )
            .Should()
            .Throw<BadDataException>()
            .Where(error => error.Row == 1 && error.Column == 1);

    // Warm (1989): with n equal items the estimate of every score is finite and rises with the score.
    [Fact]
    public void Every_method_rises_with_the_weighted_score() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                seed =>
                {
                    var random = new Random(seed);
                    var curves = Enumerable
                        .Range(0, 6)
                        .Select(_ =>
                            ItemParameters.FromSteps(
                                0.5 + random.NextDouble(),
                                [(2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1]
                            )
                        )
                        .ToArray();
                    var scores = new int[2, 6];
                    for (var item = 0; item < 6; item++)
                        (scores[0, item], scores[1, item]) = (random.Next(3), random.Next(3));
                    double Weighted(int person) => Enumerable.Range(0, 6).Sum(item => curves[item].Slope * scores[person, item]);
                    return Enum.GetValues<AbilityMethod>()
                        .All(method =>
                        {
                            var pair = Abilities.Estimate(new(scores), curves, method);
                            return !pair[0].IsDefined
                                || !pair[1].IsDefined
                                || Math.Abs(Weighted(0) - Weighted(1)) < 1e-9
                                || Weighted(0) < Weighted(1) == pair[0].Value.Value < pair[1].Value.Value;
                        });
                }
            )
            .QuickCheckThrowOnFailure();
}
