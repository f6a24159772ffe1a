using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Http;

/// <summary>The caller that a request's token identifies, created once for each request.</summary>
internal static class Callers
{
    internal static Caller Caller(this HttpContext http) => Of(http);

    internal static Caller Of(HttpContext http)
    {
        if (http.User is CallerPrincipal known)
            return known.Caller;
        if (http.Items.TryGetValue(typeof(Caller), out var nobody))
            return (Caller)nobody!;
        var caller = UseCases.Execution.Caller.Nobody();
        http.Items[typeof(Caller)] = caller;
        return caller;
    }

    /// <summary>The address and the device that a request comes from, for callers who have not signed in.</summary>
    internal static UseCases.Access.Attempt Attempt(this HttpContext http, Guid? knownSignIn = null) =>
        new(http.Connection.RemoteIpAddress?.ToString() ?? "", http.Device(), knownSignIn);

    /// <summary>The User-Agent header, in which the device describes itself; null when it is missing.</summary>
    internal static string? Device(this HttpContext http) =>
        http.Request.Headers.UserAgent.ToString() is { Length: > 0 } said ? said[..Math.Min(said.Length, 200)] : null;
}
