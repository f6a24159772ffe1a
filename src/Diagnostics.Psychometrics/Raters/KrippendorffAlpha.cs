using MathNet.Numerics.Random;

namespace Diagnostics.Psychometrics.Raters;

/// <summary>How the difference between two values is measured.</summary>
public enum Metric
{
    Nominal,
    Ordinal,
    Interval,

    /// <summary>
    /// ((a − b)/(a + b))², for values of 0 or more. The cost grows with the square of the number of different values.
    /// </summary>
    Ratio,
}

/// <param name="UndefinedReplicates">Number of resamples in which all values were equal; the interval leaves these
/// out.</param>
public sealed record AlphaInterval(double Alpha, Interval Interval, int Replicates, int UndefinedReplicates);

/// <summary>
/// Krippendorff's alpha, 1 − observed/expected disagreement, for any number of raters and any metric; ratings may be
/// missing.
/// </summary>
/// <remarks>
/// Krippendorff (2019), Content Analysis, 4th ed., chapter 12; Hayes and Krippendorff (2007), Commun. Methods Meas. 1,
/// 77–89. The disagreements are summed without the coincidence matrix: for the interval metric Σ(x−y)² over all pairs
/// of m values is 2mΣ(x−x̄)², and the ordinal metric is the interval metric on midranks, because Σ_{g=c..k} n_g −
/// (n_c+n_k)/2 is the distance between the midranks of c and k. So the cost is linear in the number of ratings. Units
/// with fewer than two ratings cannot be paired and drop out.
/// </remarks>
public sealed class KrippendorffAlpha
{
    private readonly Metric metric;
    private readonly double[] levels;
    private readonly int[] starts;
    private readonly int[] codes;

    /// <summary>
    /// For each unit, its disagreement divided by one less than its number of ratings. Under the ordinal metric the
    /// disagreement depends on the whole sample, so the array stays empty.
    /// </summary>
    private readonly double[] disagreements;

    /// <exception cref="BadDataException">A value is negative under the ratio metric.</exception>
    private KrippendorffAlpha(RatingSet ratings, Metric metric)
    {
        this.metric = metric;
        var paired = Enumerable.Range(0, ratings.Units).Where(unit => ratings.RatersOf(unit).Length > 1).ToArray();
        starts = new int[paired.Length + 1];
        for (var unit = 0; unit < paired.Length; unit++)
            starts[unit + 1] = starts[unit] + ratings.RatersOf(paired[unit]).Length;
        var values = new double[starts[^1]];
        for (var unit = 0; unit < paired.Length; unit++)
        {
            ratings.ValuesOf(paired[unit]).CopyTo(values.AsSpan(starts[unit]));
            for (var place = starts[unit]; place < starts[unit + 1]; place++)
                if (metric == Metric.Ratio && values[place] < 0)
                    throw new BadDataException(
                        $"Unit {paired[unit]} has the value {values[place]:R}; a ratio scale starts at 0.",
                        paired[unit],
                        null
                    );
            values.AsSpan(starts[unit], starts[unit + 1] - starts[unit]).Sort();
        }
        levels = [.. values.Distinct().Order()];
        codes = Array.ConvertAll(values, value => Array.BinarySearch(levels, value));
        disagreements = new double[paired.Length];
        if (metric != Metric.Ordinal)
            for (var unit = 0; unit < paired.Length; unit++)
                disagreements[unit] = Within(unit, levels);
    }

    private int Units => starts.Length - 1;

    /// <returns>Undefined when no unit has two ratings, or when all ratings that can be paired are equal.</returns>
    public static Estimate<double> Of(RatingSet ratings, Metric metric)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        return new KrippendorffAlpha(ratings, metric).Alpha();
    }

    /// <summary>
    /// A percentile interval, computed by resampling units with replacement; the same seed gives the same interval.
    /// </summary>
    /// <param name="replicates">At least 100; 1,000 is usual.</param>
    /// <param name="level">In (0, 1).</param>
    /// <returns>Undefined where alpha is undefined, or when in more than half of the resamples all values are
    /// equal.</returns>
    public static Estimate<AlphaInterval> Bootstrap(RatingSet ratings, Metric metric, int replicates, int seed, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 100);
        _ = Tails.Normal(level);
        var sample = new KrippendorffAlpha(ratings, metric);
        var alpha = sample.Alpha();
        if (!alpha.IsDefined)
            return Estimate<AlphaInterval>.None(alpha.Reason!.Value);
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var times = new int[sample.Units];
        var resampled = new List<double>(replicates);
        for (var replicate = 0; replicate < replicates; replicate++)
        {
            Array.Clear(times);
            for (var draw = 0; draw < times.Length; draw++)
                times[random.Next(times.Length)]++;
            if (sample.Weighted(times) is { IsDefined: true } value)
                resampled.Add(value.Value);
        }
        if (2 * resampled.Count < replicates)
            return Estimate<AlphaInterval>.None(Undefined.NoVariance);
        resampled.Sort();
        return Estimate<AlphaInterval>.Of(
            new AlphaInterval(
                alpha.Value,
                new Interval(Quantile((1 - level) / 2), Quantile((1 + level) / 2)),
                replicates,
                replicates - resampled.Count
            )
        );

        // The quantile of type 7 by Hyndman and Fan, which is R's default.
        double Quantile(double probability)
        {
            var place = probability * (resampled.Count - 1);
            var below = (int)place;
            return resampled[below] + (place - below) * (resampled[Math.Min(below + 1, resampled.Count - 1)] - resampled[below]);
        }
    }

    private Estimate<double> Alpha()
    {
        if (Units == 0)
            return Estimate<double>.None(Undefined.NoCommonUnits);
        var once = new int[Units];
        Array.Fill(once, 1);
        return Weighted(once);
    }

    /// <summary>Alpha when unit u occurs times[u] times.</summary>
    private Estimate<double> Weighted(int[] times)
    {
        var frequencies = new double[levels.Length];
        var total = 0.0;
        for (var unit = 0; unit < times.Length; unit++)
        {
            if (times[unit] == 0)
                continue;
            for (var place = starts[unit]; place < starts[unit + 1]; place++)
                frequencies[codes[place]] += times[unit];
            total += (double)times[unit] * (starts[unit + 1] - starts[unit]);
        }
        if (frequencies.Count(frequency => frequency > 0) < 2)
            return Estimate<double>.None(Undefined.NoVariance);
        var positions = metric == Metric.Ordinal ? Midranks(frequencies) : levels;
        var observed = 0.0;
        for (var unit = 0; unit < times.Length; unit++)
            if (times[unit] > 0)
                observed += times[unit] * (metric == Metric.Ordinal ? Within(unit, positions) : disagreements[unit]);
        var expected = Pooled(frequencies, total, positions) / (total - 1);
        return Estimate<double>.Of(1 - observed / expected);
    }

    private static double[] Midranks(double[] frequencies)
    {
        var ranks = new double[frequencies.Length];
        var below = 0.0;
        for (var level = 0; level < ranks.Length; level++)
        {
            ranks[level] = below + frequencies[level] / 2;
            below += frequencies[level];
        }
        return ranks;
    }

    /// <summary>
    /// The sum of the squared differences over ordered pairs, divided by one less than the number of ratings.
    /// </summary>
    private double Within(int unit, double[] positions)
    {
        var own = codes.AsSpan(starts[unit], starts[unit + 1] - starts[unit]);
        if (own[0] == own[^1])
            return 0;
        var sum = 0.0;
        switch (metric)
        {
            case Metric.Nominal:
                sum = (double)own.Length * own.Length;
                for (int from = 0, to; from < own.Length; from = to)
                {
                    for (to = from + 1; to < own.Length && own[to] == own[from]; to++) { }
                    sum -= (double)(to - from) * (to - from);
                }
                break;
            case Metric.Ratio:
                foreach (var one in own)
                foreach (var other in own)
                    sum += RatioDifference(positions[one], positions[other]);
                break;
            default:
                var mean = 0.0;
                foreach (var code in own)
                    mean += positions[code];
                mean /= own.Length;
                foreach (var code in own)
                    sum += (positions[code] - mean) * (positions[code] - mean);
                sum *= 2.0 * own.Length;
                break;
        }
        return sum / (own.Length - 1);
    }

    private double Pooled(double[] frequencies, double total, double[] positions)
    {
        var sum = 0.0;
        switch (metric)
        {
            case Metric.Nominal:
                sum = total * total;
                foreach (var frequency in frequencies)
                    sum -= frequency * frequency;
                return sum;
            case Metric.Ratio:
                for (var one = 0; one < levels.Length; one++)
                for (var other = 0; other < one; other++)
                    sum += 2 * frequencies[one] * frequencies[other] * RatioDifference(positions[one], positions[other]);
                return sum;
            default:
                var mean = 0.0;
                for (var level = 0; level < levels.Length; level++)
                    mean += frequencies[level] * positions[level] / total;
                for (var level = 0; level < levels.Length; level++)
                    sum += frequencies[level] * (positions[level] - mean) * (positions[level] - mean);
                return 2 * total * sum;
        }
    }

    private static double RatioDifference(double one, double other)
    {
        if (one == other)
            return 0;
        var difference = (one - other) / (one + other);
        return difference * difference;
    }
}
