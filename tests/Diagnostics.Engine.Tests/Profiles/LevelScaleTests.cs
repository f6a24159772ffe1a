using System.Globalization;
using Diagnostics.Engine.Competencies;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.Profiles;

/// <summary>
/// П. 3.4 Положения: «Менее 60 %», «61–80 %», «81–100 %»; the default scale (docs/promises.md, profiles) closes the
/// gaps between these ranges.
/// </summary>
public sealed class LevelScaleTests
{
    [Theory]
    [InlineData("0", "1", DeficitLevel.High, false, "0")]
    [InlineData("59.99", "100", DeficitLevel.High, false, "59.99")]
    [InlineData("59.999", "100", DeficitLevel.High, false, "59.99")]
    [InlineData("60", "100", DeficitLevel.Medium, true, "60")]
    [InlineData("3", "5", DeficitLevel.Medium, true, "60")]
    [InlineData("2.4", "4", DeficitLevel.Medium, true, "60")]
    [InlineData("60.5", "100", DeficitLevel.Medium, true, "60.5")]
    [InlineData("20", "33", DeficitLevel.Medium, true, "60.6")]
    [InlineData("60.999", "100", DeficitLevel.Medium, true, "60.99")]
    [InlineData("61", "100", DeficitLevel.Medium, false, "61")]
    [InlineData("2", "3", DeficitLevel.Medium, false, "66.66")]
    [InlineData("80", "100", DeficitLevel.Medium, false, "80")]
    [InlineData("4", "5", DeficitLevel.Medium, false, "80")]
    [InlineData("80.001", "100", DeficitLevel.Medium, true, "80")]
    [InlineData("80.5", "100", DeficitLevel.Medium, true, "80.5")]
    [InlineData("17", "21", DeficitLevel.Medium, true, "80.95")]
    [InlineData("80.99", "100", DeficitLevel.Medium, true, "80.99")]
    [InlineData("80.999", "100", DeficitLevel.Medium, true, "80.99")]
    [InlineData("81", "100", DeficitLevel.Minimal, false, "81")]
    [InlineData("5", "5", DeficitLevel.Minimal, false, "100")]
    public void Levels_are_decided_on_exact_fractions(string earned, string maximum, DeficitLevel level, bool boundaryCase, string percent)
    {
        var share = Share(Number(earned), Number(maximum));

        Scales.Default.LevelOf(share).Code.Should().Be(level);
        Scales.Default.IsBoundaryCase(share).Should().Be(boundaryCase);
        share.Percent.Should().Be(Number(percent));
    }

    [Theory]
    [InlineData("49.99", DeficitLevel.High)]
    [InlineData("50", DeficitLevel.Medium)]
    [InlineData("69.99", DeficitLevel.Medium)]
    [InlineData("70", DeficitLevel.Low)]
    [InlineData("89.999", DeficitLevel.Low)]
    [InlineData("90", DeficitLevel.Minimal)]
    public void A_scale_may_have_four_levels(string earned, DeficitLevel level) =>
        Scales.FourLevels.LevelOf(Share(Number(earned), 100)).Code.Should().Be(level);

    [Fact]
    public void A_block_may_have_levels_of_its_own()
    {
        var scale = Scales.Default with
        {
            Blocks = new Dictionary<string, IReadOnlyList<ScaleLevel>> { ["subject"] = Scales.FourLevels.Levels },
        };
        var share = Share(55, 100);

        scale.LevelOf(share, "subject").Code.Should().Be(DeficitLevel.Medium);
        scale.LevelOf(share, "methodical").Code.Should().Be(DeficitLevel.High);
        scale.LevelOf(share).Code.Should().Be(DeficitLevel.High);
    }

    [Fact]
    public void A_share_of_nothing_has_no_level()
    {
        var level = () => Scales.Default.LevelOf(Share(0, 0));

        level.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void The_number_shown_never_stands_on_the_other_side_of_a_boundary() =>
        Prop.ForAll(
                Shares(),
                share =>
                {
                    var shown = Share(share.Percent, 100);
                    return Scales.Default.LevelOf(shown) == Scales.Default.LevelOf(share);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void More_points_never_make_a_deficit_greater() =>
        Prop.ForAll(
                Shares(),
                Gen.Choose(0, 5000).ToArbitrary(),
                (share, more) =>
                {
                    var better = share with
                    {
                        Earned = Points.FromThousandths(Math.Min(share.Earned.Thousandths + more, share.Maximum.Thousandths)),
                    };
                    return Scales.Default.LevelOf(better).Code >= Scales.Default.LevelOf(share).Code
                        && Scales.FourLevels.LevelOf(better).Code >= Scales.FourLevels.LevelOf(share).Code;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Faults_name_what_is_wrong_with_a_scale()
    {
        Scales.Default.Faults().Should().BeEmpty();
        Scales.FourLevels.Faults().Should().BeEmpty();
        (Scales.Default with { Levels = [.. Scales.Default.Levels.Skip(1)] }).Faults().Should().ContainMatch("*не с нуля*");
        (Scales.Default with { Levels = [.. Scales.Default.Levels.Reverse()] }).Faults().Should().ContainMatch("*по возрастанию*");
        (Scales.Default with { Gaps = [new BoundaryGap(61, true, 60)] }).Faults().Should().ContainMatch("*промежуток пуст*");
    }

    private static Arbitrary<ResultShare> Shares() =>
        (
            from maximum in Gen.Choose(1, 60_000)
            from earned in Gen.Choose(0, maximum)
            select new ResultShare(Points.FromThousandths(earned), Points.FromThousandths(maximum))
        ).ToArbitrary();

    private static ResultShare Share(decimal earned, decimal maximum) => new(Points.From(earned), Points.From(maximum));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
