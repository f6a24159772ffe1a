using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.Psychometrics.Tests.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Psychometrics.Tests.Subscores;

/// <summary>Simulates, from a seed, people whose abilities in the blocks are correlated, and their answers.</summary>
public sealed class BlockSimulation
{
    private BlockSimulation(ScoreMatrix scores, int[] blocks, ItemParameters[] items, double[,] abilities) =>
        (Scores, Blocks, Items, Abilities) = (scores, blocks, items, abilities);

    public ScoreMatrix Scores { get; }

    /// <summary>The block of each item.</summary>
    public IReadOnlyList<int> Blocks { get; }

    public IReadOnlyList<ItemParameters> Items { get; }

    /// <summary>Person by block.</summary>
    public double[,] Abilities { get; }

    /// <param name="steps">Points of each item, block by block.</param>
    /// <param name="correlation">Correlation of the abilities in any two blocks; abilities are N(0, 1).</param>
    /// <param name="location">Mean difficulty.</param>
    /// <param name="spread">The difficulties in a block are spread evenly, up to this distance on either side of
    /// <paramref name="location"/>; an item's steps are half a logit apart.</param>
    public static BlockSimulation Of(
        int[][] steps,
        int persons,
        double correlation,
        double location,
        int seed,
        double slopeDeviation = 0,
        double spread = 1
    )
    {
        var random = new Random(seed);
        int[] blocks = [.. steps.SelectMany((block, at) => block.Select(_ => at))];
        ItemParameters[] items =
        [
            .. steps.SelectMany(block =>
                block.Select(
                    (count, item) =>
                    {
                        var middle = location + spread * (block.Length == 1 ? 0 : (2d * item / (block.Length - 1)) - 1);
                        return ItemParameters.FromSteps(
                            Math.Exp(slopeDeviation * random.Normal()),
                            [.. Enumerable.Range(0, count).Select(step => middle + 0.5 * (step - (count - 1) / 2d))]
                        );
                    }
                )
            ),
        ];
        var (scores, abilities) = (new int[persons, items.Length], new double[persons, steps.Length]);
        for (var person = 0; person < persons; person++)
        {
            var common = Math.Sqrt(correlation) * random.Normal();
            for (var block = 0; block < steps.Length; block++)
                abilities[person, block] = common + Math.Sqrt(1 - correlation) * random.Normal();
            for (var item = 0; item < items.Length; item++)
            {
                var (uniform, score) = (random.NextDouble(), 0);
                foreach (var probability in items[item].Probabilities(abilities[person, blocks[item]]))
                {
                    if ((uniform -= probability) < 0 || score == items[item].MaximumScore)
                        break;
                    score++;
                }
                scores[person, item] = score;
            }
        }
        return new(new(scores), blocks, items, abilities);
    }

    public int Maximum(int block) => Items.Where((_, item) => Blocks[item] == block).Sum(item => item.MaximumScore);

    /// <summary>The person's expected points on a block: the true score.</summary>
    public double TrueScore(int person, int block)
    {
        var sum = 0d;
        for (var item = 0; item < Items.Count; item++)
            if (Blocks[item] == block)
                sum += Items[item].Probabilities(Abilities[person, block]).Select((probability, score) => score * probability).Sum();
        return sum;
    }

    public double Points(int person, int block)
    {
        var sum = 0;
        for (var item = 0; item < Items.Count; item++)
            if (Blocks[item] == block)
                sum += Scores[person, item];
        return sum;
    }
}
