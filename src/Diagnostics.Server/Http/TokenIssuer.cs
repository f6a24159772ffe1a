using System.Diagnostics;
using System.Text.Json.Serialization;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.Server.Http;

/// <summary>The answer that contains an OAuth 2.0 token (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">The lifetime of the access token, in seconds.</param>
/// <param name="RefreshToken">Given to accounts; null for clients. It works only once: the answer to a request with it
/// contains the next refresh token.</param>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken
)
{
    /// <summary>
    /// What the person must do before the token gives all rights: <c>change_password</c>, <c>show_second_factor</c>,
    /// <c>set_up_second_factor</c>.
    /// </summary>
    [JsonPropertyName("required_actions")]
    public IReadOnlyList<string>? RequiredActions { get; init; }
}

/// <summary>Makes bearer tokens for callers. The caller's right to a token must have been checked before.</summary>
internal sealed class TokenIssuer(TokenFormat format, IClock clock)
{
    internal TokenResponse Issue(TokenSubject subject) =>
        subject switch
        {
            TokenSubject.Account account => ForAccount(account),
            TokenSubject.Client client => ForClient(client),
            _ => throw new UnreachableException(),
        };

    private TokenResponse ForAccount(TokenSubject.Account account)
    {
        var now = clock.GetCurrentInstant();
        var expires = Instant.Min(now + SignIns.AccessLifetime, account.ExpiresAt);
        var renewable = Instant.Min(now + SignIns.Idle, account.ExpiresAt);
        return new(
            format.Write(account, expires),
            BearerHandler.Bearer,
            (int)(expires - now).TotalSeconds,
            format.WriteRenewal(account.SignInId, account.Generation, renewable)
        )
        {
            RequiredActions = Actions(account.Limits),
        };
    }

    private TokenResponse ForClient(TokenSubject.Client client) =>
        new(
            format.Write(client, clock.GetCurrentInstant() + SignIns.AccessLifetime),
            BearerHandler.Bearer,
            (int)SignIns.AccessLifetime.TotalSeconds,
            RefreshToken: null
        );

    private static IReadOnlyList<string>? Actions(SignInLimits limits)
    {
        var actions = new List<string>();
        if (limits.HasFlag(SignInLimits.ShowSecondFactor))
            actions.Add("show_second_factor");
        if (limits.HasFlag(SignInLimits.ChangePassword))
            actions.Add("change_password");
        if (limits.HasFlag(SignInLimits.SetUpSecondFactor))
            actions.Add("set_up_second_factor");
        return actions.Count == 0 ? null : actions;
    }
}
