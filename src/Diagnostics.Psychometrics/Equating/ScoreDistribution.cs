namespace Diagnostics.Psychometrics.Equating;

/// <summary>How often each total 0…maximum occurs: whole counts, or expected counts of a model.</summary>
public sealed class ScoreDistribution
{
    private readonly double[] counts;
    private readonly double[] cumulated;

    private ScoreDistribution(double[] counts)
    {
        this.counts = counts;
        cumulated = new double[counts.Length];
        double sum = 0;
        for (var score = 0; score < counts.Length; score++)
            cumulated[score] = sum += counts[score];
    }

    /// <param name="counts">Count of each score 0…maximum; finite, ≥ 0, not all 0, at least two scores.</param>
    /// <exception cref="BadDataException">The counts break one of these conditions.</exception>
    public static ScoreDistribution Of(IReadOnlyList<double> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count < 2)
            throw new BadDataException("A distribution has at least the scores 0 and 1.", null, null);
        for (var score = 0; score < counts.Count; score++)
            if (counts[score] is not (>= 0 and < double.PositiveInfinity))
                throw new BadDataException($"The count {counts[score]} of score {score} is not a number of 0 or more.", score, null);
        if (counts.All(count => count == 0))
            throw new BadDataException("Nobody has a score.", null, null);
        return new([.. counts]);
    }

    /// <param name="totals">Each person's total, 0…maximum.</param>
    /// <exception cref="BadDataException">A total is out of range, or there are no persons.</exception>
    public static ScoreDistribution Of(IReadOnlyList<int> totals, int maximum)
    {
        ArgumentNullException.ThrowIfNull(totals);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        var counts = new double[maximum + 1];
        for (var person = 0; person < totals.Count; person++)
        {
            if (totals[person] < 0 || totals[person] > maximum)
                throw new BadDataException($"The total {totals[person]} in row {person} (0-based) is outside 0…{maximum}.", person, null);
            counts[totals[person]]++;
        }
        return Of(counts);
    }

    internal static ScoreDistribution Unchecked(double[] counts) => new(counts);

    public int Maximum => counts.Length - 1;
    public double Persons => cumulated[^1];
    public IReadOnlyList<double> Counts => counts;

    public double Count(int score) => counts[score];

    public double Density(int score) => counts[score] / Persons;

    /// <summary>
    /// Share at or below the score; 0 below 0. A single division makes equal shares of different numbers of persons
    /// exactly equal.
    /// </summary>
    public double Cumulative(int score) => score < 0 ? 0 : cumulated[score] / Persons;

    /// <summary>
    /// Share below the score plus half the share at it, 0…1: the score is spread evenly over ±½ (Kolen &amp; Brennan
    /// 2014, eq. 2.14).
    /// </summary>
    public double PercentileRank(int score) => ((score == 0 ? 0 : cumulated[score - 1]) + (counts[score] / 2)) / Persons;

    /// <summary>Share below a score that need not be whole; each whole score is spread evenly over ±½.</summary>
    internal double RankAt(double score)
    {
        var whole = Math.Clamp((int)Math.Floor(score + 0.5), 0, Maximum);
        return Math.Clamp(Cumulative(whole - 1) + (score - whole + 0.5) * Density(whole), 0, 1);
    }

    public double Mean => CentralMoment(1, 0);

    /// <summary>Standard deviation with denominator n.</summary>
    public double StandardDeviation => Math.Sqrt(CentralMoment(2, Mean));

    /// <summary>Third central moment over SD³; undefined without variance.</summary>
    public Estimate<double> Skewness => Standardised(3);

    /// <summary>Fourth central moment over SD⁴ (3 for a normal); undefined without variance.</summary>
    public Estimate<double> Kurtosis => Standardised(4);

    private Estimate<double> Standardised(int power)
    {
        var deviation = StandardDeviation;
        return deviation == 0
            ? Estimate<double>.None(Undefined.NoVariance)
            : Estimate<double>.Of(CentralMoment(power, Mean) / Math.Pow(deviation, power));
    }

    private double CentralMoment(int power, double about)
    {
        double sum = 0;
        for (var score = 0; score < counts.Length; score++)
            sum += counts[score] * Math.Pow(score - about, power);
        return sum / Persons;
    }
}
