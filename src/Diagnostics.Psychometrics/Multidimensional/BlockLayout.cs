using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// The order of the parameters: slopes (one for each item or one for each block), intercepts item by item, then the
/// correlations of the blocks, row by row below the diagonal. Internally abilities are N(0, 1), so a block's single
/// slope is the standard deviation of the abilities in that block.
/// </summary>
internal sealed class BlockLayout
{
    private readonly int[] steps,
        firsts;
    private readonly bool free;

    public BlockLayout(bool freeSlopes, int[] steps, int[] dimensions, int count)
    {
        (free, this.steps, Dimensions, Count) = (freeSlopes, steps, dimensions, count);
        Slopes = freeSlopes ? steps.Length : count;
        firsts = new int[steps.Length];
        var next = Slopes;
        for (var item = 0; item < steps.Length; item++)
            (firsts[item], next) = (next, next + steps[item]);
        (FirstCorrelation, Size) = (next, next + count * (count - 1) / 2);
    }

    public bool HasFreeSlopes => free;

    /// <summary>The dimension of each item.</summary>
    public int[] Dimensions { get; }

    public int Count { get; }

    public int Items => steps.Length;

    public int Slopes { get; }

    public int FirstCorrelation { get; }

    public int Size { get; }

    public int Steps(int item) => steps[item];

    public int Slope(int item) => free ? item : Dimensions[item];

    public int Intercept(int item, int score) => firsts[item] + score - 1;

    public int Correlation(int row, int column) =>
        FirstCorrelation + Math.Max(row, column) * (Math.Max(row, column) - 1) / 2 + Math.Min(row, column);

    /// <summary>The square matrix of the blocks' correlations, stored row by row.</summary>
    public double[] Correlations(double[] parameters)
    {
        var matrix = new double[Count * Count];
        for (var row = 0; row < Count; row++)
        for (var column = 0; column < Count; column++)
            matrix[row * Count + column] = row == column ? 1 : parameters[Correlation(row, column)];
        return matrix;
    }

    public double[] Start(UsableItems usable)
    {
        var parameters = new double[Size];
        Array.Fill(parameters, 1, 0, Slopes);
        for (var item = 0; item < Items; item++)
        {
            var cumulated = 0d;
            for (var score = 1; score <= steps[item]; score++)
                parameters[Intercept(item, score)] = cumulated +=
                    1.2 * Math.Log(usable.Counts[item][score] / usable.Counts[item][score - 1]);
        }
        Array.Fill(parameters, 0.5, FirstCorrelation, Size - FirstCorrelation);
        return parameters;
    }
}
