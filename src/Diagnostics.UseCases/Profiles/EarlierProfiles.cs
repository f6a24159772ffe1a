using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Profiles;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.UseCases.Forms;

namespace Diagnostics.UseCases.Profiles;

/// <summary>
/// Finds the earlier results with which a later diagnostic is compared: the profiles that the person has seen, in their
/// last published version.
/// </summary>
internal static class EarlierProfiles
{
    /// <returns>Null for the entry diagnostic itself, and when no earlier result is published.</returns>
    internal static async Task<EarlierDiagnostics?> Find(Db db, SessionRow session, ProfileSubject subject, FormContent form)
    {
        if (subject.Stage is CampaignStage.Entry)
            return null;
        var published = (await ProfileStore.Earlier(db, session.ParticipantId, session.Id, subject.TakenAt))
            .Select(row =>
                (
                    row.CampaignId,
                    Diagnostic: new EarlierDiagnostic(IssueProfile.Read(row.Content), new(row.BlueprintCode, row.BlueprintVersion))
                )
            )
            .ToList();
        var named = (await CampaignStore.Find(db, session.CampaignId))!.EntryCampaignId;
        var blueprint = new BlueprintName(form.Form.BlueprintCode, form.Form.BlueprintVersion);
        // Take the entry diagnostic that the campaign names or, without one, the last one of the same kind. If there is
        // none of that kind either, take one of another kind, so that the profile can explain why it is not compared.
        var entry = published
            .Where(each => each.Diagnostic.Profile.Subject.Stage is CampaignStage.Entry)
            .OrderBy(each => each.CampaignId == named)
            .ThenBy(each => each.Diagnostic.Profile.Subject.FrameworkCode == subject.FrameworkCode)
            .ThenBy(each => each.Diagnostic.Blueprint.Code == blueprint.Code)
            .ThenBy(each => each.Diagnostic.Profile.Subject.TakenAt)
            .Select(each => each.Diagnostic)
            .LastOrDefault();
        if (entry is null)
            return null;
        var between = published
            .Select(each => each.Diagnostic)
            .Where(each =>
                each.Profile.Subject.Stage is CampaignStage.Intermediate && each.Profile.Subject.TakenAt > entry.Profile.Subject.TakenAt
            );
        return new(blueprint, [entry, .. between]);
    }
}
