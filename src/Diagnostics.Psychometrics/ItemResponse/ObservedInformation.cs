using System.Numerics;
using System.Runtime.InteropServices;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The exact observed information of the marginal likelihood. Neither finite differences nor the cross-product
/// approximation is used.
/// </summary>
/// <remarks>
/// Louis, T. A. (1982), JRSS B 44, 226–233, equation 3.2: the complete-data information less, for each pattern, the
/// posterior covariance of the complete-data score. For each parameter that score is, apart from a constant, c·z −
/// u(z). For a slope, c is the pattern's score and u(z) the expected score times z; for an intercept, c is 0 and u(z)
/// the probability of the category. So Σ E(ss′) = Σ cc′E(z²) − sums at the nodes, and only E(s)E(s)′ is computed
/// pattern by pattern.
/// </remarks>
internal sealed class ObservedInformation
{
    internal const int Block = 8;

    /// <summary>
    /// The largest number of values that each of the eight pieces may keep in memory for absent items.
    /// </summary>
    private const double MostNumbers = 3e6;

    private readonly MarginalData data;
    private readonly MarginalLayout layout;
    private readonly MarginalLikelihood likelihood;
    private readonly int stride;

    public ObservedInformation(MarginalData data, MarginalLayout layout, MarginalLikelihood likelihood)
    {
        (this.data, this.layout, this.likelihood) = (data, layout, likelihood);
        stride = (layout.Size + 7) / 8 * 8;
    }

    /// <summary>Returns a square matrix with a row for each parameter of the layout, stored row by row.</summary>
    public double[] At(MarginalLikelihood.EStep step)
    {
        var slopes = layout.ColumnSlopes(step.Parameters);
        var parts = new double[8][];
        MarginalLikelihood.InPieces(data.Patterns, (piece, from, to) => parts[piece] = Piece(step.Tables, slopes, from, to));
        // The pieces fill only the lower triangle; the loop below copies it to the upper triangle.
        var scoreCovariance = new double[stride * stride];
        foreach (var part in parts)
            if (part is not null)
                SpanMath.AddScaled(scoreCovariance, 1, part);
        var information = new double[layout.Size * layout.Size];
        CompleteInformation.Add(layout, step, information, layout.Size);
        for (var row = 0; row < layout.Size; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                information[row * layout.Size + column] -= scoreCovariance[row * stride + column];
                information[column * layout.Size + row] = information[row * layout.Size + column];
            }
        }
        return information;
    }

    private double[] Piece(ItemTables tables, double[] slopes, int from, int to)
    {
        var sum = new double[stride * stride];
        var weighted = likelihood.WeightedScores(slopes, from, to);
        var items = data.Usable.Columns.Length;
        // Booklets with most of the items are summed as if they had all items; the missing items are subtracted at the
        // end.
        var (together, ofAll) = (new NodeSums(layout.Slopes, tables.Quadrature.Count, stride, items), (double[]?)null);
        foreach (var (booklet, start, end) in likelihood.Segments(from, to))
        {
            var own = weighted.AsSpan(start - from, end - start);
            if (TogetherPays(booklet, end - start, tables.Quadrature.Count))
            {
                ofAll ??= Expectations(tables, [.. Enumerable.Range(0, items)]);
                AddPatterns(tables, ofAll, booklet, own, start, together, sum);
                continue;
            }
            var (alone, expectations) = (
                new NodeSums(layout.Slopes, tables.Quadrature.Count, stride, 0),
                Expectations(tables, data.Presented[booklet])
            );
            AddPatterns(tables, expectations, booklet, own, start, alone, sum);
            AddNodeSums(tables, expectations, alone, sum);
        }
        if (ofAll is null)
            return sum;
        AddNodeSums(tables, ofAll, together, sum);
        new AbsentItems(layout, tables, stride).TakeOff(together, sum);
        return sum;
    }

    /// <summary>
    /// Whether it costs less to subtract the absent items pattern by pattern than to sum the booklet by itself, and
    /// whether there is enough memory for it.
    /// </summary>
    private bool TogetherPays(int booklet, int patterns, int nodes)
    {
        double absent = data.Absent[booklet].Length,
            items = data.Usable.Columns.Length;
        if (absent > 0 && items * (items / 2 + layout.Slopes) * nodes > MostNumbers)
            return false;
        return patterns * absent * (absent / 2 + layout.Slopes) <= (double)layout.Size * layout.Size / 2;
    }

    private void AddPatterns(
        ItemTables tables,
        double[] expectations,
        int booklet,
        ReadOnlySpan<double> weighted,
        int start,
        NodeSums sums,
        double[] sum
    )
    {
        var (nodes, posterior) = (tables.Quadrature.Nodes, sums.Posterior);
        var absent = sums.CountsAbsent ? data.Absent[booklet] : [];
        tables.LogBase(data.Presented[booklet], data.Absent[booklet], sums.LogBase);
        for (var at = 0; at < weighted.Length; at++)
        {
            var (_, total, first) = Quadrature.Posterior(
                ItemTables.Vectors(sums.LogBase),
                ItemTables.Vectors(nodes),
                weighted[at],
                ItemTables.Vectors(posterior)
            );
            SpanMath.Scale(posterior, 1 / total);
            var (pattern, weight, mean) = (start + at, data.Weights[start + at], first / total);
            sums.Add(absent, weight, data.Columns, pattern);
            var scores = sums.Means.AsSpan(sums.Filled * stride, stride);
            var products = sums.Squares.AsSpan(sums.Filled * stride, stride);
            scores.Clear();
            for (var node = 0; node < nodes.Length; node++)
                // A weight below this limit does not change any digit of the sum.
                if (posterior[node] > 1e-20)
                    SpanMath.AddScaled(scores, -posterior[node], expectations.AsSpan(node * stride, stride));
            foreach (var item in absent)
                TakeOff(tables, item, posterior, scores);
            for (var slope = 0; slope < layout.Slopes; slope++)
            {
                var score = data.Columns[slope][pattern];
                products[slope] = score;
                scores[slope] += score * mean;
            }
            sums.MeanWeights[sums.Filled] = -weight;
            sums.SquareWeights[sums.Filled] = weight * SecondMoment(posterior, nodes);
            if (++sums.Filled == Block)
                Flush(sums, sum);
        }
        Flush(sums, sum);
    }

    private void Flush(NodeSums sums, double[] sum)
    {
        AddOuterProducts(sum, sums.Means, sums.MeanWeights, sums.Filled, layout.Size);
        AddOuterProducts(sum, sums.Squares, sums.SquareWeights, sums.Filled, layout.Slopes);
        sums.Filled = 0;
    }

    /// <summary>Subtracts the item's part from the expectations of a pattern.</summary>
    private void TakeOff(ItemTables tables, int item, double[] posterior, Span<double> scores)
    {
        for (var score = 1; score <= layout.Steps(item); score++)
            scores[layout.Intercept(item, score)] = 0;
        if (layout.SlopeOf(item) is not { } slope)
            return;
        if (!layout.HasCommonSlope)
        {
            scores[slope] = 0;
            return;
        }
        var nodes = tables.Quadrature.Nodes;
        for (var node = 0; node < nodes.Length; node++)
            scores[slope] += posterior[node] * nodes[node] * tables.Expected[item][node];
    }

    /// <summary>
    /// The values u for each node and parameter: expected score × node for a slope, probability for an intercept, 0 for
    /// items not presented.
    /// </summary>
    private double[] Expectations(ItemTables tables, int[] items)
    {
        var nodes = tables.Quadrature.Nodes;
        var expectations = new double[nodes.Length * stride];
        foreach (var item in items)
        {
            for (var node = 0; node < nodes.Length; node++)
            {
                if (layout.SlopeOf(item) is { } slope)
                    expectations[node * stride + slope] += nodes[node] * tables.Expected[item][node];
                for (var score = 1; score <= layout.Steps(item); score++)
                    expectations[node * stride + layout.Intercept(item, score)] = tables.Probabilities[item][score - 1][node];
            }
        }
        return expectations;
    }

    private static double SecondMoment(double[] posterior, double[] nodes)
    {
        var sum = 0d;
        for (var node = 0; node < nodes.Length; node++)
            sum += posterior[node] * nodes[node] * nodes[node];
        return sum;
    }

    /// <summary>
    /// Adds Σ over the nodes z of n·uu′ − z(R u′ + u R′), where n is the number of persons at the node, and R the sums
    /// of their scores.
    /// </summary>
    private void AddNodeSums(ItemTables tables, double[] expectations, NodeSums sums, double[] sum)
    {
        var nodes = tables.Quadrature.Nodes;
        var (rows, weights) = (new double[Block * stride], new double[Block]);
        var filled = 0;
        for (var node = 0; node < nodes.Length; node++)
        {
            var u = expectations.AsSpan(node * stride, stride);
            u.CopyTo(rows.AsSpan(filled * stride));
            weights[filled] = sums.Counts[node];
            if (++filled == Block)
            {
                AddOuterProducts(sum, rows, weights, filled, layout.Size);
                filled = 0;
            }
            for (var slope = 0; slope < layout.Slopes; slope++)
            {
                var factor = -nodes[node] * sums.Scores[slope][node];
                // First the row of the slope is filled, in the columns up to the diagonal; then the column of the
                // slope, in the rows below.
                SpanMath.AddScaled(sum.AsSpan(slope * stride, slope + 1), factor, u);
                for (var row = slope; row < layout.Size; row++)
                    sum[row * stride + slope] += factor * u[row];
            }
        }
        AddOuterProducts(sum, rows, weights, filled, layout.Size);
    }

    /// <summary>
    /// Adds Σ_b weight_b · row_b row_b′ to the lower triangle of the sum. Whole vectors are added, so a few numbers
    /// above the diagonal change too.
    /// </summary>
    private void AddOuterProducts(double[] sum, double[] rows, double[] weights, int count, int size)
    {
        if (count == 0 || size == 0)
            return;
        // Unfilled rows get weight 0, so that the loop has a fixed length.
        weights.AsSpan(count).Clear();
        var width = stride / Vector<double>.Count;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(rows);
        for (var row = 0; row < size; row++)
        {
            var target = MemoryMarshal.Cast<double, Vector<double>>(sum.AsSpan(row * stride, stride))[..(row / Vector<double>.Count + 1)];
            var f0 = new Vector<double>(weights[0] * rows[row]);
            var f1 = new Vector<double>(weights[1] * rows[stride + row]);
            var f2 = new Vector<double>(weights[2] * rows[2 * stride + row]);
            var f3 = new Vector<double>(weights[3] * rows[3 * stride + row]);
            var f4 = new Vector<double>(weights[4] * rows[4 * stride + row]);
            var f5 = new Vector<double>(weights[5] * rows[5 * stride + row]);
            var f6 = new Vector<double>(weights[6] * rows[6 * stride + row]);
            var f7 = new Vector<double>(weights[7] * rows[7 * stride + row]);
            var r0 = vectors[..target.Length];
            var r1 = vectors.Slice(width, target.Length);
            var r2 = vectors.Slice(2 * width, target.Length);
            var r3 = vectors.Slice(3 * width, target.Length);
            var r4 = vectors.Slice(4 * width, target.Length);
            var r5 = vectors.Slice(5 * width, target.Length);
            var r6 = vectors.Slice(6 * width, target.Length);
            var r7 = vectors.Slice(7 * width, target.Length);
            for (var at = 0; at < target.Length; at++)
                target[at] +=
                    (f0 * r0[at] + f1 * r1[at] + (f2 * r2[at] + f3 * r3[at])) + (f4 * r4[at] + f5 * r5[at] + (f6 * r6[at] + f7 * r7[at]));
        }
    }
}
