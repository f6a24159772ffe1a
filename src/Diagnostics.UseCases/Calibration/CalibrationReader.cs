using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// Reads the inputs of a calibration in batches of sessions, so that no database snapshot stays open for long.
/// </summary>
internal sealed class CalibrationReader(Database database, FormCatalog forms)
{
    private const int Batch = 200;

    /// <param name="campaigns">The campaigns, oldest first, because each person's first session counts.</param>
    internal async Task<Result<CalibrationInputs>> Read(Guid formId, IReadOnlyList<Guid> campaigns, CancellationToken cancel)
    {
        var form = await forms.Get(formId);
        // The level boundaries of the latest campaign apply.
        var scale = await database.Read(db => CampaignPolicies.Get<LevelScale>(db, campaigns[^1], PolicyKind.LevelScale));
        var places = form.Variants.SelectMany(variant =>
            variant.Value.Select(slot => (variant.Key, slot.Slot, slot.Item, slot.ItemVersion))
        );
        if (CalibrationMatrix.For(formId, places, scale).Refused(out var refusal, out var matrix))
            return refusal;
        foreach (var campaignId in campaigns)
        {
            var policy = await database.Read(db => CampaignPolicies.Get<MarkingPolicy>(db, campaignId, PolicyKind.Marking));
            for (Guid? after = null; ; )
            {
                cancel.ThrowIfCancellationRequested();
                var read = await database.Read(async db =>
                {
                    var sessions = await CalibrationInputStore.Sessions(db, campaignId, formId, after, Batch);
                    foreach (var session in sessions)
                        matrix.Add(await Of(db, session, policy));
                    return sessions;
                });
                if (read.Count < Batch)
                    break;
                after = read[^1].Id;
            }
        }
        return matrix.Inputs();
    }

    private static async Task<LedgerOfSession> Of(Db db, CalibrationSessionRow session, MarkingPolicy policy) =>
        new(
            SessionId: session.Id,
            ParticipantId: session.ParticipantId,
            Variant: session.Variant,
            Site: session.Site,
            Territory: session.Territory,
            Organisation: session.Organisation,
            Rounds: await RoundStore.OfSession(db, session.Id),
            Answers: (await ResponseStore.Latest(db, session.Id)).ToDictionary(
                row => row.Slot,
                row => row.Content is null ? null : JsonSerializer.Deserialize<Response>(row.Content, ItemJson.Options)
            ),
            Policy: policy
        );
}
