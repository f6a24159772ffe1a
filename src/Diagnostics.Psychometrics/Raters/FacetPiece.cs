using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Raters;

/// <summary>
/// The sums of the many-facet likelihood over one part of the persons, with the working memory that they need.
/// </summary>
internal sealed class FacetPiece
{
    private readonly int parameters,
        points;
    private readonly List<int> active = [];
    private readonly List<double[]> scores = [];
    private readonly int[] places;
    private readonly double[] weighted;

    public FacetPiece(int parameters, int cells, int points, bool withMissing)
    {
        (this.parameters, this.points) = (parameters, points);
        Score = new double[parameters];
        Missing = withMissing ? new double[parameters * parameters] : [];
        Masses = [.. Enumerable.Range(0, cells).Select(_ => new double[points])];
        (Posterior, weighted, places) = (new double[points], new double[points], new int[parameters]);
    }

    public double LogLikelihood { get; set; }

    /// <summary>Σ over persons of the posterior mean square of ability.</summary>
    public double Squares { get; set; }

    public double[] Score { get; }

    /// <summary>
    /// The information lost because ability is not observed; the lower triangle of the matrix, row by row. Empty when
    /// the caller did not ask for it.
    /// </summary>
    public double[] Missing { get; }

    /// <summary>For each cell, the expected number of ratings at every point.</summary>
    public double[][] Masses { get; }

    /// <summary>Posterior of the current person.</summary>
    public double[] Posterior { get; }

    /// <summary>Clears the values that belong to the previous person.</summary>
    public void Forget()
    {
        foreach (var parameter in active)
            places[parameter] = 0;
        active.Clear();
    }

    /// <summary>
    /// The array with the person's complete-data score for a parameter at every point. At the first call for a person,
    /// the array contains zeros; the caller adds to it.
    /// </summary>
    public double[] Of(int parameter)
    {
        if (places[parameter] > 0)
            return scores[places[parameter] - 1];
        if (scores.Count == active.Count)
            scores.Add(new double[points]);
        active.Add(parameter);
        places[parameter] = active.Count;
        var own = scores[active.Count - 1];
        Array.Clear(own);
        return own;
    }

    /// <summary>Adds the posterior covariances between all parameters that were requested.</summary>
    public void AddCovariances()
    {
        for (var place = 0; place < active.Count; place++)
        {
            var (one, own) = (active[place], scores[place]);
            var mean = SpanMath.Dot(Posterior, own);
            for (var q = 0; q < points; q++)
                weighted[q] = Posterior[q] * (own[q] - mean);
            // For a covariance, it is enough to centre one of the two factors.
            for (var other = 0; other <= place; other++)
                Missing[Math.Max(one, active[other]) * parameters + Math.Min(one, active[other])] += SpanMath.Dot(weighted, scores[other]);
        }
    }
}
