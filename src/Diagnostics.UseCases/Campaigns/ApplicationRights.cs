using Diagnostics.Engine.Access;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Who may see an application: the person, the campaign's operator, and those who enrol people in the person's
/// territory.
/// </summary>
internal static class ApplicationRights
{
    internal static readonly AccessRule Concerned = AccessRule
        .Of(Role.Participant.OfOwn(), Role.Operator.OfCampaign(), Role.Operator.OfTerritory())
        .Or(Clients.EnrolPeople);

    internal static async Task<bool> Concerns(Db db, Caller caller, ApplicationRow application) =>
        ConcernsWithoutPerson(caller, application.CampaignId, application.ParticipantId)
        || Concerns(caller, await PersonStore.Find(db, application.ParticipantId));

    /// <summary>
    /// Whether the caller is the person or the campaign's operator. The answer does not need the person's data, which
    /// may have been erased.
    /// </summary>
    internal static bool ConcernsWithoutPerson(Caller caller, Guid campaignId, Guid participantId) =>
        caller.IsAccount && Concerned.Covers(caller, new Target { Campaign = campaignId, Participant = participantId });

    /// <summary>
    /// Whether the caller enrols people where the person lives; false when the person's data have been erased.
    /// </summary>
    internal static bool Concerns(Caller caller, PersonRow? person) =>
        person is not null && Concerned.Covers(caller, new Target { Territory = person.Territory });
}
