using MathNet.Numerics;

namespace Diagnostics.Psychometrics.ItemResponse;

/// <param name="Statistic">Twice the gain in conditional log-likelihood when each group has its own item
/// parameters.</param>
/// <param name="Degrees">Degrees of freedom.</param>
/// <param name="Probability">Probability of a value this large or larger if the items are equally hard in every
/// group.</param>
/// <param name="Items">Columns compared: those that can be estimated in every group.</param>
public sealed record LikelihoodRatio(double Statistic, int Degrees, double Probability, IReadOnlyList<int> Items);

/// <summary>
/// Andersen's likelihood ratio test: are the items equally hard for every group of persons, as the Rasch family
/// demands?
/// </summary>
/// <remarks>
/// Andersen, E. B. (1973), A goodness of fit test for the Rasch model, Psychometrika, 38, 123–140, equation 3.5.
/// </remarks>
public static class AndersenTest
{
    /// <summary>
    /// Splits persons by their share of the points presented to them: those above the median share, and all others, as
    /// in eRm.
    /// </summary>
    /// <inheritdoc cref="ByGroups" path="/returns"/>
    public static Estimate<LikelihoodRatio> ByRawScore(ScoreMatrix scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var shares = Enumerable.Range(0, scores.Persons).Select(person => Share(scores, person)).ToArray();
        var sorted = shares.Where(share => share >= 0).Order().ToArray();
        if (sorted.Length == 0)
            return Estimate<LikelihoodRatio>.None(Undefined.TooFewPersons);
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return ByGroups(scores, [.. shares.Select(share => share > median + 1e-12 ? 1 : 0)]);
    }

    /// <param name="groups">The group of each person; any whole numbers.</param>
    /// <returns>Undefined: <see cref="Undefined.TooFewPersons"/> with fewer than two groups,
    /// <see cref="Undefined.TooFewItems"/> when fewer than two items can be estimated in every group, otherwise with
    /// the reason of the first undefined fit.
    /// </returns>
    public static Estimate<LikelihoodRatio> ByGroups(ScoreMatrix scores, IReadOnlyList<int> groups)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count != scores.Persons)
            throw new ArgumentException($"{scores.Persons} persons need as many group numbers, not {groups.Count}.", nameof(groups));
        int[][] members = [.. Enumerable.Range(0, scores.Persons).GroupBy(person => groups[person]).Select(group => group.ToArray())];
        if (members.Length < 2)
            return Estimate<LikelihoodRatio>.None(Undefined.TooFewPersons);
        var everybody = Enumerable.Range(0, scores.Persons).ToArray();
        var items = Enumerable.Range(0, scores.Items).ToArray();
        while (items.Length >= 2)
        {
            var fits = members
                .Prepend(everybody)
                .Select(persons => ConditionalMaximumLikelihood.Fit(Part(scores, persons, items)))
                .ToArray();
            if (Array.Find(fits, fit => !fit.IsDefined) is { IsDefined: false, Reason: { } reason })
                return Estimate<LikelihoodRatio>.None(reason);
            var kept = items.Where((_, at) => fits.All(fit => fit.Value.Items[at].IsDefined)).ToArray();
            if (kept.Length < items.Length)
            {
                items = kept;
                continue;
            }
            var statistic = 2 * (fits.Skip(1).Sum(fit => fit.Value.LogLikelihood) - fits[0].Value.LogLikelihood);
            var degrees = fits.Skip(1).Sum(fit => fit.Value.Parameters) - fits[0].Value.Parameters;
            return Estimate<LikelihoodRatio>.Of(
                new(statistic, degrees, SpecialFunctions.GammaUpperRegularized(degrees / 2d, Math.Max(0, statistic) / 2), items)
            );
        }
        return Estimate<LikelihoodRatio>.None(Undefined.TooFewItems);
    }

    /// <summary>Share of the presented points that the person earned; −1 without answers.</summary>
    private static double Share(ScoreMatrix scores, int person)
    {
        var (earned, most) = (0d, 0d);
        for (var item = 0; item < scores.Items; item++)
        {
            if (scores.IsMissing(person, item))
                continue;
            earned += scores[person, item];
            most += scores.Maximum(item);
        }
        return most == 0 ? -1 : earned / most;
    }

    private static ScoreMatrix Part(ScoreMatrix scores, int[] persons, int[] items)
    {
        var part = new int[persons.Length, items.Length];
        for (var row = 0; row < persons.Length; row++)
        for (var column = 0; column < items.Length; column++)
            part[row, column] = scores[persons[row], items[column]];
        return new(part);
    }
}
