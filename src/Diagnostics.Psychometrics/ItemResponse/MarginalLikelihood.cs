namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The marginal log-likelihood with its gradient (the E-step) at given parameters, and the complete-data information
/// for the M-step.
/// </summary>
/// <remarks>
/// Bock, R. D. and Aitkin, M. (1981), Psychometrika, 46, 443–459, with the sufficient statistics of the exponential
/// family. The derivative with respect to an intercept is the observed count of its category minus the expected count;
/// the derivative with respect to a slope is Σ x·E(z | pattern) minus its expectation. Patterns are processed in pieces
/// whose number does not depend on the machine, and the pieces are added in order, so the results are equal on any
/// number of cores.
/// </remarks>
internal sealed class MarginalLikelihood
{
    private const int Pieces = 8;

    /// <summary>
    /// The number of patterns in a block. It is a multiple of 8, so that every block starts at a vector boundary. With
    /// 60 items the scores of a block take half a megabyte.
    /// </summary>
    private const int Block = 1024;

    private readonly MarginalData data;
    private readonly MarginalLayout layout;

    public MarginalLikelihood(MarginalData data, MarginalLayout layout) => (this.data, this.layout) = (data, layout);

    /// <param name="ItemNodes">For each item, the expected number of persons at each node among those who were
    /// presented the item.</param>
    public sealed record EStep(double[] Parameters, ItemTables Tables, double LogLikelihood, double[] Gradient, double[][] ItemNodes);

    public EStep Evaluate(Quadrature quadrature, double[] parameters)
    {
        var tables = layout.Tables(quadrature, parameters);
        var slopes = layout.ColumnSlopes(parameters);
        var parts = new Part[Pieces];
        InPieces(data.Patterns, (piece, from, to) => parts[piece] = EvaluatePiece(tables, slopes, from, to));

        var (value, products, itemNodes) = (
            0d,
            new double[slopes.Length],
            Array.ConvertAll(tables.Slopes, _ => new double[quadrature.Count])
        );
        foreach (var part in parts)
        {
            if (part is null)
                continue;
            value += part.LogLikelihood;
            SpanMath.AddScaled(products, 1, part.Products);
            for (var item = 0; item < itemNodes.Length; item++)
                SpanMath.AddScaled(itemNodes[item], 1, part.ItemNodes[item]);
        }
        var gradient = new double[layout.Size];
        for (var item = 0; item < itemNodes.Length; item++)
        {
            for (var score = 1; score <= tables.Probabilities[item].Length; score++)
            {
                var at = layout.Intercept(item, score);
                value += data.Usable.Counts[item][score] * parameters[at];
                gradient[at] = data.Usable.Counts[item][score] - SpanMath.Dot(itemNodes[item], tables.Probabilities[item][score - 1]);
            }
        }
        for (var slope = 0; slope < layout.Slopes; slope++)
            gradient[slope] = products[slope] - ExpectedProduct(slope, tables, itemNodes);
        return new(parameters, tables, value, gradient, itemNodes);
    }

    /// <summary>
    /// Runs the pieces of [0, length) on the available cores. The length of each piece is a multiple of 8, so that
    /// every piece starts at a vector boundary.
    /// </summary>
    public static void InPieces(int length, Action<int, int, int> work)
    {
        var each = (length / Pieces + 8) / 8 * 8;
        void Run(int piece)
        {
            var (from, to) = (Math.Min(length, piece * each), piece == Pieces - 1 ? length : Math.Min(length, (piece + 1) * each));
            if (from < to)
                work(piece, from, to);
        }
        // A small amount of work is not worth extra threads.
        if (length < 512)
            for (var piece = 0; piece < Pieces; piece++)
                Run(piece);
        else
            Parallel.For(0, Pieces, Run);
    }

    private sealed record Part(double LogLikelihood, double[] Products, double[][] ItemNodes);

    private Part EvaluatePiece(ItemTables tables, double[] slopes, int from, int to)
    {
        var work = new Work(tables.Slopes.Length, tables.Quadrature.Count);
        var products = new double[slopes.Length];
        var value = 0d;
        for (var at = from; at < to; at += Block)
            value += AddBlock(tables, slopes, at, Math.Min(to, at + Block), work, products);
        foreach (var counts in work.ItemNodes)
            SpanMath.AddScaled(counts, 1, work.Everybody);
        return new(value, products, work.ItemNodes);
    }

    /// <summary>Memory for one piece.</summary>
    private sealed class Work(int items, int nodes)
    {
        public double[][] ItemNodes { get; } = [.. Enumerable.Range(0, items).Select(_ => new double[nodes])];

        /// <summary>
        /// The expected number, at each node, of persons who were presented most of the items. These persons are first
        /// counted for every item, and then subtracted for the items that they were not presented.
        /// </summary>
        public double[] Everybody { get; } = new double[nodes];

        public double[] Counts { get; } = new double[nodes];

        public double[] LogBase { get; } = new double[nodes];

        public double[] Posterior { get; } = new double[nodes];
    }

    /// <summary>
    /// Reads the scores of a block twice, once for the weighted sums and once for the gradient. The second time, the
    /// scores are already in the core's cache.
    /// </summary>
    private double AddBlock(ItemTables tables, double[] slopes, int from, int to, Work work, double[] products)
    {
        var weighted = WeightedScores(slopes, from, to);
        var firsts = new double[to - from];
        var value = 0d;
        foreach (var (booklet, start, end) in Segments(from, to))
        {
            var (items, absent) = (data.Presented[booklet], data.Absent[booklet]);
            tables.LogBase(items, absent, work.LogBase);
            Array.Clear(work.Counts);
            value += AddPatterns(
                work,
                tables.Quadrature.Nodes,
                weighted.AsSpan(start - from, end - start),
                start,
                firsts.AsSpan(start - from, end - start)
            );
            if (absent.Length < items.Length)
            {
                SpanMath.AddScaled(work.Everybody, 1, work.Counts);
                foreach (var item in absent)
                    SpanMath.AddScaled(work.ItemNodes[item], -1, work.Counts);
            }
            else
            {
                foreach (var item in items)
                    SpanMath.AddScaled(work.ItemNodes[item], 1, work.Counts);
            }
        }
        for (var column = 0; column < products.Length; column++)
            products[column] += SpanMath.Dot(data.Columns[column].AsSpan(from, to - from), firsts);
        return value;
    }

    private double AddPatterns(Work work, double[] nodes, ReadOnlySpan<double> weighted, int start, Span<double> firsts)
    {
        var posterior = ItemTables.Vectors(work.Posterior);
        var baseVectors = ItemTables.Vectors(work.LogBase);
        var nodeVectors = ItemTables.Vectors(nodes);
        var countVectors = ItemTables.Vectors(work.Counts);
        var value = 0d;
        for (var at = 0; at < weighted.Length; at++)
        {
            var (logIntegral, sum, first) = Quadrature.Posterior(baseVectors, nodeVectors, weighted[at], posterior);
            var weight = data.Weights[start + at];
            value += weight * logIntegral;
            firsts[at] = weight * first / sum;
            var share = weight / sum;
            for (var node = 0; node < posterior.Length; node++)
                countVectors[node] += posterior[node] * share;
        }
        return value;
    }

    /// <summary>For each of the patterns from..to, Σ slope × score.</summary>
    public double[] WeightedScores(double[] slopes, int from, int to)
    {
        var weighted = new double[to - from];
        for (var column = 0; column < slopes.Length; column++)
            SpanMath.AddScaled(weighted, slopes[column], data.Columns[column].AsSpan(from, to - from));
        return weighted;
    }

    /// <summary>Splits from..to into stretches that each lie within one booklet.</summary>
    public IEnumerable<(int Booklet, int Start, int End)> Segments(int from, int to)
    {
        var booklet = Array.BinarySearch(data.Starts, from);
        // No booklet is empty, so no two booklets start at the same pattern.
        if (booklet < 0)
            booklet = ~booklet - 1;
        for (; booklet < data.Presented.Length && data.Starts[booklet] < to; booklet++)
            yield return (booklet, Math.Max(from, data.Starts[booklet]), Math.Min(to, data.Starts[booklet + 1]));
    }

    private double ExpectedProduct(int slope, ItemTables tables, double[][] itemNodes)
    {
        var nodes = tables.Quadrature.Nodes;
        var sum = 0d;
        foreach (var item in layout.ItemsOf(slope))
            for (var node = 0; node < nodes.Length; node++)
                sum += itemNodes[item][node] * nodes[node] * tables.Expected[item][node];
        return sum;
    }
}
