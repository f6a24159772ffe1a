namespace Diagnostics.Psychometrics.Assembly;

/// <summary>
/// Assembles parallel variants from facets: chooses the facet that fills each slot and deals its items to the variants.
/// </summary>
/// <remarks>
/// Every item has attributes q, usually the expected score and the information at each cut. Q(v, a) is the sum of
/// attribute a over the items of variant v. The problem is to
/// <code>
/// minimise  max over a of  w(a) · max( max_v Q(v, a) − min_v Q(v, a),  max_v |Q(v, a) − t(a)| )
/// </code>
/// where the second part applies only to attributes with a target t(a). Each slot takes one of the facets allowed
/// there, no facet serves twice, and each variant gets one item of every facet. This is the minimax model of van der
/// Linden (2005), Linear Models for Optimal Test Design, chapters 5 and 6, with permutations in place of free 0–1
/// variables. Without a target for the information, the least informative facets of a pool look the most parallel, so
/// give a target whenever facets are to be chosen.
/// </remarks>
public sealed class AssemblyProblem
{
    // For each facet and order, the attributes that each variant gets (variants × attributes). They are computed in
    // advance, because the search reads them millions of times.
    private readonly double[][][] dealt;
    private readonly double[] weighting,
        aims;

    /// <param name="facets">Facets × items × attributes, finite; every facet has as many items as there are variants (2
    /// to 6).</param>
    /// <param name="slots">The facets allowed in each slot, each named once.</param>
    /// <param name="weights">Weights of the attributes, 0 or more; they make points and information comparable.</param>
    /// <param name="targets">The sum of each attribute that every variant should reach; null = no target.</param>
    /// <exception cref="BadDataException">The data are ragged or not finite, a weight is negative, or a facet is
    /// unknown; row = facet or slot, column = item or place.</exception>
    public AssemblyProblem(
        IReadOnlyList<double[][]> facets,
        IReadOnlyList<IReadOnlyList<int>> slots,
        IReadOnlyList<double> weights,
        IReadOnlyList<double?>? targets = null
    )
    {
        ArgumentNullException.ThrowIfNull(facets);
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentNullException.ThrowIfNull(weights);
        targets ??= [.. weights.Select(_ => (double?)null)];
        if (facets.Count == 0 || slots.Count == 0 || weights.Count == 0)
            throw new BadDataException("There is no facet, no slot or no attribute.", null, null);
        Variants = facets[0].Length;
        if (Variants is < 2 or > 6)
            throw new BadDataException($"Facet 0 has {Variants} items; 2 to 6 variants can be assembled.", 0, null);
        for (var facet = 0; facet < facets.Count; facet++)
        {
            if (facets[facet].Length != Variants)
                throw new BadDataException($"Facet {facet} has {facets[facet].Length} items, facet 0 has {Variants}.", facet, null);
            for (var item = 0; item < Variants; item++)
                if (facets[facet][item].Length != weights.Count || !facets[facet][item].All(double.IsFinite))
                    throw new BadDataException($"Item {item} of facet {facet} has not {weights.Count} finite attributes.", facet, item);
        }
        for (var slot = 0; slot < slots.Count; slot++)
        {
            if (slots[slot].Count == 0)
                throw new BadDataException($"Slot {slot} allows no facet.", slot, null);
            for (var place = 0; place < slots[slot].Count; place++)
                if (slots[slot][place] < 0 || slots[slot][place] >= facets.Count || slots[slot].Take(place).Contains(slots[slot][place]))
                    throw new BadDataException(
                        $"Slot {slot} names facet {slots[slot][place]}, which is unknown or named before.",
                        slot,
                        place
                    );
        }
        if (targets.Count != weights.Count)
            throw new BadDataException($"There are {weights.Count} weights and {targets.Count} targets.", null, null);
        for (var attribute = 0; attribute < weights.Count; attribute++)
            if (
                !(weights[attribute] >= 0)
                || !double.IsFinite(weights[attribute])
                || targets[attribute] is { } target && !double.IsFinite(target)
            )
                throw new BadDataException($"Attribute {attribute} has a negative weight or a number that is not finite.", null, attribute);
        (Facets, Slots, Weights, Targets) = (facets, slots, weights, targets);
        Orders = Permutations(Variants);
        (weighting, aims) = ([.. weights], [.. targets.Select(target => target ?? double.NaN)]);
        dealt = [.. facets.Select(facet => Orders.Select(order => order.SelectMany(item => facet[item]).ToArray()).ToArray())];
    }

    /// <summary>
    /// Creates the problem of dealing items when the facets are already chosen, one for each slot in order.
    /// </summary>
    public static AssemblyProblem Deal(
        IReadOnlyList<double[][]> facets,
        IReadOnlyList<double> weights,
        IReadOnlyList<double?>? targets = null
    )
    {
        ArgumentNullException.ThrowIfNull(facets);
        return new AssemblyProblem(facets, [.. facets.Select((_, facet) => (IReadOnlyList<int>)[facet])], weights, targets);
    }

    public IReadOnlyList<double[][]> Facets { get; }
    public IReadOnlyList<IReadOnlyList<int>> Slots { get; }
    public IReadOnlyList<double> Weights { get; }
    public IReadOnlyList<double?> Targets { get; }
    public int Variants { get; }
    public int Attributes => Weights.Count;

    /// <summary>All orders of a facet's items: order[variant] = item.</summary>
    internal int[][] Orders { get; }

    /// <summary>Expected score at each cut, then information at each cut.</summary>
    public static double[] AttributesOf(CalibratedItem item, IReadOnlyList<double> cuts)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(cuts);
        var at = cuts.Select(item.At).ToArray();
        return [.. at.Select(value => value.Score), .. at.Select(value => value.Information)];
    }

    /// <summary>
    /// Returns the quality of a form: its worst weighted difference, and the sum of squares of all differences.
    /// <paramref name="sums"/> is variants × attributes.
    /// </summary>
    internal (double Worst, double All) Judge(double[] sums) => Judge(sums, null, double.PositiveInfinity);

    /// <summary>
    /// Judges the form with one more facet dealt; the result is infinite once the form is worse than
    /// <paramref name="limit"/>.
    /// </summary>
    internal (double Worst, double All) Judge(double[] sums, Placement placement, double limit) =>
        Judge(sums, dealt[placement.Facet][placement.Order], limit);

    private (double Worst, double All) Judge(double[] sums, double[]? more, double limit)
    {
        var (worst, all) = (0.0, 0.0);
        for (var attribute = 0; attribute < weighting.Length; attribute++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var place = attribute; place < sums.Length; place += weighting.Length)
            {
                var sum = more is null ? sums[place] : sums[place] + more[place];
                if (sum < low)
                    low = sum;
                if (sum > high)
                    high = sum;
            }
            var (miss, aim) = (high - low, aims[attribute]);
            if (!double.IsNaN(aim))
                miss = Math.Max(miss, Math.Max(high - aim, aim - low));
            miss *= weighting[attribute];
            if (miss > limit)
                return (double.PositiveInfinity, double.PositiveInfinity);
            if (miss > worst)
                worst = miss;
            all += miss * miss;
        }
        return (worst, all);
    }

    /// <summary>Adds a dealt facet to the sums, or subtracts it when the sign is −1.</summary>
    internal void Add(double[] sums, Placement placement, int sign = 1)
    {
        var more = dealt[placement.Facet][placement.Order];
        for (var place = 0; place < more.Length; place++)
            sums[place] += sign * more[place];
    }

    private static int[][] Permutations(int size)
    {
        List<int[]> orders =
        [
            [],
        ];
        for (var next = 0; next < size; next++)
            orders =
            [
                .. orders.SelectMany(order =>
                    Enumerable.Range(0, next + 1).Select(place => order[..place].Append(next).Concat(order[place..]).ToArray())
                ),
            ];
        // The identity comes first, because the first slot takes it where variants are interchangeable.
        return [.. orders.OrderBy(order => string.Concat(order), StringComparer.Ordinal)];
    }
}

/// <summary>A facet in a slot, with its items dealt in an order.</summary>
internal readonly record struct Placement(int Facet, int Order);
