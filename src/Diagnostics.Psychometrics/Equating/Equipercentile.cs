namespace Diagnostics.Psychometrics.Equating;

/// <summary>The inverse of percentile ranks, and Lord's standard error of unsmoothed equivalents.</summary>
public static class Equipercentile
{
    /// <summary>
    /// The score below which the given share of persons lies, on a scale that spreads each whole score over ±½; the
    /// result lies between −½ and maximum + ½.
    /// </summary>
    /// <remarks>
    /// Kolen &amp; Brennan (2014), eqs. 2.18–2.19. Where scores that nobody has make the upper and lower inverses
    /// differ, the result is their average (p. 45). At a share of 0 the equate package takes the lower end instead.
    /// </remarks>
    /// <param name="share">0…1.</param>
    public static double Inverse(ScoreDistribution scores, double share)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in 0…1.");
        double upper = scores.Maximum + 0.5,
            lower = -0.5;
        if (Above(scores, share) is { } first)
            upper = first - 0.5 + ((share - scores.Cumulative(first - 1)) / scores.Density(first));
        var last = scores.Maximum;
        while (last >= 0 && scores.Cumulative(last) >= share)
            last--;
        // The loop finds the last score wholly below the share; the next score reaches the share. At a share of 0, no
        // score lies below it.
        if (share > 0)
            lower = last + 0.5 + ((share - scores.Cumulative(last)) / scores.Density(last + 1));
        return (upper + lower) / 2;
    }

    /// <summary>Standard error of each equivalent of the unsmoothed method, points of Y.</summary>
    /// <remarks>
    /// Lord, F. M. (1982). The standard error of equipercentile equating. Journal of Educational Statistics, 7,
    /// 165–174; Kolen &amp; Brennan (2014), eq. 7.12, with the observed counts as estimates. Undefined where the
    /// percentile rank is 0 or 1: there is no one whose score could vary.
    /// </remarks>
    public static IReadOnlyList<Estimate<double>> StandardErrors(ScoreDistribution x, ScoreDistribution y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return
        [
            .. Enumerable
                .Range(0, x.Maximum + 1)
                .Select(score =>
                {
                    var p = x.PercentileRank(score);
                    if (p <= 0 || p >= 1 || Above(y, p) is not { } at)
                        return Estimate<double>.None(Undefined.EmptyCategory);
                    double below = y.Cumulative(at - 1),
                        density = y.Density(at);
                    var variance =
                        (
                            (p * (1 - p) * (x.Persons + y.Persons) / (x.Persons * y.Persons))
                            - ((y.Cumulative(at) - p) * (p - below) / (y.Persons * density))
                        ) / (density * density);
                    return Estimate<double>.Of(Math.Sqrt(Math.Max(0, variance)));
                }),
        ];
    }

    /// <summary>The lowest score whose cumulative share exceeds the given share; null when no score does.</summary>
    internal static int? Above(ScoreDistribution scores, double share)
    {
        var (low, high) = (0, scores.Maximum + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (scores.Cumulative(middle) > share)
                high = middle;
            else
                low = middle + 1;
        }
        return low > scores.Maximum ? null : low;
    }
}
