using Diagnostics.Engine.Access;
using Diagnostics.Engine.People;

namespace Diagnostics.UseCases.Execution;

/// <summary>The claims in a portal's token.</summary>
/// <param name="Territory">The only territory whose people the client may enrol and see; null for all.</param>
/// <param name="Secret">Name of the secret for which the token was issued; null where it does not matter.</param>
internal sealed record ClientToken(string Id, string? Territory, IReadOnlyCollection<string> Scopes, string? Secret = null);

/// <summary>The caller of a use case: an account (perhaps a participant's), a portal's client, or nobody.</summary>
internal sealed class Caller
{
    private const string OfClient = "client:";

    private ClientToken? client;
    private IReadOnlyList<Grant>? grants;

    private Caller(string id) => Id = id;

    internal static Caller Nobody() => new("anonymous");

    /// <param name="accountId">The account's UUID as text; it is parsed only where the id itself is needed.</param>
    /// <param name="participantId">The pseudonym under which the person takes diagnostics; null for staff.</param>
    internal static Caller Account(string accountId, Guid? participantId) =>
        new(accountId) { IsAccount = true, ParticipantId = participantId };

    /// <summary>The caller that a token or a cookie identifies.</summary>
    /// <param name="signIn">The sign-in to which the token or cookie belongs.</param>
    /// <param name="onlySession">The only session that the sign-in may open; null when it is not limited to
    /// one.</param>
    internal static Caller Account(Guid accountId, Guid? participantId, Guid signIn, Guid? onlySession, SignInLimits limits) =>
        new(accountId.ToString("D"))
        {
            IsAccount = true,
            ParticipantId = participantId,
            SignIn = signIn,
            OnlySession = onlySession,
            Limits = limits,
        };

    internal static Caller Client(ClientToken client) => new($"{OfClient}{client.Id}") { client = client };

    /// <summary>The client that the id of a caller names; null when it names none.</summary>
    internal static string? ClientOf(string id) => id.StartsWith(OfClient, StringComparison.Ordinal) ? id[OfClient.Length..] : null;

    /// <summary>
    /// Account id, <c>client:…</c>, or <c>anonymous</c>; it names the actor in the audit trail and events, and the
    /// owner of idempotency keys.
    /// </summary>
    internal string Id { get; }

    /// <exception cref="InvalidOperationException">The caller has no account; the use case should not have admitted
    /// such callers.</exception>
    internal Guid AccountId =>
        IsAccount ? Guid.Parse(Id) : throw new InvalidOperationException("The use case lets callers in that have no account.");

    internal Guid? ParticipantId { get; private init; }

    /// <summary>The caller's sign-in; null for a caller without a token.</summary>
    internal Guid? SignIn { get; private init; }

    internal SignInLimits Limits { get; private init; }

    /// <summary>The only session that the sign-in may open; null when it is not limited to one.</summary>
    internal Guid? OnlySession { get; private init; }

    /// <summary>
    /// Whether the sign-in may open this session. Whether the session is the caller's own must be checked separately.
    /// </summary>
    internal bool Opens(Guid session) => OnlySession is not { } only || only == session;

    internal string? ClientId => client?.Id;

    internal string? ClientSecret => client?.Secret;

    internal string? ClientTerritory => client?.Territory;

    internal bool IsAccount { get; private init; }

    internal bool IsNobody => !IsAccount && client is null;

    /// <summary>
    /// Whether the client's token has the scope; <see cref="Gate"/> checks whether the client is still active.
    /// </summary>
    internal bool HasScope(string scope) => client?.Scopes.Contains(scope) is true;

    /// <summary>
    /// The grants in force. They are read only for use cases that require a role; otherwise the list is empty.
    /// </summary>
    internal IReadOnlyList<Grant> Grants => grants ?? [];

    internal bool KnowsGrants => grants is not null;

    internal void SetGrants(IReadOnlyList<Grant> live) => grants = live;

    /// <summary>Whether this call found the client active; null before the check.</summary>
    internal bool? ClientIsLive { get; set; }

    /// <summary>The key by which a repetition of this call is recognised; null when the call has no key.</summary>
    internal Repeat? Repeat { get; set; }

    internal bool Has(params ReadOnlySpan<Role> roles)
    {
        foreach (var role in roles)
            if (Grants.Any(grant => grant.Role == role))
                return true;
        return false;
    }

    /// <summary>Whether the caller has the role for everything or for this very campaign, site or territory.</summary>
    internal bool May(Role role, GrantScope scope, string id) => Grants.Any(grant => grant.Role == role && grant.Covers(scope, id));

    /// <summary>Whether the caller has the role for everything or for this organisation, however its name is spelled.</summary>
    internal bool MayInOrganisation(Role role, string organisation) =>
        Grants.Any(grant =>
            grant.Role == role
            && (
                grant.Scope is GrantScope.All
                || (grant.Scope is GrantScope.Organisation && OrganisationName.AreSame(grant.ScopeId, organisation))
            )
        );
}
