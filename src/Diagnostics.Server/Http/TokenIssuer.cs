using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>OAuth 2.0 token answer (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="RefreshToken">For accounts; null for clients.</param>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken);

/// <summary>Makes bearer tokens for those whose right to them has been checked, and reads its own refresh tokens.</summary>
internal sealed class TokenIssuer(IOptionsMonitor<BearerTokenOptions> options, IClock clock)
{
    internal static readonly Duration AccessLifetime = Duration.FromMinutes(60);
    internal static readonly Duration RefreshLifetime = Duration.FromHours(12);

    internal TokenResponse Issue(TokenSubject subject) => subject switch
    {
        TokenSubject.Account account => ForAccount(account),
        TokenSubject.Client client => ForClient(client),
        _ => throw new UnreachableException(),
    };

    /// <returns>What the refresh token says of its bearer; null when it is none of ours or has expired.</returns>
    internal Credentials.Renewal? Read(string refreshToken)
    {
        var ticket = Options.RefreshTokenProtector.Unprotect(refreshToken);
        return ticket?.Properties.ExpiresUtc is { } expires && expires > clock.GetCurrentInstant().ToDateTimeOffset()
            && Guid.TryParse(ticket.Principal.FindFirstValue(Callers.AccountClaim), out var account)
                ? new(account, ticket.Principal.FindFirstValue(Callers.StampClaim))
                : null;
    }

    private TokenResponse ForAccount(TokenSubject.Account account)
    {
        var now = clock.GetCurrentInstant();
        List<Claim> claims = [new(Callers.AccountClaim, account.Id.ToString("D"))];
        if (account.ParticipantId is { } participant) claims.Add(new(Callers.ParticipantClaim, participant.ToString("D")));
        List<Claim> renewal = [.. claims, new(Callers.StampClaim, account.SecurityStamp)];
        return Answer(claims, now, Protect(Options.RefreshTokenProtector, renewal, now + RefreshLifetime));
    }

    private TokenResponse ForClient(TokenSubject.Client client)
    {
        List<Claim> claims = [new(Callers.ClientClaim, client.Id), .. client.Scopes.Select(scope => new Claim(Callers.ScopeClaim, scope))];
        if (client.Territory is { } territory) claims.Add(new(Callers.TerritoryClaim, territory));
        return Answer(claims, clock.GetCurrentInstant(), refresh: null);
    }

    private TokenResponse Answer(IEnumerable<Claim> claims, Instant now, string? refresh) =>
        new(Protect(Options.BearerTokenProtector, claims, now + AccessLifetime), "Bearer", (int)AccessLifetime.TotalSeconds, refresh);

    private static string Protect(ISecureDataFormat<AuthenticationTicket> protector, IEnumerable<Claim> claims, Instant expires) =>
        protector.Protect(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity(claims, BearerTokenDefaults.AuthenticationScheme)),
            new AuthenticationProperties { ExpiresUtc = expires.ToDateTimeOffset() },
            BearerTokenDefaults.AuthenticationScheme));

    private BearerTokenOptions Options => options.Get(BearerTokenDefaults.AuthenticationScheme);
}
