using System.Diagnostics;
using System.IO.Compression;
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
            var text = await Text(answer.Content);
            return new(
                (int)answer.StatusCode,
                answer.Content.Headers.ContentType?.MediaType,
                text,
                watch.Elapsed,
                null,
                answer.Headers.ETag?.ToString()
            );
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException or InvalidDataException)
        {
            return new(0, null, "", watch.Elapsed, fault.InnerException?.Message ?? fault.Message);
        }
    }

    /// <summary>Unpacks here, because the requests and not the client say what is accepted.</summary>
    private static async Task<string> Text(HttpContent content)
    {
        if (!content.Headers.ContentEncoding.Contains("gzip"))
            return await content.ReadAsStringAsync();
        await using var unpacked = new GZipStream(await content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => client.Dispose();
}
