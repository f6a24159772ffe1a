namespace Diagnostics.Psychometrics.Equating;

/// <param name="StandardErrors">Standard deviation (n − 1) of the equivalents over the replications, at each score of
/// X.</param>
/// <param name="Replications">Replications that gave equivalents.</param>
/// <param name="Failed">Replications whose equating was undefined; they are left out.</param>
public sealed record BootstrapResult(IReadOnlyList<double> StandardErrors, int Replications, int Failed);

/// <summary>Standard errors of any method, by resampling both groups many times.</summary>
/// <remarks>
/// Efron &amp; Tibshirani (1993), An introduction to the bootstrap, ch. 6; Kolen &amp; Brennan (2014), pp. 256–260.
/// With smoothed counts this is the parametric bootstrap.
/// </remarks>
public static class EquatingBootstrap
{
    /// <param name="x">The distribution from which the people of X are drawn; each sample has as many persons as this
    /// distribution, rounded.</param>
    /// <param name="seed">The same seed gives the same errors on every machine.</param>
    /// <returns>Undefined when fewer than two replications gave equivalents.</returns>
    public static Estimate<BootstrapResult> Run(
        EquatingMethod method,
        ScoreDistribution x,
        ScoreDistribution y,
        ulong seed,
        int replications = 1000
    )
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Repeat(x, y, seed, replications, x.Maximum + 1, method.Resampler(x, y));
    }

    /// <param name="length">Number of equivalents that <paramref name="equate"/> returns.</param>
    internal static Estimate<BootstrapResult> Repeat(
        ScoreDistribution x,
        ScoreDistribution y,
        ulong seed,
        int replications,
        int length,
        Func<ScoreDistribution, ScoreDistribution, Estimate<double[]>> equate
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replications, 2);
        var (aliasX, aliasY) = (new Alias(x), new Alias(y));
        var random = new Xoshiro(seed);
        var (means, squares) = (new double[length], new double[length]);
        var done = 0;
        for (var replication = 0; replication < replications; replication++)
        {
            var equated = equate(aliasX.Draw(random), aliasY.Draw(random));
            if (!equated.IsDefined)
                continue;
            done++;
            // Welford's update loses no digits over many replications.
            for (var score = 0; score < means.Length; score++)
            {
                var difference = equated.Value[score] - means[score];
                means[score] += difference / done;
                squares[score] += difference * (equated.Value[score] - means[score]);
            }
        }
        return done < 2
            ? Estimate<BootstrapResult>.None(Undefined.NotConverged)
            : Estimate<BootstrapResult>.Of(new(Array.ConvertAll(squares, sum => Math.Sqrt(sum / (done - 1))), done, replications - done));
    }

    /// <summary>
    /// Walker's alias method in Vose's form (1991, IEEE Transactions on Software Engineering, 17, 972–975): a draw
    /// takes the same time for any number of scores.
    /// </summary>
    private sealed class Alias
    {
        private readonly double[] keep;
        private readonly int[] other;
        private readonly int persons;

        public Alias(ScoreDistribution scores)
        {
            var length = scores.Maximum + 1;
            (keep, other, persons) = (new double[length], new int[length], (int)Math.Round(scores.Persons));
            var scaled = Enumerable.Range(0, length).Select(score => scores.Density(score) * length).ToArray();
            var (small, large) = (new Stack<int>(), new Stack<int>());
            for (var score = 0; score < length; score++)
                (scaled[score] < 1 ? small : large).Push(score);
            while (small.Count > 0 && large.Count > 0)
            {
                var (less, more) = (small.Pop(), large.Pop());
                (keep[less], other[less]) = (scaled[less], more);
                scaled[more] -= 1 - scaled[less];
                (scaled[more] < 1 ? small : large).Push(more);
            }
            foreach (var rest in small.Concat(large))
                (keep[rest], other[rest]) = (1, rest);
        }

        public ScoreDistribution Draw(Xoshiro random)
        {
            var counts = new double[keep.Length];
            for (var person = 0; person < persons; person++)
            {
                var uniform = random.NextDouble() * keep.Length;
                var score = (int)uniform;
                counts[uniform - score < keep[score] ? score : other[score]]++;
            }
            return ScoreDistribution.Unchecked(counts);
        }
    }
}
