using MathNet.Numerics.Distributions;

namespace Diagnostics.Psychometrics.Differential;

/// <summary>
/// Size of differential functioning in the categories of ETS. A: |Δ| is below 1 or not significantly different from 0;
/// C: |Δ| is at least 1.5 and significantly above 1; B: all other items. Zieky, M. (1993), in Holland &amp; Wainer
/// (eds), Differential item functioning, pp. 342–343.
/// </summary>
public enum EtsClass
{
    A,
    B,
    C,
}

/// <param name="ChiSquare">One degree of freedom.</param>
/// <param name="Difference">Σ(A − E): how many more persons of the reference group answered right than equal odds would
/// give. A negative value favours the focal group.</param>
/// <param name="CommonOddsRatio">α of Mantel &amp; Haenszel; above 1, the item favours the reference group. α, its
/// interval and Δ are undefined (<see cref="Undefined.EmptyCategory"/>) where all odds lie on one side: there α is 0 or
/// ∞, and only the chi-square is of use.</param>
/// <param name="Confidence95">Interval of α, from the standard error of its logarithm.</param>
/// <param name="Delta">−2.35 ln α; negative favours the reference group (Holland &amp; Thayer 1988).</param>
/// <param name="DeltaError">Standard error of Δ by the formula of Robins, Breslow &amp; Greenland (1986), Biometrics,
/// 42, 311–323.</param>
/// <param name="Strata">Number of strata with persons of both groups and both scores.</param>
public sealed record MantelHaenszelResult(
    double ChiSquare,
    double P,
    double Difference,
    Estimate<double> CommonOddsRatio,
    Estimate<Interval> Confidence95,
    Estimate<double> Delta,
    Estimate<double> DeltaError,
    int Strata,
    EtsClass Class
);

/// <param name="Items">Result for every item, matched on the items of the last round.</param>
/// <param name="Flagged">Items whose chi-square is significant.</param>
/// <param name="Rounds">Number of purifications; 0 when no item was flagged at first.</param>
/// <param name="Settled">False when the rounds ran out before the list of flagged items stopped changing.</param>
public sealed record PurifiedDif(IReadOnlyList<Estimate<MantelHaenszelResult>> Items, IReadOnlyList<int> Flagged, int Rounds, bool Settled);

/// <summary>Whether a dichotomous item is harder for one of two groups of equal ability.</summary>
/// <remarks>
/// Holland, P. W. &amp; Thayer, D. T. (1988). Differential item performance and the Mantel–Haenszel procedure. In
/// Wainer &amp; Braun (eds), Test validity, pp. 129–145. Persons are matched on the total including the studied item,
/// and every score is a stratum; strata of one person are dropped.
/// </remarks>
public static class MantelHaenszel
{
    /// <param name="scores">0 or 1 per person; −1 leaves the person out.</param>
    /// <param name="focal">Whether the person belongs to the focal group.</param>
    /// <param name="matching">The score on which each person is matched.</param>
    /// <param name="continuity">Whether to subtract ½ from |Σ(A − E)| where it is at least ½, as R's mantelhaen.test
    /// does; difR always subtracts it, and squares a negative difference.</param>
    /// <returns>Undefined when no stratum has both groups and both scores.</returns>
    public static Estimate<MantelHaenszelResult> OfItem(
        IReadOnlyList<int> scores,
        IReadOnlyList<bool> focal,
        IReadOnlyList<int> matching,
        bool continuity = true
    )
    {
        MatchedGroups.Check(scores, focal, matching, dichotomous: true);
        double difference = 0,
            variance = 0,
            r = 0,
            s = 0,
            pr = 0,
            mixed = 0,
            qs = 0;
        var strata = 0;
        var all = MatchedGroups.Strata(scores, focal, matching);
        foreach (var stratum in all)
        {
            if (stratum.Reference.Length < 2 || stratum.Size < 2)
                continue;
            double a = stratum.Reference[1],
                b = stratum.Reference[0],
                c = stratum.Focal[1],
                d = stratum.Focal[0],
                n = stratum.Size;
            var spread = (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1));
            if (spread > 0)
                strata++;
            difference += a - ((a + b) * (a + c) / n);
            variance += spread;
            var (rk, sk, pk, qk) = (a * d / n, b * c / n, (a + d) / n, (b + c) / n);
            r += rk;
            s += sk;
            pr += pk * rk;
            mixed += (pk * sk) + (qk * rk);
            qs += qk * sk;
        }
        if (variance == 0)
            return Estimate<MantelHaenszelResult>.None(Undefined.NoVariance);
        var distance = Math.Abs(difference);
        if (continuity && distance >= 0.5)
            distance -= 0.5;
        var chiSquare = distance * distance / variance;
        var p = Tails.ChiSquare(chiSquare, 1);
        if (r == 0 || s == 0)
        {
            var (none, nowhere) = (Estimate<double>.None(Undefined.EmptyCategory), Estimate<Interval>.None(Undefined.EmptyCategory));
            return Estimate<MantelHaenszelResult>.Of(
                new(
                    chiSquare,
                    p,
                    difference,
                    CommonOddsRatio: none,
                    Confidence95: nowhere,
                    Delta: none,
                    DeltaError: none,
                    Strata: strata,
                    Class: ClassifyOneSided(all, r > 0, p)
                )
            );
        }
        var log = Math.Log(r / s);
        var error = Math.Sqrt((pr / (2 * r * r)) + (mixed / (2 * r * s)) + (qs / (2 * s * s)));
        var z = Normal.InvCDF(0, 1, 0.975);
        var (delta, deltaError) = (-2.35 * log, 2.35 * error);
        return Estimate<MantelHaenszelResult>.Of(
            new(
                chiSquare,
                p,
                difference,
                CommonOddsRatio: Estimate<double>.Of(r / s),
                Confidence95: Estimate<Interval>.Of(new(Math.Exp(log - (z * error)), Math.Exp(log + (z * error)))),
                Delta: Estimate<double>.Of(delta),
                DeltaError: Estimate<double>.Of(deltaError),
                Strata: strata,
                Class: Classify(delta, deltaError, p)
            )
        );
    }

    /// <summary>Analyses every item of a dichotomous test, matched on the total of all items.</summary>
    /// <remarks>Persons with a missing score are left out: their total is not comparable.</remarks>
    public static IReadOnlyList<Estimate<MantelHaenszelResult>> Of(ScoreMatrix scores, IReadOnlyList<bool> focal, bool continuity = true)
    {
        MatchedGroups.Check(scores, focal);
        return Round(scores, focal, [.. Enumerable.Range(0, scores.Items)], continuity);
    }

    /// <summary>
    /// Takes flagged items out of the matching score, except for the item under study, and repeats until the list of
    /// flagged items stops changing.
    /// </summary>
    /// <remarks>
    /// Clauser, Mazor &amp; Hambleton (1993), Applied Measurement in Education, 6, 269–279. The rounds run as in difR
    /// (Magis et al. 2010, Behavior Research Methods, 42, 847–862): each round makes a new list, so an item may leave
    /// it again.
    /// </remarks>
    /// <param name="significance">Significance level of the chi-square, in (0, 1).</param>
    public static PurifiedDif Purify(
        ScoreMatrix scores,
        IReadOnlyList<bool> focal,
        double significance = 0.05,
        bool continuity = true,
        int mostRounds = 10
    )
    {
        MatchedGroups.Check(scores, focal);
        if (significance is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(significance), significance, "A significance level lies in (0, 1).");
        var all = Enumerable.Range(0, scores.Items).ToArray();
        var items = Round(scores, focal, all, continuity);
        var flagged = Flagged(items);
        for (var round = 1; flagged.Length > 0 && round <= mostRounds; round++)
        {
            items = Round(scores, focal, [.. all.Except(flagged)], continuity);
            var next = Flagged(items);
            if (next.SequenceEqual(flagged))
                return new(items, flagged, round, true);
            flagged = next;
        }
        return new(items, flagged, flagged.Length == 0 ? 0 : mostRounds, flagged.Length == 0);

        int[] Flagged(IReadOnlyList<Estimate<MantelHaenszelResult>> results) =>
            [.. all.Where(item => results[item] is { IsDefined: true, Value: var result } && result.P < significance)];
    }

    private static Estimate<MantelHaenszelResult>[] Round(
        ScoreMatrix scores,
        IReadOnlyList<bool> focal,
        IReadOnlyList<int> anchors,
        bool continuity
    )
    {
        var totals = MatchedGroups.Totals(scores, anchors);
        var results = new Estimate<MantelHaenszelResult>[scores.Items];
        var (studied, matching) = (new int[scores.Persons], new int[scores.Persons]);
        for (var item = 0; item < scores.Items; item++)
        {
            var isAnchor = anchors.Contains(item);
            for (var person = 0; person < scores.Persons; person++)
            {
                studied[person] = totals[person] is null ? -1 : scores[person, item];
                matching[person] = (totals[person] ?? 0) + (isAnchor ? 0 : Math.Max(0, studied[person]));
            }
            results[item] = OfItem(studied, focal, matching, continuity);
        }
        return results;
    }

    private static EtsClass Classify(double delta, double error, double p)
    {
        var size = Math.Abs(delta);
        if (size < 1 || p >= 0.05)
            return EtsClass.A;
        return size >= 1.5 && (size - 1) / error > Normal.InvCDF(0, 1, 0.95) ? EtsClass.C : EtsClass.B;
    }

    /// <summary>
    /// Classifies an item whose Δ is infinite. Such a Δ has no standard error to show that |Δ| is above 1, so the
    /// conditional score test of |Δ| = 1 decides, one-sided at 5 %. It uses the same sum Σ(A − E), with the moments of
    /// A in each stratum at the odds ratio for which |Δ| = 1. Cox, D. R. (1970), Analysis of binary data, § 5.3.
    /// </summary>
    private static EtsClass ClassifyOneSided(IReadOnlyList<MatchedGroups.Stratum> strata, bool favoursReference, double p)
    {
        if (p >= 0.05)
            return EtsClass.A;
        var odds = Math.Exp((favoursReference ? 1 : -1) / 2.35);
        double difference = 0,
            variance = 0;
        foreach (var stratum in strata)
        {
            if (stratum.Reference.Length < 2 || stratum.Size < 2)
                continue;
            var (mean, spread) = Hypergeometric(stratum, odds);
            difference += stratum.Reference[1] - mean;
            variance += spread;
        }
        return Math.Abs(difference) / Math.Sqrt(variance) > Normal.InvCDF(0, 1, 0.95) ? EtsClass.C : EtsClass.B;
    }

    /// <summary>
    /// Mean and variance of the reference group's right answers, given all margins and the odds ratio (Fisher's
    /// noncentral hypergeometric).
    /// </summary>
    private static (double Mean, double Variance) Hypergeometric(MatchedGroups.Stratum stratum, double odds)
    {
        long right = stratum.Reference[1] + stratum.Focal[1],
            least = Math.Max(0, right - stratum.FocalSize),
            most = Math.Min(stratum.ReferenceSize, right);
        var terms = new double[most - least + 1];
        for (var at = 1; at < terms.Length; at++)
        {
            var count = least + at;
            // The probability of this count divided by that of the count below it.
            var ratio =
                (double)(stratum.ReferenceSize - count + 1) * (right - count + 1) / ((double)count * (stratum.FocalSize - right + count));
            terms[at] = terms[at - 1] + Math.Log(ratio) + Math.Log(odds);
        }
        var (largest, sum, mean, variance) = (terms.Max(), 0d, 0d, 0d);
        for (var at = 0; at < terms.Length; at++)
            sum += terms[at] = Math.Exp(terms[at] - largest);
        for (var at = 0; at < terms.Length; at++)
            mean += (least + at) * terms[at] / sum;
        for (var at = 0; at < terms.Length; at++)
            variance += (least + at - mean) * (least + at - mean) * terms[at] / sum;
        return (mean, variance);
    }
}
