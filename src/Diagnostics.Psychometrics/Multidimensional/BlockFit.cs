using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Multidimensional;

/// <param name="Model">
/// <see cref="MarginalModel.PartialCredit"/>: slopes of 1 and a variance a block. <see cref="MarginalModel.GeneralizedPartialCredit"/>: a slope an
/// item and variances of 1. Correlations are estimated in both.
/// </param>
/// <param name="Points">Of the quadrature in each dimension, 3…21; null lets the number of blocks decide.</param>
/// <param name="StandardErrors">From the cross-products of persons' scores.</param>
/// <param name="MostEvaluations">E-steps.</param>
public sealed record BlockOptions(MarginalModel Model = MarginalModel.PartialCredit, int? Points = null, bool StandardErrors = true,
    int MostEvaluations = 600);

/// <summary>Items of blocks whose abilities correlate, estimated together.</summary>
/// <param name="Items">One an item of the matrix; undefined where the item has no variance or an empty category.</param>
/// <param name="Blocks">Numbers of the blocks, rising: the order of all that follows.</param>
/// <param name="Covariance">Of abilities, block by block; their means are 0.</param>
/// <param name="Correlations">Of abilities.</param>
/// <param name="CorrelationErrors">Null where errors were not asked for.</param>
/// <param name="VarianceErrors">Null where errors were not asked for, or variances are fixed at 1.</param>
/// <param name="LogLikelihood">Marginal.</param>
/// <param name="Parameters">Free parameters.</param>
/// <param name="Persons">With at least one answer.</param>
/// <param name="Evaluations">E-steps.</param>
/// <param name="LargestChange">Of a parameter in the last step of the EM algorithm.</param>
public sealed record BlockFit(
    IReadOnlyList<Estimate<MarginalItem>> Items, IReadOnlyList<int> Blocks, double[,] Covariance, double[,] Correlations,
        double[,]? CorrelationErrors,
    IReadOnlyList<double>? VarianceErrors, double LogLikelihood, int Parameters, int Persons, int Evaluations, double LargestChange)
{
    /// <summary>Akaike (1974).</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz (1978), with the number of persons.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Persons) * Parameters;

    /// <summary>One an item; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves => [.. Items.Select(item => item.IsDefined ? item.Value.Parameters : null)];
}
