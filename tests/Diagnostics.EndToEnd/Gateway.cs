using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Diagnostics.EndToEnd;

/// <summary>
/// The only address that the browser knows, whichever node is behind it. It passes connections on to that node, or ends
/// them.
/// </summary>
internal sealed class Gateway : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Guid, TcpClient> open = [];
    private readonly CancellationTokenSource end = new();
    private volatile int target;

    internal Gateway(int port)
    {
        target = port;
        listener.Start();
        _ = Accept();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal string Url => $"http://localhost:{Port}";

    /// <summary>Lets another node answer from now on; current requests end without an answer.</summary>
    internal void TurnTo(int port)
    {
        target = port;
        Cut();
    }

    /// <summary>Ends every connection, like a broken line.</summary>
    internal void Cut()
    {
        foreach (var (id, client) in open)
            if (open.TryRemove(id, out _))
                client.Dispose();
    }

    public void Dispose()
    {
        end.Cancel();
        listener.Stop();
        Cut();
        end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (!end.IsCancellationRequested)
                _ = Pass(await listener.AcceptTcpClientAsync(end.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The gateway is closed.
        }
    }

    private async Task Pass(TcpClient client)
    {
        var id = Guid.NewGuid();
        open[id] = client;
        try
        {
            using var node = new TcpClient();
            await node.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(node.GetStream(), end.Token),
                node.GetStream().CopyToAsync(client.GetStream(), end.Token)
            );
        }
        catch (Exception fault)
            when (fault
                    is IOException
                        or SocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            // The line was cut, or nobody answers. In either case the browser sees a connection that has ended.
        }
        finally
        {
            open.TryRemove(id, out _);
            client.Dispose();
        }
    }
}
