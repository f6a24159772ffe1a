using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Pages.Access;

internal static class AccessPages
{
    internal static void MapAccessPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(CookieSignIn.SignInPath, ShowSignIn).AllowedTo(AccessRule.Public);
        pages.OpenForm(CookieSignIn.SignInPath, SignIn);
        pages.Form("/sign-out", SignOut);
        pages.MapGet("/account", (HttpContext http) => PageAnswer.Of<AccountPage>(new AccountPage.Facts(http.Request.Query.ContainsKey("changed"), [])))
            .AllowedTo(AccessRule.Account.Under(SignInLimits.ChangePassword));
        pages.Form("/account/password", ChangePassword);
    }

    private static IResult ShowSignIn(HttpContext http)
    {
        var to = Local(http.Request.Query[CookieSignIn.ReturnParameter]);
        return http.Caller().IsAccount ? PageAnswer.SeeOther(to) : PageAnswer.Of<SignIn>(new SignIn.Form("", to, []));
    }

    /// <summary>
    /// Signs in. The page of a running test asks for JSON and stays where it is: it is told who has signed in, for it may be
    /// somebody else than before.
    /// </summary>
    private static async Task<IResult> SignIn(SentForm form, HttpContext http, IssueToken useCase)
    {
        var stays = !CookieSignIn.IsPageView(http);
        var credentials = Password(http, form["user-name"], form["password"]);
        if ((await useCase.Run(credentials, http.Caller())).Refused(out var refusal, out var subject))
        {
            return stays
                ? Problems.From(refusal)
                : PageAnswer.Of<SignIn>(
                    new SignIn.Form(form["user-name"], Local(form[CookieSignIn.ReturnParameter]), [new("user-name", refusal.Detail)]),
                    Problems.StatusOf(refusal.Kind));
        }
        var account = (TokenSubject.Account)subject;
        await http.SignIn(account);
        // Nothing else is open until the password is one's own.
        if (!stays && account.Limits.HasFlag(SignInLimits.ChangePassword)) return PageAnswer.SeeOther("/account");
        return stays ? TypedResults.Ok(new SignedIn(account.Id)) : PageAnswer.SeeOther(Local(form[CookieSignIn.ReturnParameter]));
    }

    private static async Task<IResult> SignOut(SentForm form, HttpContext http, SignOut useCase)
    {
        await useCase.Run(default, http.Caller());
        await http.SignOut();
        return PageAnswer.SeeOther(CookieSignIn.SignInPath);
    }

    /// <summary>The change ends every earlier sign-in, this one too: the person is signed in anew with the new password.</summary>
    private static async Task<IResult> ChangePassword(
        SentForm form, HttpContext http, ChangeOwnPassword useCase, GetMyAccount getMyAccount, IssueToken issueToken)
    {
        var caller = http.Caller();
        if ((await useCase.Run(new(form["currentPassword"], form["newPassword"]), caller)).Refused(out var refusal, out _))
            return PageAnswer.Of<AccountPage>(
                new AccountPage.Facts(Changed: false, [new(refusal.Facts.GetValueOrDefault("field") as string, refusal.Detail)]),
                Problems.StatusOf(refusal.Kind));
        if ((await getMyAccount.Run(default, caller)).Refused(out _, out var account)
            || (await issueToken.Run(Password(http, account.UserName, form["newPassword"]), caller)).Refused(out _, out var subject))
            return PageAnswer.SeeOther(CookieSignIn.SignInPath);
        await http.SignIn((TokenSubject.Account)subject);
        return PageAnswer.SeeOther("/account?changed");
    }

    /// <summary>A path of this service; the home page for everything else, so that no link leads out through the door.</summary>
    private static string Local(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) && !path.StartsWith("/sign-", StringComparison.Ordinal)
            ? path
            : "/";

    private static Credentials.Password Password(HttpContext http, string userName, string word) =>
        new(userName, word) { Device = http.Device(), From = http.Attempt(http.Caller().SignIn) };

    private sealed record SignedIn(Guid AccountId);
}
