using Diagnostics.Psychometrics.Equating;

namespace Diagnostics.Engine.Calibration;

/// <summary>How a form works: is it reliable, are its variants parallel, how sure are its levels.</summary>
/// <param name="Failure">Why there is no model; absent when there is one. The rest of the report stands all the same.</param>
/// <param name="Persons">Whose scores were used.</param>
/// <param name="Scale">Boundaries of levels of the whole result, percent, from the lowest.</param>
/// <param name="Parallelism">May the variants be treated as parallel?</param>
public sealed record FormReport(
    Guid FormId, string Fingerprint, CalibrationOptions Options, string? Failure, string? FailureDetail,
    int Persons, SessionsLeftOut LeftOut, IReadOnlyList<decimal> Scale,
    IReadOnlyList<VariantReport> Variants, ModelReport? Model, ParallelVariants Parallelism, IReadOnlyList<ComparedGroup> Groups, RatersReport? Raters);

/// <param name="Maximum">Points.</param>
/// <param name="Mean">Points.</param>
/// <param name="Alpha">Cronbach; with Feldt's 95 % interval.</param>
/// <param name="Omega">McDonald, one factor.</param>
/// <param name="StandardError">Of measurement, points.</param>
/// <param name="Accuracy">Share of people put into the level of their true score (Livingston and Lewis).</param>
/// <param name="Consistency">Share put into the same level by two parallel variants.</param>
/// <param name="Information">Of the variant under the model; empty without one.</param>
public sealed record VariantReport(
    int Variant, int Persons, int Items, int Maximum, Figure Mean, Figure Deviation, Figure Alpha, Figure AlphaFrom, Figure AlphaTo, Figure Omega, Figure SplitHalf,
    Figure StandardError, Figure Accuracy, Figure Consistency, Figure Kappa,
    IReadOnlyList<BoundaryReport> Boundaries, IReadOnlyList<BlockReport> Blocks, IReadOnlyList<InformationPoint> Information);

/// <summary>How sure a result is at the boundary of two levels.</summary>
/// <param name="Percent">The boundary.</param>
/// <param name="Points">The same in points of the variant.</param>
/// <param name="StandardError">Of a total near it, points: compound multinomial, from the scores alone.</param>
/// <param name="ModelAbility">Where the model expects that result, logits; absent without a model.</param>
/// <param name="ModelError">Standard error of the total there, points.</param>
public sealed record BoundaryReport(decimal Percent, double Points, Figure StandardError, Figure? ModelAbility = null, Figure? ModelError = null);

/// <param name="Alpha">Of the block alone.</param>
/// <param name="StandardError">Of measurement of the block, points.</param>
public sealed record BlockReport(string Block, int Items, int Maximum, Figure Mean, Figure Deviation, Figure Alpha, Figure StandardError);

/// <param name="Ability">Logits.</param>
/// <param name="Error">Standard error of the ability there.</param>
public sealed record InformationPoint(double Ability, double Information, double Error);

/// <summary>The model as a whole and the people under it.</summary>
/// <param name="Parameters">Free ones.</param>
/// <param name="Variance">Of abilities; 1 by convention where slopes are items' own.</param>
/// <param name="VarianceError">Absent where the variance is fixed.</param>
/// <param name="Reliability">Of the estimates of abilities (EAP).</param>
/// <param name="Quantiles">Of the estimates: 5, 25, 50, 75, 95 %.</param>
/// <param name="Misfitting">Share of people whose answers the model does not explain (standardized likelihood below −1.645; 5 % are expected).</param>
/// <param name="Uncalibrated">Items left out, in words.</param>
public sealed record ModelReport(
    CalibrationModel Model, int Persons, int Parameters, double LogLikelihood, double Aic, double Bic, double Variance, double? VarianceError, int Nodes, int Evaluations,
    Figure Mean, Figure Deviation, Figure Reliability, IReadOnlyList<double> Quantiles, Figure Misfitting, IReadOnlyList<string> Uncalibrated);

/// <param name="Verdict">Of all comparisons of whole variants together; absent when nothing could be compared.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="AssignmentProbability">Were variants dealt out evenly over sites? A small probability speaks against it, and against all the rest.</param>
public sealed record ParallelVariants(ParallelVerdict? Verdict, string Detail, Figure AssignmentProbability, IReadOnlyList<VariantComparison> Comparisons);

/// <summary>A variant beside the first, dealt to people at random: points of the one as points of the other.</summary>
/// <param name="Block">Absent for the whole result.</param>
/// <param name="MeanDifference">Mean of the first variant less that of this: positive when this one is harder.</param>
/// <param name="MeanError">Its standard error.</param>
/// <param name="DistributionProbability">That such distributions come of parallel variants.</param>
/// <param name="IdentityError">Error of leaving points as they are, points.</param>
/// <param name="EquatedError">Error of equated points, points.</param>
/// <param name="PowerToSee">The mean difference that so many people would show nine times in ten.</param>
/// <param name="Scores">Score by score; empty where the comparison is undefined.</param>
/// <param name="Detail">The verdict in words.</param>
public sealed record VariantComparison(
    string? Block, int Variant, int Reference, int Maximum, int Persons, int ReferencePersons, Figure MeanDifference, Figure MeanError, Figure DistributionProbability,
    Figure IdentityError, Figure EquatedError, Figure PowerToSee, ParallelVerdict? Verdict, string Detail, IReadOnlyList<EquatedScore> Scores);

/// <summary>Points on the variant and their equals on the first, by three methods.</summary>
/// <param name="Equipercentile">After log-linear smoothing.</param>
/// <param name="StandardError">Of the equipercentile equal.</param>
public sealed record EquatedScore(int Score, double Mean, double? Linear, double Equipercentile, double StandardError);

/// <param name="By"><c>territory</c>, <c>organisation</c> or <c>site</c>.</param>
/// <param name="Variants">On which there were people enough to compare.</param>
/// <param name="Noticeable">Items that work noticeably otherwise for the group (class C or CC).</param>
public sealed record ComparedGroup(string By, string Group, int Persons, IReadOnlyList<int> Variants, int Noticeable);

/// <summary>Experts beside one another on the same answers.</summary>
/// <param name="MarkedTwice">Answers with two independent marks or more.</param>
/// <param name="Alpha">Krippendorff, interval metric.</param>
/// <param name="Exact">Share of equal pairs of marks.</param>
/// <param name="Severe">Experts severer than the others beyond chance.</param>
/// <param name="Lenient">More lenient.</param>
public sealed record RatersReport(int Experts, int Answers, int MarkedTwice, Figure Alpha, Figure Exact, int Severe, int Lenient);
