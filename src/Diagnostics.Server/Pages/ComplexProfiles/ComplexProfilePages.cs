using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.ComplexProfiles;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.ComplexProfiles;

internal static class ComplexProfilePages
{
    private const string Address = "/results/complex";

    internal static void MapComplexProfilePages(this IEndpointRouteBuilder pages)
    {
        pages.Page(Address, (HttpContext http, ListComplexProfiles useCase) => ShowAll(http, useCase)).AllowedTo(AccessRule.Account);
        pages.Page(Address + "/{profileId:guid}", Show).AllowedTo(AccessRule.Account);
        pages.Form(Address, Make);
    }

    private static async Task<IResult> ShowAll(HttpContext http, ListComplexProfiles useCase, string? error = null)
    {
        if (http.Caller().ParticipantId is not { } person)
            return PageAnswer.From(Gate.NotAllowed);
        var latest = new List<ComplexProfileSummary>();
        for (Guid? after = null; ; )
        {
            if ((await useCase.Run(new(person, after, null), http.Caller())).Refused(out var refusal, out var page))
                return PageAnswer.From(refusal);
            latest.AddRange(page.Items.Where(profile => profile.IsLatest));
            if (page.Next is null)
                break;
            after = page.Items[^1].Id;
        }
        return PageAnswer.Of<ComplexProfilesPage>(
            new ComplexProfilesPage.Facts(latest, error),
            error is null ? 200 : StatusCodes.Status422UnprocessableEntity
        );
    }

    private static async Task<IResult> Show(Guid profileId, HttpContext http, GetComplexProfile useCase) =>
        (await useCase.Run(profileId, http.Caller())).Refused(out var refusal, out var profile)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<ComplexProfilePage>(new ComplexProfilePage.Facts(IssueComplexProfile.Read(profile.Content), profile.IsLatest));

    private static async Task<IResult> Make(HttpContext http, MakeComplexProfile useCase, ListComplexProfiles listProfiles)
    {
        if (http.Caller().ParticipantId is not { } person)
            return PageAnswer.From(Gate.NotAllowed);
        if (!(await useCase.Run(new(person, new()), http.Caller())).Refused(out var refusal, out var made))
            return PageAnswer.SeeOther($"{Address}/{made.Id:D}");
        return refusal == Executor.AlreadyDone ? PageAnswer.SeeOther(Address) : await ShowAll(http, listProfiles, refusal.Detail);
    }
}
