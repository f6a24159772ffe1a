using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.Raters;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// Turns inputs into reports and parameters. Pure: equal inputs give equal results. Reports that need only the scores
/// are made even when the model fails; the result then gives the reason for the failure.
/// </summary>
public static class CalibrationWork
{
    // Share of the whole work that is done after each step, roughly in proportion to time.
    private const double Read = 0.2,
        Classical = 0.3,
        Fitted = 0.6,
        Judged = 0.75,
        Equated = 0.85,
        Compared = 0.95;

    /// <param name="report">Receives the progress of the work.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled the run.</exception>
    public static CalibrationResult Run(
        CalibrationInputs inputs,
        CalibrationOptions options,
        Action<CalibrationProgress> report,
        CancellationToken cancel
    )
    {
        var fingerprint = CalibrationFingerprint.Of(inputs, options);
        report(new(CalibrationStep.Classical, Read));
        var variants = VariantScores.Of(inputs);
        var items = new List<ItemReport>();
        foreach (var variant in variants)
        {
            cancel.ThrowIfCancellationRequested();
            items.AddRange(ClassicalPart.Items(variant));
        }
        var cuts = inputs.Scale.Levels.Skip(1).Select(level => level.FromPercent).ToList();
        var reports = variants.Select(variant => ClassicalPart.Variant(variant, cuts)).ToList();
        cancel.ThrowIfCancellationRequested();

        report(new(CalibrationStep.Fitting, Classical));
        var failure = ModelPart.Preconditions(variants, options);
        ModelReport? model = null;
        IReadOnlyList<CalibratedItem> calibrated = [];
        if (failure is null)
        {
            var fitted = ModelPart.Fit(variants, options, cancel);
            if (fitted.Reason is { } reason)
            {
                failure = CalibrationWords.Of(reason);
            }
            else
            {
                report(new(CalibrationStep.ItemFit, Fitted));
                var (judged, summary) = fitted.Value.Judge(cancel);
                (model, calibrated) = (summary, fitted.Value.Calibrated(judged));
                items = items.Zip(judged, WithModel).ToList();
                reports = reports.ConvertAll(fitted.Value.Complete);
            }
        }
        report(new(CalibrationStep.Equating, Judged));
        var (parallel, tables) = EquatingPart.Compare(variants, cancel);
        report(new(CalibrationStep.Differential, Equated));
        var (groups, differences) = DifferentialPart.Compare(variants, cancel);
        items = items.ConvertAll(item => differences.TryGetValue(item.Code, out var found) ? item with { Differential = found } : item);
        report(new(CalibrationStep.Saving, Compared));
        var form = new FormReport(
            FormId: inputs.FormId,
            Fingerprint: fingerprint,
            Options: options,
            Failure: failure is { } why ? Codes.Of(why.Failure) : null,
            FailureDetail: failure?.Detail,
            Persons: inputs.Persons.Count,
            LeftOut: inputs.LeftOut,
            Scale: cuts,
            Variants: reports,
            Model: model,
            Parallelism: parallel,
            Groups: groups,
            Raters: Raters(inputs.Marks)
        );
        return new(fingerprint, failure?.Failure, failure?.Detail, form, items, model, calibrated, failure is null ? tables : []);
    }

    private static ItemReport WithModel(ItemReport item, ModelItem model) =>
        item with
        {
            Model = model,
            Flags = model.Outfit.Value is { } outfit and (< FlagWords.LeastMeanSquare or > FlagWords.MostMeanSquare)
                ? [.. item.Flags, FlagWords.Misfit(outfit)]
                : item.Flags,
        };

    private static RatersReport? Raters(ExpertMarks marks)
    {
        if (marks.Answers.Count == 0)
            return null;
        var ratings = new RatingSet(marks.Answers, marks.Experts, marks.Points);
        var experts = RaterSeverity.Summarise(ratings);
        var twice = Enumerable.Range(0, ratings.Units).Count(unit => ratings.RatersOf(unit).Length > 1);
        // Each pair of marks is counted twice, once for each of the two experts; this does not change the shares.
        var exact = experts.Where(expert => expert.Exact.IsDefined).Select(expert => expert.Exact.Value).ToList();
        return new(
            ratings.Raters,
            ratings.Units,
            twice,
            Figure.Of(KrippendorffAlpha.Of(ratings, Metric.Interval)),
            exact.Count == 0
                ? Figure.None(Undefined.NoCommonUnits)
                : Figure.Of((double)exact.Sum(share => share.Count) / exact.Sum(share => share.Of)),
            experts.Count(expert => expert.Tendency is Tendency.Severe),
            experts.Count(expert => expert.Tendency is Tendency.Lenient)
        );
    }
}
