using System.Security.Claims;
using Diagnostics.Engine.Access;

namespace Diagnostics.Server.Access;

/// <summary>Who sends the request: an account (perhaps of a participant), a portal's client, or nobody.</summary>
internal sealed class Caller
{
    internal const string AccountClaim = "sub";
    internal const string ParticipantClaim = "participant";
    internal const string ClientClaim = "client";
    internal const string ScopeClaim = "scope";
    internal const string TerritoryClaim = "territory";
    internal const string StampClaim = "stamp";

    private readonly ClaimsPrincipal user;

    private Caller(ClaimsPrincipal user) => this.user = user;

    /// <summary>Account id, <c>client:…</c>, or <c>anonymous</c>: the actor in audit, events and idempotency.</summary>
    internal string Id => user.FindFirstValue(AccountClaim) ?? (ClientId is { } client ? $"client:{client}" : "anonymous");

    internal Guid AccountId => Guid.Parse(user.FindFirstValue(AccountClaim) ?? throw new InvalidOperationException("The endpoint lets callers in that have no account."));

    internal Guid? ParticipantId => Guid.TryParse(user.FindFirstValue(ParticipantClaim), out var id) ? id : null;

    internal string? ClientId => user.FindFirstValue(ClientClaim);

    internal string? ClientTerritory => user.FindFirstValue(TerritoryClaim);

    internal bool HasScope(string scope) => user.HasClaim(ScopeClaim, scope);

    /// <summary>Live grants, read by the authorisation of endpoints that ask for a role; empty elsewhere.</summary>
    internal IReadOnlyList<Grant> Grants { get; private set; } = [];

    internal bool Has(params ReadOnlySpan<Role> roles)
    {
        foreach (var role in roles)
            if (Grants.Any(grant => grant.Role == role)) return true;
        return false;
    }

    /// <summary>Holds the role for everything or for just this campaign, site or territory.</summary>
    internal bool May(Role role, GrantScope scope, string id) => Grants.Any(grant => grant.Role == role && grant.Covers(scope, id));

    internal static Caller Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(Caller), out var known)) return (Caller)known!;
        var caller = new Caller(http.User);
        http.Items[typeof(Caller)] = caller;
        return caller;
    }

    internal void SetGrants(IReadOnlyList<Grant> grants) => Grants = grants;

    /// <summary>Lets endpoints take the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));
}
