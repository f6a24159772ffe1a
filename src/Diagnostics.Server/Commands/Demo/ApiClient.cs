using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Commands.Demo;

/// <summary>
/// Lets the demonstration act as any account without its password: checking the passwords of sixty people would take
/// longer than all that they do.
/// </summary>
internal sealed class Impersonation(Uri service, TokenIssuer tokens)
{
    internal ApiClient As(Guid accountId, Guid? participantId = null) =>
        As(new TokenSubject.Account(accountId, participantId, Guid.CreateVersion7()));

    internal ApiClient As(TokenSubject subject) => new(service, tokens.Issue(subject).AccessToken);
}

/// <summary>Calls the service's own API, as a portal or a page does.</summary>
internal sealed class ApiClient(Uri service, string token) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = new Uri(service, "/api/v1/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    internal Task<JsonNode?> Get(string path) => Send(HttpMethod.Get, path, null);

    internal Task<JsonNode?> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    internal Task<JsonNode?> Put(string path, object body) => Send(HttpMethod.Put, path, body);

    public void Dispose() => http.Dispose();

    private async Task<JsonNode?> Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(
                JsonSerializer.Serialize(body, body.GetType(), Json.Options),
                Encoding.UTF8,
                "application/json"
            );
        using var answer = await http.SendAsync(request);
        return await Read(answer);
    }

    private static async Task<JsonNode?> Read(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new ApiRefusal(
                CodeOf(text),
                $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath}: {(int)answer.StatusCode} {text}"
            );
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private static string? CodeOf(string problem)
    {
        try
        {
            return (string?)JsonNode.Parse(problem)?["code"];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Thrown when the service refuses a request of the demonstration.</summary>
/// <param name="code">The code in the problem document; null when the answer is not a problem document.</param>
internal sealed class ApiRefusal(string? code, string message) : Exception(message)
{
    internal string? Code => code;
}
