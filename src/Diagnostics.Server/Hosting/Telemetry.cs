using System.Diagnostics;
using System.Globalization;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Storage.Operations;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Diagnostics.Storage;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// Metrics, traces and logs by OTLP, with the names of settings that OpenTelemetry's specification gives them. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing of it is made and nobody listens to any measurement.
/// </summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    internal const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolName = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string IntervalName = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string SamplerName = "OTEL_TRACES_SAMPLER";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    // Of thousands of saves a second every hundredth tells as much as all of them.
    private const double UsualShare = 0.01;

    private readonly MeterProvider metrics;
    private readonly TracerProvider traces;

    /// <param name="configuration">Names an endpoint.</param>
    public Telemetry(IConfiguration configuration)
    {
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Describe(resource, configuration))
            .AddMeter(StorageMeters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddOtlpExporter((exporter, reader) =>
            {
                Address(exporter, configuration, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Interval(configuration).TotalMilliseconds;
            })
            .Build();
        var tracing = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Describe(resource, configuration))
            .AddSource("Microsoft.AspNetCore", "Npgsql", StorageMeters.Name)
            .AddOtlpExporter(exporter => Address(exporter, configuration, "traces"));
        // Set here it would override the variable, which the library reads itself.
        if (string.IsNullOrEmpty(configuration[SamplerName])) tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(UsualShare)));
        traces = tracing.Build();
    }

    internal static bool IsAsked(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointName]);

    /// <summary>Between two exports and between two looks at the workload; 15 seconds unless the setting says otherwise in milliseconds.</summary>
    internal static TimeSpan Interval(IConfiguration configuration) =>
        int.TryParse(configuration[IntervalName], CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 100 and <= 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.FromSeconds(15);

    internal static void Add(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (!IsAsked(configuration)) return;
        builder.Services.AddSingleton(_ => new Telemetry(configuration));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Telemetry>());
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<WorkloadReader>(provider, Interval(configuration)));
        builder.Logging.AddOpenTelemetry(logs =>
        {
            // Values of a message's placeholders only; nothing of the request's scope.
            logs.IncludeScopes = false;
            var resource = ResourceBuilder.CreateDefault();
            Describe(resource, configuration);
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter(exporter => Address(exporter, configuration, "logs"));
        });
    }

    /// <summary>
    /// A request's activity is called by its route, which has no one's id in it. To stand behind routing; only where
    /// telemetry is asked for.
    /// </summary>
    internal static Task NameRequest(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity) return next(context);
        return Named(context, next, activity);
    }

    private static async Task Named(HttpContext context, RequestDelegate next, Activity activity)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        activity.DisplayName = $"{context.Request.Method} {route}";
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("http.route", route);
        await next(context);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) activity.SetStatus(ActivityStatusCode.Error);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left; with the services' container, after everything that measures has stopped.</summary>
    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void Describe(ResourceBuilder resource, IConfiguration configuration) =>
        resource.AddService(configuration[ServiceName] is { Length: > 0 } name ? name : "diagnostics", serviceInstanceId: Environment.MachineName);

    /// <summary>Over HTTP each signal has an address of its own, which the library adds only to an endpoint that it has read itself.</summary>
    private static void Address(OtlpExporterOptions exporter, IConfiguration configuration, string signal)
    {
        var endpoint = configuration[EndpointName]!;
        if (configuration[ProtocolName] == "grpc")
        {
            exporter.Protocol = OtlpExportProtocol.Grpc;
            exporter.Endpoint = new Uri(endpoint);
        }
        else
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri($"{endpoint.TrimEnd('/')}/v1/{signal}");
        }
    }
}
