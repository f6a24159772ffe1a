namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>How to estimate a person's ability from the answers when the items are known.</summary>
public enum AbilityMethod
{
    /// <summary>Maximum likelihood; undefined for a perfect or a zero score.</summary>
    MaximumLikelihood,

    /// <summary>
    /// Warm's weighted likelihood: finite for every score, with the bias of order 1/n removed. Warm, T. A. (1989),
    /// Psychometrika, 54, 427–450.
    /// </summary>
    WeightedLikelihood,

    /// <summary>The posterior's mean and deviation. Bock, R. D. and Mislevy, R. J. (1982), APM, 6, 431–444.</summary>
    ExpectedAPosteriori,

    /// <summary>The posterior's mode. Samejima, F. (1969), Psychometric Monograph 17.</summary>
    MaximumAPosteriori,
}

/// <param name="Value">θ, on the scale of the curves.</param>
/// <param name="Error">Standard error of θ: 1/√I(θ) for ML, 1/√(I(θ) + 1/σ²) for MAP, the posterior deviation for EAP;
/// I is the test information at the estimate. For WLE it comes from the curvature of the weighted likelihood, 1/√(I −
/// (½ ln I)″), as in mirt; Warm's asymptotic 1/√I, which TAM reports, is larger at extreme scores.
/// </param>
public readonly record struct Ability(double Value, double Error);

/// <summary>
/// Ability estimates with their errors. Items missing by design or not reached do not count in a person's test.
/// </summary>
public static class Abilities
{
    /// <param name="scores">Scores of every item from 0 to its curve's maximum.</param>
    /// <param name="curves">One curve for each column; null leaves the item out.</param>
    /// <param name="prior">Prior for EAP and MAP, N(0, 1) by default; a deviation of 0 means that persons do not
    /// differ.</param>
    /// <returns>One estimate for each person. Undefined: <see cref="Undefined.TooFewItems"/> for a person without an
    /// answer, <see cref="Undefined.PerfectScore"/> for the lowest or highest score under maximum likelihood,
    /// <see cref="Undefined.NoVariance"/> where the prior has no variance, <see cref="Undefined.NotConverged"/> where
    /// there is no root within ±60.
    /// </returns>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<Ability>> Estimate(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        AbilityMethod method,
        AbilityDistribution? prior = null
    )
    {
        var responses = new Responses(scores, curves);
        prior ??= new();
        if (!double.IsFinite(prior.Mean) || prior.Deviation is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentException("The prior needs a finite mean and deviation.", nameof(prior));
        var estimates = new Estimate<Ability>[scores.Persons];
        Array.Fill(estimates, Psychometrics.Estimate<Ability>.None(Undefined.TooFewItems));
        if (prior.Deviation == 0 && method is AbilityMethod.ExpectedAPosteriori or AbilityMethod.MaximumAPosteriori)
        {
            Array.Fill(estimates, Psychometrics.Estimate<Ability>.None(Undefined.NoVariance));
            return estimates;
        }
        foreach (var booklet in responses.Booklets)
        {
            var persons = booklet.Persons;
            var weighted = Array.ConvertAll(persons, person => responses.Weighted(person, booklet.Items));
            // Equal weighted scores give equal estimates (the models are exponential families). In sorted order each
            // estimate is a good start for the next.
            var order = Enumerable.Range(0, persons.Length).ToArray();
            var sorted = (double[])weighted.Clone();
            Array.Sort(sorted, order);
            var curvesHere = Array.ConvertAll(booklet.Items, item => responses.Curves[item]);
            var solver = AbilitySolver.For(method, curvesHere, prior);
            MarginalLikelihood.InPieces(
                order.Length,
                (_, from, to) =>
                {
                    var work = solver.Start();
                    for (var at = from; at < to; at++)
                        estimates[persons[order[at]]] =
                            at > from && sorted[at] == sorted[at - 1] ? estimates[persons[order[at - 1]]] : work(sorted[at]);
                }
            );
        }
        return estimates;
    }
}
