using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <summary>
/// The curves of every item on a fine grid of its dimension; values between grid points are interpolated.
/// </summary>
/// <remarks>
/// Each item loads on one dimension, so a person's likelihood is a product of functions of one ability. The points of
/// adaptive quadrature differ from person to person. At these points a cubic through four grid points replaces the sum
/// over items and categories, with an error of some 10⁻⁷. The adjoint of this interpolation distributes the persons'
/// masses over the grid, where the maximization for the items is the same as in one dimension.
/// </remarks>
internal sealed class BlockTables
{
    public const double Spacing = 0.05;
    public const double Reach = 9;

    public static readonly int Count = (int)Math.Round(2 * Reach / Spacing) + 1;
    public static readonly double[] Grid = [.. Enumerable.Range(0, Count).Select(at => (at * Spacing) - Reach)];

    private readonly BlockLayout layout;

    public BlockTables(BlockLayout layout, double[] parameters)
    {
        this.layout = layout;
        (LogDenominators, Expected, Probabilities) = (new double[layout.Items][], new double[layout.Items][], new double[layout.Items][][]);
        for (var item = 0; item < layout.Items; item++)
        {
            var steps = layout.Steps(item);
            var curve = new ItemParameters(
                parameters[layout.Slope(item)],
                parameters[layout.Intercept(item, 1)..(layout.Intercept(item, steps) + 1)]
            );
            (LogDenominators[item], Expected[item]) = (new double[Count], new double[Count]);
            Probabilities[item] = [.. Enumerable.Range(0, steps).Select(_ => new double[Count])];
            var terms = new double[steps + 1];
            for (var at = 0; at < Count; at++)
            {
                LogDenominators[item][at] = curve.Probabilities(Grid[at], terms);
                for (var score = 1; score <= steps; score++)
                {
                    Probabilities[item][score - 1][at] = terms[score];
                    Expected[item][at] += score * terms[score];
                }
            }
        }
        All = Sums([.. Enumerable.Range(0, layout.Items)], parameters);
    }

    public double[][] LogDenominators { get; }

    public double[][] Expected { get; }

    /// <summary>P(X = k), indexed by item, k − 1 and grid point.</summary>
    public double[][][] Probabilities { get; }

    /// <summary>The sums over all items; <see cref="Sums"/> returns the same sums for some of the items.</summary>
    public BlockSums All { get; }

    /// <summary>Log denominators and their slopes in each dimension, summed over the given items.</summary>
    public BlockSums Sums(int[] items, double[] parameters)
    {
        var sums = new BlockSums(
            [.. Enumerable.Range(0, layout.Count).Select(_ => new double[Count])],
            [.. Enumerable.Range(0, layout.Count).Select(_ => new double[Count])]
        );
        foreach (var item in items)
        {
            SpanMath.AddScaled(sums.Values[layout.Dimensions[item]], 1, LogDenominators[item]);
            SpanMath.AddScaled(sums.Slopes[layout.Dimensions[item]], parameters[layout.Slope(item)], Expected[item]);
        }
        return sums;
    }

    /// <summary>
    /// Returns the first of the four grid points around an ability, and fills in the weights of these points in the
    /// cubic through them.
    /// </summary>
    public static int Place(double ability, Span<double> weights)
    {
        var position = (Math.Clamp(ability, -Reach + Spacing, Reach - 2 * Spacing) + Reach) / Spacing;
        var cell = Math.Clamp((int)position, 1, Count - 3);
        var t = (Math.Clamp(ability, -Reach, Reach) + Reach) / Spacing - cell;
        weights[0] = -t * (t - 1) * (t - 2) / 6;
        weights[1] = (t + 1) * (t - 1) * (t - 2) / 2;
        weights[2] = -(t + 1) * t * (t - 2) / 2;
        weights[3] = (t + 1) * t * (t - 1) / 6;
        return cell - 1;
    }
}

/// <param name="Values">Log denominators, summed over items, by dimension and grid point.</param>
/// <param name="Slopes">Derivatives of the values.</param>
internal sealed record BlockSums(double[][] Values, double[][] Slopes);
