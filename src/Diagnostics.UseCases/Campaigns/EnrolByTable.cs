using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Jobs;
using Diagnostics.UseCases.Operations;
using Diagnostics.UseCases.People;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>What a bulk enrolment does beside enrolling the people.</summary>
/// <param name="CampaignId">The campaign to which an application is filed for each; null when none is.</param>
/// <param name="SiteId">The site of those whose row names none.</param>
/// <param name="SittingId">The sitting for which they apply; null for any.</param>
/// <param name="Consent">The consent that the people have signed.</param>
/// <param name="DataProcessing">The consent to the processing of personal data that the people have signed, if it is a document of
/// its own.</param>
/// <param name="Approve">Whether the applications are approved at once, so that each person gets a place.</param>
/// <param name="AllOrNone">Whether everything is checked first and nothing is taken when a row is bad; otherwise the good rows are
/// taken.</param>
/// <param name="DryRun">Whether everything is only tried.</param>
internal sealed record EnrolmentOptions(
    Guid? CampaignId,
    Guid? SiteId,
    Guid? SittingId,
    ConsentGiven? Consent,
    ConsentGiven? DataProcessing,
    bool Approve,
    bool AllOrNone,
    bool DryRun
);

/// <summary>
/// Enrols the people of a table and, if asked, files and approves their applications: one call, one job, one report. A row that
/// was done before changes nothing, so the same table can be sent again.
/// </summary>
internal sealed class EnrolByTable(Executor executor, EnrolmentJob kind, Signal<JobWorker> signal)
    : UseCase<EnrolByTable.Request, JobView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(EnrolByTable),
        PeopleRights.Enrollers,
        Trail.Writes(JobRequests.Requested)
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    internal static readonly Refusal NoConsent = Refusal
        .Invalid("consent-missing", "Укажите consentCode и consentVersion: с каким текстом люди согласились.")
        .With("field", "consentCode");

    private static readonly Refusal NoCampaign = Refusal
        .Invalid("campaign-missing", "approve, siteId и sittingId имеют смысл только вместе с campaignId.")
        .With("field", "campaignId");

    internal sealed record Request(EnrolmentOptions Options, SubmittedPeople People);

    protected override async Task<Result<JobView>> Handle(Request request, Caller caller)
    {
        var options = request.Options;
        if ((await Fetch(db => Check(db, options, caller))) is { } refused)
            return refused;
        if (KeptRow.PartsOf(request.People).Refused(out var unreadable, out var kept))
            return unreadable;
        var asked = await Write(
            caller,
            async Task<Result<JobView>> (db) =>
            {
                if (await Check(db, options, caller) is { } refusal)
                    return refusal;
                var order = new EnrolmentJob.Order(options, kept.Parts.Count);
                var subject = options.CampaignId is { } campaignId ? $"campaign:{campaignId:D}" : "people";
                var total = order.ChecksFirst ? 2 * kept.Rows : kept.Rows;
                return await JobRequests.Add(db, kind, subject, order, total, kept.Parts, caller, Now);
            }
        );
        if (asked.Refusal is null)
            signal.Wake();
        return asked;
    }

    private static async Task<Refusal?> Check(Db db, EnrolmentOptions options, Caller caller)
    {
        if (options.CampaignId is not { } campaignId)
            return options.Approve || options.SiteId is not null || options.SittingId is not null ? NoCampaign : null;
        if (await CampaignStore.Find(db, campaignId) is not { } campaign || campaign.State is CampaignStatus.Draft)
            return CampaignRefusals.NoCampaign;
        if (options.Approve && !EnrolmentJob.MayApprove(caller, campaignId))
            return CampaignRefusals.NotYours;
        if (options.Consent is null)
            return NoConsent;
        return options.SiteId is { } siteId && !await CampaignStore.HasSite(db, campaignId, siteId)
            ? Refusal.Invalid("site-not-in-campaign", "На этой площадке мероприятие не проводится.").With("field", "siteId")
            : null;
    }
}
