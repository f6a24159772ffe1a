using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Competencies;
using Diagnostics.Psychometrics.Equating;

namespace Diagnostics.Engine.Profiles;

/// <summary>Converts points of a variant into points of the first variant.</summary>
public static class Equating
{
    /// <summary>
    /// Equates only where the calibration found that equating removes more error than it adds; elsewhere points stay as
    /// they are. A fraction of a point is interpolated between the equivalents of the neighbouring whole points. The
    /// result is never below 0 or above the maximum.
    /// </summary>
    /// <param name="table">Table of the block; null where the policy does not equate.</param>
    public static ResultShare Of(ResultShare earned, EquatingTable? table)
    {
        if (table is not { Verdict: ParallelVerdict.Equate } || (table.Equivalents.Count - 1) * 1000L != earned.Maximum.Thousandths)
            return earned;
        var below = (int)(earned.Earned.Thousandths / 1000);
        var part = earned.Earned.Thousandths % 1000 / 1000d;
        var equal = part == 0 ? table.Equivalents[below] : ((1 - part) * table.Equivalents[below]) + (part * table.Equivalents[below + 1]);
        var points = Points.FromThousandths((long)Math.Floor((equal * 1000) + 0.5));
        return earned with { Earned = points.Clamp(Points.Zero, earned.Maximum) };
    }
}
