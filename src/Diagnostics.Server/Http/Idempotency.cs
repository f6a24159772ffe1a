using System.Security.Cryptography;
using System.Text;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Http;

/// <summary>
/// Handles the header <c>Idempotency-Key</c>. It passes the key and the request's hash to the use case, which does the
/// work only once (<see cref="Operation.Repetition"/>). A header marks the answer to a repeated request as the answer
/// to the earlier request.
/// </summary>
internal static class Idempotency
{
    internal const string Header = "Idempotency-Key";

    /// <summary>The header that marks an answer as the answer to an earlier request with the same key.</summary>
    internal const string ReplayedHeader = "Idempotent-Replayed";

    internal static RouteHandlerBuilder TakesKey(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                if (http.Request.Headers.TryGetValue(Header, out var key))
                {
                    var repeat = new Repeat(key.ToString(), await HashOf(http.Request));
                    http.Caller().Repeat = repeat;
                    http.Response.OnStarting(() =>
                    {
                        if (repeat.Replayed)
                            http.Response.Headers[ReplayedHeader] = "true";
                        return Task.CompletedTask;
                    });
                }
                return await next(context);
            }
        );

    /// <summary>Buffers the body, because it is hashed only after the binding of parameters has read it once.</summary>
    internal static Task BufferBody(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey(Header))
            context.Request.EnableBuffering();
        return next(context);
    }

    private static async Task<string> HashOf(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        request.Body.Position = 0;
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0; )
            hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
