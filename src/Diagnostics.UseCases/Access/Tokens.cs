using System.Security.Claims;
using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>OAuth 2.0 token answer (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="RefreshToken">For accounts; null for clients.</param>
public sealed record TokenResponse(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] int ExpiresIn,
    [property: System.Text.Json.Serialization.JsonPropertyName("refresh_token")] string? RefreshToken);

/// <summary>Issues bearer tokens for passwords, refresh tokens and client credentials.</summary>
internal sealed class Tokens(
    Transactions transactions,
    IOptionsMonitor<BearerTokenOptions> options,
    IPasswordHasher<AccountRow> passwords,
    IClock clock)
{
    internal static readonly Duration AccessLifetime = Duration.FromMinutes(60);
    internal static readonly Duration RefreshLifetime = Duration.FromHours(12);
    private const int FailuresBeforeLockout = 10;
    private static readonly Duration Lockout = Duration.FromMinutes(5);

    internal static readonly Refusal BadCredentials = Refusal.Invalid("invalid-grant", "Имя или пароль не подходят.");

    internal static readonly Refusal BadClient = Refusal.Invalid("invalid-client", "Клиент не известен или секрет не подходит.");

    internal async Task<Result<TokenResponse>> ForPassword(string userName, string password)
    {
        var now = clock.GetCurrentInstant();
        var account = await transactions.Read(db => AccountStore.FindByName(db, Accounts.Normalise(userName)));
        if (account is null)
        {
            // The same work as for a known name, so that the time tells nothing of which names exist.
            passwords.HashPassword(new AccountRow(), password);
            return BadCredentials;
        }
        if (account.LockoutEnd > now) return Refusal.Forbidden("account-locked", "Слишком много неудачных попыток; подождите несколько минут.");
        var verified = account.PasswordHash is { } hash ? passwords.VerifyHashedPassword(account, hash, password) : PasswordVerificationResult.Failed;
        if (verified is PasswordVerificationResult.Failed || account.Disabled)
        {
            await transactions.WriteStatement(db => AccountStore.CountFailure(db, account.Id, FailuresBeforeLockout, now + Lockout));
            return BadCredentials;
        }
        if (account.FailedCount > 0) await transactions.WriteStatement(db => AccountStore.ForgetFailures(db, account.Id));
        return Issue(account, now);
    }

    internal async Task<Result<TokenResponse>> ForRefreshToken(string token)
    {
        var now = clock.GetCurrentInstant();
        var ticket = Options.RefreshTokenProtector.Unprotect(token);
        var stale = Refusal.Invalid("invalid-grant", "Токен обновления недействителен; войдите заново.");
        if (ticket?.Properties.ExpiresUtc is not { } expires || expires <= now.ToDateTimeOffset()
            || !Guid.TryParse(ticket.Principal.FindFirstValue(Callers.AccountClaim), out var id)) return stale;
        var account = await transactions.Read(db => AccountStore.Find(db, id));
        return account is null or { Disabled: true } || account.SecurityStamp != ticket.Principal.FindFirstValue(Callers.StampClaim)
            ? stale
            : Issue(account, now);
    }

    internal async Task<Result<TokenResponse>> ForClient(string clientId, string secret)
    {
        var client = await transactions.Read(db => ClientStore.Find(db, clientId));
        if (client is null or { Disabled: true } || !Clients.SecretMatches(client, secret))
            return BadClient;
        List<Claim> claims = [new(Callers.ClientClaim, client.Id), .. client.Scopes.Split(' ').Select(scope => new Claim(Callers.ScopeClaim, scope))];
        if (client.Territory is { } territory) claims.Add(new(Callers.TerritoryClaim, territory));
        return new TokenResponse(Protect(Options.BearerTokenProtector, claims, clock.GetCurrentInstant() + AccessLifetime), "Bearer", (int)AccessLifetime.TotalSeconds, null);
    }

    /// <summary>Tokens of an account whose right to them has been checked.</summary>
    internal TokenResponse Issue(AccountRow account, Instant now)
    {
        List<Claim> claims = [new(Callers.AccountClaim, account.Id.ToString("D"))];
        if (account.ParticipantId is { } participant) claims.Add(new(Callers.ParticipantClaim, participant.ToString("D")));
        var access = Protect(Options.BearerTokenProtector, claims, now + AccessLifetime);
        var refresh = Protect(Options.RefreshTokenProtector, [.. claims, new(Callers.StampClaim, account.SecurityStamp)], now + RefreshLifetime);
        return new(access, "Bearer", (int)AccessLifetime.TotalSeconds, refresh);
    }

    private static string Protect(ISecureDataFormat<AuthenticationTicket> protector, IEnumerable<Claim> claims, Instant expires) =>
        protector.Protect(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity(claims, BearerTokenDefaults.AuthenticationScheme)),
            new AuthenticationProperties { ExpiresUtc = expires.ToDateTimeOffset() },
            BearerTokenDefaults.AuthenticationScheme));

    private BearerTokenOptions Options => options.Get(BearerTokenDefaults.AuthenticationScheme);
}
