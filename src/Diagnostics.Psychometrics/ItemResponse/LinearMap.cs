namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Expresses the parameters of a marginal model as linear functions of fewer free parameters. It is needed when some
/// items are known, or when items share thresholds.
/// </summary>
internal sealed class LinearMap
{
    private readonly double[] constants;
    private readonly (int Column, double Weight)[][] rows;

    /// <param name="constants">One for each parameter of the layout.</param>
    /// <param name="rows">For each parameter of the layout, its weights on the free parameters.</param>
    public LinearMap(int free, double[] constants, (int Column, double Weight)[][] rows) =>
        (Free, this.constants, this.rows) = (free, constants, rows);

    /// <summary>Number of free parameters.</summary>
    public int Free { get; }

    public int Size => rows.Length;

    /// <summary>
    /// The free parameters are σ, each item's easiness β, and, for each number of categories, the cumulative thresholds
    /// T₁…T_m−1. The intercept of score k is k·β + T_k, with T_m = 0.
    /// </summary>
    public static LinearMap RatingScale(MarginalLayout layout)
    {
        var rows = new (int, double)[layout.Size][];
        rows[0] = [(0, 1)];
        var free = 1 + layout.Items;
        var thresholds = new Dictionary<int, int>();
        for (var item = 0; item < layout.Items; item++)
        {
            var steps = layout.Steps(item);
            if (!thresholds.TryGetValue(steps, out var first))
                (thresholds[steps], first, free) = (free, free, free + steps - 1);
            for (var score = 1; score <= steps; score++)
                rows[layout.Intercept(item, score)] = score < steps ? [(1 + item, score), (first + score - 1, 1)] : [(1 + item, score)];
        }
        return new(free, new double[layout.Size], rows);
    }

    /// <summary>The same map with its first free parameter removed, which fixes that parameter at 0.</summary>
    public LinearMap WithoutFirst() =>
        new(
            Free - 1,
            constants,
            Array.ConvertAll(rows, row => row.Where(part => part.Column > 0).Select(part => (part.Column - 1, part.Weight)).ToArray())
        );

    public double[] Parameters(double[] free)
    {
        var parameters = (double[])constants.Clone();
        for (var row = 0; row < rows.Length; row++)
            foreach (var (column, weight) in rows[row])
                parameters[row] += weight * free[column];
        return parameters;
    }

    public double[] Gradient(double[] gradient)
    {
        var result = new double[Free];
        for (var row = 0; row < rows.Length; row++)
            foreach (var (column, weight) in rows[row])
                result[column] += weight * gradient[row];
        return result;
    }

    /// <summary>
    /// The information about the free parameters, computed from the information about all parameters.
    /// </summary>
    public double[] Information(double[] information)
    {
        var result = new double[Free * Free];
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length == 0)
                continue;
            for (var other = 0; other < rows.Length; other++)
                foreach (var (left, leftWeight) in rows[row])
                foreach (var (right, rightWeight) in rows[other])
                    result[left * Free + right] += leftWeight * rightWeight * information[row * rows.Length + other];
        }
        return result;
    }

    /// <summary>The covariance of all parameters, computed from the covariance of the free ones.</summary>
    public double[] Spread(double[] covariance)
    {
        var result = new double[rows.Length * rows.Length];
        for (var row = 0; row < rows.Length; row++)
        for (var other = 0; other < rows.Length; other++)
            foreach (var (left, leftWeight) in rows[row])
            foreach (var (right, rightWeight) in rows[other])
                result[row * rows.Length + other] += leftWeight * rightWeight * covariance[left * Free + right];
        return result;
    }

    /// <summary>
    /// The free parameters that map as closely as possible, by least squares, to the given parameters.
    /// </summary>
    public double[] Start(double[] parameters)
    {
        var apart = parameters.Zip(constants, (parameter, constant) => parameter - constant).ToArray();
        var one = new double[rows.Length * rows.Length];
        for (var at = 0; at < rows.Length; at++)
            one[at * rows.Length + at] = 1;
        var (normal, free) = (Information(one), Gradient(apart));
        // A free parameter on which none of the parameters depends stays 0.
        for (var at = 0; at < Free; at++)
            normal[at * Free + at] += 1e-9;
        if (PositiveDefinite.Factor(normal, Free))
            PositiveDefinite.Solve(normal, Free, free);
        return free;
    }
}
