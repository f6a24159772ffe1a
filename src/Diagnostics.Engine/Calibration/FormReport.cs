using Diagnostics.Psychometrics.Equating;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// How a form works: its reliability, whether its variants are parallel, and how certain its levels are.
/// </summary>
/// <param name="Failure">Why there is no model; absent when there is one. The rest of the report is valid in either
/// case.</param>
/// <param name="Persons">Number of people whose scores were used.</param>
/// <param name="Scale">Level boundaries of the whole result, percent, from the lowest.</param>
/// <param name="Parallelism">Whether the variants may be treated as parallel.</param>
public sealed record FormReport(
    Guid FormId,
    string Fingerprint,
    CalibrationOptions Options,
    string? Failure,
    string? FailureDetail,
    int Persons,
    SessionsLeftOut LeftOut,
    IReadOnlyList<decimal> Scale,
    IReadOnlyList<VariantReport> Variants,
    ModelReport? Model,
    ParallelVariants Parallelism,
    IReadOnlyList<ComparedGroup> Groups,
    RatersReport? Raters
);

/// <param name="Maximum">Largest possible score, points.</param>
/// <param name="Mean">Mean score, points.</param>
/// <param name="Alpha">Cronbach's alpha, with Feldt's 95 % interval.</param>
/// <param name="Omega">McDonald's omega with one factor.</param>
/// <param name="StandardError">Standard error of measurement, points.</param>
/// <param name="Accuracy">Share of people put into the level of their true score (Livingston and Lewis).</param>
/// <param name="Consistency">Share of people put into the same level by two parallel variants.</param>
/// <param name="Information">Information of the variant under the model; empty without a model.</param>
public sealed record VariantReport(
    int Variant,
    int Persons,
    int Items,
    int Maximum,
    Figure Mean,
    Figure Deviation,
    Figure Alpha,
    Figure AlphaFrom,
    Figure AlphaTo,
    Figure Omega,
    Figure SplitHalf,
    Figure StandardError,
    Figure Accuracy,
    Figure Consistency,
    Figure Kappa,
    IReadOnlyList<BoundaryReport> Boundaries,
    IReadOnlyList<BlockReport> Blocks,
    IReadOnlyList<InformationPoint> Information
);

/// <summary>The precision of a result at the boundary of two levels.</summary>
/// <param name="Percent">The boundary, percent.</param>
/// <param name="Points">The boundary in points of the variant.</param>
/// <param name="StandardError">Standard error of a total near the boundary, points, computed from the scores alone by
/// the compound multinomial model.</param>
/// <param name="ModelAbility">Ability at which the model expects that result, logits; absent without a model.</param>
/// <param name="ModelError">Standard error of the total at that ability, points.</param>
public sealed record BoundaryReport(
    decimal Percent,
    double Points,
    Figure StandardError,
    Figure? ModelAbility = null,
    Figure? ModelError = null
);

/// <param name="Alpha">Alpha of the block alone.</param>
/// <param name="StandardError">Standard error of measurement of the block, points.</param>
public sealed record BlockReport(string Block, int Items, int Maximum, Figure Mean, Figure Deviation, Figure Alpha, Figure StandardError);

/// <param name="Ability">Logits.</param>
/// <param name="Error">Standard error of an ability estimate at this ability.</param>
public sealed record InformationPoint(double Ability, double Information, double Error);

/// <summary>The model as a whole, and the abilities that it gives to the people.</summary>
/// <param name="Parameters">Number of free parameters.</param>
/// <param name="Variance">Variance of abilities; 1 by convention where items have separate slopes.</param>
/// <param name="VarianceError">Standard error of the variance; absent where the variance is fixed.</param>
/// <param name="Reliability">Reliability of the estimates of abilities (EAP).</param>
/// <param name="Quantiles">Quantiles of the estimates: 5, 25, 50, 75, 95 %.</param>
/// <param name="Misfitting">Share of people whose answers the model does not explain (standardized likelihood below
/// −1.645; 5 % are expected).</param>
/// <param name="Uncalibrated">Items left out of the model, in words.</param>
public sealed record ModelReport(
    CalibrationModel Model,
    int Persons,
    int Parameters,
    double LogLikelihood,
    double Aic,
    double Bic,
    double Variance,
    double? VarianceError,
    int Nodes,
    int Evaluations,
    Figure Mean,
    Figure Deviation,
    Figure Reliability,
    IReadOnlyList<double> Quantiles,
    Figure Misfitting,
    IReadOnlyList<string> Uncalibrated
);

/// <param name="Verdict">The overall verdict: the worst among the comparisons of whole variants; absent unless every
/// whole variant could be compared.</param>
/// <param name="Detail">The reason for the verdict, in words.</param>
/// <param name="AssignmentProbability">Probability that chance alone would spread the variants over the sites at least
/// this unevenly; a small value is evidence against random assignment, and so against all the comparisons.</param>
public sealed record ParallelVariants(
    ParallelVerdict? Verdict,
    string Detail,
    Figure AssignmentProbability,
    IReadOnlyList<VariantComparison> Comparisons
);

/// <summary>
/// Compares a variant with the first variant, given that variants were assigned at random, and expresses points of this
/// variant as points of the first.
/// </summary>
/// <param name="Block">Absent for the whole result.</param>
/// <param name="MeanDifference">Mean of the first variant minus the mean of this variant; positive when this variant is
/// harder.</param>
/// <param name="MeanError">Standard error of the mean difference.</param>
/// <param name="DistributionProbability">Probability that parallel variants would give distributions at least this
/// different.</param>
/// <param name="IdentityError">Error of points that are left as they are, not equated; in points.</param>
/// <param name="EquatedError">Error of equated points, in points.</param>
/// <param name="PowerToSee">The mean difference that would be found nine times in ten with this number of
/// people.</param>
/// <param name="Scores">Equated scores, score by score; empty where the comparison is undefined.</param>
/// <param name="Detail">The verdict in words.</param>
public sealed record VariantComparison(
    string? Block,
    int Variant,
    int Reference,
    int Maximum,
    int Persons,
    int ReferencePersons,
    Figure MeanDifference,
    Figure MeanError,
    Figure DistributionProbability,
    Figure IdentityError,
    Figure EquatedError,
    Figure PowerToSee,
    ParallelVerdict? Verdict,
    string Detail,
    IReadOnlyList<EquatedScore> Scores
);

/// <summary>Points on the variant and their equivalents on the first variant, by three methods.</summary>
/// <param name="Equipercentile">Equipercentile equivalent after log-linear smoothing.</param>
/// <param name="StandardError">Standard error of the equipercentile equivalent.</param>
public sealed record EquatedScore(int Score, double Mean, double? Linear, double Equipercentile, double StandardError);

/// <param name="By"><c>territory</c>, <c>organisation</c> or <c>site</c>.</param>
/// <param name="Variants">Variants with enough people to compare.</param>
/// <param name="Noticeable">Number of items that work noticeably differently for the group (class C or CC).</param>
public sealed record ComparedGroup(string By, string Group, int Persons, IReadOnlyList<int> Variants, int Noticeable);

/// <summary>Compares experts who marked the same answers.</summary>
/// <param name="MarkedTwice">Number of answers with at least two independent marks.</param>
/// <param name="Alpha">Krippendorff's alpha, interval metric.</param>
/// <param name="Exact">Share of pairs of marks that are equal.</param>
/// <param name="Severe">Number of experts who are more severe than the others beyond chance.</param>
/// <param name="Lenient">Number of experts who are more lenient than the others beyond chance.</param>
public sealed record RatersReport(int Experts, int Answers, int MarkedTwice, Figure Alpha, Figure Exact, int Severe, int Lenient);
