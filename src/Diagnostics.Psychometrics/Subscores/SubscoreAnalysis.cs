using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Subscores;

/// <summary>Whether a block's score is worth reporting.</summary>
public enum SubscoreWorth
{
    /// <summary>
    /// The block's own score predicts its true score better than the total does. It may be reported; an augmented score
    /// is better still.
    /// </summary>
    OwnScore,

    /// <summary>
    /// The block's own score alone does not suffice: it predicts less than the total does, or less than the policy
    /// demands. Combined with the other blocks' scores, it predicts enough.
    /// </summary>
    OnlyAugmented,

    /// <summary>
    /// The total predicts the block's true score about as well as the scores of all blocks do, so a score of the block
    /// would add nothing.
    /// </summary>
    NothingBeyondTotal,

    /// <summary>
    /// Even with the help of the other blocks, more of the true score's variance stays unexplained than the policy
    /// allows.
    /// </summary>
    TooUncertain,
}

/// <summary>The coefficient that estimates which share of a block's variance is due to true scores.</summary>
public enum SubscoreReliability
{
    /// <summary>
    /// Cronbach's alpha, as in Haberman (2008). It is too low where items are worth different numbers of points. In
    /// that case, the standard errors computed from it are wrong too.
    /// </summary>
    Alpha,

    /// <summary>
    /// Feldt and Brennan's (1989) coefficient for items that measure the same true score, each with its own weight. It
    /// equals alpha when the weights are equal.
    /// </summary>
    Congeneric,
}

/// <summary>
/// Proportional reduction of the mean squared error in predicting a block's true score: 0 = no better than predicting
/// the mean for everyone, 1 = a prediction without error.
/// </summary>
/// <param name="Own">Reduction from the block's own score; this is its reliability, Haberman (2008), p. 214.</param>
/// <param name="Total">Reduction from the total of all blocks.</param>
/// <param name="Augmented">Reduction from the scores of all blocks, Wainer et al. (2001); never below the other
/// two.</param>
public readonly record struct ErrorReduction(double Own, double Total, double Augmented);

/// <param name="Block">The number that the caller gave to the block.</param>
/// <param name="Items">Items of the block that somebody answered.</param>
/// <param name="Maximum">Largest possible score, in points.</param>
/// <param name="Mean">Mean score, in points.</param>
/// <param name="Reliability">Reliability by the chosen coefficient.</param>
/// <param name="TrueDeviation">Standard deviation of true scores, in points.</param>
/// <param name="KelleyError">Standard error of Kelley's estimate, in points.</param>
/// <param name="AugmentedError">Standard error of the augmented estimate, in points.</param>
public sealed record Subscore(
    int Block,
    int Items,
    int Maximum,
    double Mean,
    double Reliability,
    double TrueDeviation,
    ErrorReduction Reduction,
    double KelleyError,
    double AugmentedError,
    SubscoreWorth Worth
);

/// <summary>An estimate of a person's true score on a block, in points.</summary>
/// <param name="Observed">Points earned.</param>
/// <param name="Kelley">The observed score shrunk towards the mean by the block's reliability: Kelley (1947),
/// Fundamentals of statistics, p. 409.</param>
/// <param name="Augmented">The estimate from all blocks.</param>
/// <param name="Error">Standard error of the augmented estimate.</param>
public readonly record struct SubscoreEstimate(double Observed, double Kelley, double Augmented, double Error)
{
    /// <summary>
    /// The interval from augmented − z · error to augmented + z · error. Over many persons of the group, the share of
    /// such intervals that contain the true score equals the level.
    /// </summary>
    public Interval Interval(double level = 0.95) => new(Augmented - Tails.Normal(level) * Error, Augmented + Tails.Normal(level) * Error);
}

/// <summary>
/// Decides what the scores of a test's blocks add to the total, and estimates true scores better than the points earned
/// do.
/// </summary>
/// <remarks>
/// <para>Haberman, S. J. (2008). When can subscores have value? Journal of Educational and Behavioral Statistics, 33,
/// 204–229; Wainer, H. et al. (2001). Augmented scores — “borrowing strength” to compute scores based on small numbers
/// of items. In Thissen and Wainer (eds), Test scoring, pp. 343–387: T = m + B(x − m), where B is the covariance matrix
/// of the true scores times the inverse of the covariance matrix of the observed scores.</para>
/// <para>Errors of different items are assumed uncorrelated, so the true scores of blocks have the same covariances as
/// the observed scores; a block's true variance is its reliability times the observed variance. The errors are averages
/// over the group and do not depend on the score.</para>
/// </remarks>
public sealed class SubscoreAnalysis
{
    /// <summary>
    /// The smallest gain that a reader would notice: Sinharay, S. (2010), Journal of Educational Measurement, 47,
    /// 150–174, p. 163.
    /// </summary>
    private const double WorthwhileGain = 0.01;

    private readonly double[,] weights;

    private SubscoreAnalysis(int persons, Subscore[] blocks, double[,] weights) =>
        (Persons, Blocks, this.weights) = (persons, blocks, weights);

    /// <summary>Number of persons with an answer to every item in use.</summary>
    public int Persons { get; }

    /// <summary>The blocks, in the order of their numbers.</summary>
    public IReadOnlyList<Subscore> Blocks { get; }

    /// <param name="blockOfItem">The number of each item's block; any whole numbers will do.</param>
    /// <param name="maxima">The maximum points of each item; null = take the highest score seen on each item.</param>
    /// <param name="coefficient">The coefficient from which the variances of the blocks' true scores are
    /// computed.</param>
    /// <param name="least">Share of a true score's variance that an estimate must explain to be reported; a policy sets
    /// it, ½ by default.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewPersons"/> when there are not at least two more persons than
    /// blocks; <see cref="Undefined.TooFewItems"/> with one block, or a block of one item;
    /// <see cref="Undefined.NoVariance"/> where a block's reliability is 0 or less (the data show no true score);
    /// <see cref="Undefined.Singular"/> where the blocks' scores depend on each other, or where the matrix of their
    /// true scores is not a covariance matrix (a correlation exceeds 1 by more than rounding error).</returns>
    /// <exception cref="BadDataException">Lengths differ, or a score is above its maximum.</exception>
    public static Estimate<SubscoreAnalysis> Of(
        ScoreMatrix scores,
        IReadOnlyList<int> blockOfItem,
        IReadOnlyList<int>? maxima = null,
        MissingScores missing = MissingScores.LeaveOut,
        SubscoreReliability coefficient = SubscoreReliability.Alpha,
        double least = 0.5
    )
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(blockOfItem);
        if (least is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(least), least, "A share lies in 0…1.");
        if (blockOfItem.Count != scores.Items)
            throw new BadDataException($"{blockOfItem.Count} blocks named for {scores.Items} items.", null, null);
        Check(scores, maxima);
        var data = CompleteScores.Of(scores, missing);
        int[] names = [.. data.Places.Select(place => blockOfItem[place]).Distinct().Order()];
        if (names.Length < 2)
            return Estimate<SubscoreAnalysis>.None(Undefined.TooFewItems);
        if (data.Persons < names.Length + 2)
            return Estimate<SubscoreAnalysis>.None(Undefined.TooFewPersons);
        var parts = Array.ConvertAll(
            names,
            name => data.On([.. Enumerable.Range(0, data.Items).Where(item => blockOfItem[data.Places[item]] == name)])
        );
        var alphas = Array.ConvertAll(
            parts,
            part =>
                coefficient == SubscoreReliability.Alpha
                    ? Reliability.Alpha(part.Covariances())
                    : Reliability.Congeneric(part.Covariances())
        );
        if (Array.Find(alphas, alpha => !alpha.IsDefined) is { IsDefined: false, Reason: { } reason })
            return Estimate<SubscoreAnalysis>.None(reason);
        if (Array.Exists(alphas, alpha => alpha.Value <= 0))
            return Estimate<SubscoreAnalysis>.None(Undefined.NoVariance);

        var size = names.Length;
        var (observed, truth) = (new double[size * size], new double[size * size]);
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            observed[row * size + column] = Moments.Covariance(parts[row].Totals, parts[column].Totals);
            truth[row * size + column] = observed[row * size + column] * (row == column ? alphas[row].Value : 1);
        }
        var factor = (double[])observed.Clone();
        if (!PositiveDefinite.Factor(factor, size))
            return Estimate<SubscoreAnalysis>.None(Undefined.Singular);
        var weights = new double[size, size];
        var blocks = new Subscore[size];
        for (var block = 0; block < size; block++)
        {
            // The regression of this block's true score on all observed scores: Σ⁻¹ times the covariances of the true
            // score with the observed ones.
            var own = truth[(block * size)..((block + 1) * size)];
            var coefficients = (double[])own.Clone();
            PositiveDefinite.Solve(factor, size, coefficients);
            for (var other = 0; other < size; other++)
                weights[block, other] = coefficients[other];
            var explained = SpanMath.Dot(coefficients, own);
            // Here the blocks explain more than the whole variance of this block's true score. The block's reliability
            // is then too low for what the other blocks show about the block.
            if (explained > own[block] * (1 + 1e-9))
                return Estimate<SubscoreAnalysis>.None(Undefined.Singular);
            var maximum = parts[block].Places.Sum(place => maxima?[place] ?? scores.Maximum(place));
            var (variance, withTotal) = (own[block], own.Sum());
            var reduction = new ErrorReduction(
                alphas[block].Value,
                withTotal * withTotal / (variance * observed.Sum()),
                Math.Min(1, explained / variance)
            );
            blocks[block] = new(
                names[block],
                parts[block].Items,
                maximum,
                Moments.Mean(parts[block].Totals),
                alphas[block].Value,
                Math.Sqrt(variance),
                reduction,
                KelleyError: Math.Sqrt(variance * Math.Max(0, 1 - reduction.Own)),
                AugmentedError: Math.Sqrt(variance * Math.Max(0, 1 - reduction.Augmented)),
                Worth: Judge(reduction, least)
            );
        }
        return Estimate<SubscoreAnalysis>.Of(new(data.Persons, blocks, weights));
    }

    /// <summary>Estimates a person's true scores.</summary>
    /// <param name="points">Points earned on each block, in the order of <see cref="Blocks"/>; finite.</param>
    /// <exception cref="BadDataException">The number of values differs from the number of blocks, or a value is not
    /// finite.</exception>
    public IReadOnlyList<SubscoreEstimate> Estimate(IReadOnlyList<double> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count != Blocks.Count)
            throw new BadDataException($"{points.Count} scores for {Blocks.Count} blocks.", null, null);
        for (var block = 0; block < points.Count; block++)
            if (!double.IsFinite(points[block]))
                throw new BadDataException($"The score of block {block} (0-based) is not a number.", null, block);
        return
        [
            .. Blocks.Select(
                (own, block) =>
                    new SubscoreEstimate(
                        points[block],
                        ConditionalError.KelleyTrueScore(points[block], own.Mean, own.Reliability),
                        own.Mean + Blocks.Select((other, at) => weights[block, at] * (points[at] - other.Mean)).Sum(),
                        own.AugmentedError
                    )
            ),
        ];
    }

    /// <summary>
    /// Weight of the deviation of each observed score from its mean (column) in the estimated true score of each block
    /// (row).
    /// </summary>
    public double[,] Weights => (double[,])weights.Clone();

    private static SubscoreWorth Judge(ErrorReduction reduction, double least) =>
        reduction.Augmented < least ? SubscoreWorth.TooUncertain
        : reduction.Own > reduction.Total ? (reduction.Own >= least ? SubscoreWorth.OwnScore : SubscoreWorth.OnlyAugmented)
        : reduction.Augmented > reduction.Total + WorthwhileGain ? SubscoreWorth.OnlyAugmented
        : SubscoreWorth.NothingBeyondTotal;

    private static void Check(ScoreMatrix scores, IReadOnlyList<int>? maxima)
    {
        if (maxima is null)
            return;
        if (maxima.Count != scores.Items)
            throw new BadDataException($"{maxima.Count} maxima for {scores.Items} items.", null, null);
        for (var item = 0; item < maxima.Count; item++)
            if (maxima[item] < Math.Max(1, scores.Maximum(item)))
                throw new BadDataException(
                    $"The maximum {maxima[item]} of column {item} (0-based) is below 1 or below a score.",
                    null,
                    item
                );
    }
}
