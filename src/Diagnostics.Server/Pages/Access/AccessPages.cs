using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.People;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.Access;

internal static class AccessPages
{
    /// <summary>Any signed-in person, even one who must still do something before the sign-in has all rights.</summary>
    private static readonly AccessRule Limited = AccessRule.Account.Under(SignInLimits.All);

    /// <summary>
    /// A signed-in person who may set up a second factor. Nobody may do so before changing the first password.
    /// </summary>
    private static readonly AccessRule WithOwnPassword = AccessRule.Account.Under(SignInLimits.SetUpSecondFactor);

    internal static void MapAccessPages(this IEndpointRouteBuilder pages)
    {
        pages.Page(CookieSignIn.SignInPath, ShowSignIn).AllowedTo(AccessRule.Public);
        pages.OpenForm(CookieSignIn.SignInPath, SignIn);
        pages.OpenForm(CookieSignIn.SignInPath + "/code", SignInByCode);
        pages.Page(OutsideSignIn.Path, (HttpContext http, OutsideSignIn outside) => outside.Begin(http)).AllowedTo(AccessRule.Public);
        pages
            .Page(CookieSignIn.SignInPath + "/second-factor", () => PageAnswer.Of<SecondFactorPage>(new SecondFactorPage.Form([])))
            .AllowedTo(Limited);
        pages.Form(CookieSignIn.SignInPath + "/second-factor", ShowFactor, Limited);
        pages.Form("/sign-out", EndSignIn, Limited);
        pages
            .Page("/account", (HttpContext http, ListMySignIns signIns, GetMySecondFactor factor) => ShowAccount(http, signIns, factor, []))
            .AllowedTo(Limited);
        pages.Page("/account/data", ShowData).AllowedTo(GetPersonData.Operation.Access);
        pages.Form("/account/password", ChangePassword, Limited);
        pages.Form("/account/sign-ins/{signInId:guid}/end", EndOther);
        pages
            .Page(CookieSignIn.SetUpPath, (HttpContext http, GetMySecondFactor mine) => ShowSetUp(http, mine, []))
            .AllowedTo(WithOwnPassword);
        pages.Form(CookieSignIn.SetUpPath, BeginFactor, WithOwnPassword);
        pages.Form(CookieSignIn.SetUpPath + "/confirmation", ConfirmFactor, WithOwnPassword);
    }

    private static async Task<IResult> ShowData(HttpContext http, GetPersonData useCase)
    {
        var caller = http.Caller();
        if ((await useCase.Run(caller.ParticipantId ?? Guid.Empty, caller)).Refused(out var refusal, out var data))
            return PageAnswer.From(refusal);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"diagnostics-{data.MadeAt.InUtc().Date:uuuu-MM-dd}.json\"";
        return TypedResults.Ok(data);
    }

    private static IResult ShowSignIn(HttpContext http)
    {
        var to = Local(http.Request.Query[CookieSignIn.ReturnParameter]);
        return http.Caller().IsAccount ? PageAnswer.SeeOther(to) : PageAnswer.Of<SignIn>(new SignIn.Form("", to, []));
    }

    /// <summary>
    /// Signs a person in. The exam page asks for JSON and stays open; the answer names the person, who may not be the
    /// person who was signed in before.
    /// </summary>
    private static async Task<IResult> SignIn(SentForm form, HttpContext http, IssueToken useCase)
    {
        var stays = !CookieSignIn.IsPageView(http);
        var credentials = new Credentials.Password(form["user-name"], form["password"], http.Attempt(http.Caller().SignIn));
        if ((await useCase.Run(credentials, http.Caller())).Refused(out var refusal, out var subject))
        {
            return stays
                ? Problems.From(refusal)
                : PageAnswer.Of<SignIn>(
                    new SignIn.Form(form["user-name"], Local(form[CookieSignIn.ReturnParameter]), [new("user-name", refusal.Detail)]),
                    Problems.StatusOf(refusal.Kind)
                );
        }
        var account = (TokenSubject.Account)subject;
        CookieSignIn.Set(http, account);
        return stays ? TypedResults.Ok(new SignedIn(account.Id)) : PageAnswer.SeeOther(Local(form[CookieSignIn.ReturnParameter]));
    }

    /// <summary>
    /// Signs in with the code from an access sheet; a code opens one session. The person goes straight to that session,
    /// or stays on the exam page.
    /// </summary>
    private static async Task<IResult> SignInByCode(SentForm form, HttpContext http, SignInWithCode useCase)
    {
        var stays = !CookieSignIn.IsPageView(http);
        if ((await useCase.Run(new(form["code"], http.Attempt()), Caller.Nobody())).Refused(out var refusal, out var account))
        {
            return stays
                ? Problems.From(refusal)
                : PageAnswer.Of<SignIn>(
                    new SignIn.Form("", "/", [new("code", refusal.Detail)]) { Code = form["code"] },
                    Problems.StatusOf(refusal.Kind)
                );
        }
        CookieSignIn.Set(http, account);
        return stays ? TypedResults.Ok(new SignedIn(account.Id)) : PageAnswer.SeeOther($"/sessions/{account.SessionId:D}");
    }

    private static async Task<IResult> ShowFactor(SentForm form, HttpContext http, ShowSecondFactor useCase, IssueToken issueToken)
    {
        var caller = http.Caller();
        if ((await useCase.Run(new(form["code"], http.Attempt()), caller)).Refused(out var refusal, out _))
            return PageAnswer.Of<SecondFactorPage>(
                new SecondFactorPage.Form([new("code", refusal.Detail)]),
                Problems.StatusOf(refusal.Kind)
            );
        if (
            caller.SignIn is not { } signIn
            || (await issueToken.Run(new Credentials.SignedIn(signIn), caller)).Refused(out _, out var subject)
        )
            return PageAnswer.SeeOther(CookieSignIn.SignInPath);
        CookieSignIn.Set(http, (TokenSubject.Account)subject);
        return PageAnswer.SeeOther("/");
    }

    private static async Task<IResult> EndSignIn(SentForm form, HttpContext http, SignOut useCase)
    {
        await useCase.Run(default, http.Caller());
        CookieSignIn.Remove(http);
        return PageAnswer.SeeOther(
            Local(form[CookieSignIn.ReturnParameter]) is var to and not "/" ? CookieSignIn.SignInTo(to) : CookieSignIn.SignInPath
        );
    }

    private static async Task<IResult> EndOther(Guid signInId, SentForm form, HttpContext http, EndMySignIn useCase) =>
        (await useCase.Run(signInId, http.Caller())).Refused(out var refusal, out _)
            ? PageAnswer.From(refusal)
            : PageAnswer.SeeOther("/account?ended#devices");

    /// <summary>
    /// Shows the person's devices and second factor, if the person may see them: the first password must have been
    /// changed before.
    /// </summary>
    private static async Task<IResult> ShowAccount(
        HttpContext http,
        ListMySignIns listSignIns,
        GetMySecondFactor getMySecondFactor,
        IReadOnlyList<ErrorSummary.Line> errors,
        int status = 200
    )
    {
        var devices = (await listSignIns.Run(default, http.Caller())).Refused(out _, out var signIns) ? [] : signIns;
        bool? factor = (await getMySecondFactor.Run(default, http.Caller())).Refused(out _, out var mine) ? null : mine.SetUp;
        return PageAnswer.Of<AccountPage>(
            new AccountPage.Facts(
                http.Request.Query.ContainsKey("changed"),
                http.Request.Query.ContainsKey("ended"),
                http.Caller().Limits.HasFlag(SignInLimits.ChangePassword),
                devices,
                factor,
                errors
            ),
            status
        );
    }

    private static async Task<IResult> ShowSetUp(
        HttpContext http,
        GetMySecondFactor getMySecondFactor,
        IReadOnlyList<ErrorSummary.Line> errors,
        int status = 200
    ) =>
        (await getMySecondFactor.Run(default, http.Caller())).Refused(out var refusal, out var mine)
            ? PageAnswer.From(refusal)
            : PageAnswer.Of<SetUpFactorPage>(
                new SetUpFactorPage.Facts(mine.SetUp, mine.Begun, http.Caller().Limits.HasFlag(SignInLimits.SetUpSecondFactor), errors),
                status
            );

    /// <summary>Makes a new secret each time, so that somebody who saw the previous secret cannot use it.</summary>
    private static async Task<IResult> BeginFactor(
        SentForm form,
        HttpContext http,
        BeginSecondFactor useCase,
        GetMySecondFactor getMySecondFactor
    ) =>
        (await useCase.Run(default, http.Caller())).Refused(out var refusal, out _)
            ? await ShowSetUp(http, getMySecondFactor, [new(null, refusal.Detail)], Problems.StatusOf(refusal.Kind))
            : PageAnswer.SeeOther(CookieSignIn.SetUpPath);

    /// <summary>The recovery codes are part of the answer: nothing stores them, so nobody can see them again.</summary>
    private static async Task<IResult> ConfirmFactor(
        SentForm form,
        HttpContext http,
        ConfirmSecondFactor useCase,
        GetMySecondFactor getMySecondFactor,
        IssueToken issueToken
    )
    {
        var caller = http.Caller();
        if ((await useCase.Run(new(form["code"], http.Attempt()), caller)).Refused(out var refusal, out var recovery))
            return await ShowSetUp(
                http,
                getMySecondFactor,
                [new(refusal.Facts.GetValueOrDefault("field") as string, refusal.Detail)],
                Problems.StatusOf(refusal.Kind)
            );
        if (
            caller.SignIn is { } signIn
            && !(await issueToken.Run(new Credentials.SignedIn(signIn), caller)).Refused(out _, out var subject)
        )
            CookieSignIn.Set(http, (TokenSubject.Account)subject);
        return PageAnswer.Of<RecoveryCodesPage>(recovery);
    }

    /// <summary>
    /// A change of the password ends every earlier sign-in, including this one, so the person is signed in again with
    /// the new password.
    /// </summary>
    private static async Task<IResult> ChangePassword(
        SentForm form,
        HttpContext http,
        ChangeOwnPassword useCase,
        GetMyAccount getMyAccount,
        IssueToken issueToken,
        ListMySignIns listSignIns,
        GetMySecondFactor getMySecondFactor
    )
    {
        var caller = http.Caller();
        var from = http.Attempt(caller.SignIn);
        if ((await useCase.Run(new(new(form["currentPassword"], form["newPassword"]), from), caller)).Refused(out var refusal, out _))
            return await ShowAccount(
                http,
                listSignIns,
                getMySecondFactor,
                [new(refusal.Facts.GetValueOrDefault("field") as string, refusal.Detail)],
                Problems.StatusOf(refusal.Kind)
            );
        if ((await getMyAccount.Run(default, caller)).Refused(out _, out var account))
            return PageAnswer.SeeOther(CookieSignIn.SignInPath);
        var credentials = new Credentials.Password(account.UserName, form["newPassword"], from);
        if ((await issueToken.Run(credentials, Caller.Nobody())).Refused(out _, out var subject))
            return PageAnswer.SeeOther(CookieSignIn.SignInPath);
        CookieSignIn.Set(http, (TokenSubject.Account)subject);
        // Somebody who works here and signs in for the first time goes on to the work.
        return PageAnswer.SeeOther(
            caller.Limits.HasFlag(SignInLimits.ChangePassword) && caller.ParticipantId is null ? "/" : "/account?changed"
        );
    }

    /// <summary>
    /// Returns the path if it belongs to this service, and the home page otherwise, so that nobody is sent to another
    /// site after signing in.
    /// </summary>
    internal static string Local(string? path) =>
        path is ['/', ..]
        && path is not ['/', '/' or '\\', ..]
        && !path.Any(char.IsControl)
        && !path.StartsWith("/sign-", StringComparison.Ordinal)
            ? path
            : "/";

    private sealed record SignedIn(Guid AccountId);
}
