using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Equating;

/// <summary>
/// Compares with the values printed by tools/r/anchor_equating.R, which writes out the formulas of Kolen and Brennan
/// independently, with errors by the infinitesimal jackknife. The equivalents agree with those of the equate package
/// 2.0.8, which gives six digits.
/// </summary>
public sealed class AnchorEquatingTests
{
    private static readonly (AnchoredScores X, AnchoredScores Y) Groups = Read();

    private static (AnchoredScores, AnchoredScores) Read()
    {
        var answers = ReferenceScores.Read("verbagg_dich", 3);
        int Sum(int person, int from, int to) => Enumerable.Range(from, to - from).Sum(item => answers[person, item]);
        AnchoredScores Group(int remainder, int from, int to)
        {
            var persons = Enumerable.Range(0, answers.Persons).Where(person => person % 2 == remainder).ToArray();
            return AnchoredScores.Of(
                [.. persons.Select(person => Sum(person, from, to))],
                [.. persons.Select(person => Sum(person, 8, 16))],
                16,
                8
            );
        }
        return (Group(0, 0, 16), Group(1, 8, 24));
    }

    [Theory]
    [InlineData(AnchorMethod.ChainedLinear, 0.5, true, -1.96098047, 3.01089643, 13.94902560, 0.4196082, 0.2523708, 0.3379578)]
    [InlineData(AnchorMethod.Tucker, 0.5, true, -1.99606964, 3.00680237, 14.01312078, 0.3975353, 0.2397922, 0.3359434)]
    [InlineData(AnchorMethod.Tucker, 1, true, -1.98464906, 3.00796800, 13.99172555, 0.4012765, 0.2424858, 0.3320426)]
    [InlineData(AnchorMethod.LevineObserved, 0.5, true, -1.91547456, 3.01831979, 13.87266735, 0.4746432, 0.2811625, 0.3697977)]
    [InlineData(AnchorMethod.LevineObserved, 1, true, -1.93335815, 3.01506212, 13.90158670, 0.4519458, 0.2691532, 0.3564550)]
    [InlineData(AnchorMethod.LevineObserved, 0.5, false, -1.94841299, 3.01274926, 13.92730621, 0.4326724, 0.2592694, 0.3442099)]
    [InlineData(AnchorMethod.LevineTrue, 0.5, true, -1.37979800, 3.24871552, 13.43144528, 0.4334730, 0.2641068, 0.3340871)]
    [InlineData(AnchorMethod.LevineTrue, 0.5, false, -1.77886633, 3.08555484, 13.78728141, 0.4287187, 0.2574815, 0.3372053)]
    public void Linear_methods_and_their_errors_are_those_of_the_formulas(
        AnchorMethod method,
        double weight,
        bool isInternal,
        double at0,
        double at5,
        double at16,
        double errorAt0,
        double errorAt5,
        double errorAt16
    )
    {
        var options = new AnchorOptions(weight, isInternal);

        var equivalents = AnchorEquating.Equate(method, Groups.X, Groups.Y, options).Value;
        var errors = AnchorEquating.StandardErrors(method, Groups.X, Groups.Y, options).Value;

        new[] { equivalents[0], equivalents[5], equivalents[16] }.ShouldMatch([at0, at5, at16], 1e-7);
        new[] { errors[0], errors[5], errors[16] }.ShouldMatch([errorAt0, errorAt5, errorAt16], 1e-6);
    }

    [Fact]
    public void Equipercentile_methods_are_those_of_the_formulas()
    {
        double[] chained =
        [
            -0.38333333,
            -0.15000000,
            0.43333333,
            1.16666667,
            2.42954545,
            2.94696970,
            3.69318182,
            4.94444444,
            6.12442396,
            7.07115750,
            7.93526786,
            8.47767857,
            9.03125000,
            10.42948718,
            12.05454545,
            13.37878788,
            15.33333333,
        ];
        double[] even =
        [
            -0.38333333,
            -0.15000000,
            0.61135410,
            1.33791473,
            2.07389574,
            2.98833137,
            4.03226270,
            5.04516412,
            6.03714604,
            6.99499761,
            7.90748319,
            8.81436655,
            9.72371256,
            10.71573589,
            11.92071306,
            13.25607892,
            15.31707317,
        ];
        double[] ofX =
        [
            -0.38333333,
            -0.15000000,
            0.43333333,
            1.26726343,
            2.05306218,
            2.97108131,
            4.02298968,
            5.08747234,
            6.11576869,
            7.04636231,
            7.90545557,
            8.72597786,
            9.66370622,
            10.66809277,
            11.89687236,
            13.18202765,
            15.29729730,
        ];

        AnchorEquating.Equate(AnchorMethod.ChainedEquipercentile, Groups.X, Groups.Y).Value.ShouldMatch(chained, 1e-7);
        AnchorEquating.Equate(AnchorMethod.FrequencyEstimation, Groups.X, Groups.Y).Value.ShouldMatch(even, 1e-7);
        AnchorEquating.Equate(AnchorMethod.FrequencyEstimation, Groups.X, Groups.Y, new(1)).Value.ShouldMatch(ofX, 1e-7);
    }

    // With 2,000 replications a bootstrap error has a relative error of 1.6 %.
    [Theory]
    [InlineData(AnchorMethod.Tucker)]
    [InlineData(AnchorMethod.LevineTrue)]
    public void The_bootstrap_agrees_with_the_delta_method(AnchorMethod method)
    {
        var drawn = AnchorEquating.Bootstrap(method, Groups.X, Groups.Y, 5, 2_000).Value.StandardErrors;
        var analytic = AnchorEquating.StandardErrors(method, Groups.X, Groups.Y).Value;

        drawn.Zip(analytic, (one, other) => one / other).Should().OnlyContain(ratio => ratio > 0.9 && ratio < 1.1);
    }

    // The groups differ by 0.8 standard deviations. Equating for random groups would mistake that for a difference
    // between the forms.
    [Fact]
    public void Groups_of_different_ability_get_back_the_scores_of_one_and_the_same_form()
    {
        var random = new Random(3);
        AnchoredScores Group(double shift)
        {
            var (totals, anchors) = (new int[20_000], new int[20_000]);
            for (var person = 0; person < totals.Length; person++)
            {
                var ability = shift + random.Normal();
                for (var item = 0; item < 30; item++)
                {
                    var right = random.NextDouble() < 1 / (1 + Math.Exp(-(ability - (item % 10 - 4.5) / 3))) ? 1 : 0;
                    totals[person] += right;
                    anchors[person] += item < 10 ? right : 0;
                }
            }
            return AnchoredScores.Of(totals, anchors, 30, 10);
        }
        var (x, y) = (Group(-0.4), Group(0.4));

        foreach (var method in new[] { AnchorMethod.LevineObserved, AnchorMethod.LevineTrue })
            AnchorEquating
                .Equate(method, x, y)
                .Value.Select((equivalent, score) => Math.Abs(equivalent - score))
                .Max()
                .Should()
                .BeLessThan(0.3, "true scores regress on the anchor's true score alike in both groups");
        AnchorEquating.Equate(AnchorMethod.Tucker, x, y).Value[15].Should().BeGreaterThan(15.5, "an anchor of ten items is unreliable");
        new EquatingMethod.Linear().Equate(x.Totals, y.Totals).Value[15].Should().BeGreaterThan(18);
    }

    [Fact]
    public void What_cannot_be_equated_has_a_reason()
    {
        var alike = AnchoredScores.Of([3, 3, 3], [1, 1, 1], 5, 2);
        var spread = AnchoredScores.Of([1, 2, 4], [0, 1, 2], 5, 2);
        var against = AnchoredScores.Of([4, 2, 1], [0, 1, 2], 5, 2);

        AnchorEquating.Equate(AnchorMethod.Tucker, alike, spread).Reason.Should().Be(Undefined.NoVariance);
        AnchorEquating.Equate(AnchorMethod.LevineTrue, against, spread).Reason.Should().Be(Undefined.NoVariance);
        AnchorEquating.StandardErrors(AnchorMethod.LevineTrue, against, spread).Reason.Should().Be(Undefined.NoVariance);
        AnchorEquating.Equate(AnchorMethod.FrequencyEstimation, alike, spread).Reason.Should().Be(Undefined.EmptyCategory);
        FluentActions.Invoking(() => AnchoredScores.Of([6], [0], 5, 2)).Should().Throw<BadDataException>().Which.Row.Should().Be(0);
        FluentActions
            .Invoking(() => AnchorEquating.Equate(AnchorMethod.Tucker, spread, AnchoredScores.Of([1], [1], 5, 3)))
            .Should()
            .Throw<BadDataException>();
    }
}
