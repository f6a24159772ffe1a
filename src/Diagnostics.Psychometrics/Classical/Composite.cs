namespace Diagnostics.Psychometrics.Classical;

/// <param name="Block">The number by which the caller identifies the block.</param>
/// <param name="Items">Number of items of the block that somebody answered.</param>
/// <param name="Mean">Mean score, points.</param>
/// <param name="StandardDeviation">Sample standard deviation (n − 1), points.</param>
/// <param name="StandardError">Standard error of measurement, points.</param>
public sealed record BlockReliability(
    int Block,
    int Items,
    double Mean,
    double StandardDeviation,
    Estimate<double> Alpha,
    Estimate<double> StandardError
);

/// <param name="StratifiedAlpha">Reliability of the sum of the blocks: 1 − Σ error variances of blocks / variance of
/// the sum.</param>
/// <param name="StandardError">Standard error of measurement of the sum, points.</param>
/// <param name="Correlations">[block, block]: correlations of block scores, in the order of
/// <see cref="Blocks"/>.</param>
public sealed record CompositeResult(
    IReadOnlyList<BlockReliability> Blocks,
    Estimate<double> StratifiedAlpha,
    Estimate<double> StandardError,
    IReadOnlyList<IReadOnlyList<Estimate<double>>> Correlations
);

/// <summary>Reliability of scores that are sums of blocks of items.</summary>
/// <remarks>
/// Stratified alpha: Cronbach, L. J., Schönemann, P. &amp; McKie, D. (1965). Alpha coefficients for stratified-parallel
/// tests. Educational and Psychological Measurement, 25, 291–312. Weighted composites: Mosier, C. I. (1943). On the
/// reliability of a weighted composite. Psychometrika, 8, 161–168, eq. 5.
/// </remarks>
public static class Composite
{
    /// <param name="blockOfItem">The block of each item; any whole numbers.</param>
    /// <returns>Stratified alpha is undefined when a block has only one item: the data do not show that item's
    /// error.</returns>
    public static Estimate<CompositeResult> Of(
        ScoreMatrix scores,
        IReadOnlyList<int> blockOfItem,
        MissingScores missing = MissingScores.LeaveOut
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(blockOfItem);
        if (blockOfItem.Count != scores.Items)
            throw new BadDataException($"{blockOfItem.Count} blocks named for {scores.Items} items.", null, null);
        var data = CompleteScores.Of(scores, missing);
        if (data.Persons < 2)
            return Estimate<CompositeResult>.None(Undefined.TooFewPersons);
        if (data.Items == 0)
            return Estimate<CompositeResult>.None(Undefined.TooFewItems);
        var parts = blockOfItem
            .Distinct()
            .Order()
            .Select(block =>
                (Block: block, Data: data.On([.. Enumerable.Range(0, data.Items).Where(item => blockOfItem[data.Places[item]] == block)]))
            )
            .ToArray();
        var blocks = parts.Select(part => One(part.Block, part.Data)).ToArray();
        var variance = Moments.Variance(data.Totals);
        var reliability = Stratified(blocks, variance);
        return Estimate<CompositeResult>.Of(
            new(
                blocks,
                reliability,
                reliability.Reason is { } reason
                    ? Estimate<double>.None(reason)
                    : Estimate<double>.Of(Math.Sqrt(variance * Math.Max(0, 1 - reliability.Value))),
                [
                    .. parts.Select(row =>
                        (IReadOnlyList<Estimate<double>>)
                            [.. parts.Select(column => Moments.Correlation(row.Data.Totals, column.Data.Totals))]
                    ),
                ]
            )
        );
    }

    /// <summary>Reliability of Σ wᵢ · block scoreᵢ, computed from the figures of the blocks.</summary>
    /// <param name="weights">Finite; a negative weight makes a difference score.</param>
    /// <param name="deviations">Standard deviations of block scores, ≥ 0.</param>
    /// <param name="reliabilities">Reliabilities of the blocks, ≤ 1.</param>
    /// <param name="correlations">[block, block]: correlations of block scores, symmetric with a diagonal of 1.</param>
    /// <exception cref="BadDataException">Lengths differ or a number is out of range.</exception>
    public static Estimate<double> Weighted(
        IReadOnlyList<double> weights,
        IReadOnlyList<double> deviations,
        IReadOnlyList<double> reliabilities,
        double[,] correlations
    )
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(deviations);
        ArgumentNullException.ThrowIfNull(reliabilities);
        ArgumentNullException.ThrowIfNull(correlations);
        var blocks = weights.Count;
        if (
            deviations.Count != blocks
            || reliabilities.Count != blocks
            || correlations.GetLength(0) != blocks
            || correlations.GetLength(1) != blocks
        )
            throw new BadDataException("Weights, deviations, reliabilities and correlations must be of as many blocks.", null, null);
        for (var block = 0; block < blocks; block++)
        {
            if (
                !double.IsFinite(weights[block])
                || deviations[block] is not (>= 0 and < double.PositiveInfinity)
                || reliabilities[block] is not (<= 1 and > double.NegativeInfinity)
            )
                throw new BadDataException(
                    $"Block {block} (0-based): the weight is finite, the deviation ≥ 0, the reliability ≤ 1.",
                    block,
                    null
                );
            for (var other = 0; other < blocks; other++)
                if (correlations[block, other] is not (>= -1 and <= 1))
                    throw new BadDataException(
                        $"The correlation in row {block}, column {other} (both 0-based) is outside −1…1.",
                        block,
                        other
                    );
        }
        double total = 0,
            error = 0;
        for (var row = 0; row < blocks; row++)
        {
            var own = weights[row] * deviations[row];
            error += own * own * (1 - reliabilities[row]);
            for (var column = 0; column < blocks; column++)
                total += own * weights[column] * deviations[column] * (row == column ? 1 : correlations[row, column]);
        }
        return total <= 0 ? Estimate<double>.None(Undefined.NoVariance) : Estimate<double>.Of(1 - (error / total));
    }

    private static BlockReliability One(int block, CompleteScores data)
    {
        var alpha = Reliability.Alpha(data.Covariances());
        var deviation = Math.Sqrt(Moments.Variance(data.Totals));
        return new(
            block,
            data.Items,
            Moments.Mean(data.Totals),
            deviation,
            alpha,
            alpha.Reason is { } reason
                ? Estimate<double>.None(reason)
                : Estimate<double>.Of(deviation * Math.Sqrt(Math.Max(0, 1 - alpha.Value)))
        );
    }

    private static Estimate<double> Stratified(BlockReliability[] blocks, double variance)
    {
        if (variance == 0)
            return Estimate<double>.None(Undefined.NoVariance);
        double error = 0;
        foreach (var block in blocks)
        {
            // A block where everyone has the same score adds no error.
            if (block.StandardDeviation == 0)
                continue;
            if (block.StandardError.Reason is { } reason)
                return Estimate<double>.None(reason);
            error += block.StandardError.Value * block.StandardError.Value;
        }
        return Estimate<double>.Of(1 - (error / variance));
    }
}
