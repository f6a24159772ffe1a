using System.Security.Claims;
using System.Text.Encodings.Web;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>Somebody who has signed in, for the framework: it asks for nothing but that.</summary>
internal sealed class CallerPrincipal(Caller caller, string scheme) : ClaimsPrincipal(new ClaimsIdentity(scheme))
{
    internal Caller Caller { get; } = caller;
}

/// <summary>
/// Whose token a request brings. A token whose sign-in has ended is as good as none: known from memory, without a statement.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    TokenFormat format, EndedSignIns ended, IClock clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    internal const string Bearer = "Bearer";

    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        string? header = Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (format.Read(header[Prefix.Length..], clock.GetCurrentInstant()) is not { } caller) return AuthenticateResult.Fail("The token is not good.");
        return caller.SignIn is { } signIn && ended.Has(signIn)
            ? AuthenticateResult.Fail("The sign-in has ended.")
            : AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(caller, Bearer), Bearer));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Bearer;
        return base.HandleChallengeAsync(properties);
    }
}
