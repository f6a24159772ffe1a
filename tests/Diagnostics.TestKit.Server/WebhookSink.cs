using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StandardWebhooks;

namespace Diagnostics.TestKit.Server;

/// <summary>A message as it arrived.</summary>
/// <param name="Signatures">The signatures as they stand in the header.</param>
/// <param name="Signed">Whether the reference library finds the signature valid with one of the sink's secrets.</param>
internal sealed record ReceivedMessage(Guid Id, long Timestamp, string Signatures, string Body, bool Signed)
{
    internal JsonNode Event { get; } = JsonNode.Parse(Body)!;

    internal string Type => Event["type"]!.GetValue<string>();

    internal Guid? Of(string name) => Event["data"]![name]?.GetValue<Guid>();
}

/// <summary>A receiver of webhooks on loopback, like a portal's.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedMessage> received = new();

    private WebhookSink(WebApplication app) => this.app = app;

    internal string Url => $"{app.Urls.Single()}/hook";

    /// <summary>A signature with any one of these secrets is valid.</summary>
    internal ConcurrentBag<string> Secrets { get; } = [];

    /// <summary>The status of the answer; 204 by default.</summary>
    internal Func<ReceivedMessage, int> Answer { get; set; } = _ => StatusCodes.Status204NoContent;

    /// <summary>Messages in the order of arrival, including rejected ones.</summary>
    internal IReadOnlyList<ReceivedMessage> Received => [.. received];

    internal int Count => received.Count;

    internal static async Task<WebhookSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink.app.MapPost("/hook", sink.Take);
        await sink.app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var (id, signatures) = (http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-signature"].ToString());
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(http.Request.Headers["webhook-timestamp"]!, CultureInfo.InvariantCulture));
        var signed = Secrets.Any(secret => signatures.Split(' ').Contains(new StandardWebhook(secret).Sign(id, at, body)));
        var message = new ReceivedMessage(Guid.Parse(id), at.ToUnixTimeSeconds(), signatures, body, signed);
        received.Enqueue(message);
        http.Response.StatusCode = Answer(message);
    }
}
