using MathNet.Numerics.LinearAlgebra;

namespace Diagnostics.Psychometrics.Differential;

/// <summary>
/// Size of differential functioning of polytomous items, in the categories of NAEP, by the standardised mean difference
/// divided by the item's standard deviation. AA is at most .17 or not significant, CC is above .25 and significant, BB
/// lies between: Allen, Carlson &amp; Zelenak (1999), The NAEP 1996 technical report, p. 153.
/// </summary>
public enum PolytomousClass
{
    AA,
    BB,
    CC,
}

/// <param name="ChiSquare">Mantel's statistic (1963), one degree of freedom, no continuity correction.</param>
/// <param name="MeanDifference">Mean of the focal group minus mean of the reference group at equal matching scores, in
/// points, weighted by the focal group; negative = harder for the focal group. For a dichotomous item it is Dorans
/// &amp; Kulick's (1986) standardised p-difference.</param>
/// <param name="EffectSize">Mean difference divided by the standard deviation (n − 1) of the item in both groups
/// together.</param>
public sealed record PolytomousMantelResult(double ChiSquare, double P, double MeanDifference, double EffectSize, PolytomousClass Class);

/// <param name="DegreesOfFreedom">(number of groups − 1)(number of scores seen − 1), or fewer where the strata make
/// categories dependent.</param>
public sealed record GeneralisedMantelHaenszelResult(double ChiSquare, int DegreesOfFreedom, double P);

/// <summary>Differential functioning of items with any number of points.</summary>
/// <remarks>
/// Mantel, N. (1963). Chi-square tests with one degree of freedom. JASA, 58, 690–700, eq. 3; Zwick, R., Donoghue, J. R.
/// &amp; Grima, A. (1993). Assessment of differential item functioning for performance tasks. Journal of Educational
/// Measurement, 30, 233–251, eqs. 2 and 6.
/// </remarks>
public static class PolytomousMantel
{
    /// <param name="scores">Each person's score, 0 or more; −1 leaves the person out.</param>
    /// <param name="matching">The score on which each person is matched.</param>
    public static Estimate<PolytomousMantelResult> OfItem(IReadOnlyList<int> scores, IReadOnlyList<bool> focal, IReadOnlyList<int> matching)
    {
        MatchedGroups.Check(scores, focal, matching, dichotomous: false);
        double observed = 0,
            variance = 0,
            weighted = 0;
        long weight = 0;
        foreach (var stratum in MatchedGroups.Strata(scores, focal, matching))
        {
            if (stratum.ReferenceSize == 0 || stratum.FocalSize == 0)
                continue;
            double focalSum = 0,
                sum = 0,
                squares = 0,
                n = stratum.Size;
            for (var score = 0; score < stratum.Focal.Length; score++)
            {
                focalSum += (double)score * stratum.Focal[score];
                sum += (double)score * (stratum.Focal[score] + stratum.Reference[score]);
                squares += (double)score * score * (stratum.Focal[score] + stratum.Reference[score]);
            }
            observed += focalSum - (stratum.FocalSize / n * sum);
            variance += stratum.ReferenceSize * stratum.FocalSize / (n * n * (n - 1)) * ((n * squares) - (sum * sum));
            weighted += focalSum - (stratum.FocalSize * (sum - focalSum) / stratum.ReferenceSize);
            weight += stratum.FocalSize;
        }
        if (weight == 0)
            return Estimate<PolytomousMantelResult>.None(Undefined.NoCommonUnits);
        if (variance <= 0)
            return Estimate<PolytomousMantelResult>.None(Undefined.NoVariance);
        var chiSquare = observed * observed / variance;
        var p = Tails.ChiSquare(chiSquare, 1);
        var difference = weighted / weight;
        var known = scores.Where(score => score >= 0).Select(score => (double)score).ToArray();
        var mean = known.Average();
        var effect = difference / Math.Sqrt(known.Sum(score => (score - mean) * (score - mean)) / (known.Length - 1));
        var size =
            p >= 0.05 || Math.Abs(effect) <= 0.17 ? PolytomousClass.AA
            : Math.Abs(effect) <= 0.25 ? PolytomousClass.BB
            : PolytomousClass.CC;
        return Estimate<PolytomousMantelResult>.Of(new(chiSquare, p, difference, effect, size));
    }

    /// <summary>
    /// Analyses every item, matched on the total of all items. Persons with a missing score are left out.
    /// </summary>
    public static IReadOnlyList<Estimate<PolytomousMantelResult>> Of(ScoreMatrix scores, IReadOnlyList<bool> focal)
    {
        MatchedGroups.Check(scores, focal);
        var totals = MatchedGroups.Totals(scores, Enumerable.Range(0, scores.Items));
        return
        [
            .. Enumerable
                .Range(0, scores.Items)
                .Select(item =>
                    OfItem(
                        [.. Enumerable.Range(0, scores.Persons).Select(person => totals[person] is null ? -1 : scores[person, item])],
                        focal,
                        [.. totals.Select(total => total ?? -1)]
                    )
                ),
        ];
    }

    /// <summary>
    /// Tests whether several groups are associated in any way with the scores, which count as mere categories. The test
    /// also finds differences that cancel out in the mean.
    /// </summary>
    /// <remarks>
    /// Landis, Heyman &amp; Koch (1978), International Statistical Review, 46, 237–254, eq. 3.6; Somes (1986), American
    /// Statistician, 40, 106–108. For 2 × 2 it is Mantel–Haenszel without continuity correction.
    /// </remarks>
    /// <param name="groups">Each person's group, any whole number: region, type of school, language, device.</param>
    public static Estimate<GeneralisedMantelHaenszelResult> Generalised(
        IReadOnlyList<int> scores,
        IReadOnlyList<int> groups,
        IReadOnlyList<int> matching
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        MatchedGroups.Check(scores, new bool[groups.Count], matching, dichotomous: false);
        var persons = Enumerable.Range(0, scores.Count).Where(person => scores[person] >= 0).ToArray();
        var rows = Index(persons.Select(person => groups[person]));
        var columns = Index(persons.Select(person => scores[person]));
        if (rows.Count < 2)
            return Estimate<GeneralisedMantelHaenszelResult>.None(Undefined.NoCommonUnits);
        if (columns.Count < 2)
            return Estimate<GeneralisedMantelHaenszelResult>.None(Undefined.NoVariance);
        var (r, c) = (rows.Count - 1, columns.Count - 1);
        var difference = Vector<double>.Build.Dense(r * c);
        var covariance = Matrix<double>.Build.Dense(r * c, r * c);
        foreach (var stratum in persons.GroupBy(person => matching[person]))
        {
            var counts = new double[rows.Count, columns.Count];
            var (byRow, byColumn) = (new double[rows.Count], new double[columns.Count]);
            double n = 0;
            foreach (var person in stratum)
            {
                var (row, column) = (rows[groups[person]], columns[scores[person]]);
                counts[row, column]++;
                byRow[row]++;
                byColumn[column]++;
                n++;
            }
            if (n < 2)
                continue;
            for (var i = 0; i < r; i++)
            for (var j = 0; j < c; j++)
            {
                difference[(i * c) + j] += counts[i, j] - (byRow[i] * byColumn[j] / n);
                for (var k = 0; k < r; k++)
                for (var l = 0; l < c; l++)
                    covariance[(i * c) + j, (k * c) + l] +=
                        byRow[i] * ((i == k ? n : 0) - byRow[k]) * byColumn[j] * ((j == l ? n : 0) - byColumn[l]) / (n * n * (n - 1));
            }
        }
        // A group or a score that shares no stratum with any other leaves a direction of the covariance matrix without
        // information. Such a direction adds no degree of freedom.
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var largest = eigen.EigenValues.Max(value => value.Real);
        if (largest <= 0)
            return Estimate<GeneralisedMantelHaenszelResult>.None(Undefined.NoCommonUnits);
        double chiSquare = 0;
        var degrees = 0;
        for (var direction = 0; direction < r * c; direction++)
        {
            var value = eigen.EigenValues[direction].Real;
            if (value <= 1e-10 * largest)
                continue;
            var projection = eigen.EigenVectors.Column(direction).DotProduct(difference);
            chiSquare += projection * projection / value;
            degrees++;
        }
        return Estimate<GeneralisedMantelHaenszelResult>.Of(new(chiSquare, degrees, Tails.ChiSquare(chiSquare, degrees)));
    }

    private static Dictionary<int, int> Index(IEnumerable<int> values) =>
        values.Distinct().Order().Select((value, index) => (value, index)).ToDictionary(pair => pair.value, pair => pair.index);
}
