using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <param name="Model"><see cref="MarginalModel.PartialCredit"/>: slopes of 1 and one variance for each block.
/// <see cref="MarginalModel.GeneralizedPartialCredit"/>: one slope for each item and variances of 1. Correlations are
/// estimated in both models. </param>
/// <param name="Points">Number of quadrature points in each dimension, 3…21; null = chosen according to the number of
/// blocks.</param>
/// <param name="StandardErrors">True = compute standard errors from the cross-products of persons' scores.</param>
/// <param name="MostEvaluations">Largest number of E-steps.</param>
public sealed record BlockOptions(
    MarginalModel Model = MarginalModel.PartialCredit,
    int? Points = null,
    bool StandardErrors = true,
    int MostEvaluations = 600
);

/// <summary>Blocks of items with correlated abilities, estimated together.</summary>
/// <param name="Items">One entry for each item of the matrix; undefined where the item has no variance or has an empty
/// category.</param>
/// <param name="Blocks">Numbers of the blocks, in rising order. Everything else that is listed by block has the same
/// order.</param>
/// <param name="Covariance">Covariance of abilities between blocks; the means of the abilities are 0.</param>
/// <param name="Correlations">Correlations of abilities between blocks.</param>
/// <param name="CorrelationErrors">Null when the caller did not ask for errors.</param>
/// <param name="VarianceErrors">Null when the caller did not ask for errors, or when variances are fixed at 1.</param>
/// <param name="LogLikelihood">Marginal log-likelihood.</param>
/// <param name="Parameters">Number of free parameters.</param>
/// <param name="Persons">Persons with at least one answer.</param>
/// <param name="Evaluations">Number of E-steps.</param>
/// <param name="LargestChange">Largest change of a parameter in the last step of the EM algorithm.</param>
public sealed record BlockFit(
    IReadOnlyList<Estimate<MarginalItem>> Items,
    IReadOnlyList<int> Blocks,
    double[,] Covariance,
    double[,] Correlations,
    double[,]? CorrelationErrors,
    IReadOnlyList<double>? VarianceErrors,
    double LogLikelihood,
    int Parameters,
    int Persons,
    int Evaluations,
    double LargestChange
)
{
    /// <summary>Akaike (1974).</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz (1978); the sample size is the number of persons.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Persons) * Parameters;

    /// <summary>One curve for each item; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves => [.. Items.Select(item => item.IsDefined ? item.Value.Parameters : null)];
}
