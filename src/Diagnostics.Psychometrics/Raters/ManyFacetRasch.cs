namespace Diagnostics.Psychometrics.Raters;

/// <summary>One mark: the person marked, the item, the rater and the score; numbers start from 0.</summary>
/// <param name="Score">0 or more.</param>
public readonly record struct FacetRating(int Person, int Item, int Rater, int Score);

/// <summary>The points of the integral over ability: equally spaced, weighted by the normal density.</summary>
/// <param name="Points">At least 7.</param>
/// <param name="Bound">The outermost points are at ± this bound.</param>
/// <param name="InDeviations">True = the bound is in standard deviations of ability and moves with them; false = it is
/// in logits.</param>
public sealed record AbilityGrid(int Points, double Bound, bool InDeviations)
{
    /// <summary>A grid so wide and fine that a wider or finer one would change no printed digit.</summary>
    public static AbilityGrid Wide { get; } = new(121, 6, true);
}

/// <summary>
/// Mean squares: about 1 when marks scatter as the model predicts, above 1 when they are erratic, below 1 when they are
/// more regular than chance would allow.
/// </summary>
/// <param name="Infit">Mean square weighted by information.</param>
/// <param name="Outfit">Unweighted mean square, so that single surprising marks count.</param>
/// <remarks>
/// The squared residuals are averaged over each person's posterior (Wu 1997; TAM's msq.itemfit), which keeps their
/// expectation at 1. With ability estimates in place of the posterior, the expectation would be lower.
/// </remarks>
public readonly record struct RatingFit(double Infit, double Outfit);

/// <param name="Severity">In logits; positive = severe; the severities of all estimated raters sum to 0.</param>
/// <param name="StandardError">Computed from the observed information, so it allows for the errors of the other
/// parameters.</param>
/// <param name="Group">Raters of the same group are linked by persons whom they both marked. Different groups are
/// linked only by the random assignment of scripts.</param>
public sealed record RaterMeasure(
    int Rater,
    int Ratings,
    Estimate<double> Severity,
    Estimate<double> StandardError,
    Estimate<RatingFit> Fit,
    int Group
);

/// <param name="Difficulty">The ability, in logits, at which the lowest and highest scores in use are equally probable
/// with an average rater.</param>
/// <param name="Steps">Deviations τ₁…τ_m of the steps from the difficulty, which sum to 0; undefined when some score
/// between 0 and the largest was never given.</param>
public sealed record FacetItemMeasure(
    int Item,
    int Ratings,
    Estimate<double> Difficulty,
    Estimate<double> StandardError,
    Estimate<IReadOnlyList<double>> Steps,
    Estimate<RatingFit> Fit
);

/// <param name="Ability">The posterior's mean (EAP), in logits, adjusted for the severity of the person's
/// raters.</param>
/// <param name="Deviation">Standard deviation of the posterior.</param>
public readonly record struct FacetPersonMeasure(int Person, int Ratings, double Ability, double Deviation);

/// <summary>
/// The many-facet Rasch model, P(x) ∝ exp(x(θ − δ_item − λ_rater) − Σ_{k≤x} τ_item,k), where θ is normal with mean 0,
/// fitted by marginal maximum likelihood.
/// </summary>
/// <remarks>
/// Linacre (1989), Many-facet Rasch measurement; steps by item as in Masters (1982). The estimates are those of
/// TAM::tam.mml.mfr(~ item + rater + item:step); FACETS maximises the joint likelihood instead, which stretches the
/// scale. Scores that nobody gave get no category, as in Wilson and Masters (1993), Psychometrika 58, 87–99. The fit
/// starts with EM and ends with Newton steps on the observed information of Louis (1982), JRSS B 44, 226–233, which
/// also gives the standard errors. Raters who gave every item its lowest or every item its highest score have no finite
/// severity: they are left out, with <see cref="Undefined.PerfectScore"/> as the reason, as are items with only one
/// score.
/// </remarks>
/// <param name="LogLikelihood">Marginal log-likelihood.</param>
/// <param name="Variance">Variance of ability, logits².</param>
/// <param name="LargestStep">Largest change of a parameter in the last step; it shows how closely the fit
/// converged.</param>
public sealed record ManyFacetRasch(
    double LogLikelihood,
    double Variance,
    IReadOnlyList<RaterMeasure> Raters,
    IReadOnlyList<FacetItemMeasure> Items,
    IReadOnlyList<FacetPersonMeasure> Persons,
    int Parameters,
    int Iterations,
    double LargestStep
)
{
    /// <param name="ratings">The marks, in any order; a rater need not see every person or item.</param>
    /// <param name="grid">Null = <see cref="AbilityGrid.Wide"/>.</param>
    /// <returns>Undefined with fewer than two persons, with fewer than two raters that can be estimated, when no item
    /// has two different scores, when the information is singular, or when the iterations do not settle. </returns>
    /// <exception cref="BadDataException">A number is negative, or the same rater marked a person twice on the same
    /// item; the row is the index of the rating.</exception>
    public static Estimate<ManyFacetRasch> Fit(IReadOnlyList<FacetRating> ratings, AbilityGrid? grid = null, int maxIterations = 500)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        grid ??= AbilityGrid.Wide;
        if (grid.Points < 7 || !(grid.Bound > 0))
            throw new ArgumentException("The grid needs 7 points and a positive bound.", nameof(grid));
        var seen = new HashSet<(int, int, int)>();
        for (var row = 0; row < ratings.Count; row++)
        {
            var (person, item, rater, score) = ratings[row];
            if (person < 0 || item < 0 || rater < 0 || score < 0)
                throw new BadDataException(
                    $"Rating {row} holds a negative number: person {person}, item {item}, rater {rater}, score {score}.",
                    row,
                    person < 0 ? 0
                        : item < 0 ? 1
                        : rater < 0 ? 2
                        : 3
                );
            if (!seen.Add((person, item, rater)))
                throw new BadDataException($"Rating {row}: rater {rater} has marked person {person} on item {item} before.", row, null);
        }
        var design = FacetDesign.Of(ratings);
        if (design.Reason is { } reason)
            return Estimate<ManyFacetRasch>.None(reason);
        var search = new FacetLikelihood(design, grid);
        if (search.Maximise(maxIterations) is { } failed)
            return Estimate<ManyFacetRasch>.None(failed);
        return Estimate<ManyFacetRasch>.Of(search.Report(ratings));
    }
}
