namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>
/// Where the zero of the scale lies. The data fix only differences; the errors depend on this choice.
/// </summary>
public enum ConditionalOrigin
{
    /// <summary>The mean of all step difficulties is 0; for dichotomous items, that is the mean difficulty.</summary>
    MeanStep,

    /// <summary>
    /// The mean of all cumulative step difficulties is 0, as in eRm's <c>PCM</c>. For dichotomous items this equals
    /// <see cref="MeanStep"/>.
    /// </summary>
    MeanCumulativeStep,
}

/// <summary>An item's step difficulties under the partial credit model, logits.</summary>
/// <param name="Steps">δ₁…δ_m, where neighbouring categories are equally probable; a dichotomous item has one step, its
/// difficulty.</param>
/// <param name="StepErrors">Standard errors of the steps.</param>
/// <param name="Location">The mean of the steps.</param>
/// <param name="LocationError">Standard error of the location.</param>
public sealed record ItemSteps(IReadOnlyList<double> Steps, IReadOnlyList<double> StepErrors, double Location, double LocationError);

/// <summary>Rasch or partial credit items estimated by conditional maximum likelihood.</summary>
/// <param name="Items">One entry for each item of the matrix; undefined where the item has no variance or an empty
/// category among the persons used.</param>
/// <param name="Covariance">Covariance of all steps of the defined items, item by item; singular because the origin is
/// fixed.</param>
/// <param name="LogLikelihood">Log-likelihood conditional on the raw scores; comparable only with conditional fits of
/// the same data.</param>
/// <param name="Parameters">Number of free parameters: the number of steps minus one, which fixes the origin.</param>
/// <param name="PersonsUsed">Number of persons with neither the lowest nor the highest raw score; only they carry
/// information.</param>
/// <param name="LargestGradient">Largest absolute derivative of the log-likelihood at the solution.</param>
public sealed record ConditionalFit(
    IReadOnlyList<Estimate<ItemSteps>> Items,
    double[,] Covariance,
    double LogLikelihood,
    int Parameters,
    int PersonsUsed,
    int Iterations,
    double LargestGradient
)
{
    /// <summary>Akaike's criterion (1974), computed from the conditional likelihood.</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>
    /// Schwarz's criterion (1978), computed from the conditional likelihood and the number of persons used.
    /// </summary>
    public double Bic => -2 * LogLikelihood + Math.Log(PersonsUsed) * Parameters;

    /// <summary>One curve for each item, for computing abilities and fit; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves =>
        [.. Items.Select(item => item.IsDefined ? ItemParameters.FromSteps(1, item.Value.Steps) : null)];
}
