using Diagnostics.Engine;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Logs every attempt to sign in: the method, the account, the origin and the outcome. It never logs a name, a password
/// or a code, because people type any of them into the wrong field.
/// </summary>
internal sealed class SignInLog(ILogger<SignInLog> log, SignInTrail? trail = null)
{
    private const string Client = "client";
    private const string SecondFactor = "second_factor";

    /// <summary>A person has signed in.</summary>
    internal void Succeeded(SignInMethod method, TokenSubject.Account account, Attempt from) =>
        log.LogInformation(
            "Signed in: {Method}, account {Account}, sign-in {SignIn}, from {Address}",
            Codes.Of(method),
            account.Id,
            account.SignInId,
            from.Address
        );

    internal void Succeeded(string clientId, Attempt from)
    {
        log.LogInformation("Signed in: {Method}, client {Client}, from {Address}", Client, clientId, from.Address);
        trail?.Succeeded($"client:{clientId}");
    }

    /// <param name="account">The account; null when the attempt names no existing account.</param>
    internal void Refused(SignInMethod method, Guid? account, Attempt from, string code)
    {
        log.LogWarning(
            "Sign-in refused: {Method}, account {Account}, from {Address}: {Code}",
            Codes.Of(method),
            account,
            from.Address,
            code
        );
        trail?.Refused(account is { } known ? $"account:{known:D}" : null, code);
    }

    /// <param name="clientId">An existing client; null for an unknown one.</param>
    internal void Refused(string? clientId, Attempt from, string code)
    {
        log.LogWarning("Sign-in refused: {Method}, client {Client}, from {Address}: {Code}", Client, clientId, from.Address, code);
        trail?.Refused(clientId is null ? null : $"client:{clientId}", code);
    }

    /// <summary>A person has entered the right code after the right password.</summary>
    /// <param name="signIn">The sign-in of the caller; null for a caller without a token.</param>
    internal void Succeeded(Guid account, Guid? signIn, Attempt from) =>
        log.LogInformation(
            "Signed in: {Method}, account {Account}, sign-in {SignIn}, from {Address}",
            SecondFactor,
            account,
            signIn,
            from.Address
        );

    internal void Refused(Guid account, Attempt from, string code)
    {
        log.LogWarning("Sign-in refused: {Method}, account {Account}, from {Address}: {Code}", SecondFactor, account, from.Address, code);
        trail?.Refused($"account:{account:D}", code);
    }

    /// <summary>A refresh token was used twice, so somebody has a copy.</summary>
    internal void Reused(Guid signIn) => log.LogWarning("Sign-in {SignIn} ended: its refresh token was used twice", signIn);
}
