namespace Diagnostics.Psychometrics.Equating;

/// <summary>Transforms abilities from the scale of X to the scale of Y: θ_Y = Multiplier · θ_X + Constant.</summary>
public readonly record struct ScaleLink(double Multiplier, double Constant);

/// <summary>The scale, or both scales, at whose abilities the curves are compared.</summary>
public enum LinkingDirection
{
    Both,
    ScaleOfY,
}

/// <summary>Links two calibrations through their common items.</summary>
/// <remarks>
/// Kolen &amp; Brennan (2014), § 6.3. Mean/mean: Loyd &amp; Hoover (1980), Journal of Educational Measurement, 17,
/// 179–193. Mean/sigma: Marco (1977), 14, 139–160. Characteristic curves: Haebara (1980), Japanese Psychological
/// Research, 22, 144–149; Stocking &amp; Lord (1983), Applied Psychological Measurement, 7, 201–210; for items of
/// several steps, Kim &amp; Lee (2006), Journal of Educational Measurement, 43, 53–76. Haebara compares the probability
/// of every score; Stocking–Lord compares the expected total. Items at the same position in x and y are the same item.
/// </remarks>
public static class IrtLinking
{
    private const int MostIterations = 200;

    /// <summary>
    /// The multiplier comes from the mean slopes, and the constant from the mean difficulties. One item is enough.
    /// </summary>
    public static Estimate<ScaleLink> MeanMean(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        if (Check(x, y) is { } reason)
            return Estimate<ScaleLink>.None(reason);
        var multiplier = x.Average(item => item.Slope) / y.Average(item => item.Slope);
        return Estimate<ScaleLink>.Of(new(multiplier, Steps(y).Average() - (multiplier * Steps(x).Average())));
    }

    /// <summary>
    /// The multiplier comes from the standard deviations of the difficulties, and the constant from their means.
    /// </summary>
    public static Estimate<ScaleLink> MeanSigma(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        if (Check(x, y) is { } reason)
            return Estimate<ScaleLink>.None(reason);
        var (spreadX, spreadY) = (Spread(Steps(x)), Spread(Steps(y)));
        if (spreadX == 0 || spreadY == 0)
            return Estimate<ScaleLink>.None(Undefined.NoVariance);
        var multiplier = spreadY / spreadX;
        return Estimate<ScaleLink>.Of(new(multiplier, Steps(y).Average() - (multiplier * Steps(x).Average())));
    }

    /// <param name="gridX">Abilities on the scale of X; used when curves are compared in both directions.</param>
    public static Estimate<ScaleLink> Haebara(
        IReadOnlyList<ItemCurve> x,
        IReadOnlyList<ItemCurve> y,
        AbilityGrid? gridX = null,
        AbilityGrid? gridY = null,
        LinkingDirection direction = LinkingDirection.Both
    ) => Minimise(x, y, gridX, gridY, direction, (items, ability) => [.. items.SelectMany(item => item.Probabilities(ability).Skip(1))]);

    /// <param name="gridX">Abilities on the scale of X; used when curves are compared in both directions.</param>
    public static Estimate<ScaleLink> StockingLord(
        IReadOnlyList<ItemCurve> x,
        IReadOnlyList<ItemCurve> y,
        AbilityGrid? gridX = null,
        AbilityGrid? gridY = null,
        LinkingDirection direction = LinkingDirection.Both
    ) => Minimise(x, y, gridX, gridY, direction, (items, ability) => [items.Sum(item => item.Expected(ability))]);

    /// <summary>Links by the given method.</summary>
    public static Estimate<ScaleLink> Link(
        LinkingMethod method,
        IReadOnlyList<ItemCurve> x,
        IReadOnlyList<ItemCurve> y,
        AbilityGrid? gridX = null,
        AbilityGrid? gridY = null,
        LinkingDirection direction = LinkingDirection.Both
    ) =>
        method switch
        {
            LinkingMethod.MeanMean => MeanMean(x, y),
            LinkingMethod.MeanSigma => MeanSigma(x, y),
            LinkingMethod.Haebara => Haebara(x, y, gridX, gridY, direction),
            LinkingMethod.StockingLord => StockingLord(x, y, gridX, gridY, direction),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
        };

    /// <summary>Standard errors of a link between calibrations of two independent samples, by the delta method.</summary>
    /// <remarks>
    /// Ogasawara, H. (2000), Asymptotic standard errors of IRT equating coefficients using moments, Economic Review,
    /// Otaru University of Commerce, 51(1), 1–23; (2001), Standard errors of item response theory equating/linking by
    /// response function methods, Applied Psychological Measurement, 25, 53–67. Derivatives are central differences,
    /// and those of a minimum follow from the implicit function theorem. The service does not use this method yet. It
    /// is meant for the form report of a campaign linked to an earlier one by common items.
    /// </remarks>
    /// <returns>Undefined where the link itself is undefined, with the same reason.</returns>
    /// <exception cref="BadDataException">A covariance does not have the size of its parameters.</exception>
    /// <inheritdoc cref="Haebara" path="/param"/>
    public static Estimate<ScaleLinkErrors> StandardErrors(
        LinkingMethod method,
        CalibratedCurves x,
        CalibratedCurves y,
        AbilityGrid? gridX = null,
        AbilityGrid? gridY = null,
        LinkingDirection direction = LinkingDirection.Both
    )
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CheckSize(x);
        CheckSize(y);
        if (!Link(method, x.Curves, y.Curves, gridX, gridY, direction).Is(out var link, out var reason))
            return Estimate<ScaleLinkErrors>.None(reason);
        (ScaleLink[] OfX, ScaleLink[] OfY)? derivatives = method is LinkingMethod.MeanMean or LinkingMethod.MeanSigma
            ? Differences(method, x.Curves, y.Curves)
            : new CurveSlopes(method, link, gridX ?? AbilityGrid.Uniform(), gridY ?? AbilityGrid.Uniform(), direction).Of(
                x.Curves,
                y.Curves
            );
        if (derivatives is not { } by)
            return Estimate<ScaleLinkErrors>.None(Undefined.Singular);
        var (multiplier, constant, both) = (0d, 0d, 0d);
        foreach (var (own, slopes) in new[] { (x, by.OfX), (y, by.OfY) })
            for (var row = 0; row < slopes.Length; row++)
            for (var column = 0; column < slopes.Length; column++)
            {
                var covariance = own.Covariance[row, column];
                multiplier += covariance * slopes[row].Multiplier * slopes[column].Multiplier;
                constant += covariance * slopes[row].Constant * slopes[column].Constant;
                both += covariance * slopes[row].Multiplier * slopes[column].Constant;
            }
        return double.IsFinite(multiplier + constant + both)
            ? Estimate<ScaleLinkErrors>.Of(new(Math.Sqrt(Math.Max(0, multiplier)), Math.Sqrt(Math.Max(0, constant)), both))
            : Estimate<ScaleLinkErrors>.None(Undefined.NotConverged);
    }

    private static void CheckSize(CalibratedCurves own)
    {
        var size = own.Curves.Sum(curve => curve.Maximum + 1);
        if (own.Covariance.GetLength(0) != size || own.Covariance.GetLength(1) != size)
            throw new BadDataException($"{size} parameters need a covariance of as many rows and columns.", null, null);
    }

    /// <summary>Derivatives of a moment method with respect to each parameter of x and of y.</summary>
    private static (ScaleLink[] OfX, ScaleLink[] OfY) Differences(
        LinkingMethod method,
        IReadOnlyList<ItemCurve> x,
        IReadOnlyList<ItemCurve> y
    )
    {
        ScaleLink[] Of(IReadOnlyList<ItemCurve> own, Func<IReadOnlyList<ItemCurve>, Estimate<ScaleLink>> link) =>
            [
                .. CurveSlopes
                    .Parameters(own)
                    .Select(at =>
                    {
                        var (up, down) = (link(Replaced(own, at.Item, at.Up)), link(Replaced(own, at.Item, at.Down)));
                        return up.IsDefined && down.IsDefined
                            ? new ScaleLink(
                                (up.Value.Multiplier - down.Value.Multiplier) / (2 * at.Step),
                                (up.Value.Constant - down.Value.Constant) / (2 * at.Step)
                            )
                            : new(double.NaN, double.NaN);
                    }),
            ];
        return (Of(x, moved => Link(method, moved, y)), Of(y, moved => Link(method, x, moved)));
    }

    private static ItemCurve[] Replaced(IReadOnlyList<ItemCurve> curves, int item, ItemCurve curve)
    {
        ItemCurve[] replaced = [.. curves];
        replaced[item] = curve;
        return replaced;
    }

    /// <summary>
    /// Weighted least squares by the Levenberg–Marquardt method in (ln A, B), so that A stays above 0.
    /// </summary>
    private static Estimate<ScaleLink> Minimise(
        IReadOnlyList<ItemCurve> x,
        IReadOnlyList<ItemCurve> y,
        AbilityGrid? gridX,
        AbilityGrid? gridY,
        LinkingDirection direction,
        Func<IReadOnlyList<ItemCurve>, double, double[]> curves
    )
    {
        if (Check(x, y) is { } reason)
            return Estimate<ScaleLink>.None(reason);
        var (onX, onY) = ((gridX ?? AbilityGrid.Uniform()).Checked(), (gridY ?? AbilityGrid.Uniform()).Checked());
        var (fixedY, fixedX) = (Over(onY, y), direction == LinkingDirection.Both ? Over(onX, x) : []);
        var start = MeanMean(x, y).Value;
        var (log, constant) = (Math.Log(start.Multiplier), start.Constant);
        var residuals = Residuals(log, constant);
        var sum = Squares(residuals);
        var damping = 1e-3;
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            const double h = 1e-5;
            var byLog = Slopes(Residuals(log + h, constant), Residuals(log - h, constant), h);
            var byConstant = Slopes(Residuals(log, constant + h), Residuals(log, constant - h), h);
            var (aa, ab, bb, ga, gb) = (
                Squares(byLog),
                Dot(byLog, byConstant),
                Squares(byConstant),
                Dot(byLog, residuals),
                Dot(byConstant, residuals)
            );
            if (aa == 0 || bb == 0)
                return Estimate<ScaleLink>.None(Undefined.Singular);
            while (true)
            {
                var (daa, dbb) = (aa * (1 + damping), bb * (1 + damping));
                var determinant = (daa * dbb) - (ab * ab);
                var (stepLog, stepConstant) = (-((dbb * ga) - (ab * gb)) / determinant, -((daa * gb) - (ab * ga)) / determinant);
                var next = Residuals(log + stepLog, constant + stepConstant);
                var nextSum = Squares(next);
                if (nextSum <= sum)
                {
                    (log, constant, residuals, sum) = (log + stepLog, constant + stepConstant, next, nextSum);
                    damping = Math.Max(damping / 10, 1e-12);
                    if (Math.Abs(stepLog) + Math.Abs(stepConstant) < 1e-10)
                        return Estimate<ScaleLink>.Of(new(Math.Exp(log), constant));
                    break;
                }
                // No step lowers the sum any further: this is its minimum, up to rounding.
                if (Math.Abs(stepLog) + Math.Abs(stepConstant) < 1e-9)
                    return Estimate<ScaleLink>.Of(new(Math.Exp(log), constant));
                damping *= 10;
                if (!(damping < 1e15))
                    return Estimate<ScaleLink>.None(Undefined.NotConverged);
            }
        }
        return Estimate<ScaleLink>.None(Undefined.NotConverged);

        double[] Residuals(double logMultiplier, double shift)
        {
            var multiplier = Math.Exp(logMultiplier);
            var moved = Over(onY, [.. x.Select(item => item.Transform(multiplier, shift))]);
            for (var index = 0; index < moved.Length; index++)
                moved[index] -= fixedY[index];
            if (direction == LinkingDirection.ScaleOfY)
                return moved;
            var back = Over(onX, [.. y.Select(item => item.Transform(1 / multiplier, -shift / multiplier))]);
            for (var index = 0; index < back.Length; index++)
                back[index] -= fixedX[index];
            return [.. moved, .. back];
        }

        double[] Over((double[] Points, double[] Weights) grid, IReadOnlyList<ItemCurve> items)
        {
            var all = new List<double>();
            for (var node = 0; node < grid.Points.Length; node++)
            {
                var root = Math.Sqrt(grid.Weights[node]);
                foreach (var value in curves(items, grid.Points[node]))
                    all.Add(root * value);
            }
            return [.. all];
        }
    }

    private static Undefined? Check(IReadOnlyList<ItemCurve> x, IReadOnlyList<ItemCurve> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw new BadDataException($"{x.Count} items of X are paired with {y.Count} of Y.", null, null);
        for (var item = 0; item < x.Count; item++)
            if (x[item].Maximum != y[item].Maximum)
                throw new BadDataException(
                    $"Pair {item} (0-based) has {x[item].Maximum} points on X and {y[item].Maximum} on Y.",
                    item,
                    null
                );
        return x.Count == 0 ? Undefined.NoCommonUnits : null;
    }

    private static double[] Steps(IReadOnlyList<ItemCurve> items) => [.. items.SelectMany(item => item.Steps)];

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)));
    }

    private static double[] Slopes(double[] above, double[] below, double h) => [.. above.Zip(below, (up, down) => (up - down) / (2 * h))];

    private static double Squares(double[] values) => Dot(values, values);

    private static double Dot(double[] first, double[] second)
    {
        double sum = 0;
        for (var index = 0; index < first.Length; index++)
            sum += first[index] * second[index];
        return sum;
    }
}
