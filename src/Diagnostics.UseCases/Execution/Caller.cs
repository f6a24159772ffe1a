using Diagnostics.Engine.Access;

namespace Diagnostics.UseCases.Execution;

/// <summary>What a portal's token says of it.</summary>
/// <param name="Territory">The only one whose people the client may enrol and see; null for all.</param>
/// <param name="Secret">Which of its secrets it was given for; null where nobody asks.</param>
internal sealed record ClientToken(string Id, string? Territory, IReadOnlyCollection<string> Scopes, string? Secret = null);

/// <summary>Who asks for a use case to be run: an account (perhaps of a participant), a portal's client, or nobody.</summary>
internal sealed class Caller
{
    private ClientToken? client;
    private IReadOnlyList<Grant>? grants;

    private Caller(string id) => Id = id;

    internal static Caller Nobody() => new("anonymous");

    /// <param name="accountId">A UUID as text; it is read only where it is needed as more than a name.</param>
    /// <param name="participantId">The pseudonym under which the person takes diagnostics; null for staff.</param>
    internal static Caller Account(string accountId, Guid? participantId) => new(accountId) { IsAccount = true, ParticipantId = participantId };

    /// <summary>As a token or a cookie says.</summary>
    /// <param name="signIn">What it rests on.</param>
    /// <param name="onlySession">The one session that it opens.</param>
    internal static Caller Account(Guid accountId, Guid? participantId, Guid signIn, Guid? onlySession, SignInLimits limits) =>
        new(accountId.ToString("D"))
        {
            IsAccount = true, ParticipantId = participantId, SignIn = signIn, OnlySession = onlySession, Limits = limits,
        };

    internal static Caller Client(ClientToken client) => new($"client:{client.Id}") { client = client };

    /// <summary>Account id, <c>client:…</c>, or <c>anonymous</c>: the actor in audit, events and idempotency.</summary>
    internal string Id { get; }

    /// <exception cref="InvalidOperationException">The caller has no account, and the use case lets such callers in.</exception>
    internal Guid AccountId => IsAccount ? Guid.Parse(Id) : throw new InvalidOperationException("The use case lets callers in that have no account.");

    internal Guid? ParticipantId { get; private init; }

    /// <summary>Null for one that no token made.</summary>
    internal Guid? SignIn { get; private init; }

    internal SignInLimits Limits { get; private init; }

    /// <summary>The only session that the sign-in opens; null when it opens whatever the account may.</summary>
    internal Guid? OnlySession { get; private init; }

    /// <summary>Whether the sign-in reaches this session; whose it is, is another question.</summary>
    internal bool Opens(Guid session) => OnlySession is not { } only || only == session;

    internal string? ClientId => client?.Id;

    internal string? ClientSecret => client?.Secret;

    internal string? ClientTerritory => client?.Territory;

    internal bool IsAccount { get; private init; }

    internal bool IsNobody => !IsAccount && client is null;

    /// <summary>What the client's token says; whether the client is still let in is <see cref="Gate"/>'s question.</summary>
    internal bool HasScope(string scope) => client?.Scopes.Contains(scope) is true;

    /// <summary>Live grants, read where a use case asks for a role; empty elsewhere.</summary>
    internal IReadOnlyList<Grant> Grants => grants ?? [];

    internal bool KnowsGrants => grants is not null;

    internal void SetGrants(IReadOnlyList<Grant> live) => grants = live;

    /// <summary>Whether the client was found live during this call; null before anybody looked.</summary>
    internal bool? ClientIsLive { get; set; }

    /// <summary>The key under which a repetition of this call is recognised; null when the caller gave none.</summary>
    internal Repeat? Repeat { get; set; }

    internal bool Has(params ReadOnlySpan<Role> roles)
    {
        foreach (var role in roles)
            if (Grants.Any(grant => grant.Role == role)) return true;
        return false;
    }

    /// <summary>Holds the role for everything or for just this campaign, site or territory.</summary>
    internal bool May(Role role, GrantScope scope, string id) => Grants.Any(grant => grant.Role == role && grant.Covers(scope, id));
}
