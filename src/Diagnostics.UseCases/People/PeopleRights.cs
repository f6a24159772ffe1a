using Diagnostics.Engine.Access;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

/// <summary>The rights concerning personal data.</summary>
internal static class PeopleRights
{
    /// <summary>Operators of the territory, and portals that enrol people there.</summary>
    internal static readonly AccessRule Enrollers = AccessRule.Of(Role.Operator.OfTerritory()).Or(Clients.EnrolPeople);

    /// <summary>Those who may enrol people, and the person concerned.</summary>
    internal static readonly AccessRule Readers = AccessRule
        .Of(Role.Participant.OfOwn(), Role.Operator.OfTerritory())
        .Or(Clients.EnrolPeople);

    /// <summary>
    /// Those who may learn the name: beside those who may read the consents, operators of a campaign for which the person applies,
    /// and methodologists if the person shares the profile.
    /// </summary>
    internal static readonly AccessRule Knowers = AccessRule
        .Of(
            Role.Participant.OfOwn(),
            Role.Operator.OfTerritory(),
            Role.Operator.OfCampaign(),
            Role.Methodologist.OfTerritory(),
            Role.Methodologist.OfOrganisation()
        )
        .Or(Clients.EnrolPeople);
}
