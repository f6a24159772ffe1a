using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

internal sealed class ListApplications(Executor executor) : UseCase<ListApplications.Request, Page<ApplicationView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListApplications),
        AccessRule.Of(Role.Operator.OfCampaign()),
        Trail.Look<ListApplications.Request, Page<ApplicationView>>(
            "applications.listed",
            (asked, page) => Looked.List($"campaign:{asked.CampaignId:D}", page.Items.Select(each => (Guid?)each.ParticipantId))
        )
    );

    internal sealed record Request(Guid CampaignId, Asked Of, Guid? After, int? Limit);

    /// <summary>The filters of the list; a filter that is absent does not restrict it.</summary>
    internal sealed record Asked(
        string? Status,
        Guid? SiteId,
        Guid? SittingId = null,
        bool? WithoutPlace = null,
        string? EntryResult = null
    );

    protected override async Task<Result<Page<ApplicationView>>> Handle(Request request, Caller caller)
    {
        var (campaignId, of, after, limit) = request;
        if (of.Status is not null && Codes.Find<ApplicationStatus>(of.Status) is null)
            return Refusal.Invalid("unknown-status", $"Состояния «{of.Status}» нет.");
        if (of.EntryResult is not null && Codes.Find<EntryPresence>(of.EntryResult) is null)
            return Refusal.Invalid("unknown-entry-result", "entryResult — present или absent.").With("field", "entryResult");
        var filter = new ApplicationFilter(of.Status, of.SiteId, of.SittingId, of.WithoutPlace is true, of.EntryResult);
        return await Read(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is null)
                return CampaignRefusals.NoCampaign;
            if (!Reaches(caller, new Target { Campaign = campaignId }))
                return CampaignRefusals.NotYours;
            var rows = await ApplicationStore.OfCampaign(db, campaignId, filter, after, Page<ApplicationView>.Take(limit));
            return Page<ApplicationView>.Of(await ApplicationView.Of(db, rows), limit, application => application.Id.ToString("D"));
        });
    }
}

internal sealed class GetApplication(Executor executor) : UseCase<Guid, ApplicationView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetApplication),
        ApplicationRights.Concerned,
        Trail.Look<Guid, ApplicationView>(
            "application.viewed",
            (id, application) => new($"application:{id:D}", [application.ParticipantId])
        )
    );

    protected override Task<Result<ApplicationView>> Handle(Guid applicationId, Caller caller) =>
        Read(async db =>
            await ApplicationStore.Find(db, applicationId) is { } row && await ApplicationRights.Concerns(db, caller, row)
                ? await ApplicationView.Of(db, row)
                : CampaignRefusals.NoApplication
        );
}

internal sealed class ListPersonApplications(Executor executor) : UseCase<Guid, IReadOnlyList<ApplicationView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPersonApplications),
        AccessRule.Of(Role.Participant.OfOwn(), Role.Operator.OfTerritory()).Or(Clients.EnrolPeople).Under(SignInLimits.OneSession),
        Trail.Look<Guid, IReadOnlyList<ApplicationView>>("applications.viewed", (person, _) => new($"participant:{person:D}"))
    );

    protected override Task<Result<IReadOnlyList<ApplicationView>>> Handle(Guid participantId, Caller caller) =>
        Read(async db =>
        {
            if (participantId != caller.ParticipantId && !await Enrols(db, caller, participantId))
                return CampaignRefusals.NoPerson;
            var applications = await ApplicationView.OfParticipant(db, participantId);
            // A person who signed in with a session's code sees only the application of that session.
            return applications.Where(application => caller.OnlySession is not { } only || application.SessionId == only).ToList();
        });

    // Those who enrol people see nothing about a person whose data have been erased.
    private async Task<bool> Enrols(Db db, Caller caller, Guid participantId) =>
        await PersonStore.Find(db, participantId) is { } person && Reaches(caller, new Target { Territory = person.Territory });
}
