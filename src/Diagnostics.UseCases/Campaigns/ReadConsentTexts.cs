using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>A text to which people consent, in its latest version.</summary>
internal sealed record LatestConsentText(string Code, int Version, ConsentText Text);

/// <summary>
/// Reads the latest texts that every application may come with, for the page of the application: both with one SQL statement.
/// </summary>
internal sealed class ReadConsentTexts(Executor executor)
{
    internal async Task<Result<IReadOnlyList<LatestConsentText>>> Run(Caller caller)
    {
        if (await executor.Refuses(PolicyRules.Readers, caller) is { } refusal)
            return refusal;
        string[] codes = [Consents.DataProcessingCode, Consents.ProfileSharingCode];
        return (await executor.Read(db => PolicyStore.Latest(db, PolicyKind.Consent, codes)))
            .Select(row => new LatestConsentText(row.Code, row.Version, PolicyJson.Read<ConsentText>(row.Content)))
            .ToList();
    }
}
