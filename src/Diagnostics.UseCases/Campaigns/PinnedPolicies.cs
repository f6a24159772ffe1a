using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Chooses the versions that a campaign pins: those named in the request and, for every other kind, the latest version
/// of the usual policy.
/// </summary>
internal static class PinnedPolicies
{
    internal const string UsualCode = "default";

    internal static async Task<Result<IReadOnlyList<PolicyReference>>> Choose(Db db, IReadOnlyList<PolicyReference> named)
    {
        if (named.Select(policy => policy.Kind).Distinct().Count() != named.Count)
            return Invalid("policies-repeated", "Каждый вид политики называют не больше одного раза.");
        if (named.FirstOrDefault(policy => !PolicyKinds.OfCampaigns.Contains(policy.Kind)) is { } other)
            return Invalid("policy-unfit", $"Мероприятие не закрепляет политик вида «{Codes.Of(other.Kind)}».");
        var chosen = new List<PolicyReference>();
        foreach (var kind in PolicyKinds.OfCampaigns)
        {
            if (named.FirstOrDefault(policy => policy.Kind == kind) is { } one)
            {
                if (kind is PolicyKind.Consent && one.Code is Consents.ProfileSharingCode or Consents.DataProcessingCode)
                    return Invalid("policy-unfit", "Согласие на передачу профиля или обработку данных не заменяет согласия на участие.");
                if (await PolicyStore.Find(db, kind, one.Code, one.Version) is null)
                    return Invalid("policy-not-found", $"Политики {Codes.Of(kind)}/{one.Code} версии {one.Version} нет.");
                chosen.Add(one);
            }
            else if (await PolicyStore.Latest(db, kind, kind is PolicyKind.Consent ? Consents.ParticipationCode : UsualCode) is { } usual)
            {
                chosen.Add(new(kind, usual.Code, usual.Version));
            }
        }
        return chosen;
    }

    private static Refusal Invalid(string code, string detail) => Refusal.Invalid(code, detail).With("field", "policies");
}
