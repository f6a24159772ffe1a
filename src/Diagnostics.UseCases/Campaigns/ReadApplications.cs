using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Campaigns;

internal static class ReadApplications
{
    private static readonly AccessRule Readers = AccessRule.Of(Role.Participant, Role.Operator).Or(Clients.EnrolPeople);

    internal static void Map(IEndpointRouteBuilder campaigns, IEndpointRouteBuilder applications, IEndpointRouteBuilder people)
    {
        campaigns.MapGet("/{campaignId:guid}/applications", OfCampaign).WithName("ListApplications").WithSummary("Заявления на мероприятие").AllowedTo(AccessRule.Of(Role.Operator));
        applications.MapGet("/{applicationId:guid}", Read).WithName("GetApplication").WithSummary("Заявление").AllowedTo(Readers);
        people.MapGet("/{participantId:guid}/applications", OfPerson).WithName("ListPersonApplications").WithSummary("Заявления человека").AllowedTo(Readers);
    }

    /// <summary>The person, the campaign's operator, and those who enrol people in the person's territory.</summary>
    internal static async Task<bool> Concerns(Db db, Caller caller, ApplicationRow application) =>
        application.ParticipantId == caller.ParticipantId
        || caller.OperatesCampaign(application.CampaignId)
        || (await PersonStore.Find(db, application.ParticipantId) is { } person && caller.EnrolsIn(person.Territory));

    private static async Task<Results<Ok<Page<ApplicationView>>, ProblemHttpResult>> OfCampaign(
        Guid campaignId, Caller caller, Transactions transactions, string? status, Guid? siteId, Guid? after, int? limit)
    {
        if (status is not null && Codes.Find<ApplicationStatus>(status) is null)
            return Problems.From(Refusal.Invalid("unknown-status", $"Состояния «{status}» нет."));
        return await transactions.Read<Result<Page<ApplicationView>>>(async db =>
        {
            if (await CampaignStore.Find(db, campaignId) is null) return CampaignRefusals.NoCampaign;
            if (!caller.OperatesCampaign(campaignId)) return CampaignRefusals.NotYours;
            var rows = await ApplicationStore.OfCampaign(db, campaignId, status, siteId, after, Page<ApplicationView>.Take(limit));
            return Page<ApplicationView>.Of(await ApplicationView.Of(db, rows), limit, application => application.Id.ToString("D"));
        }).Ok();
    }

    private static Task<Results<Ok<ApplicationView>, ProblemHttpResult>> Read(Guid applicationId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<ApplicationView>>(async db =>
            await ApplicationStore.Find(db, applicationId) is { } row && await Concerns(db, caller, row)
                ? await ApplicationView.Of(db, row)
                : CampaignRefusals.NoApplication).Ok();

    private static Task<Results<Ok<IReadOnlyList<ApplicationView>>, ProblemHttpResult>> OfPerson(Guid participantId, Caller caller, Transactions transactions) =>
        transactions.Read<Result<IReadOnlyList<ApplicationView>>>(async db =>
        {
            var own = participantId == caller.ParticipantId;
            if (!own && !(await PersonStore.Find(db, participantId) is { } person && caller.EnrolsIn(person.Territory))) return CampaignRefusals.NoPerson;
            return (await ApplicationView.Of(db, await ApplicationStore.OfParticipant(db, participantId))).ToList();
        }).Ok();
}
