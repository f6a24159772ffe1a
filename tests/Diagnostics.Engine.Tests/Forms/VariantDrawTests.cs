using Diagnostics.Engine.Forms;
using FsCheck;
using FsCheck.Fluent;

namespace Diagnostics.Engine.Tests.Forms;

public class VariantDrawTests
{
    private static readonly Gen<Situation> Situations =
        from seen in Gen.Choose(1, 4).ListOf()
        from counts in Gen.Choose(0, 5).ArrayOf(4)
        from left in Gen.Choose(0, 4)
        from right in Gen.Choose(0, 4)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Situation([.. seen], counts, [.. new[] { left, right }.Where(variant => variant > 0)], seed);

    [Fact]
    public void A_variant_seen_is_never_drawn_while_another_is_left() =>
        ForAll(situation => situation.Draw() is var drawn && (!situation.Seen.Contains(drawn) || situation.Seen.Distinct().Count() == 4));

    [Fact]
    public void When_all_were_seen_the_one_seen_longest_ago_comes_again()
    {
        Draw(seen: [2, 4, 1, 3]).Should().Be(2);
        Draw(seen: [2, 4, 1, 3, 2, 4]).Should().Be(1);
    }

    [Fact]
    public void Neighbours_differ_wherever_that_is_possible() =>
        ForAll(situation =>
        {
            var unseen = Enumerable.Range(1, 4).Except(situation.Seen).ToList();
            var drawn = situation.Draw();
            return !situation.Neighbours.Contains(drawn) || unseen.Count == 0 || unseen.TrueForAll(situation.Neighbours.Contains);
        });

    [Fact]
    public void Of_what_may_be_drawn_none_is_rarer_at_the_site() =>
        ForAll(situation =>
        {
            var unseen = Enumerable.Range(1, 4).Except(situation.Seen).ToList();
            if (unseen.Count == 0)
                return true;
            var apart = unseen.Except(situation.Neighbours).ToList();
            return situation.Counts[situation.Draw() - 1]
                == (apart.Count > 0 ? apart : unseen).Min(variant => situation.Counts[variant - 1]);
        });

    [Fact]
    public void The_same_seed_draws_the_same_again() => ForAll(situation => situation.Draw() == situation.Draw());

    [Fact]
    public void A_site_filled_seat_by_seat_stays_even_to_one() =>
        Prop.ForAll(
                Arb.From(Gen.Choose(0, int.MaxValue)),
                seed =>
                {
                    var counts = new int[4];
                    var last = 0;
                    for (var seat = 0; seat < 60; seat++)
                    {
                        var drawn = Draw(counts: counts, neighbours: last == 0 ? [] : [last], seed: seed + (long)seat * 7919);
                        if (drawn == last)
                            return false;
                        counts[drawn - 1]++;
                        last = drawn;
                        if (counts.Max() - counts.Min() > 1)
                            return false;
                    }
                    return true;
                }
            )
            .QuickCheckThrowOnFailure();

    // Upper critical values of the chi-square distribution at 0.001, from the NIST/SEMATECH e-Handbook, section
    // 1.3.6.7.4.
    [Theory]
    [InlineData(new int[0], 16.266)]
    [InlineData(new[] { 3 }, 13.816)]
    [InlineData(new[] { 3, 1 }, 10.828)]
    public void Over_many_seeds_what_may_be_drawn_is_drawn_equally_often(int[] seen, double critical)
    {
        const int draws = 20_000;
        var observed = new int[4];
        for (var seed = 0L; seed < draws; seed++)
            observed[Draw(seen: seen, seed: seed) - 1]++;

        var left = Enumerable.Range(1, 4).Except(seen).ToList();
        var expected = (double)draws / left.Count;
        var chiSquare = left.Sum(variant => Math.Pow(observed[variant - 1] - expected, 2) / expected);

        chiSquare.Should().BeLessThan(critical);
        observed.Sum().Should().Be(left.Sum(variant => observed[variant - 1]));
    }

    // Draws with neighbouring seeds must be independent: chi-square over the sixteen pairs of variants, with 15 degrees
    // of freedom, at 0.001.
    [Fact]
    public void Seeds_side_by_side_draw_independently()
    {
        const int pairs = 20_000;
        var observed = new int[16];
        for (var pair = 0L; pair < pairs; pair++)
            observed[(Draw(seed: 2 * pair) - 1) * 4 + Draw(seed: 2 * pair + 1) - 1]++;

        observed.Sum(cell => Math.Pow(cell - pairs / 16.0, 2) / (pairs / 16.0)).Should().BeLessThan(37.697);
    }

    private static int Draw(int[]? seen = null, int[]? counts = null, int[]? neighbours = null, long seed = 1) =>
        VariantDraw.Draw(
            seen ?? [],
            (counts ?? new int[4]).Select((count, index) => (index, count)).ToDictionary(pair => pair.index + 1, pair => pair.count),
            neighbours ?? [],
            seed
        );

    private static void ForAll(Func<Situation, bool> holds) => Prop.ForAll(Arb.From(Situations), holds).QuickCheckThrowOnFailure();

    private sealed record Situation(int[] Seen, int[] Counts, int[] Neighbours, long Seed)
    {
        internal int Draw() => VariantDrawTests.Draw(Seen, Counts, Neighbours, Seed);
    }
}
