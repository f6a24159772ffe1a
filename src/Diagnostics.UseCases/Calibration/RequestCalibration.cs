using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Calibration;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Calibration;

/// <summary>The form, the sessions and the options of a requested calibration.</summary>
/// <param name="CampaignIds">Campaigns whose sessions are included, up to 500; when absent, all published campaigns
/// with the form.</param>
/// <param name="MinPersons">Smallest number of people for each variant, 30–100,000; when absent, 100 for <c>rasch</c>
/// and <c>pcm</c>, and 250 for <c>two_pl</c> and <c>gpcm</c>.</param>
/// <param name="SlopePrior">Whether to use a log-normal prior on slopes; only for <c>two_pl</c> and
/// <c>gpcm</c>.</param>
/// <param name="MostIterations">The greatest number of iterations, 1–10,000.</param>
public sealed record CalibrationRequest(
    Guid FormId,
    CalibrationModel Model,
    IReadOnlyList<Guid>? CampaignIds = null,
    int? MinPersons = null,
    bool SlopePrior = false,
    int MostIterations = 500
);

/// <summary>Puts a calibration into the queue; a worker on any node takes it from there.</summary>
internal sealed class RequestCalibration(Executor executor, Signal<CalibrationWorker> signal)
    : UseCase<CalibrationRequest, CalibrationView>(Operation, executor)
{
    private const int MostCampaigns = 500;

    internal static new readonly Operation Operation = new(
        nameof(RequestCalibration),
        CalibrationRights.Operators,
        Trail.Writes("calibration.requested")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NoCampaigns = Refusal.Conflict(
        "no-campaigns",
        "По этой форме ещё не объявлено ни одного мероприятия."
    );

    protected override async Task<Result<CalibrationView>> Handle(CalibrationRequest request, Caller caller)
    {
        var requested = await Write(caller, db => Enqueue(db, request, caller));
        if (requested.Refusal is null)
            signal.Wake();
        return requested;
    }

    private async Task<Result<CalibrationView>> Enqueue(Db db, CalibrationRequest request, Caller caller)
    {
        var options = new CalibrationOptions(request.Model, request.MinPersons, request.SlopePrior, request.MostIterations);
        if (options.Check() is { } wrong)
            return wrong;
        if (await FormStore.Find(db, request.FormId) is null)
            return CalibrationRights.NoForm;
        var campaigns = request.CampaignIds?.Distinct().Order().ToList() ?? await CalibrationStore.CampaignsOfForm(db, request.FormId);
        if (campaigns.Count == 0)
            return NoCampaigns;
        if (campaigns.Count > MostCampaigns)
            return Refusal.Invalid("too-many-campaigns", $"Не больше {MostCampaigns} мероприятий.").With("field", "campaignIds");
        if (!campaigns.All(campaignId => Reaches(caller, new Target { Campaign = campaignId })))
            return CalibrationRights.NotYours;
        foreach (var campaignId in campaigns)
            if (
                await CampaignStore.Find(db, campaignId) is not { } campaign
                || campaign.FormId != request.FormId
                || campaign.State is CampaignStatus.Draft
            )
                return Refusal
                    .Invalid("campaign-unfit", $"Мероприятие {campaignId:D} не объявлено или проходит на другой форме.")
                    .With("campaignId", campaignId);
        var now = Now;
        var run = new CalibrationRow
        {
            Id = Guid.CreateVersion7(now.ToDateTimeOffset()),
            FormId = request.FormId,
            Model = Codes.Of(request.Model),
            Options = CanonicalJson.Of(options),
            RequestedAt = now,
            RequestedBy = caller.AccountId,
        };
        await CalibrationStore.Add(db, run, campaigns);
        await AuditStore.Append(
            db,
            now,
            caller.Id,
            "calibration.requested",
            $"calibration:{run.Id:D}",
            new { request.FormId, options.Model }
        );
        return await CalibrationView.Of(db, (await CalibrationStore.Find(db, run.Id))!);
    }
}
