namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// How often each pair of a total and an anchor score occurs in one group: the data of one form in a design with
/// nonequivalent groups and an anchor test.
/// </summary>
public sealed class AnchoredScores
{
    private AnchoredScores(ScoreDistribution cells, int anchorMaximum)
    {
        (Cells, AnchorMaximum) = (cells, anchorMaximum);
        var (totals, anchors) = (new double[(cells.Maximum + 1) / (anchorMaximum + 1)], new double[anchorMaximum + 1]);
        for (var total = 0; total < totals.Length; total++)
        for (var anchor = 0; anchor <= anchorMaximum; anchor++)
        {
            totals[total] += Count(total, anchor);
            anchors[anchor] += Count(total, anchor);
        }
        (Totals, Anchors) = (ScoreDistribution.Unchecked(totals), ScoreDistribution.Unchecked(anchors));
    }

    /// <param name="totals">Each person's total on the form, 0…maximum; it includes the anchor when the anchor is
    /// internal.</param>
    /// <param name="anchors">Each person's anchor score, 0…anchorMaximum.</param>
    /// <exception cref="BadDataException">There are no persons, a score is out of range, or the lists differ in length.
    /// </exception>
    public static AnchoredScores Of(IReadOnlyList<int> totals, IReadOnlyList<int> anchors, int maximum, int anchorMaximum)
    {
        ArgumentNullException.ThrowIfNull(totals);
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(anchorMaximum, 1);
        if (totals.Count != anchors.Count)
            throw new BadDataException($"{totals.Count} totals and {anchors.Count} anchor scores.", null, null);
        var counts = new double[(maximum + 1) * (anchorMaximum + 1)];
        for (var person = 0; person < totals.Count; person++)
        {
            var (total, anchor) = (totals[person], anchors[person]);
            if (total < 0 || total > maximum || anchor < 0 || anchor > anchorMaximum)
                throw new BadDataException(
                    $"Row {person} (0-based): total {total} of 0…{maximum} and anchor score {anchor} of 0…{anchorMaximum}.",
                    person,
                    null
                );
            counts[total * (anchorMaximum + 1) + anchor]++;
        }
        return new(ScoreDistribution.Of(counts), anchorMaximum);
    }

    public ScoreDistribution Totals { get; }
    public ScoreDistribution Anchors { get; }
    public double Persons => Cells.Persons;

    /// <summary>Number of persons with this total and this anchor score.</summary>
    public double Count(int total, int anchor) => Cells.Count(total * (AnchorMaximum + 1) + anchor);

    internal int AnchorMaximum { get; }

    /// <summary>The table row by row, as one distribution, from which a bootstrap draws persons.</summary>
    internal ScoreDistribution Cells { get; }

    /// <summary>The same table with the counts of a sample.</summary>
    internal AnchoredScores With(ScoreDistribution cells) => new(cells, AnchorMaximum);

    /// <summary>Means, variances and covariance of the total and the anchor score, with denominator n.</summary>
    internal AnchorMoments Moments()
    {
        var (meanTotal, meanAnchor, covariance) = (Totals.Mean, Anchors.Mean, 0d);
        for (var total = 0; total <= Totals.Maximum; total++)
        for (var anchor = 0; anchor <= AnchorMaximum; anchor++)
            covariance += Count(total, anchor) * (total - meanTotal) * (anchor - meanAnchor);
        return new(
            meanTotal,
            meanAnchor,
            Totals.StandardDeviation * Totals.StandardDeviation,
            Anchors.StandardDeviation * Anchors.StandardDeviation,
            covariance / Persons
        );
    }

    /// <summary>
    /// Covariance of the five sample moments, from the sample's own moments of up to the fourth order, without assuming
    /// normal scores.
    /// </summary>
    internal double[,] MomentCovariance(AnchorMoments moments)
    {
        var covariance = new double[AnchorMoments.Count, AnchorMoments.Count];
        Span<double> influence = stackalloc double[AnchorMoments.Count];
        for (var total = 0; total <= Totals.Maximum; total++)
        for (var anchor = 0; anchor <= AnchorMaximum; anchor++)
        {
            var count = Count(total, anchor);
            if (count == 0)
                continue;
            var (x, v) = (total - moments.MeanTotal, anchor - moments.MeanAnchor);
            influence[0] = x;
            influence[1] = v;
            influence[2] = x * x - moments.VarianceTotal;
            influence[3] = v * v - moments.VarianceAnchor;
            influence[4] = x * v - moments.Covariance;
            for (var row = 0; row < AnchorMoments.Count; row++)
            for (var column = 0; column < AnchorMoments.Count; column++)
                covariance[row, column] += count * influence[row] * influence[column] / Persons / Persons;
        }
        return covariance;
    }
}

/// <summary>Moments of a total and an anchor score in one group.</summary>
internal readonly record struct AnchorMoments(
    double MeanTotal,
    double MeanAnchor,
    double VarianceTotal,
    double VarianceAnchor,
    double Covariance
)
{
    public const int Count = 5;

    public double this[int at] =>
        at switch
        {
            0 => MeanTotal,
            1 => MeanAnchor,
            2 => VarianceTotal,
            3 => VarianceAnchor,
            _ => Covariance,
        };

    public AnchorMoments Moved(int at, double step) =>
        at switch
        {
            0 => this with { MeanTotal = MeanTotal + step },
            1 => this with { MeanAnchor = MeanAnchor + step },
            2 => this with { VarianceTotal = VarianceTotal + step },
            3 => this with { VarianceAnchor = VarianceAnchor + step },
            _ => this with { Covariance = Covariance + step },
        };
}
