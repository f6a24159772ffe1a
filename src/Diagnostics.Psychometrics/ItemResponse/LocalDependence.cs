namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>How closely the answers to two items are related, beyond what ability explains.</summary>
/// <param name="First">0-based number of the first item.</param>
/// <param name="Second">0-based number of the second item; it is higher than the first.</param>
/// <param name="Q3">Correlation of the residuals.</param>
/// <param name="Expected">Expected Q3 when the items are independent given the ability: it is below 0, because the
/// ability is estimated from the same answers.</param>
/// <param name="Z">Sum of the products of residuals minus its expectation, divided by its standard error; about N(0, 1)
/// when the items are independent.</param>
/// <param name="P">Two-sided p-value of <paramref name="Z"/>.</param>
/// <param name="Persons">Number of persons with an answer to both items.</param>
public sealed record ItemPair(int First, int Second, double Q3, double Expected, double Z, double P, int Persons);

/// <summary>
/// Yen's Q3 finds pairs of items that have more in common than the ability: for instance, they share a text, or the
/// stem of one gives the answer to the other.
/// </summary>
/// <remarks>
/// Yen, W. M. (1984), Effects of local item dependence on the fit and equating performance of the three-parameter
/// logistic model, Applied Psychological Measurement, 8, 125–145. An ability that approximately solves S(θ) = 0 reduces
/// the residual of item i by a_i·v_i·S/I (a its slope, v its variance, S the derivative of the log-likelihood, I the
/// information). So the residuals have covariance −a_i·v_i·a_j·v_j/I and variance v_i − (a_i·v_i)²/I, person by person.
/// Christensen, Makransky and Horton (2017), APM, 41, 178–194, use the mean Q3 of all pairs as the expectation; their
/// choice favours items with steep slopes.
/// </remarks>
public static class LocalDependence
{
    /// <param name="curves">One curve for each column; null leaves the item out.</param>
    /// <param name="abilities">One for each person, estimated by maximum or weighted likelihood; persons with an
    /// undefined ability are left out.</param>
    /// <returns>One for each pair of items with curves, in order. Undefined: <see cref="Undefined.NoCommonUnits"/> when
    /// fewer than four persons answered both items, <see cref="Undefined.NoVariance"/> where an item's residuals do not
    /// vary. </returns>
    /// <exception cref="BadDataException">A score is above the curve's maximum, or a parameter is not
    /// finite.</exception>
    public static IReadOnlyList<Estimate<ItemPair>> Of(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> curves,
        IReadOnlyList<Estimate<Ability>> abilities
    )
    {
        ArgumentNullException.ThrowIfNull(abilities);
        var responses = new Responses(scores, curves);
        if (abilities.Count != scores.Persons)
            throw new ArgumentException($"{scores.Persons} persons need as many abilities, not {abilities.Count}.", nameof(abilities));
        var items = Array.ConvertAll(responses.Columns, _ => new Residuals(abilities.Count));
        Fill(responses, abilities, items);
        return
        [
            .. Enumerable
                .Range(0, items.Length)
                .SelectMany(first =>
                    Enumerable
                        .Range(first + 1, items.Length - first - 1)
                        .Select(second => Pair(responses.Columns[first], items[first], responses.Columns[second], items[second]))
                ),
        ];
    }

    /// <summary>Residuals of one item, by person; NaN where a person has none.</summary>
    private sealed class Residuals(int persons)
    {
        public double[] Values { get; } = [.. Enumerable.Repeat(double.NaN, persons)];

        /// <summary>Slope × variance of the score, divided by the root of the test information.</summary>
        public double[] Pulls { get; } = new double[persons];

        /// <summary>Variance of the residual.</summary>
        public double[] Variances { get; } = new double[persons];
    }

    private static void Fill(Responses responses, IReadOnlyList<Estimate<Ability>> abilities, Residuals[] items)
    {
        var scratch = new double[responses.MostScores];
        foreach (var booklet in responses.Booklets)
        foreach (var person in booklet.Persons)
        {
            if (!abilities[person].IsDefined)
                continue;
            var information = 0d;
            foreach (var item in booklet.Items)
            {
                var (mean, variance, _) = responses.Curves[item].Moments(abilities[person].Value.Value, scratch);
                items[item].Values[person] = responses.Score(person, item) - mean;
                items[item].Variances[person] = variance;
                information += responses.Curves[item].Slope * responses.Curves[item].Slope * variance;
            }
            foreach (var item in booklet.Items)
            {
                var pull = information > 0 ? responses.Curves[item].Slope * items[item].Variances[person] / Math.Sqrt(information) : 0;
                items[item].Pulls[person] = pull;
                items[item].Variances[person] = Math.Max(0, items[item].Variances[person] - pull * pull);
            }
        }
    }

    private static Estimate<ItemPair> Pair(int firstColumn, Residuals first, int secondColumn, Residuals second)
    {
        var (persons, sumFirst, sumSecond) = (0, 0d, 0d);
        for (var person = 0; person < first.Values.Length; person++)
        {
            if (double.IsNaN(first.Values[person]) || double.IsNaN(second.Values[person]))
                continue;
            persons++;
            sumFirst += first.Values[person];
            sumSecond += second.Values[person];
        }
        if (persons < 4)
            return Estimate<ItemPair>.None(Undefined.NoCommonUnits);
        var (both, ofFirst, ofSecond) = (0d, 0d, 0d);
        var (products, expected, varianceFirst, varianceSecond, spread) = (0d, 0d, 0d, 0d, 0d);
        for (var person = 0; person < first.Values.Length; person++)
        {
            if (double.IsNaN(first.Values[person]) || double.IsNaN(second.Values[person]))
                continue;
            var (left, right) = (first.Values[person] - sumFirst / persons, second.Values[person] - sumSecond / persons);
            both += left * right;
            ofFirst += left * left;
            ofSecond += right * right;
            products += first.Values[person] * second.Values[person];
            expected -= first.Pulls[person] * second.Pulls[person];
            varianceFirst += first.Variances[person];
            varianceSecond += second.Variances[person];
            spread += first.Variances[person] * second.Variances[person];
        }
        if (!(ofFirst > 1e-20 * persons) || !(ofSecond > 1e-20 * persons) || !(spread > 1e-20 * persons))
            return Estimate<ItemPair>.None(Undefined.NoVariance);
        var z = (products - expected) / Math.Sqrt(spread);
        return Estimate<ItemPair>.Of(
            new(
                firstColumn,
                secondColumn,
                both / Math.Sqrt(ofFirst) / Math.Sqrt(ofSecond),
                expected / Math.Sqrt(varianceFirst) / Math.Sqrt(varianceSecond),
                z,
                Tails.TwoSided(z),
                persons
            )
        );
    }
}
