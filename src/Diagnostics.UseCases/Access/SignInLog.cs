using Diagnostics.Engine;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// A line of the service's log for every attempt to sign in: by which way, which account, from where, with what outcome. No
/// name, no password, no code: what somebody typed into the wrong field may be any of them.
/// </summary>
internal sealed class SignInLog(ILogger<SignInLog> log)
{
    private const string Client = "client";
    private const string SecondFactor = "second_factor";

    /// <summary>Somebody is in.</summary>
    internal void Succeeded(SignInMethod method, TokenSubject.Account account, Attempt from) => log.LogInformation(
        "Signed in: {Method}, account {Account}, sign-in {SignIn}, from {Address}", Codes.Of(method), account.Id, account.SignInId, from.Address);

    internal void Succeeded(string clientId, Attempt from) =>
        log.LogInformation("Signed in: {Method}, client {Client}, from {Address}", Client, clientId, from.Address);

    /// <param name="account">Null where the attempt names none that there is.</param>
    internal void Refused(SignInMethod method, Guid? account, Attempt from, string code) => log.LogWarning(
        "Sign-in refused: {Method}, account {Account}, from {Address}: {Code}", Codes.Of(method), account, from.Address, code);

    /// <param name="clientId">Of a client that there is; null for another.</param>
    internal void Refused(string? clientId, Attempt from, string code) =>
        log.LogWarning("Sign-in refused: {Method}, client {Client}, from {Address}: {Code}", Client, clientId, from.Address, code);

    /// <summary>A code was shown by somebody whose password was right.</summary>
    /// <param name="signIn">Null for a caller that no token made.</param>
    internal void Succeeded(Guid account, Guid? signIn, Attempt from) => log.LogInformation(
        "Signed in: {Method}, account {Account}, sign-in {SignIn}, from {Address}", SecondFactor, account, signIn, from.Address);

    internal void Refused(Guid account, Attempt from, string code) => log.LogWarning(
        "Sign-in refused: {Method}, account {Account}, from {Address}: {Code}", SecondFactor, account, from.Address, code);

    /// <summary>A refresh token was shown twice: somebody has a copy.</summary>
    internal void Reused(Guid signIn) => log.LogWarning("Sign-in {SignIn} ended: its refresh token was used twice", signIn);
}
