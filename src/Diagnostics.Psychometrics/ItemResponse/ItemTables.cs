using System.Numerics;
using System.Runtime.InteropServices;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>The curves of every item at every node, for one set of parameters.</summary>
internal sealed class ItemTables
{
    private readonly double[] logBaseOfAll;

    public ItemTables(Quadrature quadrature, double[] slopes, double[][] intercepts)
    {
        (Quadrature, Slopes) = (quadrature, slopes);
        var count = quadrature.Count;
        (LogDenominators, Expected, Probabilities) = (
            new double[intercepts.Length][],
            new double[intercepts.Length][],
            new double[intercepts.Length][][]
        );
        for (var item = 0; item < intercepts.Length; item++)
        {
            var curve = new ItemParameters(slopes[item], intercepts[item]);
            var (denominators, expected) = (new double[count], new double[count]);
            var probabilities = Array.ConvertAll(intercepts[item], _ => new double[count]);
            var terms = new double[intercepts[item].Length + 1];
            for (var node = 0; node < count; node++)
            {
                denominators[node] = curve.Probabilities(quadrature.Nodes[node], terms);
                for (var score = 1; score < terms.Length; score++)
                {
                    probabilities[score - 1][node] = terms[score];
                    expected[node] += score * terms[score];
                }
            }
            (LogDenominators[item], Expected[item], Probabilities[item]) = (denominators, expected, probabilities);
        }
        logBaseOfAll = LogBase([.. Enumerable.Range(0, intercepts.Length)]);
    }

    public Quadrature Quadrature { get; }

    /// <summary>Slope of each item, when ability is measured in the units of the quadrature nodes.</summary>
    public double[] Slopes { get; }

    /// <summary>log Σ_k exp(k·a·z + d_k), indexed by item and node.</summary>
    public double[][] LogDenominators { get; }

    /// <summary>Expected score, indexed by item and node.</summary>
    public double[][] Expected { get; }

    /// <summary>P(X = k), indexed by item, k − 1 and node.</summary>
    public double[][][] Probabilities { get; }

    /// <summary>
    /// Logarithm of the prior divided by the denominators: the part of the likelihood that is common to everybody who
    /// was presented these items.
    /// </summary>
    public double[] LogBase(int[] items)
    {
        var sum = (double[])Quadrature.LogWeights.Clone();
        foreach (var item in items)
            SpanMath.AddScaled(sum, -1, LogDenominators[item]);
        return sum;
    }

    /// <summary>
    /// Writes the result of <see cref="LogBase(int[])"/> into <paramref name="target"/>; computes it from the items
    /// presented or from those absent, whichever are fewer.
    /// </summary>
    public void LogBase(int[] presented, int[] absent, double[] target)
    {
        var fewAbsent = absent.Length < presented.Length;
        (fewAbsent ? logBaseOfAll : Quadrature.LogWeights).CopyTo(target, 0);
        foreach (var item in fewAbsent ? absent : presented)
            SpanMath.AddScaled(target, fewAbsent ? 1 : -1, LogDenominators[item]);
    }

    /// <summary>
    /// The test information of all items together, at the node where it is largest; ability is measured in the units of
    /// the nodes.
    /// </summary>
    public double MostInformation()
    {
        var information = new double[Quadrature.Count];
        for (var item = 0; item < Slopes.Length; item++)
        {
            for (var node = 0; node < information.Length; node++)
            {
                var square = 0d;
                for (var score = 1; score <= Probabilities[item].Length; score++)
                    square += (double)score * score * Probabilities[item][score - 1][node];
                information[node] += Slopes[item] * Slopes[item] * (square - Expected[item][node] * Expected[item][node]);
            }
        }
        return information.Max();
    }

    public static Span<Vector<double>> Vectors(double[] numbers) => MemoryMarshal.Cast<double, Vector<double>>(numbers.AsSpan());
}
