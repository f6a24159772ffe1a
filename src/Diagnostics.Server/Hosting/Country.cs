using System.Collections.Frozen;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Hosting.Server;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// One process that serves several regions (docs/operations/country.md). Each region is a whole service of its own, and
/// nothing inside it knows of the others; what they share is the address, the telemetry and the end of the process.
/// </summary>
internal static class Country
{
    private const int RetryAfterSeconds = 5;

    internal static async Task<int> Serve(string[] args, IReadOnlyList<Region> regions, CancellationToken cancel)
    {
        WebApplication app;
        List<RegionService> services;
        try
        {
            var configuration = Settings.Read(args);
            Folders.CheckBank(configuration);
            Addresses.Check(configuration);
            (app, services) = Build(args, regions, Console.Out, Console.Error);
        }
        catch (SettingException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        await using var front = app;
        front.Services.GetRequiredService<Drain>().AtMost = Drain.Setting(front.Configuration);
        await Run(front, services, cancel);
        return 0;
    }

    /// <exception cref="SettingException">A setting of the process or of a region is invalid.</exception>
    internal static (WebApplication Front, List<RegionService> Services) Build(
        string[] args,
        IReadOnlyList<Region> regions,
        TextWriter output,
        TextWriter errors
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        Settings.AddUsual(builder.Configuration);
        Settings.Check(builder.Configuration);
        Service.Listen(builder);
        Telemetry.Export(builder);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.TellWhen);
        var byHost = FrozenDictionary<string, RegionService>.Empty;
        var listens = builder.Services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType!;
        builder.Services.AddSingleton<IServer>(provider => new Gate(
            (IServer)ActivatorUtilities.CreateInstance(provider, listens),
            host => byHost.GetValueOrDefault(host)?.Seat
        ));
        var front = builder.Build();
        var drain = front.Services.GetRequiredService<Drain>();
        var telemetry = front.Services.GetService<Telemetry>();
        var services = regions
            .Select(region => new RegionService(
                region,
                new Seat(),
                args,
                shared =>
                {
                    shared.AddSingleton(drain);
                    if (telemetry is not null)
                        shared.AddSingleton(telemetry);
                },
                output,
                errors
            ))
            .ToList();
        foreach (var service in services)
            service.Build();
        byHost = services
            .SelectMany(service => service.Region.Hosts.Select(host => (host, service)))
            .ToFrozenDictionary(pair => pair.host, pair => pair.service, StringComparer.OrdinalIgnoreCase);
        front.Use(SecurityHeaders.Add);
        front.Use(drain.CloseAfterAnswer);
        front.Run(context => Refuse(context, byHost.ContainsKey(context.Request.Host.Host)));
        return (front, services);
    }

    /// <summary>Runs until the process is asked to stop; a region that cannot start is tried again and again.</summary>
    internal static async Task Run(WebApplication front, IReadOnlyList<RegionService> services, CancellationToken cancel)
    {
        using var stopped = new CancellationTokenSource();
        await front.StartAsync(cancel);
        foreach (var url in front.Urls)
            Console.WriteLine($"Служба работает: {url}, регионов — {services.Count}");
        Startup.TellOfKeys(front.Configuration);
        var running = services.Select(service => service.Run(front.Lifetime.ApplicationStopping, stopped.Token)).ToList();
        await front.WaitForShutdownAsync(cancel);
        await stopped.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Answers a request that no region answers.</summary>
    private static Task Refuse(HttpContext context, bool known)
    {
        // A probe of the process does not name a region.
        if (!known && context.Request.Path == "/health/live")
            return TypedResults.Ok(new HealthReport("ok", 0)).ExecuteAsync(context);
        if (!known)
            return Problems
                .Problem(421, "unknown-region", "По этому имени узла нет ни одного региона: проверьте адрес.")
                .ExecuteAsync(context);
        var facts = new Dictionary<string, object?> { ["retryAfter"] = RetryAfterSeconds };
        return Problems
            .Problem(503, "region-unavailable", "Регион сейчас недоступен: его база данных не отвечает. Повторите запрос позже.", facts)
            .ExecuteAsync(context);
    }
}
