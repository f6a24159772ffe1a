using System.Security.Cryptography;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Forms;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// Exports the scores of a form or a campaign as files without names, for people who analyse them in R.
/// </summary>
internal sealed class ScoreExport(Database database, CalibrationReader reader, IClock clock)
{
    private const string Verb = "export-scores";

    internal static readonly Refusal OneOfTwo = Refusal.Invalid(
        "export-of-what",
        "Назовите форму (formId) или мероприятие (campaignId) — одно из двух."
    );

    internal static readonly Refusal NoCampaign = Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");

    /// <summary>The campaigns whose sessions are exported.</summary>
    internal readonly record struct Source(Guid FormId, IReadOnlyList<Guid> Campaigns);

    /// <summary>
    /// Exports the scores for a command that runs alongside the service. First brings the schema up to date. It checks
    /// no rights, because whoever can read the database itself may also read the scores.
    /// </summary>
    /// <returns>The text of each file, by its name.</returns>
    internal static async Task<Result<SortedDictionary<string, string>>> Run(
        Database database,
        IClock clock,
        Guid? formId,
        Guid? campaignId,
        CancellationToken cancel
    )
    {
        await Migrator.Migrate(database, clock.GetCurrentInstant());
        var export = new ScoreExport(database, new CalibrationReader(database, new FormCatalog(database)), clock);
        return (await export.Find(formId, campaignId)).Refused(out var refusal, out var source)
            ? refusal
            : await export.Write(source, Verb, cancel);
    }

    internal async Task<Result<Source>> Find(Guid? formId, Guid? campaignId)
    {
        if (formId is null == campaignId is null)
            return OneOfTwo;
        return await database.Read<Result<Source>>(async db =>
        {
            if (formId is { } form)
            {
                if (await FormStore.Find(db, form) is null)
                    return CalibrationRights.NoForm;
                var campaigns = await CalibrationStore.CampaignsOfForm(db, form);
                return campaigns.Count == 0 ? RequestCalibration.NoCampaigns : new Source(form, campaigns);
            }
            return await CampaignStore.Find(db, campaignId!.Value) is { State: not CampaignStatus.Draft } campaign
                ? new Source(campaign.FormId, [campaign.Id])
                : NoCampaign;
        });
    }

    /// <param name="actor">The actor for the audit entry of the export.</param>
    /// <returns>The text of each file, by its name.</returns>
    internal async Task<Result<SortedDictionary<string, string>>> Write(Source source, string actor, CancellationToken cancel)
    {
        if ((await reader.Read(source.FormId, source.Campaigns, cancel)).Refused(out var refusal, out var inputs))
            return refusal;
        var now = clock.GetCurrentInstant();
        await database.Write(async db =>
        {
            await AuditStore.Append(
                db,
                now,
                actor,
                "scores.exported",
                $"form:{source.FormId:D}",
                new { campaigns = source.Campaigns, persons = inputs.Persons.Count }
            );
            return 0;
        });
        // The seed is deliberately not recorded: nobody must be able to reconstruct the order of people.
        return ScoreFiles.Of(inputs, new SeededRandom(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))));
    }
}
