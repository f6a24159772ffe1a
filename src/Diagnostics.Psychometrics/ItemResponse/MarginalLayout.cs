namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// The order of the parameters: first the estimated slopes, then the intercepts item by item. A common slope with
/// abilities N(0, 1) is the σ of the equivalent model with slope 1 and abilities N(0, σ²).
/// </summary>
internal sealed class MarginalLayout
{
    private readonly int[] firsts;
    private readonly int[] steps;
    private readonly MarginalModel model;

    public MarginalLayout(MarginalModel model, UsableItems usable)
    {
        this.model = model;
        steps = [.. usable.Counts.Select((_, item) => usable.Steps(item))];
        Slopes = model switch
        {
            MarginalModel.GeneralizedPartialCredit => steps.Length,
            MarginalModel.PartialCredit or MarginalModel.RatingScale => 1,
            _ => 0,
        };
        Size = Slopes;
        firsts = new int[steps.Length];
        for (var item = 0; item < steps.Length; item++)
            (firsts[item], Size) = (Size, Size + steps[item]);
    }

    public int Items => steps.Length;

    /// <summary>Number of slopes estimated.</summary>
    public int Slopes { get; }

    public int Size { get; }

    public bool HasCommonSlope => model != MarginalModel.GeneralizedPartialCredit;

    public int Steps(int item) => steps[item];

    public int Intercept(int item, int score) => firsts[item] + score - 1;

    public IEnumerable<int> ItemsOf(int slope) => HasCommonSlope ? Enumerable.Range(0, Items) : [slope];

    /// <summary>The index of an item's slope among the parameters; null when the slope is fixed.</summary>
    public int? SlopeOf(int item) =>
        model switch
        {
            MarginalModel.GeneralizedPartialCredit => item,
            MarginalModel.PartialCredit or MarginalModel.RatingScale => 0,
            _ => null,
        };

    public double[] ColumnSlopes(double[] parameters) => model == MarginalModel.PartialCreditStandardNormal ? [1] : parameters[..Slopes];

    public double[] Intercepts(double[] parameters, int item) => parameters[firsts[item]..(firsts[item] + steps[item])];

    public ItemTables Tables(Quadrature quadrature, double[] parameters) =>
        new(
            quadrature,
            [.. Enumerable.Range(0, Items).Select(item => SlopeOf(item) is { } at ? parameters[at] : 1)],
            [.. Enumerable.Range(0, Items).Select(item => Intercepts(parameters, item))]
        );

    /// <summary>
    /// Starting values: slopes of 1, and intercepts that match the items' score counts, stretched to allow for the
    /// spread of abilities.
    /// </summary>
    public double[] Start(UsableItems usable) => StartOf(usable, _ => true);

    /// <summary>Starting values for the chosen items; the intercepts of all other items are 0.</summary>
    public double[] StartOf(UsableItems usable, Func<int, bool> chosen)
    {
        var parameters = new double[Size];
        Array.Fill(parameters, 1, 0, Slopes);
        foreach (var item in Enumerable.Range(0, Items).Where(chosen))
        {
            var cumulated = 0d;
            for (var score = 1; score <= steps[item]; score++)
                parameters[Intercept(item, score)] = cumulated +=
                    1.2 * Math.Log(usable.Counts[item][score] / usable.Counts[item][score - 1]);
        }
        return parameters;
    }
}
