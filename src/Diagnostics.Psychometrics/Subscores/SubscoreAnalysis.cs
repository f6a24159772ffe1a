using Diagnostics.Psychometrics.Classical;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Subscores;

/// <summary>Whether a block's score deserves to be told to anybody.</summary>
public enum SubscoreWorth
{
    /// <summary>The block's own score says more of its true score than the total does: it may be told, better still augmented.</summary>
    OwnScore,

    /// <summary>The own score alone says less than the total; joined with the other blocks it says more than either.</summary>
    OnlyAugmented,

    /// <summary>The total says as much: a score of the block would tell nothing of its own.</summary>
    NothingBeyondTotal,

    /// <summary>Even with the help of the other blocks more than the allowed part of the true score's variance stays unknown.</summary>
    TooUncertain,
}

/// <summary>How much of a block's variance is that of true scores.</summary>
public enum SubscoreReliability
{
    /// <summary>Cronbach's alpha, as in Haberman (2008); too low where items are of unequal points, and errors with it.</summary>
    Alpha,

    /// <summary>Feldt and Brennan's (1989) coefficient of items that share one true score in unequal parts; alpha where the parts are
    /// equal.</summary>
    Congeneric,
}

/// <summary>Proportional reduction of the mean squared error of predicting a block's true score; 0 = no better than everyone's mean, 1 =
/// without error.</summary>
/// <param name="Own">From the block's own score: its reliability, Haberman (2008), p. 214.</param>
/// <param name="Total">From the total of all blocks.</param>
/// <param name="Augmented">From all blocks' scores: Wainer et al. (2001); never below the other two.</param>
public readonly record struct ErrorReduction(double Own, double Total, double Augmented);

/// <param name="Block">As the caller numbered it.</param>
/// <param name="Items">Of the block that somebody answered.</param>
/// <param name="Maximum">Points.</param>
/// <param name="Mean">Points.</param>
/// <param name="Reliability">By the coefficient asked for.</param>
/// <param name="TrueDeviation">Standard deviation of true scores, points.</param>
/// <param name="KelleyError">Standard error of Kelley's estimate, points.</param>
/// <param name="AugmentedError">Standard error of the augmented estimate, points.</param>
public sealed record Subscore(
    int Block, int Items, int Maximum, double Mean, double Reliability, double TrueDeviation,
    ErrorReduction Reduction, double KelleyError, double AugmentedError, SubscoreWorth Worth);

/// <summary>A person's true score on a block, estimated; points.</summary>
/// <param name="Observed">Points earned.</param>
/// <param name="Kelley">Drawn to the mean by the block's reliability: Kelley (1947), Fundamentals of statistics, p. 409.</param>
/// <param name="Augmented">From all blocks.</param>
/// <param name="Error">Standard error of the augmented estimate.</param>
public readonly record struct SubscoreEstimate(double Observed, double Kelley, double Augmented, double Error)
{
    /// <summary>Augmented ± z · error; of many such intervals of persons of the group the share of the level holds the true score.</summary>
    public Interval Interval(double level = 0.95) => new(Augmented - Tails.Normal(level) * Error, Augmented + Tails.Normal(level) * Error);
}

/// <summary>Scores of blocks of a test: what they are worth beside the total, and better estimates than the points earned.</summary>
/// <remarks>
/// <para>Haberman, S. J. (2008). When can subscores have value? Journal of Educational and Behavioral Statistics, 33, 204–229; Wainer, H. et al.
/// (2001). Augmented scores — “borrowing strength” to compute scores based on small numbers of items. In Thissen and Wainer (eds), Test scoring,
/// pp. 343–387: T = m + B(x − m) with B the true scores' covariances over the observed ones'.</para>
/// <para>Errors of different items are taken as uncorrelated, so true scores covary as observed ones do; a block's true variance is its
/// reliability times the observed. Errors are of the group on average: they do not depend on the score.</para>
/// </remarks>
public sealed class SubscoreAnalysis
{
    /// <summary>Smaller gains are rounding for a reader: Sinharay, S. (2010), Journal of Educational Measurement, 47, 150–174, p. 163.</summary>
    private const double WorthwhileGain = 0.01;

    private readonly double[,] weights;

    private SubscoreAnalysis(int persons, Subscore[] blocks, double[,] weights) => (Persons, Blocks, this.weights) = (persons, blocks, weights);

    /// <summary>Persons with an answer to every item in use.</summary>
    public int Persons { get; }

    /// <summary>In the order of the blocks' numbers.</summary>
    public IReadOnlyList<Subscore> Blocks { get; }

    /// <param name="blockOfItem">The block of each item; any whole numbers.</param>
    /// <param name="maxima">Maximum points of each item; when null, the highest score seen.</param>
    /// <param name="coefficient">What the blocks' true variances come from.</param>
    /// <param name="least">Share of a true score's variance that an estimate has to explain to be told at all; a policy, ½ by default.</param>
    /// <returns>
    /// Undefined: <see cref="Undefined.TooFewPersons"/> with fewer persons than two more than blocks; <see cref="Undefined.TooFewItems"/>
    /// with one block, or a block of
    /// one item; <see cref="Undefined.NoVariance"/> where a block's reliability is 0 or less (nothing shows a true score);
    /// <see cref="Undefined.Singular"/>
    /// where the blocks' scores depend on each other, or their true scores' covariances are none (a correlation beyond 1 by more than error).
    /// </returns>
    /// <exception cref="BadDataException">Lengths differ, or a score is above its maximum.</exception>
    public static Estimate<SubscoreAnalysis> Of(
        ScoreMatrix scores, IReadOnlyList<int> blockOfItem, IReadOnlyList<int>? maxima = null, MissingScores missing = MissingScores.LeaveOut,
        SubscoreReliability coefficient = SubscoreReliability.Alpha, double least = 0.5)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(blockOfItem);
        if (least is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(least), least, "A share lies in 0…1.");
        if (blockOfItem.Count != scores.Items) throw new BadDataException($"{blockOfItem.Count} blocks named for {scores.Items} items.", null, null);
        Check(scores, maxima);
        var data = CompleteScores.Of(scores, missing);
        int[] names = [.. data.Places.Select(place => blockOfItem[place]).Distinct().Order()];
        if (names.Length < 2) return Estimate<SubscoreAnalysis>.None(Undefined.TooFewItems);
        if (data.Persons < names.Length + 2) return Estimate<SubscoreAnalysis>.None(Undefined.TooFewPersons);
        var parts = Array.ConvertAll(names, name =>
            data.On([.. Enumerable.Range(0, data.Items).Where(item => blockOfItem[data.Places[item]] == name)]));
        var alphas = Array.ConvertAll(parts, part => coefficient == SubscoreReliability.Alpha ? Reliability.Alpha(part.Covariances())
            : Reliability.Congeneric(part.Covariances()));
        if (Array.Find(alphas, alpha => !alpha.IsDefined) is { IsDefined: false, Reason: { } reason }) return Estimate<SubscoreAnalysis>.None(reason);
        if (Array.Exists(alphas, alpha => alpha.Value <= 0)) return Estimate<SubscoreAnalysis>.None(Undefined.NoVariance);

        var size = names.Length;
        var (observed, truth) = (new double[size * size], new double[size * size]);
        for (var row = 0; row < size; row++)
            for (var column = 0; column < size; column++)
            {
                observed[row * size + column] = Moments.Covariance(parts[row].Totals, parts[column].Totals);
                truth[row * size + column] = observed[row * size + column] * (row == column ? alphas[row].Value : 1);
            }
        var factor = (double[])observed.Clone();
        if (!PositiveDefinite.Factor(factor, size)) return Estimate<SubscoreAnalysis>.None(Undefined.Singular);
        var weights = new double[size, size];
        var blocks = new Subscore[size];
        for (var block = 0; block < size; block++)
        {
            // The regression of this block's true score on all observed ones: Σ⁻¹ times its covariances with them.
            var own = truth[(block * size)..((block + 1) * size)];
            var coefficients = (double[])own.Clone();
            PositiveDefinite.Solve(factor, size, coefficients);
            for (var other = 0; other < size; other++) weights[block, other] = coefficients[other];
            var explained = SpanMath.Dot(coefficients, own);
            // More than the whole: the reliability is too low for what the other blocks know of it.
            if (explained > own[block] * (1 + 1e-9)) return Estimate<SubscoreAnalysis>.None(Undefined.Singular);
            var maximum = parts[block].Places.Sum(place => maxima?[place] ?? scores.Maximum(place));
            var (variance, withTotal) = (own[block], own.Sum());
            var reduction = new ErrorReduction(alphas[block].Value, withTotal * withTotal / (variance * observed.Sum()),
                Math.Min(1, explained / variance));
            blocks[block] = new(
                names[block], parts[block].Items, maximum, Moments.Mean(parts[block].Totals), alphas[block].Value, Math.Sqrt(variance), reduction,
                KelleyError: Math.Sqrt(variance * Math.Max(0, 1 - reduction.Own)),
                AugmentedError: Math.Sqrt(variance * Math.Max(0, 1 - reduction.Augmented)),
                Worth: Judge(reduction, least));
        }
        return Estimate<SubscoreAnalysis>.Of(new(data.Persons, blocks, weights));
    }

    /// <summary>A person's true scores.</summary>
    /// <param name="points">Earned on each block, in the order of <see cref="Blocks"/>; finite.</param>
    /// <exception cref="BadDataException">Another number of blocks, or a number that is not finite.</exception>
    public IReadOnlyList<SubscoreEstimate> Estimate(IReadOnlyList<double> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count != Blocks.Count) throw new BadDataException($"{points.Count} scores for {Blocks.Count} blocks.", null, null);
        for (var block = 0; block < points.Count; block++)
            if (!double.IsFinite(points[block])) throw new BadDataException($"The score of block {block} (0-based) is not a number.", null, block);
        return [.. Blocks.Select((own, block) => new SubscoreEstimate(
            points[block], ConditionalError.KelleyTrueScore(points[block], own.Mean, own.Reliability),
            own.Mean + Blocks.Select((other, at) => weights[block, at] * (points[at] - other.Mean)).Sum(), own.AugmentedError))];
    }

    /// <summary>How much of the distance of each observed score from its mean (column) goes into the true score of each block (row).</summary>
    public double[,] Weights => (double[,])weights.Clone();

    private static SubscoreWorth Judge(ErrorReduction reduction, double least) =>
        reduction.Augmented < least ? SubscoreWorth.TooUncertain
        : reduction.Own > reduction.Total ? (reduction.Own >= least ? SubscoreWorth.OwnScore : SubscoreWorth.OnlyAugmented)
        : reduction.Augmented > reduction.Total + WorthwhileGain ? SubscoreWorth.OnlyAugmented
        : SubscoreWorth.NothingBeyondTotal;

    private static void Check(ScoreMatrix scores, IReadOnlyList<int>? maxima)
    {
        if (maxima is null) return;
        if (maxima.Count != scores.Items) throw new BadDataException($"{maxima.Count} maxima for {scores.Items} items.", null, null);
        for (var item = 0; item < maxima.Count; item++)
            if (maxima[item] < Math.Max(1, scores.Maximum(item)))
                throw new BadDataException($"The maximum {maxima[item]} of column {item} (0-based) is below 1 or below a score.", null, item);
    }
}
