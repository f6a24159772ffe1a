using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diagnostics.TestKit.Server;

/// <summary>
/// A bare keep-alive HTTP/1.1 connection. The generator shares two cores with the server, so it must cost little:
/// HttpClient would use more than the server does.
/// </summary>
internal sealed class Wire : IDisposable
{
    /// <summary>
    /// Set to 1 before the first socket: continuations then run on the one thread where the answer arrived, not on the
    /// pool.
    /// </summary>
    internal const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string host;
    private byte[] sent = new byte[1024];

    private Wire(string host) => this.host = host;

    /// <summary>Whether the last answer announced that it was the last on this connection.</summary>
    internal bool Closing { get; private set; }

    /// <summary>Whether the last answer said when to try again.</summary>
    internal bool SaysWhen { get; private set; }

    /// <summary>Whether a part of the answer to the last request has arrived.</summary>
    internal bool Answering { get; private set; }

    /// <param name="from">A local address for the connection; null for the usual one.</param>
    /// <param name="host">The name in the header Host, which also names a region.</param>
    internal static async Task<Wire> Connect(int port, IPAddress? from = null, string host = "localhost")
    {
        var wire = new Wire(host);
        if (from is not null)
            wire.socket.Bind(new IPEndPoint(from, 0));
        await wire.socket.ConnectAsync(IPAddress.Loopback, port);
        return wire;
    }

    /// <returns>Status and body.</returns>
    /// <exception cref="IOException">The server closed the connection before the whole answer had arrived.</exception>
    internal Task<(int Status, string Body)> Send(
        string method,
        string path,
        string token,
        string body,
        string type = "application/json"
    ) => SendAs($"Authorization: Bearer {token}\r\nContent-Type: {type}\r\n", method, path, body);

    /// <summary>Sends a request as a signed-in browser does; a compressed answer is not decompressed.</summary>
    internal Task<(int Status, string Body)> SendAsBrowser(string method, string path, string cookie, string body) =>
        SendAs(
            path.StartsWith("/api/", StringComparison.Ordinal)
                ? $"Cookie: {cookie}\r\nAccept: application/json\r\nX-Diagnostics-Page: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
                : $"Cookie: {cookie}\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br\r\n",
            method,
            path,
            body
        );

    private async Task<(int Status, string Body)> SendAs(string headers, string method, string path, string body)
    {
        var head = $"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
        var length = Encoding.UTF8.GetByteCount(head) + Encoding.UTF8.GetByteCount(body);
        if (sent.Length < length)
            sent = new byte[length * 2];
        var written = Encoding.UTF8.GetBytes(head, sent);
        written += Encoding.UTF8.GetBytes(body, sent.AsSpan(written));
        Answering = false;
        await socket.SendAsync(sent.AsMemory(0, written));
        // Rented, not kept, because thousands of people hold a connection and wait.
        var received = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var filled = 0;
            while (true)
            {
                var read = await socket.ReceiveAsync(received.AsMemory(filled));
                if (read == 0)
                    throw new IOException("The connection was closed in the middle of an answer.");
                Answering = true;
                filled += read;
                if (TryParse(received.AsSpan(0, filled), out var status, out var text))
                    return (status, text);
                if (filled < received.Length)
                    continue;
                var larger = ArrayPool<byte>.Shared.Rent(received.Length * 2);
                received.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(received);
                received = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(received);
        }
    }

    public void Dispose() => socket.Dispose();

    private bool TryParse(ReadOnlySpan<byte> answer, out int status, out string body)
    {
        (status, body) = (0, "");
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..end];
        if (!Utf8Parser.TryParse(head[9..], out status, out _))
            throw new IOException("The answer has no status.");
        Closing = head.IndexOf("Connection: close"u8) >= 0;
        SaysWhen = head.IndexOf("Retry-After: "u8) >= 0;
        var rest = answer[(end + 4)..];
        if (head.IndexOf("Transfer-Encoding: chunked"u8) >= 0)
            return TryReadChunks(rest, out body);
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return true;
        if (!Utf8Parser.TryParse(head[(at + 16)..], out int length, out _))
            throw new IOException("The answer has no length.");
        if (rest.Length < length)
            return false;
        body = Encoding.UTF8.GetString(rest[..length]);
        return true;
    }

    private static bool TryReadChunks(ReadOnlySpan<byte> rest, out string body)
    {
        var text = new StringBuilder();
        body = "";
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(rest[..line], out int length, out _, 'x'))
                return false;
            rest = rest[(line + 2)..];
            if (rest.Length < length + 2)
                return false;
            if (length == 0)
            {
                body = text.ToString();
                return true;
            }
            text.Append(Encoding.UTF8.GetString(rest[..length]));
            rest = rest[(length + 2)..];
        }
    }
}
