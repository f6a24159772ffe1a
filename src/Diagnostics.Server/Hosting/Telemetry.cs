using System.Diagnostics;
using System.Globalization;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// Metrics, traces and logs by OTLP, with the setting names of OpenTelemetry's specification. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is created, and nobody listens to any measurement.
/// </summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    internal const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolName = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string IntervalName = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string SamplerName = "OTEL_TRACES_SAMPLER";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    // With thousands of saves a second, one in a hundred shows as much as all of them.
    private const double UsualShare = 0.01;

    private readonly MeterProvider metrics;
    private readonly TracerProvider traces;

    /// <param name="configuration">A configuration with an endpoint.</param>
    public Telemetry(IConfiguration configuration)
    {
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Describe(resource, configuration))
            .AddMeter(Measures.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddOtlpExporter(
                (exporter, reader) =>
                {
                    Address(exporter, configuration, "metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Interval(configuration).TotalMilliseconds;
                }
            )
            .Build();
        var tracing = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Describe(resource, configuration))
            .AddSource("Microsoft.AspNetCore", "Npgsql", Measures.Name)
            .AddOtlpExporter(exporter => Address(exporter, configuration, "traces"));
        // A sampler set here would override the environment variable, which the library reads itself.
        if (string.IsNullOrEmpty(configuration[SamplerName]))
            tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(UsualShare)));
        traces = tracing.Build();
    }

    internal static bool IsAsked(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointName]);

    /// <summary>
    /// The time between two exports and between two counts of the workload: 15 seconds, or the setting in milliseconds.
    /// </summary>
    internal static TimeSpan Interval(IConfiguration configuration) =>
        int.TryParse(configuration[IntervalName], CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds is >= 100 and <= 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.FromSeconds(15);

    internal static void Add(WebApplicationBuilder builder)
    {
        Export(builder);
        var configuration = builder.Configuration;
        if (IsAsked(configuration))
            builder.Services.AddHostedService(provider =>
                ActivatorUtilities.CreateInstance<WorkloadReader>(provider, Interval(configuration))
            );
    }

    /// <summary>Exports what the whole process measures. The regions of a country share one exporter.</summary>
    internal static void Export(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (!IsAsked(configuration))
            return;
        builder.Services.AddSingleton(_ => new Telemetry(configuration));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Telemetry>());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            // Logs contain only the values of a message's placeholders, nothing from the request's scope.
            logs.IncludeScopes = false;
            var resource = ResourceBuilder.CreateDefault();
            Describe(resource, configuration);
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter(exporter => Address(exporter, configuration, "logs"));
        });
    }

    /// <summary>
    /// Names a request's activity after its route, which contains nobody's id. It must come after routing, and only
    /// with telemetry.
    /// </summary>
    internal static Task NameRequest(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
            return next(context);
        return Named(context, next, activity);
    }

    /// <summary>Labels the measurements and the trace of a request with its region.</summary>
    internal static Func<HttpContext, RequestDelegate, Task> NameRegion(string region) =>
        (context, next) =>
        {
            context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("region", region));
            Activity.Current?.SetTag("region", region);
            return next(context);
        };

    private static async Task Named(HttpContext context, RequestDelegate next, Activity activity)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        activity.DisplayName = $"{context.Request.Method} {route}";
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("http.route", route);
        await next(context);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500)
            activity.SetStatus(ActivityStatusCode.Error);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Sends the remaining data. The services' container disposes of this object after everything that measures has
    /// stopped.
    /// </summary>
    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void Describe(ResourceBuilder resource, IConfiguration configuration)
    {
        resource.AddService(
            configuration[ServiceName] is { Length: > 0 } name ? name : "diagnostics",
            serviceInstanceId: Environment.MachineName
        );
        if (configuration[Region.NameSetting] is { Length: > 0 } region)
            resource.AddAttributes([new("region", region)]);
    }

    /// <summary>
    /// Sets the address of a signal: over HTTP each signal has its own, and the library adds the signal's path only to
    /// an endpoint that it has read itself.
    /// </summary>
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
