namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// Derivatives of a link by characteristic curves with respect to the parameters of the items. At the minimum of the
/// sum of squares, its gradient G(q, p) in q = (ln A, B) is 0, so dq/dp = −(∂G/∂q)⁻¹ ∂G/∂p. A parameter of one item
/// changes only that item's part of the curves, which keeps the work linear in the number of items.
/// </summary>
internal sealed class CurveSlopes
{
    private const double Step = 1e-4;

    private readonly bool total;
    private readonly double log;
    private readonly double constant;
    private readonly (double[] Points, double[] Weights) onX;
    private readonly (double[] Points, double[] Weights) onY;
    private readonly bool both;

    public CurveSlopes(LinkingMethod method, ScaleLink link, AbilityGrid gridX, AbilityGrid gridY, LinkingDirection direction)
    {
        (total, log, constant) = (method == LinkingMethod.StockingLord, Math.Log(link.Multiplier), link.Constant);
        (onX, onY, both) = (gridX.Checked(), gridY.Checked(), direction == LinkingDirection.Both);
    }

    /// <summary>
    /// Every parameter of the curves in order, slope before steps, with the curve for a slightly larger and a slightly
    /// smaller value of the parameter.
    /// </summary>
    public static IEnumerable<(int Item, double Step, ItemCurve Up, ItemCurve Down)> Parameters(IReadOnlyList<ItemCurve> curves)
    {
        for (var item = 0; item < curves.Count; item++)
        for (var parameter = 0; parameter <= curves[item].Maximum; parameter++)
        {
            var step = Step * (parameter == 0 ? curves[item].Slope : Math.Max(1, Math.Abs(curves[item].Steps[parameter - 1])));
            yield return (item, step, Moved(curves[item], parameter, step), Moved(curves[item], parameter, -step));
        }
    }

    /// <summary>Null when the minimum has no curvature in some direction.</summary>
    public (ScaleLink[] OfX, ScaleLink[] OfY)? Of(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        // ∂G/∂q, which is symmetric apart from the error of the differences.
        var (up, down) = (Gradient(x, y, log + Step, constant), Gradient(x, y, log - Step, constant));
        var (above, below) = (Gradient(x, y, log, constant + Step), Gradient(x, y, log, constant - Step));
        var (aa, bb) = ((up.Log - down.Log) / (2 * Step), (above.Constant - below.Constant) / (2 * Step));
        var ab = (up.Constant - down.Constant + above.Log - below.Log) / (4 * Step);
        var determinant = aa * bb - ab * ab;
        if (!(determinant > 1e-10 * aa * bb))
            return null;
        var here = x.Select((curve, item) => Around(curve, y[item], log, constant)).ToArray();
        var sum = total ? Sum(here) : null;

        ScaleLink[] Each(IReadOnlyList<ItemCurve> own, Func<ItemCurve, int, Part> part) =>
            [
                .. Parameters(own)
                    .Select(at =>
                    {
                        var (more, less, whole) = (part(at.Up, at.Item), part(at.Down, at.Item), sum ?? here[at.Item]);
                        var (ofLog, ofConstant) = (0d, 0d);
                        for (var place = 0; place < whole.Values.Length; place++)
                        {
                            var change = more.Values[place] - less.Values[place];
                            ofLog += (more.ByLog[place] - less.ByLog[place]) * whole.Values[place] + whole.ByLog[place] * change;
                            ofConstant +=
                                (more.ByConstant[place] - less.ByConstant[place]) * whole.Values[place] + whole.ByConstant[place] * change;
                        }
                        (ofLog, ofConstant) = (ofLog / (2 * at.Step), ofConstant / (2 * at.Step));
                        var byLog = -(bb * ofLog - ab * ofConstant) / determinant;
                        return new ScaleLink(Math.Exp(log) * byLog, -(aa * ofConstant - ab * ofLog) / determinant);
                    }),
            ];

        return (
            Each(x, (moved, item) => Around(moved, y[item], log, constant)),
            Each(y, (moved, item) => Around(x[item], moved, log, constant))
        );
    }

    /// <summary>An item's differences between the scales, and their derivatives with respect to ln A and B.</summary>
    private sealed record Part(double[] Values, double[] ByLog, double[] ByConstant);

    private (double Log, double Constant) Gradient(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y, double atLog, double atConstant)
    {
        var parts = x.Select((curve, item) => Around(curve, y[item], atLog, atConstant)).ToArray();
        if (total)
            parts = [Sum(parts)];
        var (ofLog, ofConstant) = (0d, 0d);
        foreach (var part in parts)
            for (var place = 0; place < part.Values.Length; place++)
            {
                ofLog += part.ByLog[place] * part.Values[place];
                ofConstant += part.ByConstant[place] * part.Values[place];
            }
        return (ofLog, ofConstant);
    }

    private static Part Sum(Part[] parts)
    {
        double[] Add(Func<Part, double[]> numbers)
        {
            var sum = new double[parts[0].Values.Length];
            foreach (var part in parts)
                for (var place = 0; place < sum.Length; place++)
                    sum[place] += numbers(part)[place];
            return sum;
        }
        return new(Add(part => part.Values), Add(part => part.ByLog), Add(part => part.ByConstant));
    }

    private Part Around(ItemCurve x, ItemCurve y, double atLog, double atConstant)
    {
        double[] Slope(double[] more, double[] less) => [.. more.Zip(less, (above, below) => (above - below) / (2 * Step))];
        return new(
            Differences(x, y, atLog, atConstant),
            Slope(Differences(x, y, atLog + Step, atConstant), Differences(x, y, atLog - Step, atConstant)),
            Slope(Differences(x, y, atLog, atConstant + Step), Differences(x, y, atLog, atConstant - Step))
        );
    }

    private double[] Differences(ItemCurve x, ItemCurve y, double atLog, double atConstant)
    {
        var multiplier = Math.Exp(atLog);
        var result = new List<double>();
        Add(onY, x.Transform(multiplier, atConstant), y);
        if (both)
            Add(onX, y.Transform(1 / multiplier, -atConstant / multiplier), x);
        return [.. result];

        void Add((double[] Points, double[] Weights) grid, ItemCurve moved, ItemCurve still)
        {
            for (var node = 0; node < grid.Points.Length; node++)
            {
                var root = Math.Sqrt(grid.Weights[node]);
                if (total)
                {
                    result.Add(root * (moved.Expected(grid.Points[node]) - still.Expected(grid.Points[node])));
                    continue;
                }
                var (one, other) = (moved.Probabilities(grid.Points[node]), still.Probabilities(grid.Points[node]));
                for (var score = 1; score < one.Length; score++)
                    result.Add(root * (one[score] - other[score]));
            }
        }
    }

    private static ItemCurve Moved(ItemCurve curve, int parameter, double step)
    {
        double[] steps = [.. curve.Steps];
        if (parameter > 0)
            steps[parameter - 1] += step;
        return new(curve.Slope + (parameter == 0 ? step : 0), steps, curve.Guessing, curve.Scaling);
    }
}
