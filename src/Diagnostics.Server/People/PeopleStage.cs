namespace Diagnostics.Server.People;

internal static class PeopleStage
{
    internal static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("People");
        EnrolPeople.Map(people);
        ReadPeople.Map(people);
        UpdatePerson.Map(people);
        ErasePerson.Map(people);
        MakePersonAccount.Map(people);
        PersonConsents.Map(people);
    }
}
