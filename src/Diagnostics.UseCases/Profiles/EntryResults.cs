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
/// A person's results at the entry diagnostic on the same form, which one calibration puts on one scale with the later
/// results.
/// </summary>
internal static class EntryResults
{
    /// <returns>Null for the entry diagnostic itself, and when there is no published entry result on this
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
