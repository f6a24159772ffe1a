using System.Globalization;
using Diagnostics.Psychometrics.Association;

namespace Diagnostics.Psychometrics.Tests.Association;

/// <summary>
/// Expected values from R's <c>cor</c> and <c>cor.test</c> (<c>tools/r/correlations.R</c>); the interval of Spearman's
/// correlation from its formula, which R has no function for.
/// </summary>
public sealed class CorrelationTests
{
    [Theory]
    [InlineData("rating", "complaints", 0.825417569542146, 0.662012769870953, 0.913913891353669)]
    [InlineData("rating", "critical", 0.156439151607238, -0.216004108219590, 0.489140322175639)]
    [InlineData("learning", "advance", 0.531619788141277, 0.211943263559682, 0.748526532580401)]
    public void Pearson_agrees_with_R(string first, string second, double value, double lower, double upper) =>
        Expect(Correlation.Pearson(Attitude(first), Attitude(second)), 30, value, lower, upper);

    [Theory]
    [InlineData("rating", "complaints", 0.832200562268763, 0.639658147287662, 0.926474685783996)]
    [InlineData("rating", "critical", 0.048203569210426, -0.317777786981148, 0.401683953840300)]
    [InlineData("learning", "advance", 0.539268667054571, 0.196833068889866, 0.764440120107474)]
    public void Spearman_agrees_with_R(string first, string second, double value, double lower, double upper) =>
        Expect(Correlation.Spearman(Attitude(first), Attitude(second)), 30, value, lower, upper);

    [Fact]
    public void Equal_values_share_their_rank()
    {
        double[] first = [1, 2, 2, 3, 3, 3];
        double[] second = [5, 3, 4, 4, 1, 1];

        Expect(Correlation.Pearson(first, second, 0.9), 6, -0.731925054711400, -0.954715520840004, 0.016793990573213);
        Expect(Correlation.Spearman(first, second, 0.9), 6, -0.715096941934194, -0.961219091491128, 0.165095821204447);
    }

    [Fact]
    public void A_perfect_relation_has_an_interval_of_one_point()
    {
        var found = Correlation.Spearman([1, 2, 3, 4], [1, 10, 100, 1000]).Value;

        (found.Value, found.Interval).Should().Be((1, new Interval(1, 1)));
    }

    [Fact]
    public void Without_enough_pairs_or_variance_the_reason_is_named()
    {
        Correlation.Pearson([1, 2, 3], [1, 3, 2]).Reason.Should().Be(Undefined.TooFewPersons);
        Correlation.Spearman([], []).Reason.Should().Be(Undefined.TooFewPersons);
        Correlation.Pearson([0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4]).Reason.Should().Be(Undefined.NoVariance);
        Correlation.Spearman([1, 2, 3, 4], [7, 7, 7, 7]).Reason.Should().Be(Undefined.NoVariance);
    }

    [Fact]
    public void What_is_no_pair_of_numbers_is_refused_with_its_place()
    {
        var uneven = () => Correlation.Pearson([1, 2], [1]);
        var endless = () => Correlation.Spearman([1, 2, 3, 4], [1, double.NaN, 3, 4]);

        uneven.Should().Throw<BadDataException>();
        endless.Should().Throw<BadDataException>().Where(fault => fault.Row == 1 && fault.Column == 1);
    }

    private static void Expect(Estimate<CorrelationEstimate> found, int pairs, double value, double lower, double upper)
    {
        found.Value.Pairs.Should().Be(pairs);
        found.Value.Value.Should().BeApproximately(value, 1e-12);
        found.Value.Interval.Lower.Should().BeApproximately(lower, 1e-12);
        found.Value.Interval.Upper.Should().BeApproximately(upper, 1e-12);
    }

    private static double[] Attitude(string name)
    {
        string[] names = ["rating", "complaints", "privileges", "learning", "raises", "critical", "advance"];
        return
        [
            .. ReferenceFiles
                .Column("attitude", Array.IndexOf(names, name))
                .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)),
        ];
    }
}
