using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.TestKit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Diagnostics.Server.Tests.Operations;

public sealed partial class TelemetryTests
{
    /// <summary>
    /// Words that replace names and answers in a walkthrough; they would never occur in a log by themselves.
    /// </summary>
    private static readonly (string Of, string Canary)[] Canaries =
    [
        ("Гаджиева", "Канарейкина"),
        ("Патимат", "Пеночка"),
        ("Магомедовна", "Щегловна"),
        ("учитель математики", "зарянка математики"),
        ("сорок два", "кенар сорок два"),
        ("В рассуждении ученика не доказано", "Малиновка не доказала"),
        ("Пробел найден", "Иволга найдена"),
    ];

    [Fact]
    public async Task A_walkthrough_is_measured_and_traced_and_nobody_s_name_answer_or_password_leaves_in_log_or_telemetry()
    {
        await using var sink = await Sink.Start();
        using var folder = new TemporaryFolder();
        var log = new CapturedLog();
        var output = new StringWriter();
        var walkthrough = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "walkthrough.http"));
        foreach (var (of, canary) in Canaries)
        {
            walkthrough.Should().Contain(of);
            walkthrough = walkthrough.Replace(of, canary, StringComparison.Ordinal);
        }
        string password;
        await using (
            var app = Service.Build(
                [
                    "--Urls=http://127.0.0.1:0",
                    $"--Diagnostics:Data={folder.Path}",
                    $"--Diagnostics:Bank={Repository.Bank}",
                    "--Logging:LogLevel:Default=Information",
                    $"--{Telemetry.EndpointName}={sink.Url}",
                    "--OTEL_METRIC_EXPORT_INTERVAL=300",
                    "--OTEL_TRACES_SAMPLER=always_on",
                ],
                services => services.AddSingleton<ILoggerProvider>(log)
            )
        )
        {
            await Startup.Prepare(app.Services, output);
            await app.StartAsync();
            var first = Password().Match(output.ToString()).Groups[1].Value;
            await TestService.Choose(app.Urls.Single(), "admin", first);
            password = TestService.Chosen(first);
            await HttpFile
                .Parse(walkthrough)
                .Run(new Dictionary<string, string> { ["host"] = app.Urls.Single(), ["password"] = password }, SystemClock.Instance);
            await Mistakes(app.Urls.Single());
            await Wait.Until("metrics have left, as they do at an interval", () => sink.Has("/v1/metrics", "diagnostics.sessions.open"));
            app.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation("The walkthrough is over");
            await app.StopAsync();
        }

        string[] meters =
        [
            "diagnostics.write.queue",
            "diagnostics.commit.batch_size",
            "diagnostics.commit.duration",
            "diagnostics.save.duration",
            "diagnostics.sessions.open",
            "diagnostics.marks.waiting",
        ];
        meters.Where(meter => !sink.Has("/v1/metrics", meter)).Should().BeEmpty();
        sink.Has("/v1/traces", "PUT /api/v1/sessions/{sessionId:guid}/responses/{slot:int}")
            .Should()
            .BeTrue("requests are called by their route");
        sink.Has("/v1/traces", "marking.score").Should().BeTrue("background work has traces of its own");
        sink.Has("/v1/logs", "The walkthrough is over").Should().BeTrue();
        log.Text.Should().Contain("The walkthrough is over", "the log was listened to");
        string[] secrets = [.. Canaries.Select(each => each.Canary), "kanareika", password];
        secrets.Where(secret => log.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Should().BeEmpty("the log names nobody");
        secrets.Where(secret => sink.Has("", secret)).Should().BeEmpty("neither do metrics, traces and logs that leave");
    }

    /// <summary>The save path must not pay for telemetry that nobody reads.</summary>
    [Fact]
    public async Task Without_an_endpoint_nothing_is_started_and_nobody_listens()
    {
        using var folder = new TemporaryFolder();
        await using var app = Service.Build([
            "--Urls=http://127.0.0.1:0",
            $"--Diagnostics:Data={folder.Path}",
            "--Logging:LogLevel:Default=Error",
        ]);

        app.Services.GetService<Telemetry>().Should().BeNull();
        app.Services.GetServices<IHostedService>().Should().NotContain(service => service is WorkloadReader);
        app.Services.GetServices<ILoggerProvider>()
            .Should()
            .NotContain(provider => provider.GetType().Namespace!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 15_000)]
    [InlineData("1000", 1000)]
    [InlineData("1", 15_000)]
    [InlineData("often", 15_000)]
    public void The_interval_is_bounded(string? value, int milliseconds) =>
        Telemetry
            .Interval(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_METRIC_EXPORT_INTERVAL"] = value })
                    .Build()
            )
            .TotalMilliseconds.Should()
            .Be(milliseconds);

    /// <summary>Sends faulty requests, because a refusal writes more into the log than a success.</summary>
    private static async Task Mistakes(string url)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        using var login = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "password",
                ["username"] = "kanareika@example.org",
                ["password"] = "kanareika",
            }
        );
        ((int)(await client.PostAsync("/api/v1/auth/token", login)).StatusCode).Should().Be(400);
        ((int)(await client.GetAsync("/api/v1/people?surname=kanareika")).StatusCode).Should().Be(401);
        (await client.PostAsJsonAsync("/api/v1/people", new { email = "kanareika@example.org" })).IsSuccessStatusCode.Should().BeFalse();
        using var torn = new StringContent("{\"surname\": \"kanareika", Encoding.UTF8, "application/json");
        (await client.PostAsync("/api/v1/auth/token", torn)).IsSuccessStatusCode.Should().BeFalse();
    }

    [GeneratedRegex(@"пароль \(показывается один раз\): (\S+)")]
    private static partial Regex Password();

    /// <summary>A collector that keeps incoming data as bytes; protobuf stores texts unchanged.</summary>
    private sealed class Sink(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentBag<(string Path, byte[] Body)> received = [];

        internal string Url => app.Urls.Single();

        internal static async Task<Sink> Start()
        {
            var app = WebApplication.CreateSlimBuilder(["--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]).Build();
            var sink = new Sink(app);
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                sink.received.Add((context.Request.Path, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
            });
            await app.StartAsync();
            return sink;
        }

        internal bool Has(string path, string text) =>
            received.Any(each =>
                each.Path.StartsWith(path, StringComparison.Ordinal) && each.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0
            );

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class CapturedLog : ILoggerProvider, ILogger
    {
        private readonly StringBuilder text = new();

        internal string Text
        {
            get
            {
                lock (text)
                    return text.ToString();
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (text)
            {
                text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
                if (state is IEnumerable<KeyValuePair<string, object?>> values)
                    foreach (var (name, value) in values)
                        text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{name}={value}");
            }
        }

        public void Dispose() { }
    }
}
