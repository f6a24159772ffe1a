namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>The model, which determines what is estimated besides the intercepts.</summary>
public enum MarginalModel
{
    /// <summary>
    /// Slope 1, abilities N(0, σ²) with σ² estimated. This is the Rasch model for dichotomous items, and the partial
    /// credit model for polytomous ones.
    /// </summary>
    PartialCredit,

    /// <summary>Slope 1, abilities N(0, 1).</summary>
    PartialCreditStandardNormal,

    /// <summary>
    /// One slope for each item, abilities N(0, 1). This is the 2PL model for dichotomous items, and the generalized
    /// partial credit model for polytomous ones.
    /// </summary>
    GeneralizedPartialCredit,

    /// <summary>
    /// Like <see cref="PartialCredit"/>, but items with the same number of categories share their thresholds: the steps
    /// of an item are its location plus thresholds that sum to 0. Andrich, D. (1978), Psychometrika, 43, 561–573.
    /// </summary>
    RatingScale,
}

/// <summary>A log-normal prior on every slope: ln a ~ N(mean, deviation²).</summary>
public sealed record SlopePrior(double LogMean, double LogDeviation);

/// <param name="Nodes">Number of quadrature nodes within ±8 standard deviations, rounded up to a multiple of 8; null =
/// the number follows from the test information.</param>
/// <param name="Prior">Allowed only for <see cref="MarginalModel.GeneralizedPartialCredit"/>. With a prior, the
/// estimates are modes of the posterior (Mislevy 1986).</param>
/// <param name="StandardErrors">True = compute standard errors from the exact observed information.</param>
public sealed record MarginalOptions(
    MarginalModel Model = MarginalModel.GeneralizedPartialCredit,
    int? Nodes = null,
    SlopePrior? Prior = null,
    bool StandardErrors = true,
    int MostIterations = 500
);

/// <summary>
/// Standard errors of an item's parameters. A fixed slope has error 0; the errors of steps come from the delta method.
/// </summary>
public sealed record ItemErrors(double Slope, IReadOnlyList<double> Intercepts, IReadOnlyList<double> Steps);

/// <param name="Errors">Null when the caller did not ask for errors.</param>
public sealed record MarginalItem(ItemParameters Parameters, ItemErrors? Errors);

/// <summary>Items estimated by marginal maximum likelihood.</summary>
/// <param name="Items">One entry for each item of the matrix; undefined where the item has no variance or an empty
/// category.</param>
/// <param name="Variance">Variance of abilities; their mean is 0.</param>
/// <param name="VarianceError">Standard error of the variance. Null when the variance is fixed, when it is 0 (a
/// boundary has no normal error), or when the caller did not ask for errors.</param>
/// <param name="LogLikelihood">Marginal log-likelihood, without the prior.</param>
/// <param name="Parameters">Number of free parameters.</param>
/// <param name="Persons">Persons with at least one answer.</param>
/// <param name="Nodes">Quadrature nodes used.</param>
/// <param name="Evaluations">Number of E-steps.</param>
/// <param name="LargestGradient">Largest absolute derivative at the solution.</param>
public sealed record MarginalFit(
    IReadOnlyList<Estimate<MarginalItem>> Items,
    double Variance,
    double? VarianceError,
    double LogLikelihood,
    int Parameters,
    int Persons,
    int Nodes,
    int Evaluations,
    double LargestGradient
)
{
    /// <summary>Akaike (1974).</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz (1978); the sample size is the number of persons.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Persons) * Parameters;

    /// <summary>One curve for each item, for computing abilities and fit; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves => [.. Items.Select(item => item.IsDefined ? item.Value.Parameters : null)];

    public AbilityDistribution Abilities => new(0, Math.Sqrt(Variance));

    /// <summary>
    /// Covariance of the parameters, for the standard error of any value computed from several items; null when the
    /// caller did not ask for errors.
    /// </summary>
    internal ParameterCovariance? Covariance { get; init; }
}

/// <param name="Matrix">A square matrix with a row for each parameter of the layout, stored row by row.</param>
/// <param name="Columns">For each item in the layout, its column in the score matrix.</param>
internal sealed record ParameterCovariance(double[] Matrix, MarginalLayout Layout, int[] Columns);

/// <summary>A normal distribution of abilities, used as a prior for persons.</summary>
public sealed record AbilityDistribution(double Mean = 0, double Deviation = 1);
