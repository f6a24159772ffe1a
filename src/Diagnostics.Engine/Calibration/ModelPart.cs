using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// Fits the model: one scale for all variants, which is valid because variants are assigned at random.
/// </summary>
internal sealed class ModelPart
{
    /// <summary>The usual prior of slopes in mirt and flexMIRT, on the logistic scale.</summary>
    private static readonly SlopePrior Prior = new(0, 0.5);

    private static readonly double[] Quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

    private readonly IReadOnlyList<VariantScores> variants;
    private readonly CalibrationOptions options;
    private readonly ScoreMatrix scores;
    private readonly MarginalFit fit;
    private readonly IReadOnlyList<CalibrationItem> items;
    private readonly IReadOnlyList<int[]> categories;

    private ModelPart(IReadOnlyList<VariantScores> variants, CalibrationOptions options, ScoreMatrix scores, MarginalFit fit)
    {
        (this.variants, this.options, this.scores, this.fit) = (variants, options, scores, fit);
        items = variants.SelectMany(variant => variant.Items).ToList();
        categories = variants.SelectMany(variant => Enumerable.Range(0, variant.Items.Count).Select(variant.Categories)).ToList();
    }

    private MarginalModel Model => options.HasOwnSlopes ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit;

    /// <summary>Why the model cannot be fitted at all; null when it can.</summary>
    internal static (CalibrationFailure Failure, string Detail)? Preconditions(
        IReadOnlyList<VariantScores> variants,
        CalibrationOptions options
    )
    {
        if (variants.Count == 0)
            return (CalibrationFailure.NoScores, "Нет ни одного сеанса, в котором решены баллы за все задания.");
        if (
            options.IsDichotomous
            && variants.SelectMany(variant => variant.Items.Where((_, at) => variant.Categories(at).Length > 2)).ToList()
                is { Count: > 0 } rich
        )
            return (
                CalibrationFailure.NotDichotomous,
                $"Модель {Codes.Of(options.Model)} — только для заданий «верно — неверно», а неполные баллы есть у заданий: "
                    + $"{Listed(rich.Select(item => item.Code))}. Возьмите "
                    + $"{Codes.Of(options.HasOwnSlopes ? CalibrationModel.Gpcm : CalibrationModel.Pcm)}."
            );
        if (variants.Where(variant => variant.Persons.Count < options.PersonsNeeded).ToList() is { Count: > 0 } few)
            return (
                CalibrationFailure.TooFewPersons,
                "Слишком мало участников: "
                    + $"{string.Join("; ", few.Select(variant => $"вариант {variant.Variant} — {variant.Persons.Count}"))}; нужно "
                    + $"не меньше {options.PersonsNeeded} на вариант."
            );
        if (variants.FirstOrDefault(variant => variant.Totals.Distinct().Count() < 2) is { } alike)
            return (CalibrationFailure.NoVariance, $"У всех участников варианта {alike.Variant} один и тот же балл: оценивать нечего.");
        return null;
    }

    internal static Estimate<ModelPart> Fit(IReadOnlyList<VariantScores> variants, CalibrationOptions options, CancellationToken cancel)
    {
        var scores = VariantScores.Together(variants);
        var fit = MarginalMaximumLikelihood.Fit(
            scores,
            new(
                options.HasOwnSlopes ? MarginalModel.GeneralizedPartialCredit : MarginalModel.PartialCredit,
                Prior: options.SlopePrior ? Prior : null,
                MostIterations: options.MostIterations
            ),
            cancel
        );
        return fit.Reason is { } reason
            ? Estimate<ModelPart>.None(reason)
            : Estimate<ModelPart>.Of(new(variants, options, scores, fit.Value));
    }

    internal (IReadOnlyList<ModelItem> Items, ModelReport Report) Judge(CancellationToken cancel)
    {
        var weighted = Abilities.Estimate(scores, fit.Curves, AbilityMethod.WeightedLikelihood);
        cancel.ThrowIfCancellationRequested();
        var residuals = ModelFit.OfItems(scores, fit.Curves, weighted);
        cancel.ThrowIfCancellationRequested();
        var chiSquares = ScoreChiSquares.Of(scores, fit, Model);
        cancel.ThrowIfCancellationRequested();
        var patterns = ModelFit
            .StandardizedLikelihoods(scores, fit.Curves, weighted)
            .Where(value => value.IsDefined)
            .Select(value => value.Value)
            .ToList();
        cancel.ThrowIfCancellationRequested();
        var estimates = Abilities.Estimate(scores, fit.Curves, AbilityMethod.ExpectedAPosteriori, fit.Abilities);
        var abilities = estimates.Where(estimate => estimate.IsDefined).Select(estimate => estimate.Value.Value).Order().ToArray();
        var report = new ModelReport(
            Model: options.Model,
            Persons: fit.Persons,
            Parameters: fit.Parameters,
            LogLikelihood: fit.LogLikelihood,
            Aic: fit.Aic,
            Bic: fit.Bic,
            Variance: fit.Variance,
            VarianceError: fit.VarianceError,
            Nodes: fit.Nodes,
            Evaluations: fit.Evaluations,
            Mean: abilities.Length == 0 ? Figure.None(Undefined.TooFewPersons) : Figure.Of(abilities.Average()),
            Deviation: Deviation(abilities),
            Reliability: Figure.Of(Information.EmpiricalReliability(estimates)),
            Quantiles: abilities.Length == 0
                ? []
                : Quantiles.Select(share => Math.Round(abilities[(int)Math.Round(share * (abilities.Length - 1))], 6)).ToList(),
            Misfitting: patterns.Count == 0
                ? Figure.None(Undefined.TooFewPersons)
                : Figure.Of((double)patterns.Count(value => value < -1.645) / patterns.Count),
            Uncalibrated: items
                .Select(
                    (item, at) =>
                        fit.Items[at].Reason is { } reason
                            ? $"{item.Code} (вариант {item.Variant}, позиция {item.Slot}): {CalibrationWords.Why(reason)}."
                            : null
                )
                .OfType<string>()
                .ToList()
        );
        return (items.Select((_, at) => Item(fit.Items[at], categories[at], residuals[at], chiSquares[at])).ToList(), report);
    }

    internal IReadOnlyList<CalibratedItem> Calibrated(IReadOnlyList<ModelItem> judged) =>
        items
            .Select(
                (item, at) =>
                    CurveOf(at) is { } curve
                        ? new CalibratedItem(
                            item.Variant,
                            item.Slot,
                            item.Code,
                            item.Version,
                            curve,
                            judged[at].Infit.Value,
                            judged[at].Outfit.Value
                        )
                        : null
            )
            .OfType<CalibratedItem>()
            .ToList();

    /// <summary>
    /// Completes a variant's report with the variant's information and with the model's figures for the boundaries.
    /// </summary>
    internal VariantReport Complete(VariantReport report)
    {
        var first = variants.TakeWhile(variant => variant.Variant != report.Variant).Sum(variant => variant.Items.Count);
        var own = Enumerable.Range(first, report.Items).Select(CurveOf).ToList();
        if (own.Contains(null))
            return report;
        var curve = new TestCurve(own.OfType<PointsCurve>().ToList(), report.Maximum);
        var parameters = curve.Items.Select(item => item.Parameters).ToList();
        return report with
        {
            Boundaries = report
                .Boundaries.Select(boundary =>
                    curve.AbilityAt((double)boundary.Percent / 100) is { } at
                        ? boundary with
                        {
                            ModelAbility = Figure.Of(at),
                            ModelError = Figure.Of(curve.PointsError(at)),
                        }
                        : boundary
                )
                .ToList(),
            Information = Enumerable
                .Range(-8, 17)
                .Select(half => half / 2d)
                .Select(ability => (ability, Information.OfTest(parameters, ability)))
                .Select(point => new InformationPoint(point.ability, Math.Round(point.Item2, 6), Math.Round(1 / Math.Sqrt(point.Item2), 6)))
                .ToList(),
        };
    }

    private PointsCurve? CurveOf(int item) => fit.Curves[item] is { } parameters ? new(parameters, categories[item]) : null;

    private static ModelItem Item(
        Estimate<MarginalItem> item,
        int[] points,
        Estimate<ResidualFit> residual,
        Estimate<ScoreChiSquare> chiSquare
    )
    {
        if (item.Reason is { } reason)
        {
            var none = Figure.None(reason);
            return new(
                Points: points,
                Slope: null,
                SlopeError: null,
                Steps: [],
                StepErrors: [],
                Location: null,
                Infit: none,
                InfitZ: none,
                Outfit: none,
                OutfitZ: none,
                ScoreChiSquare: none,
                ScoreDegrees: none,
                ScoreProbability: none,
                Why: CalibrationWords.Why(reason)
            );
        }
        var (parameters, errors) = (item.Value.Parameters, item.Value.Errors!);
        return new(
            Points: points,
            Slope: parameters.Slope,
            SlopeError: errors.Slope,
            Steps: parameters.Steps,
            StepErrors: errors.Steps,
            Location: parameters.Location,
            Infit: Figure.Of(residual, fit => fit.Infit),
            InfitZ: Figure.Of(residual, fit => fit.InfitZ),
            Outfit: Figure.Of(residual, fit => fit.Outfit),
            OutfitZ: Figure.Of(residual, fit => fit.OutfitZ),
            ScoreChiSquare: Figure.Of(chiSquare, fit => fit.Statistic),
            ScoreDegrees: Figure.Of(chiSquare, fit => fit.Degrees),
            ScoreProbability: Figure.Of(chiSquare, fit => fit.Probability)
        );
    }

    private static Figure Deviation(double[] values)
    {
        if (values.Length < 2)
            return Figure.None(Undefined.TooFewPersons);
        var mean = values.Average();
        return Figure.Of(Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }

    private static string Listed(IEnumerable<string> codes)
    {
        var all = codes.ToList();
        return string.Join(", ", all.Take(5)) + (all.Count > 5 ? $" и ещё {all.Count - 5}" : "");
    }
}
