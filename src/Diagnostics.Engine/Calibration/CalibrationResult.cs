using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Engine.Calibration;

/// <summary>A calibrated item in the form that profiles use.</summary>
public sealed record CalibratedItem(int Variant, int Slot, string Code, int Version, PointsCurve Curve, double? Infit, double? Outfit);

/// <summary>
/// An item's parameters and the points of its categories; the categories are the scores that somebody earned. An item
/// of two points that is marked all or nothing has the categories 0 and 2. Points between two categories count as the
/// lower category.
/// </summary>
/// <param name="Points">The points of each category, rising.</param>
public sealed record PointsCurve(ItemParameters Parameters, IReadOnlyList<int> Points)
{
    public int CategoryOf(int points)
    {
        var category = 0;
        while (category + 1 < Points.Count && Points[category + 1] <= points)
            category++;
        return category;
    }
}

/// <param name="Equivalents">For each score from 0 up, the equivalent in points of the first variant.</param>
public sealed record EquatingTable(
    int Variant,
    string Block,
    EquatingRule Rule,
    ParallelVerdict Verdict,
    IReadOnlyList<double> Equivalents
);

/// <summary>An approved calibration in the form that the profile of one session uses.</summary>
/// <param name="Curves">Curves of the session's variant, by slot.</param>
/// <param name="ReferenceCurves">Curves of the first variant, in whose points equated results are reported.</param>
/// <param name="Equatings">Tables of the session's variant, one for each block; empty where the policy does not
/// equate.</param>
public sealed record FormCalibration(
    Guid Id,
    string Fingerprint,
    CalibrationModel Model,
    Instant ApprovedAt,
    IReadOnlyDictionary<int, PointsCurve> Curves,
    IReadOnlyDictionary<int, PointsCurve> ReferenceCurves,
    IReadOnlyList<EquatingTable> Equatings
);

/// <summary>The result of a run.</summary>
/// <param name="Failure">Null when there are parameters.</param>
/// <param name="FailureDetail">The failure in words; null when <paramref name="Failure"/> is null.</param>
/// <param name="Model">Null when the run failed.</param>
/// <param name="Calibrated">Empty when the run failed.</param>
public sealed record CalibrationResult(
    string Fingerprint,
    CalibrationFailure? Failure,
    string? FailureDetail,
    FormReport Form,
    IReadOnlyList<ItemReport> Items,
    ModelReport? Model,
    IReadOnlyList<CalibratedItem> Calibrated,
    IReadOnlyList<EquatingTable> Equatings
);
