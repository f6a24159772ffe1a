using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Calibration;

/// <summary>The scores of a form or a campaign without names, for whoever computes in R: a zip over the API, a folder by the verb.</summary>
internal sealed class ExportScores(Database database, CalibrationReader reader, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder calibrations) => calibrations.MapGet("/scores", Handle)
        .WithName("ExportScores").WithSummary("Баллы без имён для расчётов в R: zip с CSV").WithDescription("Форма (formId, все её мероприятия) или одно мероприятие (campaignId).")
        .Produces(StatusCodes.Status200OK, contentType: "application/zip").MayFindNothing()
        .AllowedTo(CalibrationRights.Operators);

    internal static readonly Refusal OneOfTwo = Refusal.Invalid("export-of-what", "Назовите форму (formId) или мероприятие (campaignId) — одно из двух.");

    internal static readonly Refusal NoCampaign = Refusal.NotFound("campaign-not-found", "Такого мероприятия нет.");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(Caller caller, ExportScores useCase, Guid? formId, Guid? campaignId, CancellationToken cancel)
    {
        if ((await useCase.Run(formId, campaignId, caller, caller.Id, cancel)).Refused(out var refusal, out var files)) return Problems.From(refusal);
        return TypedResults.Bytes(Zip(files), "application/zip", "scores.zip");
    }

    /// <param name="caller">Null for the verb: whoever may read the database's file may read this.</param>
    internal async Task<Result<SortedDictionary<string, string>>> Run(Guid? formId, Guid? campaignId, Caller? caller, string actor, CancellationToken cancel)
    {
        if (formId is null == campaignId is null) return OneOfTwo;
        var found = await database.Read<Result<(Guid FormId, IReadOnlyList<Guid> Campaigns)>>(async db =>
        {
            if (formId is { } form)
            {
                if (await FormStore.Find(db, form) is null) return CalibrationRights.NoForm;
                var campaigns = await CalibrationStore.CampaignsOfForm(db, form);
                return campaigns.Count == 0 ? RequestCalibration.NoCampaigns : (form, campaigns);
            }
            return await CampaignStore.Find(db, campaignId!.Value) is { State: not CampaignStatus.Draft } campaign ? (campaign.FormId, [campaign.Id]) : NoCampaign;
        });
        if (found.Refused(out var refusal, out var source)) return refusal;
        if (caller is not null && !caller.OperatesEverywhere()) return CalibrationRights.KeysInside;
        if ((await reader.Read(source.FormId, source.Campaigns, cancel)).Refused(out refusal, out var inputs)) return refusal;
        var now = clock.GetCurrentInstant();
        await database.Write(async db =>
        {
            await AuditStore.Append(db, now, actor, "scores.exported", $"form:{source.FormId:D}", new { campaigns = source.Campaigns, persons = inputs.Persons.Count });
            return 0;
        });
        // Not from a recorded seed on purpose: the order of people must not be found again.
        return ScoreFiles.Of(inputs, new SeededRandom(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))));
    }

    private static byte[] Zip(SortedDictionary<string, string> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        return stream.ToArray();
    }
}
