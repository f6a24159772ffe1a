using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// The marginal likelihood of items in blocks, and the sums over persons' posteriors that a step of the EM algorithm
/// needs.
/// </summary>
/// <remarks>
/// Bock, R. D., Gibbons, R. and Muraki, E. (1988), Full-information item factor analysis, Applied Psychological
/// Measurement, 12, 261–280.
/// </remarks>
internal sealed class BlockLikelihood
{
    private const int Pieces = 8;

    private readonly ScoreMatrix scores;
    private readonly BlockData data;
    private readonly BlockLayout layout;
    private readonly BlockQuadrature quadrature;

    public BlockLikelihood(ScoreMatrix scores, BlockData data, BlockLayout layout, BlockQuadrature quadrature) =>
        (this.scores, this.data, this.layout, this.quadrature) = (scores, data, layout, quadrature);

    /// <param name="ItemNodes">For each item, the expected number of persons at each grid point among those who were
    /// presented the item.</param>
    /// <param name="Products">For each slope, Σ over persons of its factor × ability.</param>
    /// <param name="Moments">Σ over persons of E θθ′, row by row.</param>
    /// <param name="CrossProducts">Σ over persons of the score times itself, lower triangle row by row; empty when the
    /// caller did not ask for it.</param>
    public sealed record EStep(
        BlockTables Tables,
        double LogLikelihood,
        double Persons,
        double[][] ItemNodes,
        double[] Products,
        double[] Moments,
        double[] CrossProducts
    );

    public EStep Evaluate(double[] parameters, bool withScores)
    {
        var tables = new BlockTables(layout, parameters);
        var correlations = layout.Correlations(parameters);
        var parts = new Part?[Pieces];
        MarginalLikelihood.InPieces(
            data.Patterns,
            (piece, from, to) => parts[piece] = Piece(tables, parameters, new(quadrature, correlations), from, to, withScores)
        );
        var total = new Part(layout, withScores);
        foreach (var part in parts)
            if (part is not null)
                total.Add(part);
        var value = total.LogLikelihood;
        for (var item = 0; item < layout.Items; item++)
        for (var score = 1; score <= layout.Steps(item); score++)
            value += data.Usable.Counts[item][score] * parameters[layout.Intercept(item, score)];
        return new(tables, value, data.Persons, total.ItemNodes, total.Products, total.Moments, total.CrossProducts);
    }

    private sealed class Part(BlockLayout layout, bool withScores)
    {
        public double LogLikelihood { get; set; }

        public double[][] ItemNodes { get; } = [.. Enumerable.Range(0, layout.Items).Select(_ => new double[BlockTables.Count])];

        public double[] Products { get; } = new double[layout.Slopes];

        public double[] Moments { get; } = new double[layout.Count * layout.Count];

        public double[] CrossProducts { get; } = withScores ? new double[layout.Size * layout.Size] : [];

        public void Add(Part other)
        {
            LogLikelihood += other.LogLikelihood;
            for (var item = 0; item < ItemNodes.Length; item++)
                SpanMath.AddScaled(ItemNodes[item], 1, other.ItemNodes[item]);
            SpanMath.AddScaled(Products, 1, other.Products);
            SpanMath.AddScaled(Moments, 1, other.Moments);
            SpanMath.AddScaled(CrossProducts, 1, other.CrossProducts);
        }
    }

    private Part Piece(BlockTables tables, double[] parameters, BlockPosterior posterior, int from, int to, bool withScores)
    {
        var part = new Part(layout, withScores);
        var (weighted, score) = (new double[layout.Count], new double[layout.Size]);
        var (everybody, counts) = (Grids(), Grids());
        var booklet = Array.BinarySearch(data.Starts, from);
        if (booklet < 0)
            booklet = ~booklet - 1;
        for (; booklet < data.Presented.Length && data.Starts[booklet] < to; booklet++)
        {
            var (items, absent) = (data.Presented[booklet], data.Absent[booklet]);
            var sums = absent.Length == 0 ? tables.All : tables.Sums(items, parameters);
            foreach (var grid in counts)
                Array.Clear(grid);
            for (var pattern = Math.Max(from, data.Starts[booklet]); pattern < Math.Min(to, data.Starts[booklet + 1]); pattern++)
            {
                Weigh(parameters, pattern, weighted);
                double weight = data.Members[pattern].Length;
                part.LogLikelihood += weight * posterior.Integrate(sums, weighted);
                for (var dimension = 0; dimension < layout.Count; dimension++)
                    posterior.Deposit(dimension, weight, counts[dimension]);
                for (var slope = 0; slope < layout.Slopes; slope++)
                    part.Products[slope] += weight * data.Columns[slope][pattern] * posterior.Means[DimensionOf(slope)];
                SpanMath.AddScaled(part.Moments, weight, posterior.Products);
                if (withScores)
                    AddScore(tables, posterior, items, pattern, score, part.CrossProducts);
            }
            if (absent.Length < items.Length)
            {
                for (var dimension = 0; dimension < layout.Count; dimension++)
                    SpanMath.AddScaled(everybody[dimension], 1, counts[dimension]);
                foreach (var item in absent)
                    SpanMath.AddScaled(part.ItemNodes[item], -1, counts[layout.Dimensions[item]]);
            }
            else
            {
                foreach (var item in items)
                    SpanMath.AddScaled(part.ItemNodes[item], 1, counts[layout.Dimensions[item]]);
            }
        }
        for (var item = 0; item < layout.Items; item++)
            SpanMath.AddScaled(part.ItemNodes[item], 1, everybody[layout.Dimensions[item]]);
        return part;
    }

    private double[][] Grids() => [.. Enumerable.Range(0, layout.Count).Select(_ => new double[BlockTables.Count])];

    private int DimensionOf(int slope) => layout.HasFreeSlopes ? layout.Dimensions[slope] : slope;

    private void Weigh(double[] parameters, int pattern, double[] weighted)
    {
        Array.Clear(weighted);
        for (var slope = 0; slope < layout.Slopes; slope++)
            weighted[DimensionOf(slope)] += parameters[slope] * data.Columns[slope][pattern];
    }

    /// <summary>
    /// Adds the product of each person's score (the derivative of the log-likelihood) with itself. Persons with the
    /// same pattern share the whole score, except for the part that their own answers add.
    /// </summary>
    private void AddScore(BlockTables tables, BlockPosterior posterior, int[] items, int pattern, double[] score, double[] crossProducts)
    {
        Array.Clear(score);
        var (dimension, grid, products) = (-1, new double[BlockTables.Count], new double[BlockTables.Count]);
        foreach (var item in items.OrderBy(item => layout.Dimensions[item]))
        {
            if (layout.Dimensions[item] != dimension)
            {
                dimension = layout.Dimensions[item];
                Array.Clear(grid);
                Array.Clear(products);
                posterior.Deposit(dimension, 1, grid);
                SpanMath.AddProducts(products, grid, BlockTables.Grid);
            }
            for (var category = 1; category <= layout.Steps(item); category++)
                score[layout.Intercept(item, category)] = -SpanMath.Dot(grid, tables.Probabilities[item][category - 1]);
            score[layout.Slope(item)] -= SpanMath.Dot(products, tables.Expected[item]);
        }
        for (var slope = 0; slope < layout.Slopes; slope++)
            score[slope] += data.Columns[slope][pattern] * posterior.Means[DimensionOf(slope)];
        AddCorrelations(posterior, score);
        var own = new double[layout.Size];
        foreach (var person in data.Members[pattern])
        {
            score.CopyTo(own, 0);
            foreach (var item in items)
                if (scores[person, data.Usable.Columns[item]] is > 0 and var category)
                    own[layout.Intercept(item, category)]++;
            for (var row = 0; row < layout.Size; row++)
                SpanMath.AddScaled(crossProducts.AsSpan(row * layout.Size, row + 1), own[row], own.AsSpan(0, row + 1));
        }
    }

    /// <summary>
    /// Adds the derivative of ln N(θ | 0, R) with respect to each correlation: the corresponding element of R⁻¹ E(θθ′)
    /// R⁻¹ − R⁻¹.
    /// </summary>
    private void AddCorrelations(BlockPosterior posterior, double[] score)
    {
        var (count, precision) = (layout.Count, posterior.Precision);
        var half = new double[count * count];
        for (var row = 0; row < count; row++)
        for (var column = 0; column < count; column++)
        for (var between = 0; between < count; between++)
            half[row * count + column] += precision[row * count + between] * posterior.Products[between * count + column];
        for (var row = 0; row < count; row++)
        for (var column = 0; column < row; column++)
        {
            var sum = -precision[row * count + column];
            for (var between = 0; between < count; between++)
                sum += half[row * count + between] * precision[between * count + column];
            score[layout.Correlation(row, column)] = sum;
        }
    }
}
