using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// Marginal maximum likelihood for blocks of items, each block measuring one ability (“between-item” multidimensional
/// models). Rasch and partial credit models estimate the blocks' variances and correlations; 2PL and generalized
/// partial credit models estimate only the correlations. Items that were not presented to a person, or that the person
/// did not reach, do not count for that person.
/// </summary>
/// <remarks>
/// Adams, R. J., Wilson, M. and Wang, W. (1997), The multidimensional random coefficients multinomial logit model,
/// Applied Psychological Measurement, 21, 1–23. The method is the EM algorithm with the scale of abilities as an extra
/// parameter (Liu, C., Rubin, D. B. and Wu, Y. N. (1998), Biometrika, 85, 755–770), extrapolated (Varadhan, R. and
/// Roland, C. (2008), Scandinavian Journal of Statistics, 35, 335–353, scheme S3). Standard errors come from the
/// cross-products of persons' scores: McLachlan and Krishnan (2008), The EM algorithm and extensions, section 4.3.
/// </remarks>
public static class MultidimensionalMaximumLikelihood
{
    /// <summary>
    /// The steepest slope allowed for an item on abilities N(0, 1); a slope that becomes steeper than this is growing
    /// without limit.
    /// </summary>
    private const double Steepest = 25;

    /// <summary>Two blocks with a higher correlation count as one block.</summary>
    private const double ClosestCorrelation = 0.9995;

    private const double Settled = 1e-5;

    /// <param name="scores">The scores of every item start at 0. Persons without an answer are left out.</param>
    /// <param name="blockOfItem">The number of each item's block. Any whole numbers will do, with two to five different
    /// ones among the usable items.</param>
    /// <param name="cancel">Checked before every pass over the persons.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewItems"/> (a block has no usable item or, with free slopes, fewer
    /// than two), <see cref="Undefined.NoVariance"/> (persons do not differ in a block),
    /// <see cref="Undefined.Singular"/> (two blocks cannot be distinguished, or the matrix of cross-products, from
    /// which errors are computed, has no inverse), <see cref="Undefined.NotConverged"/>. </returns>
    /// <exception cref="BadDataException">The list of blocks does not have one entry for each item.</exception>
    /// <exception cref="ArgumentException">There are fewer than two or more than five blocks, or an option is out of
    /// range.</exception>
    public static Estimate<BlockFit> Fit(
        ScoreMatrix scores,
        IReadOnlyList<int> blockOfItem,
        BlockOptions? options = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(blockOfItem);
        options ??= new();
        if (blockOfItem.Count != scores.Items)
            throw new BadDataException($"{blockOfItem.Count} blocks named for {scores.Items} items.", null, null);
        if (options.Model is MarginalModel.PartialCreditStandardNormal or MarginalModel.RatingScale)
            throw new ArgumentException("Blocks have variances or slopes of their own.", nameof(options));
        if (options.Points is < 3 or > 21 || options.MostEvaluations < 1)
            throw new ArgumentException("3…21 points, and at least one evaluation.", nameof(options));
        int[] names = [.. blockOfItem.Distinct().Order()];
        if (names.Length is < 2 or > 5)
            throw new ArgumentException($"{names.Length} blocks; two to five can be estimated together.", nameof(blockOfItem));
        var usable = UsableItems.Of(scores, [.. Enumerable.Range(0, scores.Persons)]);
        var dimensions = Array.ConvertAll(usable.Columns, column => Array.IndexOf(names, blockOfItem[column]));
        var free = options.Model == MarginalModel.GeneralizedPartialCredit;
        if (Enumerable.Range(0, names.Length).Any(block => dimensions.Count(own => own == block) < (free ? 2 : 1)))
            return Estimate<BlockFit>.None(Undefined.TooFewItems);
        var layout = new BlockLayout(free, [.. usable.Counts.Select((_, item) => usable.Steps(item))], dimensions, names.Length);
        var likelihood = new BlockLikelihood(
            scores,
            BlockData.Of(scores, usable, layout),
            layout,
            new(options.Points ?? BlockQuadrature.Default(names.Length), names.Length)
        );
        var search = new BlockSearch(likelihood, layout, usable, options.MostEvaluations, cancel);
        if (search.Maximize(layout.Start(usable), Settled, Steepest, ClosestCorrelation) is { } failure)
            return Estimate<BlockFit>.None(failure);
        double[]? covariance = null;
        if (options.StandardErrors)
        {
            covariance = likelihood.Evaluate(search.Parameters, withScores: true).CrossProducts;
            if (!PositiveDefinite.Factor(covariance, layout.Size))
                return Estimate<BlockFit>.None(Undefined.Singular);
            covariance = PositiveDefinite.Inverse(covariance, layout.Size);
        }
        return Estimate<BlockFit>.Of(new BlockReport(layout, usable, search.Parameters, covariance).Tell(names, search));
    }
}
