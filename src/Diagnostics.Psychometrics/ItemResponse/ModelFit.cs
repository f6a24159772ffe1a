namespace Diagnostics.Psychometrics.ItemResponse;

/// <param name="Outfit">Mean squared standardized residual, 1 when the model holds. Answers to items far from the
/// person's ability count most.</param>
/// <param name="OutfitZ">Wilson–Hilferty standardized: about N(0, 1) where the model holds.</param>
/// <param name="Infit">Mean square weighted by the variances of the scores, 1 when the model holds. Answers to items
/// near the person's ability count most.</param>
/// <param name="Count">Number of answers.</param>
public sealed record ResidualFit(double Outfit, double OutfitZ, double Infit, double InfitZ, int Count);

/// <summary>
/// Infit and outfit of items and of persons, and the standardized likelihood of each person's pattern of answers.
/// </summary>
/// <remarks>
/// Wright, B. D. and Masters, G. N. (1982), Rating Scale Analysis, pp. 98–109, with the cube-root transformation. Like
/// eRm, this class bounds no value. mirt caps the deviation q at √2 and raises every variance to at least √10⁻⁵, which
/// changes the result for steep items. lz (Zh): Drasgow, F., Levine, M. V. and Williams, E. A. (1985), BJMSP, 38,
/// 67–86.
/// </remarks>
public static class ModelFit
{
    /// <summary>
    /// Fit of each column. Undefined for an item without a curve or without answers, and where the model makes an
    /// answer impossible (<see cref="Undefined.NoVariance"/>).
    /// </summary>
    /// <param name="abilities">One for each person; persons with an undefined ability are left out. With maximum
    /// likelihood, this leaves out everybody with an extreme score, as in eRm.</param>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<ResidualFit>> OfItems(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        IReadOnlyList<Estimate<Ability>> abilities
    )
    {
        var responses = Check(scores, curves, abilities);
        var sums = new Sums[scores.Items];
        Each(
            responses,
            abilities,
            (person, item, residual, variance, fourth) => sums[responses.Columns[item]].Add(residual, variance, fourth)
        );
        return Array.ConvertAll(sums, sum => sum.Fit(Undefined.TooFewPersons));
    }

    /// <summary>Fit of each person; undefined without an ability or without answers.</summary>
    /// <inheritdoc cref="OfItems" path="/exception"/>
    public static IReadOnlyList<Estimate<ResidualFit>> OfPersons(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        IReadOnlyList<Estimate<Ability>> abilities
    )
    {
        var responses = Check(scores, curves, abilities);
        var sums = new Sums[scores.Persons];
        Each(responses, abilities, (person, item, residual, variance, fourth) => sums[person].Add(residual, variance, fourth));
        return
        [
            .. sums.Select(
                (sum, person) =>
                    abilities[person].Reason is { } reason ? Estimate<ResidualFit>.None(reason) : sum.Fit(Undefined.TooFewItems)
            ),
        ];
    }

    /// <summary>
    /// lz of each person: the log-likelihood of the pattern at the ability, less its expectation, divided by its
    /// standard deviation. A strongly negative value means that the ability does not explain the pattern. In short
    /// tests, the distribution of lz is only roughly normal.
    /// </summary>
    /// <inheritdoc cref="OfItems" path="/exception"/>
    public static IReadOnlyList<Estimate<double>> StandardizedLikelihoods(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        IReadOnlyList<Estimate<Ability>> abilities
    )
    {
        var responses = Check(scores, curves, abilities);
        var result = Array.ConvertAll([.. abilities], ability => Estimate<double>.None(ability.Reason ?? Undefined.TooFewItems));
        var scratch = new double[responses.MostScores];
        foreach (var booklet in responses.Booklets)
        {
            foreach (var person in booklet.Persons)
            {
                if (!abilities[person].IsDefined)
                    continue;
                var (excess, variance) = (0d, 0d);
                foreach (var item in booklet.Items)
                {
                    var terms = scratch.AsSpan(0, responses.Curves[item].MaximumScore + 1);
                    responses.Curves[item].Probabilities(abilities[person].Value.Value, terms);
                    var (mean, square) = (0d, 0d);
                    foreach (var probability in terms)
                    {
                        if (probability == 0)
                            continue;
                        var log = Math.Log(probability);
                        mean += probability * log;
                        square += probability * log * log;
                    }
                    excess += Math.Log(terms[responses.Score(person, item)]) - mean;
                    variance += square - mean * mean;
                }
                // The variance is 0 when all categories are equally probable, because every pattern then has the same
                // likelihood.
                result[person] =
                    variance > 1e-12 ? Estimate<double>.Of(excess / Math.Sqrt(variance)) : Estimate<double>.None(Undefined.NoVariance);
            }
        }
        return result;
    }

    private static Responses Check(ScoreMatrix scores, IReadOnlyList<ItemParameters?> curves, IReadOnlyList<Estimate<Ability>> abilities)
    {
        ArgumentNullException.ThrowIfNull(abilities);
        var responses = new Responses(scores, curves);
        return abilities.Count == scores.Persons
            ? responses
            : throw new ArgumentException($"{scores.Persons} persons need as many abilities, not {abilities.Count}.", nameof(abilities));
    }

    private static void Each(Responses responses, IReadOnlyList<Estimate<Ability>> abilities, Action<int, int, double, double, double> add)
    {
        var scratch = new double[responses.MostScores];
        foreach (var booklet in responses.Booklets)
        {
            foreach (var person in booklet.Persons)
            {
                if (!abilities[person].IsDefined)
                    continue;
                foreach (var item in booklet.Items)
                {
                    var (mean, variance, _) = responses.Curves[item].Moments(abilities[person].Value.Value, scratch);
                    var fourth = 0d;
                    for (var score = 0; score <= responses.Curves[item].MaximumScore; score++)
                        fourth += Math.Pow(score - mean, 4) * scratch[score];
                    add(person, item, responses.Score(person, item) - mean, variance, fourth);
                }
            }
        }
    }

    private struct Sums
    {
        private double squares,
            variances,
            standardized,
            kurtoses,
            spreads;
        private int count;

        public void Add(double residual, double variance, double fourth)
        {
            // An answer that the model predicts with certainty, to the last digit, carries no information and is not
            // counted.
            if (variance < 1e-24 && Math.Abs(residual) < 1e-12)
                return;
            count++;
            squares += residual * residual;
            variances += variance;
            standardized += residual * residual / variance;
            kurtoses += fourth / variance / variance;
            spreads += fourth - variance * variance;
        }

        public readonly Estimate<ResidualFit> Fit(Undefined tooFew)
        {
            if (count == 0)
                return Estimate<ResidualFit>.None(tooFew);
            if (!(variances > 0))
                return Estimate<ResidualFit>.None(Undefined.NoVariance);
            var (outfit, infit) = (standardized / count, squares / variances);
            var fit = new ResidualFit(
                outfit,
                Standardize(outfit, kurtoses / count / count - 1d / count),
                infit,
                Standardize(infit, spreads / variances / variances),
                count
            );
            // A single answer that is impossible under the model makes the fit infinite; the fit is then undefined.
            return double.IsFinite(fit.Outfit + fit.OutfitZ + fit.Infit + fit.InfitZ)
                ? Estimate<ResidualFit>.Of(fit)
                : Estimate<ResidualFit>.None(Undefined.NoVariance);
        }

        private static double Standardize(double meanSquare, double variance)
        {
            var deviation = Math.Sqrt(Math.Max(variance, 0));
            // When residuals cannot vary (every ability is at the middle of the item), the mean square stays 1, so its
            // standardized value is 0.
            return deviation < 1e-8 ? 0 : (Math.Cbrt(meanSquare) - 1) * 3 / deviation + deviation / 3;
        }
    }
}
