using Diagnostics.Engine.Marking;
using Diagnostics.Psychometrics.Equating;
using Diagnostics.Psychometrics.ItemResponse;
using NodaTime;

namespace Diagnostics.Engine.Calibration;

/// <summary>An item as profiles use it.</summary>
public sealed record CalibratedItem(int Variant, int Slot, string Code, int Version, PointsCurve Curve, double? Infit, double? Outfit);

/// <summary>
/// An item's parameters and the points that its categories stand for: those that somebody earned. An item of two points
/// that is marked all or nothing has the categories 0 and 2; points between two categories count as the lower one.
/// </summary>
/// <param name="Points">Rising, one a category.</param>
public sealed record PointsCurve(ItemParameters Parameters, IReadOnlyList<int> Points)
{
    public int CategoryOf(int points)
    {
        var category = 0;
        while (category + 1 < Points.Count && Points[category + 1] <= points) category++;
        return category;
    }
}

/// <param name="Equivalents">One a score from 0, points of the first variant.</param>
public sealed record EquatingTable(int Variant, string Block, EquatingRule Rule, ParallelVerdict Verdict, IReadOnlyList<double> Equivalents);

/// <summary>An approved calibration as the profile of one session uses it.</summary>
/// <param name="Curves">Of the session's variant, by slot.</param>
/// <param name="ReferenceCurves">Of the first variant, in whose points equated results are told.</param>
/// <param name="Equatings">Of the session's variant, a table a block; empty where the policy does not equate.</param>
public sealed record FormCalibration(
    Guid Id, string Fingerprint, CalibrationModel Model, Instant ApprovedAt,
    IReadOnlyDictionary<int, PointsCurve> Curves, IReadOnlyDictionary<int, PointsCurve> ReferenceCurves, IReadOnlyList<EquatingTable> Equatings);

/// <summary>What a run gave.</summary>
/// <param name="Failure">Null when there are parameters.</param>
/// <param name="FailureDetail">In words; null with <paramref name="Failure"/>.</param>
/// <param name="Model">Null when it failed.</param>
/// <param name="Calibrated">Empty when it failed.</param>
public sealed record CalibrationResult(
    string Fingerprint, CalibrationFailure? Failure, string? FailureDetail, FormReport Form, IReadOnlyList<ItemReport> Items,
    ModelReport? Model, IReadOnlyList<CalibratedItem> Calibrated, IReadOnlyList<EquatingTable> Equatings);
