using System.Diagnostics;
using System.Text;

namespace Diagnostics.TestKit.Server.Fuzz;

/// <summary>A request as it was sent, so that it can be sent again.</summary>
/// <param name="Path">Path with the query.</param>
internal sealed record Sent(string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    internal string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    internal Sent With(string name, string? value) =>
        this with
        {
            Headers =
            [
                .. Headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)),
                .. value is null ? [] : new[] { (name, value) },
            ],
        };

    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Path}\n");
        foreach (var (name, value) in Headers)
            text.Append(name).Append(": ").AppendLine(name == "Authorization" && value.Length > 40 ? value[..40] + "…" : value);
        if (Body is { } body)
            text.AppendLine().Append(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 2000))));
        return text.ToString();
    }
}

/// <summary>The answer to a request.</summary>
/// <param name="Status">0 when the connection broke.</param>
internal sealed record Received(int Status, string? MediaType, string Body, TimeSpan Time, string? Broken = null, string? Tag = null);

/// <summary>Sends requests to one service.</summary>
internal sealed class Line(Uri service) : IDisposable
{
    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    internal async Task<Received> Send(Sent sent)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            using var message = new HttpRequestMessage(new HttpMethod(sent.Method), new Uri(service, sent.Path));
            if (sent.Body is { } body)
                message.Content = new ByteArrayContent(body);
            foreach (var (name, value) in sent.Headers)
                if (!message.Headers.TryAddWithoutValidation(name, value))
                    message.Content?.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(message);
            var text = await answer.Content.ReadAsStringAsync();
            return new(
                (int)answer.StatusCode,
                answer.Content.Headers.ContentType?.MediaType,
                text,
                watch.Elapsed,
                null,
                answer.Headers.ETag?.ToString()
            );
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
        {
            return new(0, null, "", watch.Elapsed, fault.InnerException?.Message ?? fault.Message);
        }
    }

    public void Dispose() => client.Dispose();
}
