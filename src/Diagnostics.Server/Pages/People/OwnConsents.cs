using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;

namespace Diagnostics.Server.Pages.People;

/// <summary>What a person has agreed to, and what the person has asked to have corrected.</summary>
internal sealed class OwnConsents(
    ListConsents listConsents,
    ListCorrections listCorrections,
    ListPolicies listPolicies,
    ApplicationForm form,
    DataOperator dataOperator
)
{
    internal async Task<Result<ConsentsPage.Facts>> All(Caller caller)
    {
        if (caller.ParticipantId is not { } person)
            return Gate.NotAllowed;
        if ((await listConsents.Run(person, caller)).Refused(out var refusal, out var consents))
            return refusal;
        if ((await listCorrections.Run(person, caller)).Refused(out var noCorrections, out var corrections))
            return noCorrections;
        if ((await listPolicies.Run(new(Codes.Of(PolicyKind.Consent)), caller)).Refused(out var noTexts, out var texts))
            return noTexts;
        var parts = new List<ConsentsPage.Part>();
        foreach (var kind in ConsentKinds.All)
        {
            var code = Consents.CodeOf(kind);
            var text =
                texts.Where(one => one.Code == code).MaxBy(one => one.Version) is { } latest
                && !(await form.Text(new(latest.Code, latest.Version), caller)).Refused(out _, out var told)
                    ? told
                    : null;
            var inForce = consents.LastOrDefault(consent => consent.Kind == kind && consent.WithdrawnAt is null);
            if (text is not null || inForce is not null)
                parts.Add(new(kind, code, text, inForce));
        }
        return new ConsentsPage.Facts(parts, consents.Reverse().ToList(), corrections.Reverse().ToList(), dataOperator.Name);
    }
}
