using System.Security.Claims;
using System.Text.Encodings.Web;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>
/// Wraps a signed-in caller as the principal that ASP.NET Core expects. ASP.NET Core itself checks only that somebody
/// is signed in.
/// </summary>
/// <param name="claims">Claims that name the person to whom a page's form token is bound; null when there is no such
/// form token.</param>
internal sealed class CallerPrincipal(Caller caller, string scheme, IEnumerable<Claim>? claims = null)
    : ClaimsPrincipal(new ClaimsIdentity(claims, scheme))
{
    internal Caller Caller { get; } = caller;
}

/// <summary>
/// Finds the caller that a request's token identifies. A token whose sign-in has ended is not accepted; this check
/// looks in memory and runs no SQL statement.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    TokenFormat format,
    EndedSignIns ended,
    IClock clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    internal const string Bearer = "Bearer";

    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (header is null)
            return FromCookie();
        return Task.FromResult(
            header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                // A program may open a page, too, which has forms.
                ? Authenticate(header[Prefix.Length..], out _, bindsForms: !CookieSignIn.IsApi(Request))
                : AuthenticateResult.NoResult()
        );
    }

    private Task<AuthenticateResult> FromCookie()
    {
        if (CookieSignIn.TokenOf(Request) is not { } token)
            return Task.FromResult(AuthenticateResult.NoResult());
        var result = Authenticate(token, out var expires, bindsForms: true);
        // Viewing a page renews the sign-in. A save never does, because a save runs one SQL statement and no more.
        return
            result.Principal is CallerPrincipal { Caller.SignIn: { } signIn }
            && HttpMethods.IsGet(Request.Method)
            && expires - clock.GetCurrentInstant() < CookieSignIn.Renewed
            ? Renew(result, signIn)
            : Task.FromResult(result);
    }

    /// <summary>
    /// Renews the token of a person who only views pages, so that the person stays signed in as long as the sign-in
    /// lasts.
    /// </summary>
    private async Task<AuthenticateResult> Renew(AuthenticateResult result, Guid signIn)
    {
        var issue = Context.RequestServices.GetRequiredService<IssueToken>();
        if (!(await issue.Run(new Credentials.SignedIn(signIn), Caller.Nobody())).Refused(out _, out var subject))
            CookieSignIn.Set(Context, (TokenSubject.Account)subject);
        return result;
    }

    private AuthenticateResult Authenticate(string token, out Instant expires, bool bindsForms)
    {
        if (format.Read(token, clock.GetCurrentInstant(), out expires) is not { } caller)
            return AuthenticateResult.Fail("The token is not good.");
        return caller.SignIn is { } signIn && ended.Has(signIn)
            ? AuthenticateResult.Fail("The sign-in has ended.")
            : AuthenticateResult.Success(
                new AuthenticationTicket(new CallerPrincipal(caller, Bearer, bindsForms ? [new Claim("sub", caller.Id)] : null), Bearer)
            );
    }

    /// <summary>Sends a person who opens a page to the sign-in page; answers a program with 401.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (CookieSignIn.IsPageView(Context))
        {
            var to = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : CookieSignIn.PageBefore(Request) ?? "/";
            Response.Redirect(CookieSignIn.SignInTo(to));
            return Task.CompletedTask;
        }
        Response.Headers.WWWAuthenticate = Bearer;
        return base.HandleChallengeAsync(properties);
    }

    /// <summary>Sends a person to the page for the step that must be taken before the sign-in has all rights.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!CookieSignIn.IsPageView(Context) || CookieSignIn.WayOut(Context.Caller()) is not { } way)
            return base.HandleForbiddenAsync(properties);
        Response.Redirect(way);
        return Task.CompletedTask;
    }
}
