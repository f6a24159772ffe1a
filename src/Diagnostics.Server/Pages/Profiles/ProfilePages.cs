using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.Profiles;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Appeals;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Profiles;

namespace Diagnostics.Server.Pages.Profiles;

internal static class ProfilePages
{
    internal static void MapProfilePages(this IEndpointRouteBuilder pages)
    {
        pages.Page("/results", (HttpContext http, OwnResults results) => ShowResults(http, results)).AllowedTo(AccessRule.Account);
        pages.Page("/results/{profileId:guid}", ShowResult).AllowedTo(AccessRule.Account);
        pages.Page("/results/{profileId:guid}/profile.json", Download).AllowedTo(AccessRule.Account);
        pages
            .Page(
                "/results/{profileId:guid}/sheet",
                (Guid profileId, HttpContext http, GetProfileSheet useCase, SheetPage sheet) =>
                    sheet.Show<ProfileSheet, DeficitProfile>(useCase.Run(profileId, http.Caller()))
            )
            .AllowedTo(AccessRule.Account);
        pages.Form("/results/sharing", Share);
        pages.Form("/results/sharing/withdrawal", EndSharing);
    }

    private static async Task<IResult> ShowResults(HttpContext http, OwnResults results, string? error = null)
    {
        if ((await results.All(http.Caller())).Refused(out var refusal, out var facts))
            return PageAnswer.From(refusal);
        var told = http.Request.Query["sharing"].ToString() switch
        {
            "given" => "Разрешение дано: портал и методисты могут видеть ваш профиль.",
            "withdrawn" => "Разрешение отозвано: профиль больше не передаётся.",
            _ => null,
        };
        return PageAnswer.Of<ResultsPage>(
            facts with
            {
                Told = told,
                Error = error,
            },
            error is null ? 200 : StatusCodes.Status422UnprocessableEntity
        );
    }

    private static async Task<IResult> ShowResult(
        Guid profileId,
        HttpContext http,
        GetProfile getProfile,
        GetPolicy getPolicy,
        GetAppealable getAppealable,
        Journeys journeys,
        ListProfilesOfSession listProfiles
    )
    {
        var caller = http.Caller();
        if ((await getProfile.Run(profileId, caller)).Refused(out var refusal, out var text))
            return PageAnswer.From(refusal);
        var profile = IssueProfile.Read(text.Content);
        var subject = profile.Subject;
        if (
            (await getPolicy.Run(new(Codes.Of(PolicyKind.LevelScale), subject.LevelScaleCode, subject.LevelScaleVersion), caller)).Refused(
                out var noScale,
                out var scale
            )
        )
            return PageAnswer.From(noScale);
        if ((await journeys.All(caller)).Refused(out var noJourneys, out var all))
            return PageAnswer.From(noJourneys);
        if ((await listProfiles.Run(subject.SessionId, caller)).Refused(out var noVersions, out var versions))
            return PageAnswer.From(noVersions);
        var appeal = await getAppealable.Run(subject.SessionId, caller);
        var journey = all.FirstOrDefault(each => each.Campaign.Id == subject.CampaignId);
        return PageAnswer.Of<ResultPage>(
            new ResultPage.Facts(
                Profile: profile,
                Scale: new(PolicyJson.Read<LevelScale>(scale.Content.ToJsonString())),
                CampaignTitle: journey?.Campaign.Title ?? "",
                Zone: journey?.Site?.TimeZone ?? Dates.Moscow,
                NewerId: versions.FirstOrDefault(version => version.IsLatest) is { } latest && latest.Id != profileId ? latest.Id : null,
                AppealUntil: !appeal.Refused(out _, out var appealable) && appealable.Open ? appealable.Deadline : null
            )
        );
    }

    private static async Task<IResult> Download(Guid profileId, HttpContext http, GetProfile useCase)
    {
        if ((await useCase.Run(profileId, http.Caller())).Refused(out var refusal, out var text))
            return PageAnswer.From(refusal);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(text.Content), "application/json; charset=utf-8", "profil.json");
    }

    private static async Task<IResult> Share(SentForm form, HttpContext http, GiveProfileSharingConsent useCase, OwnResults results)
    {
        if (form.Number("sharing") is not { } version)
            return await ShowResults(http, results, "Чтобы разрешить, отметьте согласие с текстом.");
        if (http.Caller().ParticipantId is not { } person)
            return PageAnswer.From(Gate.NotAllowed);
        var consent = new ConsentGiven(Consents.ProfileSharingCode, version, Accepted: true);
        return (await useCase.Run(new(person, consent), http.Caller())).Refused(out var refusal, out _) && refusal != Executor.AlreadyDone
            ? await ShowResults(http, results, refusal.Detail)
            : PageAnswer.SeeOther("/results?sharing=given#sharing");
    }

    private static async Task<IResult> EndSharing(
        SentForm form,
        HttpContext http,
        WithdrawProfileSharingConsent useCase,
        OwnResults results
    )
    {
        if (http.Caller().ParticipantId is not { } person)
            return PageAnswer.From(Gate.NotAllowed);
        return (await useCase.Run(person, http.Caller())).Refused(out var refusal, out _)
            ? await ShowResults(http, results, refusal.Detail)
            : PageAnswer.SeeOther("/results?sharing=withdrawn#sharing");
    }
}
