using System.Globalization;
using System.Text.Json;
using Diagnostics.Psychometrics.Equating;
using FsCheck;
using FsCheck.Fluent;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.Equating;

/// <summary>
/// Compares with values of plink 1.5.1 and of our own R code; tolerances are in brackets. irt_linking_kb04.json has the
/// values of Kolen &amp; Brennan (2004), table 6.5, and of Weeks (2010): moments (1e-6), curves on the same grid
/// (1e-5), true scores (1e-3). fourforms_random_groups.json has those of four simulated forms (5e-3).
/// </summary>
public sealed class IrtTests
{
    private static JsonElement Kb04 => Expected("irt_linking_kb04");

    private static ItemCurve[] Form(string name)
    {
        double[] Numbers(int column) => [.. Column(name, column).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        var (a, b, c) = (Numbers(1), Numbers(2), Numbers(3));
        return [.. a.Select((slope, item) => new ItemCurve(slope, [b[item]], c[item], 1.7))];
    }

    private static (ItemCurve[] X, ItemCurve[] Y) Common(bool without27)
    {
        var (x, y) = (Form("kb04_form_x"), Form("kb04_form_y"));
        var items = Enumerable
            .Range(1, 12)
            .Select(index => 3 * index)
            .Where(item => !without27 || item != 27)
            .Select(item => item - 1)
            .ToArray();
        return ([.. items.Select(item => x[item])], [.. items.Select(item => y[item])]);
    }

    [ReferenceFact("kb04_form_x.csv")]
    public void Moment_methods_agree_with_Kolen_and_Brennan()
    {
        foreach (var (name, without) in new[] { ("constants_all_12_common", false), ("constants_excluding_27", true) })
        {
            var (x, y) = Common(without);
            Same(IrtLinking.MeanMean(x, y).Value, Kb04.GetProperty(name).GetProperty("mean_mean"), 1e-6);
            Same(IrtLinking.MeanSigma(x, y).Value, Kb04.GetProperty(name).GetProperty("mean_sigma"), 1e-6);
        }
    }

    [ReferenceFact("kb04_form_x.csv")]
    public void Curve_methods_agree_with_the_reference_on_plinks_grid()
    {
        foreach (var (name, without) in new[] { ("constants_all_12_common", false), ("constants_excluding_27", true) })
        {
            var (x, y) = Common(without);
            var expected = Kb04.GetProperty(name);
            Same(IrtLinking.Haebara(x, y).Value, expected.GetProperty("haebara_symmetric"), 1e-5);
            Same(IrtLinking.StockingLord(x, y).Value, expected.GetProperty("stocking_lord_symmetric"), 1e-5);
            Same(
                IrtLinking.Haebara(x, y, direction: LinkingDirection.ScaleOfY).Value,
                expected.GetProperty("haebara_old_scale_only"),
                1e-5
            );
            Same(
                IrtLinking.StockingLord(x, y, direction: LinkingDirection.ScaleOfY).Value,
                expected.GetProperty("stocking_lord_old_scale_only"),
                1e-5
            );
        }
    }

    private static void Same(ScaleLink link, JsonElement expected, double gate)
    {
        link.Multiplier.Should().BeApproximately(expected.Number("A"), gate);
        link.Constant.Should().BeApproximately(expected.Number("B"), gate);
    }

    // The population is form X's quadrature on the scale of Y, rounded to two decimals (abilities) and four (weights),
    // as Kolen & Brennan (2004) print it. Its posterior means equal the reference's EAP abilities of the scores to
    // 1e-6.
    [ReferenceFact("kb04_form_x.csv")]
    public void True_and_observed_score_equating_agree_with_plink_and_Weeks()
    {
        var (commonX, commonY) = Common(without27: true);
        var link = IrtLinking.MeanSigma(commonX, commonY).Value;
        ItemCurve[] x = [.. Form("kb04_form_x").Select(item => item.Transform(link.Multiplier, link.Constant))],
            y = Form("kb04_form_y");
        var population = new AbilityGrid(
            [-5.21, -4.16, -3.12, -2.07, -1.03, 0.02, 1.06, 2.11, 3.15, 4.20],
            [0.0001, 0.0028, 0.0302, 0.1420, 0.3149, 0.3158, 0.1542, 0.0359, 0.0039, 0.0002]
        );

        var (trueScores, observed) = (IrtEquating.TrueScore(x, y), IrtEquating.ObservedScore(x, y, population));

        foreach (var row in Kb04.GetProperty("true_score_equating_ms_ex27").EnumerateArray())
            trueScores[row.GetProperty("group1").GetInt32()].Should().BeApproximately(row.Number("group2"), 1e-3);
        // By convention plink maps score 0 to 0, where the equipercentile function gives −0.343.
        foreach (var row in Kb04.GetProperty("observed_score_equating_ms_ex27").EnumerateArray().Skip(1))
            observed[row.GetProperty("group1").GetInt32()].Should().BeApproximately(row.Number("group2"), 1e-3);
    }

    [Theory]
    [InlineData("B")]
    [InlineData("C")]
    [InlineData("D")]
    public void Four_forms_agree_with_the_reference(string form)
    {
        var expected = Expected("fourforms_random_groups");
        ItemCurve[] Curves(string name) =>
            [
                .. expected
                    .GetProperty("two_pl_n01")
                    .GetProperty(name)
                    .EnumerateArray()
                    .Select(item => new ItemCurve(item.Number("a"), [item.Number("b")])),
            ];
        var (x, y) = (Curves(form), Curves("A"));
        var reference = expected.GetProperty("irt_equating").GetProperty(form);

        var trueScores = IrtEquating.TrueScore(x, y);
        foreach (var (value, score) in reference.GetProperty("true_score").Numbers().Select((value, score) => (value, score)))
            trueScores[score].Should().BeApproximately(value, 5e-3);
        var observed = IrtEquating.ObservedScore(x, y, AbilityGrid.Normal(from: -6, to: 6, count: 121));
        foreach (var (value, score) in reference.GetProperty("observed_score").Numbers().Select((value, score) => (value, score)))
            observed[score].Should().BeApproximately(value, 5e-3);
    }

    // The link is built into the parameters, so every method must recover it, for a mixture of dichotomous items with
    // guessing and partial-credit items.
    [Fact]
    public void Every_method_finds_a_link_that_holds_exactly() =>
        Prop.ForAll(
                Gen.Choose(50, 200).Zip(Gen.Choose(-150, 150)).ToArbitrary(),
                drawn =>
                {
                    var (multiplier, constant, grid) = (drawn.Item1 / 100d, drawn.Item2 / 100d, AbilityGrid.Uniform(count: 17));
                    ItemCurve[] x =
                    [
                        new(0.8, [-1], 0.2, 1.7),
                        new(1.4, [0.5]),
                        new(0.9, [-0.7, 0.2, 1.1]),
                        new(1.1, [0.3, -0.4]),
                        new(0.6, [1.6]),
                    ];
                    ItemCurve[] y = [.. x.Select(item => item.Transform(multiplier, constant))];
                    return new[]
                    {
                        IrtLinking.MeanMean(x, y),
                        IrtLinking.MeanSigma(x, y),
                        IrtLinking.Haebara(x, y, grid, grid),
                        IrtLinking.StockingLord(x, y, grid, grid),
                        IrtLinking.StockingLord(x, y, grid, grid, LinkingDirection.ScaleOfY),
                    }.All(link => Math.Abs(link.Value.Multiplier - multiplier) < 1e-6 && Math.Abs(link.Value.Constant - constant) < 1e-6);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    // By hand, at one ability: an item with P = ½ and a partial-credit item with (¼, ½, ¼) give the totals 0…3 the
    // probabilities ⅛, ⅜, ⅜, ⅛.
    [Fact]
    public void The_predicted_distribution_of_mixed_items_is_the_one_worked_out_by_hand()
    {
        var shares = IrtEquating.Predicted([new(1, [0]), new(1, [-Math.Log(2), Math.Log(2)])], new([0], [3]));

        shares.Counts.Zip([0.125, 0.375, 0.375, 0.125]).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-15);
    }

    [Fact]
    public void A_form_equated_to_itself_keeps_its_scores()
    {
        ItemCurve[] items = [new(0.8, [-1], 0.2), new(1.4, [0.5]), new(0.9, [-0.7, 0.2, 1.1])];

        foreach (
            var equivalents in new[] { IrtEquating.TrueScore(items, items), IrtEquating.ObservedScore(items, items, AbilityGrid.Normal()) }
        )
            equivalents.Select((equivalent, score) => Math.Abs(equivalent - score)).Should().OnlyContain(difference => difference < 1e-9);
    }

    [Fact]
    public void Without_common_items_there_is_no_link() => IrtLinking.StockingLord([], []).Reason.Should().Be(Undefined.NoCommonUnits);

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        foreach (
            var act in new Action[]
            {
                () => _ = new ItemCurve(-1, [0]),
                () => _ = new ItemCurve(1, []),
                () => _ = new ItemCurve(1, [0, double.NaN]),
                () => _ = new ItemCurve(1, [0, 1], 0.2),
            }
        )
            act.Should().Throw<BadDataException>();
    }
}
