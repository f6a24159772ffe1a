namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Sums over a set of patterns at the nodes of the quadrature. The observed information is computed from these sums.
/// </summary>
internal sealed class NodeSums
{
    /// <param name="items">Number of items in use; 0 = keep no sums for absent items.</param>
    public NodeSums(int slopes, int nodes, int stride, int items)
    {
        Items = items;
        (Counts, Posterior, LogBase) = (new double[nodes], new double[nodes], new double[nodes]);
        Scores = [.. Enumerable.Range(0, slopes).Select(_ => new double[nodes])];
        (Lacking, ScoresLacking) = (new double[]?[items * items], new double[]?[slopes * items]);
        (Means, MeanWeights) = (new double[ObservedInformation.Block * stride], new double[ObservedInformation.Block]);
        (Squares, SquareWeights) = (new double[ObservedInformation.Block * stride], new double[ObservedInformation.Block]);
    }

    public int Items { get; }

    public bool CountsAbsent => Items > 0;

    /// <summary>Expected number of persons at each node.</summary>
    public double[] Counts { get; }

    /// <summary>For each slope, the sum of score × posterior over the patterns, at each node.</summary>
    public double[][] Scores { get; }

    /// <summary>
    /// For each pair of items, the expected number, at each node, of persons whose patterns lack both items. The index
    /// is first × items + second with first ≥ second; null when no pattern lacks both.
    /// </summary>
    public double[]?[] Lacking { get; }

    /// <summary>
    /// For each slope and item, the sums of scores at each node over the patterns that lack the item. The index is
    /// slope × items + item; null when no pattern lacks the item.
    /// </summary>
    public double[]?[] ScoresLacking { get; }

    /// <summary>Posterior of the current pattern.</summary>
    public double[] Posterior { get; }

    public double[] LogBase { get; }

    /// <summary>Rows of expectations, collected until their outer products are added as a block.</summary>
    public double[] Means { get; }

    public double[] MeanWeights { get; }

    public double[] Squares { get; }

    public double[] SquareWeights { get; }

    public int Filled { get; set; }

    public void Add(int[] absent, double weight, double[][] columns, int pattern)
    {
        SpanMath.AddScaled(Counts, weight, Posterior);
        for (var slope = 0; slope < Scores.Length; slope++)
            if (columns[slope][pattern] is not 0 and var score)
                SpanMath.AddScaled(Scores[slope], weight * score, Posterior);
        foreach (var item in absent)
        {
            foreach (var other in absent)
                if (other <= item)
                    SpanMath.AddScaled(Lacking[item * Items + other] ??= new double[Counts.Length], weight, Posterior);
            for (var slope = 0; slope < Scores.Length; slope++)
                if (columns[slope][pattern] is not 0 and var score)
                    SpanMath.AddScaled(ScoresLacking[slope * Items + item] ??= new double[Counts.Length], weight * score, Posterior);
        }
    }
}
