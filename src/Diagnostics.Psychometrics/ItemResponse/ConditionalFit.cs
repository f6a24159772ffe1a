namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>Where zero of the scale lies. The data fix differences only; errors depend on the choice.</summary>
public enum ConditionalOrigin
{
    /// <summary>The mean of all step difficulties is 0; for dichotomous items, the mean difficulty.</summary>
    MeanStep,

    /// <summary>The mean of all cumulative step difficulties is 0: what eRm's <c>PCM</c> does. The same for dichotomous items.</summary>
    MeanCumulativeStep,
}

/// <summary>An item's step difficulties under the partial credit model, logits.</summary>
/// <param name="Steps">δ₁…δ_m, where neighbouring categories are equally probable; one for a dichotomous item, its difficulty.</param>
/// <param name="StepErrors">Their standard errors.</param>
/// <param name="Location">The mean of the steps.</param>
/// <param name="LocationError">Its standard error.</param>
public sealed record ItemSteps(IReadOnlyList<double> Steps, IReadOnlyList<double> StepErrors, double Location, double LocationError);

/// <summary>Rasch or partial credit items estimated by conditional maximum likelihood.</summary>
/// <param name="Items">One an item of the matrix; undefined where the item has no variance or an empty category among the persons used.</param>
/// <param name="Covariance">Of all steps of the defined items, item by item; singular by the origin.</param>
/// <param name="LogLikelihood">Conditional on the raw scores; comparable only with conditional fits of the same data.</param>
/// <param name="Parameters">Free parameters: steps less one for the origin.</param>
/// <param name="PersonsUsed">Persons with neither the lowest nor the highest raw score; only they bear information.</param>
/// <param name="LargestGradient">Of the log-likelihood at the solution, absolute.</param>
public sealed record ConditionalFit(
    IReadOnlyList<Estimate<ItemSteps>> Items, double[,] Covariance, double LogLikelihood, int Parameters, int PersonsUsed, int Iterations, double LargestGradient)
{
    /// <summary>Akaike (1974), on the conditional likelihood.</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz (1978), on the conditional likelihood, with the persons used.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(PersonsUsed) * Parameters;

    /// <summary>One an item: what abilities and fit are computed with; null for an item left out.</summary>
    public IReadOnlyList<ItemParameters?> Curves => [.. Items.Select(item => item.IsDefined ? ItemParameters.FromSteps(1, item.Value.Steps) : null)];
}
