using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Diagnostics.UseCases.Webhooks;

namespace Diagnostics.UseCases.Tests.Webhooks;

/// <summary>Whatever address a webhook's owner gives, the service calls nothing in the internal network.</summary>
public sealed class WebhookHttpTests
{
    /// <summary>
    /// Notations of internal addresses (loopback, a neighbour, a cloud's metadata) that a check of the text would miss.
    /// </summary>
    public static TheoryData<string> Inner() =>
        [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://127。0。0。1/",
            "https://①②⑦.⓪.⓪.①/",
            "https://0/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://167772161/",
            "https://012.0.0.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://2852039166/",
            "https://0xA9FEA9FE/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://3232235777/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001::1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[fe80::1%251]/",
            "https://[ff02::1]/",
        ];

    /// <summary>Names that resolve to internal addresses, alone or among others.</summary>
    public static TheoryData<string, string[]> Names() =>
        new()
        {
            { "https://localhost/", ["127.0.0.1", "::1"] },
            { "https://LOCALHOST./", ["127.0.0.1"] },
            { "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", ["127.0.0.1"] },
            { "https://портал.рф/", ["10.1.2.3"] },
            { "https://127.0.0.1.nip.example/", ["127.0.0.1"] },
            { "https://inner.example/", ["::ffff:10.0.0.1"] },
            { "https://half.example/", ["93.184.215.14", "192.168.0.7"] },
            { "https://six.example/", ["fd12::7"] },
            { "https://none.example/", [] },
        };

    [Theory]
    [MemberData(nameof(Inner))]
    public async Task An_address_in_figures_is_not_called(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            return;
        using var http = new WebhookHttp(
            Policy(),
            (host, _) => Task.FromResult(IPAddress.TryParse(host, out var known) ? [known] : new[] { IPAddress.Loopback })
        );

        (await Post(http, address)).Should().Be(new SendOutcome(null, WebhookFault.AddressRefused));
    }

    [Theory]
    [MemberData(nameof(Inner))]
    public void Nor_is_it_taken_as_the_address_of_a_webhook(string url)
    {
        // Text in the form of a name counts as a name until it is resolved, so it may pass here.
        var refusal = WebhookAddress.Check(url, Policy());

        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && !IPAddress.TryParse(address.IdnHost, out _))
            return;
        refusal.Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_that_leads_inside_is_not_called(string url, string[] addresses)
    {
        using var http = new WebhookHttp(Policy(), (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));

        (await Post(http, new Uri(url))).Should().Be(new SendOutcome(null, WebhookFault.AddressRefused));
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_leads_nowhere()
    {
        using var listener = new Sink("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        var asked = 0;
        using var http = new WebhookHttp(
            Policy("127.0.0.1/32"),
            (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")])
        );
        var address = new Uri($"http://changing.example:{listener.Port}/");

        (await Post(http, address)).Should().Be(new SendOutcome(204, null));
        (await Post(http, address)).Should().Be(new SendOutcome(null, WebhookFault.AddressRefused));
        (asked, listener.Connections).Should().Be((2, 1), "the name is asked at every connection, and that answer is the one connected to");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Nobody_follows_a_redirect(int status)
    {
        using var elsewhere = new Sink("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        using var listener = new Sink(
            $"HTTP/1.1 {status} Elsewhere\r\nLocation: http://127.0.0.1:{elsewhere.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        using var http = new WebhookHttp(Policy("127.0.0.0/8"), Dns.GetHostAddressesAsync);

        (await Post(http, listener.Address)).Should().Be(new SendOutcome(status, WebhookFault.Redirect));
        elsewhere.Connections.Should().Be(0);
    }

    [Fact]
    public async Task An_administrator_may_list_exceptions()
    {
        using var listener = new Sink("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        using var http = new WebhookHttp(Policy("127.0.0.1/32"), Dns.GetHostAddressesAsync);

        (await Post(http, listener.Address)).Should().Be(new SendOutcome(200, null));
        WebhookAddress.Check(listener.Address.ToString(), Policy("127.0.0.1/32")).Should().BeNull();
        WebhookAddress.Check("https://127.0.0.2/", Policy("127.0.0.1/32")).Should().Be(WebhookAddress.Inner);
    }

    [Fact]
    public async Task In_the_clear_only_exceptions_are_called()
    {
        using var http = new WebhookHttp(
            Policy("127.0.0.1/32"),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14")])
        );

        (await Post(http, new Uri("http://outside.example/"))).Should().Be(new SendOutcome(null, WebhookFault.AddressRefused));
        WebhookAddress.Check("http://outside.example/", Policy()).Should().Be(WebhookAddress.Invalid);
        WebhookAddress.Check("http://93.184.215.14/", Policy("127.0.0.1/32")).Should().Be(WebhookAddress.Invalid);
    }

    [Theory]
    [InlineData("ftp://portal.example/")]
    [InlineData("https://user:secret@portal.example/")]
    [InlineData("https://portal.example/#part")]
    [InlineData("//portal.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https:///path")]
    [InlineData("")]
    public void What_is_no_plain_address_is_refused(string url) => WebhookAddress.Check(url, Policy()).Should().Be(WebhookAddress.Invalid);

    [Fact]
    public void An_address_of_the_internet_is_taken()
    {
        WebhookAddress.Check("https://portal.example:8443/hooks?key=1", Policy()).Should().BeNull();
        WebhookAddress.Check("https://портал.рф/", Policy()).Should().BeNull();
        WebhookAddress.Check("https://93.184.215.14/", Policy()).Should().BeNull();
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_waited_for()
    {
        using var silent = new Sink("");
        using var http = new WebhookHttp(Policy("127.0.0.0/8", seconds: 1), Dns.GetHostAddressesAsync);

        (await Post(http, silent.Address)).Should().Be(new SendOutcome(null, WebhookFault.Timeout));
    }

    [Fact]
    public async Task An_answer_with_an_endless_head_is_refused()
    {
        using var listener = new Sink(
            "HTTP/1.1 200 OK\r\n"
                + string.Concat(Enumerable.Range(0, 5000).Select(number => $"x-{number}: {new string('y', 50)}\r\n"))
                + "\r\n"
        );
        using var http = new WebhookHttp(Policy("127.0.0.0/8"), Dns.GetHostAddressesAsync);

        (await Post(http, listener.Address)).Fault.Should().BeOneOf(WebhookFault.Answer, WebhookFault.Connection);
    }

    [Fact]
    public async Task A_body_however_long_is_not_read()
    {
        using var listener = new Sink("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n" + new string('x', 100_000));
        using var http = new WebhookHttp(Policy("127.0.0.0/8", seconds: 5), Dns.GetHostAddressesAsync);

        (await Post(http, listener.Address)).Should().Be(new SendOutcome(200, null));
    }

    private static WebhookPolicy Policy(string? exceptions = null, int seconds = 10) => WebhookPolicy.Setting(exceptions, $"{seconds}");

    private static Task<SendOutcome> Post(WebhookHttp http, Uri address) =>
        http.Post(address, "{}"u8.ToArray(), "application/json", [("webhook-id", "1")], CancellationToken.None);

    /// <summary>Reads a request on each connection, and then always sends the same answer.</summary>
    private sealed class Sink : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly byte[] answer;

        // Keeps a reference to each connection, because otherwise garbage collection would close it.
        private readonly ConcurrentBag<TcpClient> lines = [];
        private int connections;

        internal Sink(string answer)
        {
            this.answer = Encoding.ASCII.GetBytes(answer);
            listener.Start();
            _ = Accept();
        }

        internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        internal Uri Address => new($"http://127.0.0.1:{Port}/");

        internal int Connections => Volatile.Read(ref connections);

        public void Dispose()
        {
            listener.Dispose();
            foreach (var line in lines)
                line.Dispose();
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                    _ = Answer(await listener.AcceptTcpClientAsync());
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException) { }
        }

        private async Task Answer(TcpClient client)
        {
            Interlocked.Increment(ref connections);
            lines.Add(client);
            try
            {
                var stream = client.GetStream();
                if (await stream.ReadAsync(new byte[4096]) == 0)
                    return;
                // A connection without an answer stays open.
                if (answer.Length == 0)
                    return;
                await stream.WriteAsync(answer);
                await stream.FlushAsync();
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (IOException) { }
        }
    }
}
