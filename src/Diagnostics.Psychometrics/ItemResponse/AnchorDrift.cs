namespace Diagnostics.Psychometrics.ItemResponse;

/// <summary>How far a known item has moved since its calibration.</summary>
/// <param name="Column">Column of the score matrix.</param>
/// <param name="Released">The item as estimated from these answers while all other known items are held, with its
/// standard errors.</param>
/// <param name="Displacement">New location minus the known one, logits.</param>
/// <param name="DisplacementError">Standard error of the displacement; the known parameters count as exact.</param>
/// <param name="Statistic">Twice the gain in log-likelihood when the item is released.</param>
/// <param name="Degrees">Degrees of freedom: the item's parameters.</param>
/// <param name="P">Probability of a value this large or larger if the item has not moved.</param>
/// <param name="RobustZ">The displacement minus the median of all displacements, divided by .74 of their interquartile
/// range; an item beyond ±1.645 stands apart from the others. Null when fewer than four items can be compared or they
/// hardly differ.</param>
public sealed record DriftedItem(
    int Column,
    MarginalItem Released,
    double Displacement,
    double DisplacementError,
    double Statistic,
    int Degrees,
    double P,
    double? RobustZ
);

/// <summary>
/// Whether the known items of a fixed-item calibration still behave as they did: each is released in turn while the
/// others are held.
/// </summary>
/// <remarks>
/// Likelihood ratio: Thissen, D., Steinberg, L. and Wainer, H. (1993), in Holland and Wainer, Differential item
/// functioning, ch. 4. Robust z: Huynh, H. and Meyer, P. (2010), Practical Assessment, Research and Evaluation, 15(2).
/// Where several items moved, drop the one with the largest statistic from the known items and test again. The service
/// does not use this class yet. It is meant for the item report of a campaign that uses items again.
/// </remarks>
public static class AnchorDrift
{
    private const double RobustScale = 0.74;

    /// <returns>One for each column with a known item, in order. The whole result is undefined where
    /// <see cref="FixedItemCalibration.Fit"/> is, and an entry where its item cannot be calibrated; the reason is
    /// given.</returns>
    /// <inheritdoc cref="FixedItemCalibration.Fit"/>
    public static Estimate<IReadOnlyList<Estimate<DriftedItem>>> Of(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> known,
        FixedItemOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new();
        return FixedItemCalibration
            .Fit(scores, known, options, cancel)
            .Then(held =>
            {
                var items = Enumerable
                    .Range(0, known.Count)
                    .Where(column => known[column] is not null)
                    .Select(column => Release(scores, known, column, held, options, cancel))
                    .ToArray();
                return (IReadOnlyList<Estimate<DriftedItem>>)WithRobustZ(items);
            });
    }

    private static Estimate<DriftedItem> Release(
        ScoreMatrix scores,
        IReadOnlyList<ItemParameters?> known,
        int column,
        FixedItemFit held,
        FixedItemOptions options,
        CancellationToken cancel
    )
    {
        var others = known.Select((item, at) => at == column ? null : item).ToArray();
        return FixedItemCalibration
            .Fit(scores, others, options, cancel)
            .Then(released =>
            {
                if (released.Items[column].Reason is { } reason)
                    return Estimate<DriftedItem>.None(reason);
                var item = released.Items[column].Value;
                // An item whose highest scores no longer occur now has fewer steps than before, so the two versions
                // cannot be compared.
                if (item.Parameters.MaximumScore != known[column]!.MaximumScore)
                    return Estimate<DriftedItem>.None(Undefined.EmptyCategory);
                var displacement = item.Parameters.Location - known[column]!.Location;
                if (!double.IsFinite(displacement))
                    return Estimate<DriftedItem>.None(Undefined.NotConverged);
                var degrees = released.Parameters - held.Parameters;
                var statistic = Math.Max(0, 2 * (released.LogLikelihood - held.LogLikelihood));
                return Estimate<DriftedItem>.Of(
                    new(
                        column,
                        item,
                        displacement,
                        released.LocationErrors[column],
                        statistic,
                        degrees,
                        Tails.ChiSquare(statistic, degrees),
                        null
                    )
                );
            });
    }

    private static Estimate<DriftedItem>[] WithRobustZ(Estimate<DriftedItem>[] items)
    {
        double[] sorted = [.. items.Where(item => item.IsDefined).Select(item => item.Value.Displacement).Order()];
        if (sorted.Length < 4)
            return items;
        var scale = RobustScale * (Quantile(0.75) - Quantile(0.25));
        if (!(scale > 1e-9))
            return items;
        var median = Quantile(0.5);
        return Array.ConvertAll(items, item => item.Then(one => one with { RobustZ = (one.Displacement - median) / scale }));

        // Interpolates linearly between order statistics, as R does by default.
        double Quantile(double share)
        {
            var place = share * (sorted.Length - 1);
            var below = (int)place;
            return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
        }
    }
}
