namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Corrects sums that were taken as if everybody had been presented every item. Let u be the expectations at a node, c
/// the scores and M the items presented: the sum contains Σ (c·z − u)(c·z − u)′, and the correction turns it into Σ
/// (c·z − Mu)(c·z − Mu)′.
/// </summary>
internal sealed class AbsentItems
{
    private readonly MarginalLayout layout;
    private readonly int stride;
    private readonly double[] nodes;

    /// <summary>
    /// For each item, the place of each of its parameters and the values of u for that parameter: first the slope where
    /// it is estimated, then the intercepts.
    /// </summary>
    private readonly (int Place, double[] Expectation)[][] terms;

    public AbsentItems(MarginalLayout layout, ItemTables tables, int stride)
    {
        (this.layout, this.stride, nodes) = (layout, stride, tables.Quadrature.Nodes);
        terms = [.. Enumerable.Range(0, layout.Items).Select(item => Terms(tables, item).ToArray())];
    }

    /// <param name="sum">Lower triangle; the correction is subtracted from it.</param>
    public void TakeOff(NodeSums sums, double[] sum)
    {
        if (!Array.Exists(sums.Lacking, counts => counts is not null))
            return;
        for (var item = 0; item < layout.Items; item++)
        for (var other = 0; other < layout.Items; other++)
            if (Lacking(sums, item, other) is { } persons)
                TakeOffPair(terms[item], terms[other], persons, sum);
        for (var slope = 0; slope < layout.Slopes; slope++)
        for (var item = 0; item < layout.Items; item++)
            if (sums.ScoresLacking[slope * layout.Items + item] is { } scores)
                GiveBack(slope, terms[item], scores, sum);
    }

    private IEnumerable<(int, double[])> Terms(ItemTables tables, int item)
    {
        if (layout.SlopeOf(item) is { } slope)
            yield return (slope, [.. nodes.Select((node, at) => node * tables.Expected[item][at])]);
        for (var score = 1; score <= layout.Steps(item); score++)
            yield return (layout.Intercept(item, score), tables.Probabilities[item][score - 1]);
    }

    /// <summary>
    /// For each node, the expected number of persons who lack at least one of the two items; null when nobody lacks
    /// either.
    /// </summary>
    private double[]? Lacking(NodeSums sums, int item, int other)
    {
        var (first, second) = (sums.Lacking[item * layout.Items + item], sums.Lacking[other * layout.Items + other]);
        if (item == other || (first is null && second is null))
            return first ?? second;
        var either = new double[nodes.Length];
        if (first is not null)
            SpanMath.AddScaled(either, 1, first);
        if (second is not null)
            SpanMath.AddScaled(either, 1, second);
        if (sums.Lacking[Math.Max(item, other) * layout.Items + Math.Min(item, other)] is { } both)
            SpanMath.AddScaled(either, -1, both);
        return either;
    }

    /// <summary>
    /// Corrects the products of two items. Each pair comes in both orders, so each place of the lower triangle is
    /// visited once; the place of a common slope is visited once for each pair.
    /// </summary>
    private void TakeOffPair(
        (int Place, double[] Expectation)[] one,
        (int Place, double[] Expectation)[] other,
        double[] persons,
        double[] sum
    )
    {
        var weighted = new double[nodes.Length];
        foreach (var (row, left) in one)
        {
            Array.Clear(weighted);
            SpanMath.AddProducts(weighted, left, persons);
            foreach (var (column, right) in other)
                if (column <= row)
                    sum[row * stride + column] -= SpanMath.Dot(weighted, right);
        }
    }

    /// <summary>
    /// Restores the products of a slope's scores with the expectations of an item, for patterns that have the scores
    /// but lack the item.
    /// </summary>
    private void GiveBack(int slope, (int Place, double[] Expectation)[] item, double[] scores, double[] sum)
    {
        var weighted = new double[nodes.Length];
        SpanMath.AddProducts(weighted, nodes, scores);
        foreach (var (place, expectation) in item)
        {
            var product = SpanMath.Dot(weighted, expectation);
            sum[Math.Max(slope, place) * stride + Math.Min(slope, place)] += place == slope ? 2 * product : product;
        }
    }
}
