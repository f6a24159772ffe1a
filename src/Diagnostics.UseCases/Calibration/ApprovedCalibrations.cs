using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;

namespace Diagnostics.UseCases.Calibration;

/// <summary>Finds the approved calibration of a form, in the shape that profiles need.</summary>
internal static class ApprovedCalibrations
{
    private const int ReferenceVariant = 1;

    /// <param name="rule">The equating method in the campaign's policy; null for no equating.</param>
    /// <returns>Null while no calibration of the form has been approved.</returns>
    internal static async Task<FormCalibration?> Find(Db db, Guid formId, int variant, EquatingRule? rule)
    {
        if (await CalibrationStore.Approved(db, formId) is not { } run)
            return null;
        var own = await CalibrationResultStore.Curves(db, run.Id, variant);
        return new(
            run.Id,
            run.Fingerprint!,
            Codes.Parse<CalibrationModel>(run.Model),
            run.DecidedAt!.Value,
            own,
            variant == ReferenceVariant ? own : await CalibrationResultStore.Curves(db, run.Id, ReferenceVariant),
            rule is { } method ? await CalibrationResultStore.Equatings(db, run.Id, variant, method) : []
        );
    }
}
