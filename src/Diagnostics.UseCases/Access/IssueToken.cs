using System.Diagnostics;
using Diagnostics.Engine;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Access;

/// <summary>What a caller presents to get a token.</summary>
internal abstract record Credentials
{
    private Credentials() { }

    internal sealed record Password(string UserName, string Word, Attempt From) : Credentials;

    /// <summary>A refresh token issued earlier, which the token reader found valid.</summary>
    /// <param name="Generation">Generation of the refresh token within its sign-in.</param>
    internal sealed record Renewal(Guid SignInId, int Generation) : Credentials;

    /// <summary>
    /// The token with which a browser requests the next token; it has not expired, and the token reader found it valid.
    /// </summary>
    internal sealed record SignedIn(Guid SignInId) : Credentials;

    internal sealed record ClientSecret(string ClientId, string Secret, Attempt From) : Credentials;

    /// <summary>The content of an outside provider's token, which the token reader found valid.</summary>
    internal sealed record Outside(OutsideIdentity Identity, Attempt From) : Credentials;
}

/// <summary>The person or client for whom a token is issued.</summary>
internal abstract record TokenSubject
{
    private TokenSubject() { }

    /// <param name="SignInId">The sign-in to which the token belongs and with which it ends.</param>
    internal sealed record Account(Guid Id, Guid? ParticipantId, Guid SignInId) : TokenSubject
    {
        /// <summary>Generation of the new refresh token.</summary>
        internal int Generation { get; init; } = 1;

        /// <summary>End of the sign-in: no token lives longer.</summary>
        internal Instant ExpiresAt { get; init; } = Instant.MaxValue;

        /// <summary>The only session that the sign-in may open; null when it is not limited to one.</summary>
        internal Guid? SessionId { get; init; }

        /// <summary>Limits on the rights of the sign-in, temporary or permanent.</summary>
        internal SignInLimits Limits { get; init; }
    }

    /// <param name="Territory">The only territory whose people the client may enrol and see; null for all.</param>
    /// <param name="Secret">Name of the secret that the client presented; when that secret ends, so does the
    /// token.</param>
    internal sealed record Client(string Id, IReadOnlyList<string> Scopes, string? Territory, string Secret) : TokenSubject;
}

/// <summary>Decides who gets a token. The token itself is made by the code that answers the caller.</summary>
internal sealed class IssueToken(
    Executor executor,
    PasswordCheck passwords,
    SignIns signIns,
    OutsideAccounts outside,
    EndedSignIns ended,
    SignInLog log
) : UseCase<Credentials, TokenSubject>(Operation, executor)
{
    internal static new readonly Operation Operation = new(
        nameof(IssueToken),
        AccessRule.Public,
        Trail.Writes("sign-in.begun", "sign-in.refused", "sign-in.reused")
    );

    internal static readonly Refusal BadRefreshToken = Refusal.Invalid("invalid-grant", "Токен обновления недействителен; войдите заново.");

    internal static readonly Refusal BadClient = Refusal.Invalid("invalid-client", "Клиент не известен или секрет не подходит.");

    private static readonly Duration AskedAgain = Duration.FromSeconds(10);

    protected override Task<Result<TokenSubject>> Handle(Credentials request, Caller caller) =>
        request switch
        {
            Credentials.Password password => ForPassword(password, caller),
            Credentials.Renewal renewal => ForRenewal(renewal, caller),
            Credentials.SignedIn signedIn => ForSignedIn(signedIn),
            Credentials.ClientSecret secret => ForClient(secret),
            Credentials.Outside from => ForOutside(from, caller),
            _ => throw new UnreachableException(),
        };

    private async Task<Result<TokenSubject>> ForPassword(Credentials.Password shown, Caller caller)
    {
        if ((await passwords.Of(shown.UserName, shown.Word, shown.From)).Refused(out var refusal, out var checkedNow))
            return refusal;
        return await Begin(
            caller,
            SignInMethod.Password,
            shown.From,
            async (db, now) =>
            {
                // Read the account again: during the check its password may have been reset or the account closed.
                if (
                    await AccountStore.Find(db, checkedNow.Id) is not { Disabled: false } account
                    || account.SecurityStamp != checkedNow.SecurityStamp
                )
                    return PasswordCheck.BadCredentials;
                // Roles from the outside provider end now, because the provider has not confirmed them for a person who
                // signs in with a password.
                await outside.EndRoles(db, account, now);
                return account;
            }
        );
    }

    private Task<Result<TokenSubject>> ForOutside(Credentials.Outside shown, Caller caller) =>
        Begin(caller, SignInMethod.Outside, shown.From, (db, now) => outside.Enter(db, shown.Identity, now));

    private async Task<Result<TokenSubject>> Begin(
        Caller caller,
        SignInMethod method,
        Attempt from,
        Func<Db, Instant, Task<Result<AccountRow>>> find
    )
    {
        var begun = await Write(
            caller,
            async db =>
            {
                var now = Now;
                return (await find(db, now)).Refused(out var refusal, out var account)
                    ? refusal
                    : await signIns.Begin(db, account, method, from.Device, now);
            }
        );
        if (begun.Refused(out var why, out var subject))
        {
            log.Refused(method, null, from, why.Code);
            return why;
        }
        log.Succeeded(method, (TokenSubject.Account)subject, from);
        return begun;
    }

    private async Task<Result<TokenSubject>> ForRenewal(Credentials.Renewal shown, Caller caller)
    {
        var (subject, reused) = await WritePart(caller, db => Renew(db, shown));
        if (reused)
        {
            log.Reused(shown.SignInId);
            await ended.Look();
        }
        return subject is null ? BadRefreshToken : subject;
    }

    /// <summary>
    /// A refresh token works once. When it is shown again, somebody besides its holder may have a copy, so the sign-in
    /// ends for both. But two tabs of the same browser may ask for a new token at the same time, and a browser that
    /// lost the answer asks again, so for some seconds the previous token still returns the same next token. A thief
    /// gains nothing by this, because the second use of that next token is noticed.
    /// </summary>
    private async Task<(TokenSubject.Account? Subject, bool Reused)> Renew(Db db, Credentials.Renewal shown)
    {
        var now = Now;
        if (await SignInStore.Find(db, shown.SignInId) is not { EndedAt: null } signIn)
            return (null, false);
        if (await AccountStore.Find(db, signIn.AccountId) is not { Disabled: false } account)
            return (null, false);
        if (shown.Generation == signIn.Generation - 1 && now - signIn.UsedAt <= AskedAgain && now < signIn.ExpiresAt)
            return (await signIns.Subject(db, account, signIn), false);
        if (shown.Generation < signIn.Generation)
        {
            await SignInStore.End(db, account.Id, signIn.Id, SignIns.BecauseReuse, now);
            await AuditStore.Append(db, now, account.Id.ToString("D"), "sign-in.reused", $"account:{account.Id:D}", new { signIn.Id });
            return (null, true);
        }
        // Simultaneous requests with the same token are not treated as reuse: one of them renews the token, and the
        // others run again and then find the token already used.
        if (!await SignInStore.Renew(db, signIn.Id, shown.Generation, now))
            return (null, false);
        return (await signIns.Subject(db, account, signIn with { Generation = signIn.Generation + 1 }), false);
    }

    /// <summary>
    /// Many requests of the same page may arrive at the same time, and each must be answered, so here a token is not
    /// limited to one use.
    /// </summary>
    private Task<Result<TokenSubject>> ForSignedIn(Credentials.SignedIn shown) =>
        Read(async db =>
            await SignInStore.Find(db, shown.SignInId) is { EndedAt: null } signIn
            && signIn.ExpiresAt > Now
            && await AccountStore.Find(db, signIn.AccountId) is { Disabled: false } account
                ? await signIns.Subject(db, account, signIn)
                : BadRefreshToken
        );

    private async Task<Result<TokenSubject>> ForClient(Credentials.ClientSecret shown)
    {
        var client = await Fetch(db => ClientStore.Find(db, shown.ClientId));
        if (client is null or { Disabled: true } || Clients.SecretShown(client, shown.Secret, Now) is not { } secret)
        {
            log.Refused(client?.Id, shown.From, BadClient.Code);
            return BadClient;
        }
        log.Succeeded(client.Id, shown.From);
        return new TokenSubject.Client(client.Id, client.Scopes.Split(' '), client.Territory, secret);
    }
}
