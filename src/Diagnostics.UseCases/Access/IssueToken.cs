using System.Diagnostics;
using Diagnostics.Engine;
using Diagnostics.Storage.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Access;

/// <summary>What somebody shows to get a token.</summary>
internal abstract record Credentials
{
    private Credentials()
    {
    }

    internal sealed record Password(string UserName, string Word) : Credentials;

    /// <summary>A token given before, which its reader found good.</summary>
    /// <param name="SecurityStamp">That of the account when the token was given.</param>
    internal sealed record Renewal(Guid AccountId, string? SecurityStamp) : Credentials;

    internal sealed record ClientSecret(string ClientId, string Secret) : Credentials;
}

/// <summary>Whom a token is for.</summary>
internal abstract record TokenSubject
{
    private TokenSubject()
    {
    }

    /// <param name="SecurityStamp">Another one ends the renewal of what was given with this one.</param>
    internal sealed record Account(Guid Id, Guid? ParticipantId, string SecurityStamp) : TokenSubject
    {
        internal static Account Of(AccountRow row) => new(row.Id, row.ParticipantId, row.SecurityStamp);
    }

    /// <param name="Territory">The only one whose people the client may enrol and see; null for all.</param>
    internal sealed record Client(string Id, IReadOnlyList<string> Scopes, string? Territory) : TokenSubject;
}

/// <summary>Decides who gets a token by what they show; making the token is the affair of whoever answers them.</summary>
internal sealed class IssueToken(Executor executor, PasswordCheck passwords) : UseCase<Credentials, TokenSubject>(Operation, executor)
{
    internal static new readonly Operation Operation = new(nameof(IssueToken), AccessRule.Public);

    internal static readonly Refusal BadRefreshToken = Refusal.Invalid("invalid-grant", "Токен обновления недействителен; войдите заново.");

    internal static readonly Refusal BadClient = Refusal.Invalid("invalid-client", "Клиент не известен или секрет не подходит.");

    protected override Task<Result<TokenSubject>> Handle(Credentials request, Caller caller) => request switch
    {
        Credentials.Password password => ForPassword(password),
        Credentials.Renewal renewal => ForRenewal(renewal),
        Credentials.ClientSecret secret => ForClient(secret),
        _ => throw new UnreachableException(),
    };

    private async Task<Result<TokenSubject>> ForPassword(Credentials.Password shown) =>
        (await passwords.Of(shown.UserName, shown.Word)).Map<TokenSubject>(TokenSubject.Account.Of);

    private async Task<Result<TokenSubject>> ForRenewal(Credentials.Renewal shown)
    {
        var account = await Fetch(db => AccountStore.Find(db, shown.AccountId));
        return account is null or { Disabled: true } || account.SecurityStamp != shown.SecurityStamp
            ? BadRefreshToken
            : TokenSubject.Account.Of(account);
    }

    private async Task<Result<TokenSubject>> ForClient(Credentials.ClientSecret shown)
    {
        var client = await Fetch(db => ClientStore.Find(db, shown.ClientId));
        return client is null or { Disabled: true } || !Clients.SecretMatches(client, shown.Secret)
            ? BadClient
            : new TokenSubject.Client(client.Id, client.Scopes.Split(' '), client.Territory);
    }
}
