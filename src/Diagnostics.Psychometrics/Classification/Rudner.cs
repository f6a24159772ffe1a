namespace Diagnostics.Psychometrics.Classification;

/// <summary>Classification by ability estimates with their standard errors.</summary>
/// <remarks>
/// Rudner (2001), PARE 7(14); Rudner (2005), PARE 10(13): the estimate of a person with true ability θ is normal about
/// θ, with the standard error at θ. The level of the given ability counts as the true one.
/// </remarks>
public static class Rudner
{
    /// <param name="abilities">Persons' estimates, or points of a grid.</param>
    /// <param name="standardErrors">One for each ability, above 0; 1/√information on a grid.</param>
    /// <param name="cuts">Rising, on the ability scale.</param>
    /// <param name="weights">One for each ability, 0 or more, with any positive sum; null = each ability counts
    /// once.</param>
    /// <returns>Undefined without persons.</returns>
    /// <exception cref="BadDataException">The lengths differ, or an ability, error or weight is out of range; the row
    /// is the position of that value.</exception>
    public static Estimate<ClassificationQuality> Classify(
        IReadOnlyList<double> abilities,
        IReadOnlyList<double> standardErrors,
        IReadOnlyList<double> cuts,
        IReadOnlyList<double>? weights = null
    )
    {
        ArgumentNullException.ThrowIfNull(abilities);
        ArgumentNullException.ThrowIfNull(standardErrors);
        Cuts.Check(cuts);
        if (standardErrors.Count != abilities.Count || (weights is not null && weights.Count != abilities.Count))
            throw new BadDataException("Abilities, standard errors and weights must be equally many.", null, null);
        var total = 0.0;
        for (var row = 0; row < abilities.Count; row++)
        {
            if (!double.IsFinite(abilities[row]))
                throw new BadDataException($"Ability {row} is not finite.", row, 0);
            if (!(standardErrors[row] > 0) || !double.IsFinite(standardErrors[row]))
                throw new BadDataException($"Standard error {row} is not positive and finite.", row, 1);
            if (weights is not null && (!(weights[row] >= 0) || !double.IsFinite(weights[row])))
                throw new BadDataException($"Weight {row} is negative or not finite.", row, 2);
            total += weights?[row] ?? 1;
        }
        if (!(total > 0))
            return Estimate<ClassificationQuality>.None(Undefined.TooFewPersons);
        var sums = new ClassificationSums(cuts.Count + 1);
        for (var row = 0; row < abilities.Count; row++)
            sums.Add(
                (weights?[row] ?? 1) / total,
                Cuts.Level(abilities[row], cuts),
                LevelProbabilities.Of(abilities[row], standardErrors[row], cuts)
            );
        return Estimate<ClassificationQuality>.Of(sums.Quality);
    }
}
