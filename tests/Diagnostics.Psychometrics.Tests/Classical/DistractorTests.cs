using System.Text.Json;
using Diagnostics.Psychometrics.Classical;
using static Diagnostics.Psychometrics.Tests.ReferenceFiles;

namespace Diagnostics.Psychometrics.Tests.Classical;

/// <summary>
/// Compares with distractors_sat12.json, which has the values of R formulas on mirt's SAT12 data, at a tolerance of
/// 1e-10. In that file option 8 means no answer; here −1 means no answer, and options are numbered from 0.
/// </summary>
public sealed class DistractorTests
{
    private static IReadOnlyList<DistractorStatistics> Sat12()
    {
        var choices = Scores("sat12_raw").Scores;
        for (var row = 0; row < choices.GetLength(0); row++)
        for (var column = 0; column < choices.GetLength(1); column++)
            choices[row, column] = choices[row, column] == 8 ? -1 : choices[row, column] - 1;
        var keys = Column("sat12_key", 1).Select(key => int.Parse(key, System.Globalization.CultureInfo.InvariantCulture) - 1).ToArray();
        return Distractors.Of(choices, keys, [.. Enumerable.Repeat(5, 32)]).Value;
    }

    [ReferenceFact("sat12_raw.csv")]
    public void Options_of_SAT12_agree_with_the_reference()
    {
        var items = Sat12();
        foreach (var row in Expected("distractors_sat12").EnumerateArray().Zip(items))
        foreach (var expected in row.First.GetProperty("options").EnumerateArray())
        {
            var code = expected.GetProperty("option").GetInt32();
            var option = row.Second.Options.Single(one => one.Option == (code == 8 ? null : code - 1));
            option.IsKey.Should().Be(expected.GetProperty("is_key").GetBoolean());
            option.Count.Should().Be(expected.GetProperty("n").GetInt32());
            option.Share.Should().BeApproximately(expected.Number("proportion"), 1e-10);
            option.MeanTotal.Value.Should().BeApproximately(expected.Number("mean_total"), 1e-10);
            option.PointBiserial.Value.Should().BeApproximately(expected.Number("pbis_total"), 1e-10);
            option.PointBiserialRest.Value.Should().BeApproximately(expected.Number("pbis_rest"), 1e-10);
            option.Low.Value.Should().BeApproximately(expected.Number("p_low27"), 1e-10);
            option.High.Value.Should().BeApproximately(expected.Number("p_high27"), 1e-10);
        }
    }

    [ReferenceFact("sat12_raw.csv")]
    public void The_wrong_key_of_SAT12_item_32_is_suspected_and_no_other()
    {
        var suspects = Sat12()
            .SelectMany(item => Flags.Of(item))
            .Where(flag => flag.Code is FlagCode.KeySuspect or FlagCode.StrongDistractor)
            .ToArray();

        suspects.Should().ContainSingle();
        (suspects[0].Code, suspects[0].Item, suspects[0].Option).Should().Be((FlagCode.KeySuspect, 31, (int?)2));
        suspects[0].Value.Should().BeApproximately(0.202641365173604, 1e-10);
        suspects[0].Limit.Should().BeApproximately(0.0370652629089205, 1e-10);
    }

    // By hand, for ten persons and five items: on item 0 the strong persons choose option 1, although the key is 0.
    [Fact]
    public void Fifths_follow_the_total_and_sum_to_one_over_options()
    {
        var choices = new int[10, 5];
        for (var person = 0; person < 10; person++)
        for (var item = 1; item < 5; item++)
            choices[person, item] = person >= 2 * item ? 0 : 1;
        for (var person = 6; person < 10; person++)
            choices[person, 0] = 1;
        choices[0, 0] = -1;

        var item0 = Distractors.Of(choices, new int[5], [2, 2, 2, 2, 2]).Value[0];

        item0.Options[1].Fifths.Should().Equal(0, 0, 0, 1, 1);
        item0.Options[2].Fifths.Should().Equal(0.5, 0, 0, 0, 0);
        Enumerable
            .Range(0, 5)
            .Select(fifth => item0.Options.Sum(option => option.Fifths[fifth]))
            .Should()
            .OnlyContain(sum => Math.Abs(sum - 1) < 1e-15);
        Flags.Of(item0).Should().ContainSingle(flag => flag.Code == FlagCode.KeySuspect && flag.Option == 1);
    }

    [Fact]
    public void An_option_nobody_chose_has_no_mean_and_is_idle()
    {
        var item = Distractors.OfItem(7, [0, 1, 0, 1, 0], 0, 3, [1, 0, 1, 0, 1], [5, 3, 4, 1, 2]).Value;

        (item.Options[2].MeanTotal.Reason, item.Options[2].PointBiserial.Reason)
            .Should()
            .Be((Undefined.EmptyCategory, Undefined.NoVariance));
        Flags.Of(item).Should().Equal(new ItemFlag(FlagCode.IdleDistractor, 7, 2, 0, 0.05));
    }

    [Fact]
    public void An_unknown_option_names_its_place()
    {
        var act = () =>
            Distractors.Of(
                new[,]
                {
                    { 0, 1 },
                    { 1, 4 },
                },
                [0, 1],
                [4, 4]
            );

        act.Should().Throw<BadDataException>().Which.Should().Match<BadDataException>(error => error.Row == 1 && error.Column == 1);
    }

    [Fact]
    public void Flags_name_the_figure_and_the_bound()
    {
        var scores = new ScoreMatrix(
            new[,]
            {
                { 1, 0, 0, 1 },
                { 1, 0, 1, 1 },
                { 1, 1, 1, 1 },
                { 0, 1, 1, 1 },
            }
        );
        var items = ItemAnalysis.Of(scores).Value.Items;

        Flags.Of(items[0]).Should().ContainSingle().Which.Code.Should().Be(FlagCode.NegativeDiscrimination);
        Flags.Of(items[3]).Should().Equal(new ItemFlag(FlagCode.NoVariance, 3, null, 0, 0));
        Flags.Of(new OmissionStatistics(2, 100, 0.2, 0.05)).Should().Equal(new ItemFlag(FlagCode.OftenOmitted, 2, null, 0.2, 0.10));
    }
}
