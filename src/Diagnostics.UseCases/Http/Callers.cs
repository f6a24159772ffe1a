using System.Security.Claims;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.UseCases.Http;

/// <summary>The caller that a request's token names, made once a request.</summary>
internal static class Callers
{
    internal const string AccountClaim = "sub";
    internal const string ParticipantClaim = "participant";
    internal const string ClientClaim = "client";
    internal const string ScopeClaim = "scope";
    internal const string TerritoryClaim = "territory";
    internal const string StampClaim = "stamp";

    internal static Caller Caller(this HttpContext http) => Of(http);

    internal static Caller Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(Caller), out var known)) return (Caller)known!;
        var caller = Of(http.User);
        http.Items[typeof(Caller)] = caller;
        return caller;
    }

    private static Caller Of(ClaimsPrincipal user) => user.FindFirstValue(AccountClaim) is { } account
        ? Execution.Caller.Account(account, Guid.TryParse(user.FindFirstValue(ParticipantClaim), out var participant) ? participant : null)
        : user.FindFirstValue(ClientClaim) is { } client
            ? Execution.Caller.Client(new(client, user.FindFirstValue(TerritoryClaim), [.. user.FindAll(ScopeClaim).Select(claim => claim.Value)]))
            : Execution.Caller.Nobody();
}
