using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diagnostics.Storage.Integration;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Http;

/// <summary>
/// <c>Idempotency-Key</c> on every POST that creates or decides: the same key with the same request gives the first
/// answer again; with another request it is refused. A refused request leaves the key free.
/// </summary>
internal static class Idempotency
{
    internal const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 200;

    /// <summary>Marks the endpoint, so that its description names the header.</summary>
    internal sealed class Marker;

    /// <param name="keepAnswer">False where the answer holds a secret that is shown once: a repetition is then told that it was done.</param>
    internal static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint, bool keepAnswer = true) =>
        endpoint.WithMetadata(new Marker()).AddEndpointFilter((context, next) => Filter(context, next, keepAnswer));

    internal static ProblemHttpResult Reused() => Problems.Problem(422, "idempotency-key-reused", "Этот Idempotency-Key уже использован с другим запросом.");

    internal static ProblemHttpResult AlreadyDone() =>
        Problems.Problem(409, "already-done", "Запрос с этим Idempotency-Key уже выполнен; прочитайте его результат по адресу ресурса.");

    /// <summary>Hands the key to the use case, which does the work once; the answer says when it is that of an earlier request.</summary>
    internal static RouteHandlerBuilder TakesKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Marker()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (http.Request.Headers[Header].ToString() is not { Length: > 0 } key) return await next(context);
        var repeat = new Repeat(key, await HashOf(http.Request));
        http.Caller().Repeat = repeat;
        var answer = await next(context);
        if (repeat.Replayed) http.Response.Headers["Idempotent-Replayed"] = "true";
        return answer;
    });

    private static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next, bool keepAnswer)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0) return await next(context);
        if (key.Length > MaxKeyLength) return Problems.Problem(422, "idempotency-key-too-long", $"Idempotency-Key длиннее {MaxKeyLength} знаков.");

        var transactions = http.RequestServices.GetRequiredService<Transactions>();
        var scope = new IdempotencyScope(http.Caller().Id, key, await HashOf(http.Request));
        if (await Replay(transactions, scope) is { } stored) return stored;
        transactions.Idempotency = scope;
        object? answer;
        try
        {
            answer = await next(context);
        }
        catch (IdempotencyReplayException)
        {
            return await Replay(transactions, scope);
        }
        if (keepAnswer && scope.Recorded && Unwrap(answer) is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 } good)
        {
            var body = good is IValueHttpResult { Value: { } value } ? JsonSerializer.Serialize(value, value.GetType(), Json.Options) : null;
            var location = good.GetType().GetProperty("Location")?.GetValue(good) as string;
            await transactions.Write(async db =>
                await IdempotencyStore.SetAnswer(db, scope.Actor, scope.Key, good.StatusCode!.Value, location, body));
        }
        return answer;
    }

    private static async Task<IResult?> Replay(Transactions transactions, IdempotencyScope scope)
    {
        var known = await transactions.Read(db => IdempotencyStore.Find(db, scope.Actor, scope.Key));
        if (known is null) return null;
        if (known.RequestHash != scope.RequestHash)
            return Reused();
        return known.Status is null
            ? AlreadyDone()
            : new StoredAnswer(known.Status.Value, known.Location, known.Body);
    }

    private static object? Unwrap(object? answer)
    {
        while (answer is INestedHttpResult nested) answer = nested.Result;
        return answer;
    }

    private static async Task<string> HashOf(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        request.Body.Position = 0;
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class StoredAnswer(int status, string? location, string? body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (location is not null) httpContext.Response.Headers.Location = location;
            httpContext.Response.Headers["Idempotent-Replayed"] = "true";
            if (body is null) return Task.CompletedTask;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            return httpContext.Response.WriteAsync(body);
        }
    }
}
