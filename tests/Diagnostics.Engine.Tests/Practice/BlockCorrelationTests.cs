using Diagnostics.Engine.Practice;

namespace Diagnostics.Engine.Tests.Practice;

public sealed class BlockCorrelationTests
{
    /// <summary>
    /// Expected values from R: <c>x &lt;- c(41,47,52,55,58,61,63,70,74,82); y &lt;- c(50,44,61,58,70,66,59,81,77,90);
    /// cor.test(x, y); cor(x, y, method = "spearman")</c>, and the interval of Bonett and Wright (2000) for the latter.
    /// </summary>
    [Fact]
    public void Both_correlations_come_with_their_intervals()
    {
        decimal[] indicators = [41, 47, 52, 55, 58, 61, 63, 70, 74, 82];
        decimal[] results = [50, 44, 61, 58, 70, 66, 59, 81, 77, 90];

        var found = BlockCorrelation.Of([.. indicators.Zip(results, (one, other) => Member(one, ("subject", other)))]).Single();

        (found.Block, found.People, found.Reason).Should().Be(("subject", 10, null));
        Expect(found.Pearson!, (0.920994765214538, 0.693540457950639, 0.981478710852434));
        Expect(found.Spearman!, (0.866666666666667, 0.422467665916246, 0.975179157310178));
    }

    [Fact]
    public void Too_few_people_and_equal_results_are_reasons_and_no_number()
    {
        var nine = Enumerable.Range(1, 9).Select(place => Member(place, ("subject", place * 10), ("methodical", place * 10)));
        var found = BlockCorrelation.Of([.. nine, Member(50, ("methodical", 50)), Member(60, ("communicative", 60))]);

        found
            .Select(one => (one.Block, one.People, one.Reason, one.Pearson is null))
            .Should()
            .Equal(
                ("communicative", 1, NoCorrelation.TooFewPeople, true),
                ("methodical", 10, null, false),
                ("subject", 9, NoCorrelation.TooFewPeople, true)
            );
        BlockCorrelation
            .Of([.. Enumerable.Range(1, 20).Select(place => Member(place, ("subject", 70)))])
            .Single()
            .Reason.Should()
            .Be(NoCorrelation.NoVariance);
        BlockCorrelation.Of([]).Should().BeEmpty();
    }

    private static void Expect(BoundedCorrelation found, (double Value, double Lower, double Upper) expected)
    {
        found.Value.Should().BeApproximately(expected.Value, 1e-9);
        found.Lower.Should().BeApproximately(expected.Lower, 1e-9);
        found.Upper.Should().BeApproximately(expected.Upper, 1e-9);
    }

    private static IndicatorAndBlocks Member(decimal indicator, params (string Block, decimal Result)[] blocks) =>
        new(indicator, blocks.ToDictionary(block => block.Block, block => block.Result));
}
