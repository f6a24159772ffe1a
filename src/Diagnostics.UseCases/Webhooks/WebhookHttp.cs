using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>Why an attempt failed.</summary>
public enum WebhookFault
{
    /// <summary>
    /// The address may not be called, for example because the name resolves to an address in the internal network.
    /// </summary>
    AddressRefused,

    /// <summary>The name of the host is unknown.</summary>
    NameUnknown,

    /// <summary>There was no connection, or it broke.</summary>
    Connection,

    /// <summary>The certificate is not valid.</summary>
    Certificate,

    /// <summary>There was no answer in time.</summary>
    Timeout,

    /// <summary>The answer is a redirect, which is never followed.</summary>
    Redirect,

    /// <summary>The answer has a status outside 2xx.</summary>
    Status,

    /// <summary>The head of the answer is too large or is not HTTP.</summary>
    Answer,

    /// <summary>The stored secret can no longer be decrypted; the webhook needs a new one.</summary>
    Secret,
}

/// <summary>The result of an attempt.</summary>
/// <param name="Status">HTTP status of the answer; null without an answer.</param>
/// <param name="Fault">Why the attempt failed; null when the receiver accepted the message.</param>
internal sealed record SendOutcome(int? Status, WebhookFault? Fault)
{
    internal bool Gone => Status is (int)HttpStatusCode.Gone;
}

/// <summary>Resolves the addresses of a host; it is called for every new connection.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancel);

/// <summary>Thrown when an address may not be called.</summary>
internal sealed class AddressRefusedException(string host) : Exception($"{host} leads where webhooks may not go.");

/// <summary>
/// Calls addresses that other people have named, but never one in the internal network. The address of every connection
/// is checked right before connecting, so nobody gains anything by a name that resolves differently the second time.
/// There are no proxies, redirects or cookies; only the status of the answer counts, and its body is not read.
/// </summary>
internal sealed class WebhookHttp : IDisposable
{
    private const int MaxHeadKilobytes = 16,
        MaxDrainedBytes = 16 * 1024,
        ConnectionsPerHost = 64;

    /// <summary>How long a connection is reused before the name is resolved again.</summary>
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Time limit for connecting; a receiver that takes longer to reach would not answer in time either.
    /// </summary>
    private static readonly TimeSpan ConnectAtMost = TimeSpan.FromSeconds(5);

    private readonly WebhookPolicy policy;
    private readonly ResolveHost resolve;
    private readonly HttpMessageInvoker client;

    public WebhookHttp(WebhookPolicy policy, ResolveHost resolve)
    {
        (this.policy, this.resolve) = (policy, resolve);
        client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                MaxResponseHeadersLength = MaxHeadKilobytes,
                MaxResponseDrainSize = MaxDrainedBytes,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                MaxConnectionsPerServer = ConnectionsPerHost,
                ConnectTimeout = ConnectAtMost,
                PooledConnectionLifetime = ConnectionLife,
                ActivityHeadersPropagator = null,
                ConnectCallback = Connect,
            }
        );
    }

    /// <param name="headers">Headers in addition to those of the content.</param>
    internal async Task<SendOutcome> Post(
        Uri address,
        ReadOnlyMemory<byte> body,
        string mediaType,
        IEnumerable<(string Name, string Value)> headers,
        CancellationToken stopping
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        request.Headers.UserAgent.Add(new("Diagnostics-Webhooks", "1.0"));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        ends.CancelAfter(policy.Timeout.ToTimeSpan());
        try
        {
            using var answer = await client.SendAsync(request, ends.Token);
            var status = (int)answer.StatusCode;
            return new(
                status,
                status switch
                {
                    >= 200 and < 300 => null,
                    >= 300 and < 400 => WebhookFault.Redirect,
                    _ => WebhookFault.Status,
                }
            );
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new(null, WebhookFault.Timeout);
        }
        catch (HttpRequestException fault)
        {
            return new(null, FaultOf(fault));
        }
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var encrypted = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancel);
        // Refuse even if only one of several addresses is internal, because that is not an honest mistake.
        if (addresses.Length == 0 || !addresses.All(address => policy.Allows(address, encrypted)))
            throw new AddressRefusedException(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static WebhookFault FaultOf(HttpRequestException fault) =>
        fault switch
        {
            { InnerException: AddressRefusedException } => WebhookFault.AddressRefused,
            {
                InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }
            } => WebhookFault.NameUnknown,
            { InnerException: AuthenticationException } => WebhookFault.Certificate,
            { HttpRequestError: HttpRequestError.SecureConnectionError } => WebhookFault.Certificate,
            { HttpRequestError: HttpRequestError.NameResolutionError } => WebhookFault.NameUnknown,
            { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => WebhookFault.Answer,
            _ => WebhookFault.Connection,
        };
}
