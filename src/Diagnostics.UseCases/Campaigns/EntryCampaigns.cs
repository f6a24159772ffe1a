using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Whether a person who applies for a later diagnostic has a result of the entry diagnostic that the later one names.
/// </summary>
public enum EntryPresence
{
    Present,
    Absent,
}

/// <summary>Checks the entry diagnostic with which a later one is to be compared.</summary>
internal static class EntryCampaigns
{
    /// <summary>
    /// Why a campaign of this stage and with this form cannot name this entry diagnostic; null when it can, or when it
    /// names none.
    /// </summary>
    internal static async Task<Refusal?> Check(Db db, CampaignStage stage, Guid? entryCampaignId, FormRow form)
    {
        if (entryCampaignId is not { } id)
            return null;
        if (stage is CampaignStage.Entry)
            return Unfit("Входная диагностика ни с чем не сравнивается: entryCampaignId называют для промежуточной или итоговой.");
        if (await CampaignStore.Find(db, id) is not { State: CampaignStatus.Published or CampaignStatus.Closed } entry)
            return Unfit("Входной диагностики, названной в entryCampaignId, нет, или она не опубликована, или отменена.");
        if (entry.Stage != Codes.Of(CampaignStage.Entry))
            return Unfit("Мероприятие, названное в entryCampaignId, — не входная диагностика.");
        return (await FormStore.Find(db, entry.FormId))!.FrameworkCode == form.FrameworkCode
            ? null
            : Unfit("Входная диагностика, названная в entryCampaignId, — по другой рамке компетенций: сравнивать нечего.");
    }

    private static Refusal Unfit(string detail) => Refusal.Invalid("entry-campaign-unfit", detail).With("field", "entryCampaignId");
}
