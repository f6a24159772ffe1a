using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace Diagnostics.Server.Tests.Region;

/// <summary>
/// A signed-in person, who signs in again when the token has expired because the test has moved the clock.
/// </summary>
internal sealed class Actor(TestService service, string userName, string password)
{
    private static readonly Duration TokenLife = Duration.FromMinutes(50);

    private HttpClient? client;
    private Instant signedInAt;

    internal Guid Id { get; init; }

    /// <summary>
    /// Whether the given password is permanent. A one-time password must be changed at the first sign-in.
    /// </summary>
    internal bool IsSettled { private get; init; }

    internal Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null);

    internal Task<Reply> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body ?? new { });

    internal Task<Reply> Put(string path, object body, int? revision = null) => Send(HttpMethod.Put, path, body, revision);

    internal Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    internal async Task<Reply> Send(HttpMethod method, string path, object? body, int? revision = null)
    {
        var now = service.Clock.GetCurrentInstant();
        if (client is null || now - signedInAt > TokenLife)
        {
            client = await service.SignIn(userName, client is null || IsSettled ? password : TestService.Chosen(password));
            signedInAt = now;
        }
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        if (revision is not null)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{revision}\"");
        using var answer = await client.SendAsync(request);
        return await Reply.Of(answer, $"{method} {path} by {userName} at {now}");
    }
}

/// <summary>An answer of the service, with the request that it answers.</summary>
internal sealed record Reply(int Status, string Text, string Asked)
{
    internal static async Task<Reply> Of(HttpResponseMessage answer, string asked) =>
        new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), asked);

    internal bool Succeeded => Status is >= 200 and < 300;

    internal JsonNode Json => JsonNode.Parse(Text)!;

    internal string? Code => Succeeded ? null : Field("code");

    internal string Field(string name) => Json[name]!.GetValue<string>();

    internal Reply Ok()
    {
        if (!Succeeded)
            throw new InvalidOperationException($"{Asked}: {Status} {Text}");
        return this;
    }

    public override string ToString() => $"{Status} {Text}";
}

internal static class Replies
{
    internal static async Task<JsonNode> Ok(this Task<Reply> asking)
    {
        var reply = (await asking).Ok();
        return reply.Text.Length == 0 ? new JsonObject() : reply.Json;
    }

    internal static Guid Id(this JsonNode node, string field = "id") => node[field]!.GetValue<Guid>();

    internal static string? Word(this JsonNode node, string field) => node[field]?.GetValue<string>();

    internal static IEnumerable<JsonNode> Items(this JsonNode list) =>
        (list as JsonArray ?? list["items"]!.AsArray()).Select(each => each!);

    internal static decimal Number(this JsonNode node, string field) =>
        node[field] is JsonValue value ? value.GetValue<JsonElement>().GetDecimal() : 0;
}
