using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.ItemResponse;

public sealed class AndersenTestTests
{
    // The values in rasch_cml.json come from eRm's LRtest, split at the median raw score; for sat12, LRtest leaves one
    // item out.
    [Theory]
    [InlineData("raschdat1", 0)]
    [InlineData("verbagg_dich", 3)]
    public void The_statistic_is_that_of_eRm(string name, int skip) => Check(ReferenceScores.Read(name, skip), name);

    [ReferenceFact("sat12_scored.csv")]
    public void An_item_that_one_group_cannot_estimate_is_left_out() => Check(ReferenceScores.Sat12(), "sat12_scored");

    private static void Check(ScoreMatrix scores, string name)
    {
        var expected = ReferenceScores.Expected("rasch_cml")[name]!["andersen_lr_median"]!;

        var test = AndersenTest.ByRawScore(scores).Value;

        test.Statistic.Should().BeApproximately(expected.Number("LR"), 5e-4);
        test.Degrees.Should().Be(expected["df"]!.GetValue<int>());
        test.Items.Should().HaveCount(test.Degrees + 1);
        test.Probability.Should().BeApproximately(expected.Number("p"), 1e-5);
    }

    // Each person occurs once in each half, so both halves have the item difficulties of the whole.
    [Fact]
    public void Groups_alike_differ_by_nothing()
    {
        var once = ReferenceScores.Read("raschdat1");
        var twice = new int[once.Persons * 2, once.Items];
        for (var person = 0; person < twice.GetLength(0); person++)
        for (var item = 0; item < once.Items; item++)
            twice[person, item] = once[person % once.Persons, item];

        var test = AndersenTest
            .ByGroups(new(twice), [.. Enumerable.Range(0, twice.GetLength(0)).Select(person => person / once.Persons)])
            .Value;

        test.Statistic.Should().BeApproximately(0, 1e-8);
        test.Probability.Should().BeApproximately(1, 1e-8);
    }

    [Fact]
    public void One_group_cannot_be_compared() =>
        AndersenTest.ByGroups(ReferenceScores.Read("raschdat1"), new int[100]).Reason.Should().Be(Undefined.TooFewPersons);
}
