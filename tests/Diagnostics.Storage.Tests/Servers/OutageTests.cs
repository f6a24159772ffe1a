using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Diagnostics.TestKit;
using Npgsql;

namespace Diagnostics.Storage.Tests.Servers;

/// <summary>
/// When the server is absent or is not a database server, no caller waits for long, and every caller learns that the
/// database is unavailable.
/// </summary>
public sealed class OutageTests
{
    /// <summary>Ten simultaneous reads: as many as a few people cause with one click each.</summary>
    private const int Reads = 10;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Returns = TimeSpan.FromSeconds(2);

    public static TheoryData<Provider, Manner> Outages()
    {
        var data = new TheoryData<Provider, Manner>();
        foreach (var manner in Enum.GetValues<Manner>())
        {
            if (manner is Manner.Forwards)
                continue;
            data.Add(Provider.Postgres, manner);
            data.Add(Provider.SqlServer, manner);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Ten_reads_at_once_all_end_as_an_unavailable_database_within_five_seconds(Provider provider, Manner manner)
    {
        using var listener = new Listener(manner);
        await using var database = On(provider, listener.Port);

        // By the second turn the pool has already seen the outage.
        for (var turn = 0; turn < 2; turn++)
        {
            var watch = Stopwatch.StartNew();
            var reads = Enumerable.Range(0, Reads).Select(_ => Task.Run(() => database.Read(db => db.Value<int>("SELECT 1")))).ToList();

            foreach (var read in reads)
                await FluentActions.Awaiting(() => read).Should().ThrowAsync<DatabaseUnavailableException>();

            watch.Elapsed.Should().BeLessThan(AtMost, "{0}, {1}", provider, manner);
        }
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Writes_saves_and_changes_of_the_schema_end_so_too(Provider provider, Manner manner)
    {
        using var listener = new Listener(manner);
        await using var database = On(provider, listener.Port);
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(
            Ends(() => database.Write(db => db.Value<int>("SELECT 1"))),
            Ends(() => database.Write(db => db.Value<int>("SELECT 1"), Isolation.Guarded)),
            Ends(() => database.ChangeSchema(db => db.Value<int>("SELECT 1"))),
            Ends(() =>
                Diagnostics.Storage.Sessions.Saving.ResponseSaves.Save(database, new(Guid.Empty, 1, 0, "a", false, TestDatabase.Now))
            )
        );

        watch.Elapsed.Should().BeLessThan(2 * AtMost);

        static Task Ends<T>(Func<Task<T>> work) =>
            FluentActions.Awaiting(() => Task.Run(work)).Should().ThrowAsync<DatabaseUnavailableException>();
    }

    /// <summary>
    /// Whatever an outage left behind, the driver tries to reach the server again at the next request.
    /// </summary>
    [Theory]
    [InlineData(Manner.Refuses)]
    [InlineData(Manner.Closes)]
    [InlineData(Manner.Resets)]
    [InlineData(Manner.Hangs)]
    [InlineData(Manner.Garbles)]
    public async Task The_driver_of_SQL_Server_asks_the_server_again_within_two_seconds_of_its_return(Manner manner)
    {
        using var listener = new Listener(manner);
        await using var database = On(Provider.SqlServer, listener.Port);
        await Task.WhenAll(Enumerable.Range(0, Reads).Select(_ => Away(database)));

        listener.Becomes(Manner.Closes);
        var (asked, watch) = (listener.Accepted, Stopwatch.StartNew());
        while (listener.Accepted == asked)
        {
            watch.Elapsed.Should().BeLessThan(Returns);
            await Task.WhenAny(Away(database), Task.Delay(100));
        }
    }

    [NeedsServerTheory]
    [InlineData(Manner.Refuses)]
    [InlineData(Manner.Closes)]
    [InlineData(Manner.Resets)]
    [InlineData(Manner.Hangs)]
    [InlineData(Manner.Garbles)]
    public async Task On_PostgreSQL_service_returns_within_two_seconds_of_the_server(Manner manner)
    {
        var source = await PostgresDatabases.Create();
        var server = new NpgsqlConnectionStringBuilder(source);
        using var listener = new Listener(manner, server.Host!, server.Port);
        await using var database = Database.OnPostgres(
            new NpgsqlConnectionStringBuilder(source) { Host = "127.0.0.1", Port = listener.Port }.ToString()
        );
        await Task.WhenAll(Enumerable.Range(0, Reads).Select(_ => Away(database)));

        listener.Becomes(Manner.Forwards);
        var watch = Stopwatch.StartNew();
        while (!await Answers())
            watch.Elapsed.Should().BeLessThan(Returns);

        // The outage begins again, now with open connections in the pool.
        listener.Becomes(manner);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Away(database)));
        listener.Becomes(Manner.Forwards);
        watch.Restart();
        while (!await Answers())
            watch.Elapsed.Should().BeLessThan(Returns);
        await PostgresDatabases.Drop(source);

        async Task<bool> Answers()
        {
            try
            {
                return await database.Read(db => db.Value<int>("SELECT 1")) == 1;
            }
            catch (DatabaseUnavailableException)
            {
                return false;
            }
        }
    }

    private static async Task Away(Database database) =>
        await FluentActions
            .Awaiting(() => Task.Run(() => database.Read(db => db.Value<int>("SELECT 1"))))
            .Should()
            .ThrowAsync<DatabaseUnavailableException>();

    private static Database On(Provider provider, int port) =>
        provider is Provider.Postgres
            ? Database.OnPostgres($"Host=127.0.0.1;Port={port};Database=diagnostics;Username=diagnostics;Password=none")
            : Database.OnSqlServer(
                $"Server=127.0.0.1,{port};Database=diagnostics;User Id=diagnostics;Password=none;TrustServerCertificate=true"
            );

    private sealed class NeedsServerTheoryAttribute : TheoryAttribute
    {
        public NeedsServerTheoryAttribute() => Skip = PostgresServer.Missing;
    }

    /// <summary>The kind of an outage.</summary>
    public enum Manner
    {
        /// <summary>Nobody listens on the port.</summary>
        Refuses,

        /// <summary>The server accepts the connection and closes it.</summary>
        Closes,

        /// <summary>The server accepts the connection and resets it.</summary>
        Resets,

        /// <summary>The server accepts the connection and says nothing.</summary>
        Hangs,

        /// <summary>The server accepts the connection and answers with something that no driver understands.</summary>
        Garbles,

        /// <summary>The server is back: the port forwards everything to it.</summary>
        Forwards,
    }

    /// <summary>
    /// A port opened by the test. It imitates an outage of the given kind, and then the server's return.
    /// </summary>
    private sealed class Listener : IDisposable
    {
        private readonly CancellationTokenSource ends = new();
        private readonly string host;
        private readonly int behind;
        private readonly List<Socket> open = [];
        private TcpListener? port;
        private TcpListener? served;
        private volatile int manner;
        private int accepted;

        internal Listener(Manner manner, string host = "127.0.0.1", int behind = 0)
        {
            (this.host, this.behind) = (host, behind);
            port = new TcpListener(IPAddress.Loopback, 0);
            port.Start();
            Port = ((IPEndPoint)port.LocalEndpoint).Port;
            Becomes(manner);
        }

        internal int Port { get; }

        internal int Accepted => Volatile.Read(ref accepted);

        internal void Becomes(Manner next)
        {
            manner = (int)next;
            // Open connections are lost.
            CloseAll();
            if (next is Manner.Refuses)
            {
                port?.Stop();
                port = null;
                return;
            }
            if (port is null)
            {
                port = new TcpListener(IPAddress.Loopback, Port) { ExclusiveAddressUse = false };
                port.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                port.Start();
            }
            var listening = port;
            if (!ReferenceEquals(served, listening))
                _ = Task.Run(() => Serve(listening));
            served = listening;
        }

        private async Task Serve(TcpListener listening)
        {
            try
            {
                while (true)
                    _ = Answer(await listening.AcceptSocketAsync(ends.Token));
            }
            catch (Exception fault)
                when (fault is SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The listener was stopped.
            }
        }

        private async Task Answer(Socket socket)
        {
            Interlocked.Increment(ref accepted);
            lock (open)
                open.Add(socket);
            try
            {
                switch ((Manner)manner)
                {
                    case Manner.Closes:
                        socket.Close();
                        break;
                    case Manner.Resets:
                        socket.LingerState = new(true, 0);
                        socket.Close();
                        break;
                    case Manner.Garbles:
                        await socket.SendAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());
                        await socket.ReceiveAsync(new byte[4096]);
                        socket.Close();
                        break;
                    case Manner.Forwards:
                        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
                        {
                            await server.ConnectAsync(host, behind);
                            await using var here = new NetworkStream(socket);
                            await using var there = new NetworkStream(server);
                            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
                        }
                        socket.Close();
                        break;
                }
            }
            catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException)
            {
                // The client has disconnected.
            }
        }

        private void CloseAll()
        {
            lock (open)
            {
                foreach (var socket in open)
                    socket.Dispose();
                open.Clear();
            }
        }

        public void Dispose()
        {
            ends.Cancel();
            port?.Stop();
            CloseAll();
            ends.Dispose();
        }
    }
}
