using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.People;
using Diagnostics.Storage.People;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.People;

internal sealed class ListPeople(Executor executor) : UseCase<ListPeople.Request, Page<PersonView>>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(ListPeople),
        AccessRule.Of(Role.Operator).Or(Clients.EnrolPeople),
        Trail.Look<ListPeople.Request, Page<PersonView>>(
            "people.listed",
            (_, page) => Looked.List("people", page.Items.Select(each => (Guid?)each.ParticipantId))
        )
    );

    internal sealed record Request(string? Territory, string? Organisation, string? ExternalId, Guid? After, int? Limit);

    protected override Task<Result<Page<PersonView>>> Handle(Request request, Caller caller)
    {
        var territories = caller.Territories();
        var campaigns = request.Territory is null ? caller.OperatedCampaigns() : [];
        if (request.Territory is { } wanted)
            territories = territories is null || territories.Contains(wanted) ? [wanted] : [];
        return Read(async db =>
        {
            var limit = Page<PersonView>.Take(request.Limit);
            // Compare names in the same way as when experts are excluded from scripts: quotes, blanks and the
            // number sign do not matter.
            var known = request.Organisation is null ? [] : await PersonStore.Organisations(db, campaigns.Count > 0 ? null : territories);
            var organisations = request.Organisation is { } name
                ? known.Where(other => OrganisationName.AreSame(name, other)).ToList()
                : null;
            var rows = await PersonStore.List(db, territories, campaigns, organisations, request.ExternalId, request.After, limit);
            var views = rows.Select(PersonView.Of).ToList();
            return Page<PersonView>.Of(views, request.Limit, person => person.ParticipantId.ToString("D"));
        });
    }
}

internal sealed class GetPerson(Executor executor) : UseCase<Guid, PersonView>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(GetPerson),
        PeopleRights.Knowers,
        Trail.Look<Guid, PersonView>("person.read", (person, _) => new($"person:{person:D}"))
    );

    protected override Task<Result<PersonView>> Handle(Guid participantId, Caller caller) =>
        Read(async db =>
        {
            if (await PersonStore.Find(db, participantId) is not { } person)
                return PeopleRefusals.NotFound;
            var target = new Target
            {
                Participant = participantId,
                Territory = person.Territory,
                Organisation = person.Organisation,
            };
            // An operator of a campaign knows those who apply for it; a methodologist only those who share the profile.
            return
                PeopleRights.Readers.Covers(caller, target)
                || (caller.Has(Role.Operator) && (await PersonStore.AppliedTo(db, participantId)).Any(caller.OperatesCampaign))
                || (Reaches(caller, target) && await ConsentStore.Has(db, participantId, ConsentStore.ProfileSharing))
                ? PersonView.Of(person)
                : PeopleRefusals.NotFound;
        });
}
