using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Finds a person's results in an entry diagnostic that used the same form. The form's calibration puts them on the
/// same scale as the later results.
/// </summary>
internal static class EntryResults
{
    /// <returns>Null for the entry diagnostic itself, and when there is no published entry result with this
    /// form.</returns>
    internal static async Task<EntryResult?> Find(
        Db db,
        SessionRow session,
        CampaignStage stage,
        FormContent form,
        FormCalibration calibration
    )
    {
        if (stage is CampaignStage.Entry)
            return null;
        if (await ProfileStore.EntrySession(db, session.ParticipantId, session.FormId, session.Id) is not { } entryId)
            return null;
        var entry = (await SessionStore.Find(db, entryId))!;
        if (EffectiveResults.Of((await LoadedLedger.Load(db, entry, form)).Ledger) is not { } results)
            return null;
        return new(
            entryId,
            results,
            entry.Variant == session.Variant ? calibration.Curves : await CalibrationResultStore.Curves(db, calibration.Id, entry.Variant)
        );
    }
}
