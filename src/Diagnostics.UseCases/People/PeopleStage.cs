using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
namespace Diagnostics.UseCases.People;

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
