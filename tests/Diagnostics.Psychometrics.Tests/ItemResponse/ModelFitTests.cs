using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class ModelFitTests
{
    // The values in rasch_cml.json and pcm_cml.json are eRm's item fit over persons with non-extreme scores; eRm stops
    // at about 1e-4.
    [Theory]
    [InlineData("raschdat1", 0)]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Infit_and_outfit_under_Rasch_are_those_of_eRm(string name, int skip) =>
        CheckItems(ReferenceScores.Read(name, skip), ReferenceScores.Expected("rasch_cml")[name]!["item_fit"]!);

    [Theory]
    [InlineData("pcmdat", 0)]
    [InlineData("verbagg_poly", 3)]
    public void Infit_and_outfit_of_polytomous_items_are_those_of_eRm(string name, int skip) =>
        CheckItems(ReferenceScores.Read(name, skip), ReferenceScores.Expected("pcm_cml")["pcm"]![name]!["item_fit"]!);

    private static void CheckItems(ScoreMatrix scores, System.Text.Json.Nodes.JsonNode expected)
    {
        var curves = ConditionalMaximumLikelihood.Fit(scores).Value.Curves;

        var fit = ModelFit.OfItems(scores, curves, Abilities.Estimate(scores, curves, AbilityMethod.MaximumLikelihood));

        fit.Select(item => item.Value.Outfit).ShouldMatch(expected.Numbers("outfit_msq"), 5e-4, "outfit");
        fit.Select(item => item.Value.Infit).ShouldMatch(expected.Numbers("infit_msq"), 5e-4, "infit");
        fit.Select(item => item.Value.OutfitZ).ShouldMatch(expected.Numbers("outfit_z"), 1e-3, "outfit z");
        fit.Select(item => item.Value.InfitZ).ShouldMatch(expected.Numbers("infit_z"), 1e-3, "infit z");
        fit.Select(item => (double)item.Value.Count).ShouldMatch(expected.Numbers("df"), 0, "persons");
    }

    // Compares the first 25 persons with non-extreme scores.
    [Theory]
    [InlineData("raschdat1", 0)]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Persons_infit_and_outfit_are_those_of_eRm(string name, int skip)
    {
        var scores = ReferenceScores.Read(name, skip);
        var expected = ReferenceScores.Expected("rasch_cml")[name]!["person_fit_first_25_nonextreme"]!;
        var curves = ConditionalMaximumLikelihood.Fit(scores).Value.Curves;

        var fit = ModelFit
            .OfPersons(scores, curves, Abilities.Estimate(scores, curves, AbilityMethod.MaximumLikelihood))
            .Where(person => person.IsDefined)
            .Take(25)
            .ToArray();

        fit.Select(person => person.Value.Outfit).ShouldMatch(expected.Numbers("outfit_msq"), 1e-3, "outfit");
        fit.Select(person => person.Value.Infit).ShouldMatch(expected.Numbers("infit_msq"), 1e-3, "infit");
        fit.Select(person => person.Value.OutfitZ).ShouldMatch(expected.Numbers("outfit_z"), 1e-3, "outfit z");
        fit.Select(person => person.Value.InfitZ).ShouldMatch(expected.Numbers("infit_z"), 1e-3, "infit z");
    }

    // The values in mml_rasch_2pl.json are mirt's item fit at EAP abilities. mirt raises variances that are below
    // √1e-5, so the one item with such variances is not compared.
    [Theory]
    [InlineData("lsat6", 0, 5)]
    [InlineData("verbagg_dich", 3, 23)]
    public void At_expected_a_posteriori_abilities_they_are_those_of_mirt(string name, int skip, int comparable)
    {
        var twoPl = ReferenceScores.Expected("mml_rasch_2pl")[name]!["two_pl"]!;
        var (scores, curves) = (ReferenceScores.Read(name, skip), AbilitiesTests.Mirt(twoPl));
        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.ExpectedAPosteriori);

        var fit = ModelFit.OfItems(scores, curves, abilities);

        var items = Enumerable
            .Range(0, scores.Items)
            .Where(item =>
                abilities.All(ability => curves[item].Probabilities(ability.Value.Value) is var p && p[0] * p[1] > Math.Sqrt(1e-5))
            )
            .ToArray();
        items.Should().HaveCount(comparable);
        double[] Expected(string key) => [.. items.Select(item => twoPl["item_fit"]![item]!.Number(key))];
        items.Select(item => fit[item].Value.Outfit).ShouldMatch(Expected("outfit"), 1e-5, "outfit");
        items.Select(item => fit[item].Value.Infit).ShouldMatch(Expected("infit"), 1e-5, "infit");
        items.Select(item => fit[item].Value.OutfitZ).ShouldMatch(Expected("z.outfit"), 1e-4, "outfit z");
        items.Select(item => fit[item].Value.InfitZ).ShouldMatch(Expected("z.infit"), 1e-4, "infit z");
    }

    [Theory]
    [InlineData("lsat6")]
    [InlineData("verbagg_dich")]
    [InlineData("sat12_scored")]
    public void The_patterns_standardized_likelihoods_are_mirts_Zh(string name)
    {
        var twoPl = ReferenceScores.Expected("mml_rasch_2pl")[name]!["two_pl"]!;
        var (scores, curves, rows) = (AbilitiesTests.Patterns(twoPl), AbilitiesTests.Mirt(twoPl), twoPl["scores_first_patterns"]!);
        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.ExpectedAPosteriori);

        ModelFit
            .StandardizedLikelihoods(scores, curves, abilities)
            .Select(person => person.Value)
            .ShouldMatch(rows.Numbers("Zh"), 1e-5, "Zh");
        var fit = ModelFit.OfPersons(scores, curves, abilities);
        fit.Select(person => person.Value.Outfit).ShouldMatch(rows.Numbers("person_outfit"), 1e-5, "outfit");
        fit.Select(person => person.Value.Infit).ShouldMatch(rows.Numbers("person_infit"), 1e-5, "infit");
    }

    [Theory]
    [InlineData("lsat6", 0)]
    [InlineData("verbagg_dich", 3)]
    public void Test_information_and_reliabilities_are_those_of_mirt(string name, int skip)
    {
        var twoPl = ReferenceScores.Expected("mml_rasch_2pl")[name]!["two_pl"]!;
        var (scores, curves) = (ReferenceScores.Read(name, skip), AbilitiesTests.Mirt(twoPl));

        foreach (var entry in twoPl["test_info"]!.AsArray())
            Information.OfTest(curves, entry!.Number("theta")).Should().BeApproximately(entry!.Number("info"), 1e-10);
        Information.MarginalReliability(curves).Should().BeApproximately(twoPl.Number("marginal_rxx"), 1e-6);
        Information
            .EmpiricalReliability(Abilities.Estimate(scores, curves, AbilityMethod.ExpectedAPosteriori))
            .Value.Should()
            .BeApproximately(twoPl.Number("empirical_rxx"), 1e-5);
    }

    [Fact]
    public void Fit_without_an_ability_or_a_curve_is_undefined()
    {
        ScoreMatrix scores = new(
            new[,]
            {
                { 1, 1 },
                { 1, 0 },
            }
        );
        ItemParameters?[] curves = [new(1, [0]), null];
        var abilities = Abilities.Estimate(scores, curves, AbilityMethod.MaximumLikelihood);

        ModelFit.OfPersons(scores, curves, abilities)[0].Reason.Should().Be(Undefined.PerfectScore);
        ModelFit.OfItems(scores, curves, abilities).Should().OnlyContain(item => item.Reason == Undefined.TooFewPersons);
    }
}
