using Diagnostics.Psychometrics.Classification;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// A person's ability in each block, estimated from the answers to all blocks, as the means and covariances of the
/// posterior.
/// </summary>
/// <param name="Values">The ability in each block, on the scale of the curves.</param>
/// <param name="Covariance">Covariance of the posterior.</param>
public sealed record BlockAbility(IReadOnlyList<double> Values, double[,] Covariance)
{
    public double Error(int block) => Math.Sqrt(Covariance[block, block]);

    /// <summary>Value ± z · error.</summary>
    public Interval Interval(int block, double level = 0.95) =>
        new(Values[block] - Tails.Normal(level) * Error(block), Values[block] + Tails.Normal(level) * Error(block));

    /// <summary>
    /// The probability that the person is at each level of a block, if the posterior is taken as normal.
    /// </summary>
    /// <param name="cuts">The abilities that separate the levels, in rising order.</param>
    public double[] Levels(int block, IReadOnlyList<double> cuts) => LevelProbabilities.Of(Values[block], Error(block), cuts);
}

/// <summary>
/// Estimates abilities in blocks of calibrated items. Each block borrows strength from the blocks with which it
/// correlates.
/// </summary>
/// <remarks>
/// Expected a posteriori: Bock and Mislevy (1982), Applied Psychological Measurement, 6, 431–444; for several
/// dimensions, Segall, D. O. (1996), Psychometrika, 61, 331–354.
/// </remarks>
public static class BlockAbilities
{
    /// <param name="scores">The scores of every item lie between 0 and the maximum of its curve.</param>
    /// <param name="curves">One curve for each column; null leaves the item out.</param>
    /// <param name="blockOfItem">For each item, the number of its block, numbered as in
    /// <see cref="BlockFit.Blocks"/>.</param>
    /// <param name="blocks">The numbers of the two to five blocks, in the order of
    /// <paramref name="covariance"/>.</param>
    /// <param name="covariance">The covariance matrix of abilities, which must be positive definite.</param>
    /// <returns>One result for each person; <see cref="Undefined.TooFewItems"/> for a person without an
    /// answer.</returns>
    /// <exception cref="BadDataException">A score is above the curve's maximum, a parameter is not finite, or an item
    /// belongs to an unknown block.</exception>
    /// <exception cref="ArgumentException">The matrix is not a covariance matrix, or does not have two to five
    /// blocks.</exception>
    public static IReadOnlyList<Estimate<BlockAbility>> Estimate(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        IReadOnlyList<int> blockOfItem,
        IReadOnlyList<int> blocks,
        double[,] covariance
    )
    {
        ArgumentNullException.ThrowIfNull(blockOfItem);
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(covariance);
        var responses = new Responses(scores, curves);
        if (blockOfItem.Count != scores.Items)
            throw new BadDataException($"{blockOfItem.Count} blocks named for {scores.Items} items.", null, null);
        var names = blocks.ToList();
        var dimensions = Array.ConvertAll(responses.Columns, column => names.IndexOf(blockOfItem[column]));
        if (Array.IndexOf(dimensions, -1) is >= 0 and var place)
            throw new BadDataException(
                $"Column {responses.Columns[place]} (from 0) is of block {blockOfItem[responses.Columns[place]]}, which is not one of the blocks.",
                null,
                responses.Columns[place]
            );
        var (deviations, correlations) = Split(covariance, names.Count);
        var layout = new BlockLayout(true, Array.ConvertAll(responses.Curves, curve => curve.MaximumScore), dimensions, names.Count);
        // Slopes and covariances are rescaled to abilities of variance 1, because the tables assume this variance.
        double[] parameters =
        [
            .. responses.Curves.Select((curve, item) => curve.Slope * deviations[dimensions[item]]),
            .. responses.Curves.SelectMany(curve => curve.Intercepts),
            .. new double[layout.Size - layout.FirstCorrelation],
        ];
        var tables = new BlockTables(layout, parameters);
        var quadrature = new BlockQuadrature(BlockQuadrature.Default(names.Count), names.Count);
        var estimates = new Estimate<BlockAbility>[scores.Persons];
        Array.Fill(estimates, Psychometrics.Estimate<BlockAbility>.None(Undefined.TooFewItems));
        foreach (var booklet in responses.Booklets)
        {
            var sums = tables.Sums(booklet.Items, parameters);
            MarginalLikelihood.InPieces(
                booklet.Persons.Length,
                (_, from, to) =>
                {
                    var (posterior, weighted) = (new BlockPosterior(quadrature, correlations), new double[names.Count]);
                    for (var at = from; at < to; at++)
                    {
                        Array.Clear(weighted);
                        foreach (var item in booklet.Items)
                            weighted[dimensions[item]] += parameters[item] * responses.Score(booklet.Persons[at], item);
                        posterior.Integrate(sums, weighted);
                        estimates[booklet.Persons[at]] = Psychometrics.Estimate<BlockAbility>.Of(Tell(posterior, deviations));
                    }
                }
            );
        }
        return estimates;
    }

    /// <summary>Estimates abilities in the blocks of a fit.</summary>
    /// <inheritdoc cref="Estimate(ScoreMatrix, IReadOnlyList{ItemParameters}, IReadOnlyList{int}, IReadOnlyList{int}, double[,])" path="/returns"/>
    public static IReadOnlyList<Estimate<BlockAbility>> Estimate(ScoreMatrix scores, IReadOnlyList<int> blockOfItem, BlockFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Estimate(scores, fit.Curves, blockOfItem, fit.Blocks, fit.Covariance);
    }

    private static BlockAbility Tell(BlockPosterior posterior, double[] deviations)
    {
        var count = deviations.Length;
        var covariance = new double[count, count];
        for (var row = 0; row < count; row++)
        for (var column = 0; column < count; column++)
            covariance[row, column] =
                deviations[row]
                * deviations[column]
                * (posterior.Products[row * count + column] - posterior.Means[row] * posterior.Means[column]);
        return new([.. posterior.Means.Select((mean, block) => mean * deviations[block])], covariance);
    }

    private static (double[] Deviations, double[] Correlations) Split(double[,] covariance, int count)
    {
        if (count is < 2 or > 5 || covariance.GetLength(0) != count || covariance.GetLength(1) != count)
            throw new ArgumentException("Two to five blocks, and a covariance of each with each.", nameof(covariance));
        var deviations = new double[count];
        for (var block = 0; block < count; block++)
            deviations[block] = covariance[block, block] is > 0 and < double.PositiveInfinity and var variance
                ? Math.Sqrt(variance)
                : throw new ArgumentException("A variance is above 0.", nameof(covariance));
        var correlations = new double[count * count];
        for (var row = 0; row < count; row++)
        for (var column = 0; column < count; column++)
            correlations[row * count + column] =
                row == column ? 1 : (covariance[row, column] + covariance[column, row]) / 2 / deviations[row] / deviations[column];
        if (!correlations.All(double.IsFinite) || !PositiveDefinite.Factor((double[])correlations.Clone(), count))
            throw new ArgumentException("The covariance matrix is not positive definite.", nameof(covariance));
        return (deviations, correlations);
    }
}
