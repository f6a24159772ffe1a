using Diagnostics.Storage;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Hosting.Server;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// A whole service for one region inside the process of a country, with its own services, background work and database.
/// When its start fails, it is tried again after a pause; other regions are not affected.
/// </summary>
/// <param name="shared">Adds what the process has once for all regions.</param>
internal sealed class RegionService(
    Region region,
    Seat seat,
    string[] args,
    Action<IServiceCollection> shared,
    TextWriter output,
    TextWriter errors
)
{
    /// <summary>Short, because people wait; a server that is away refuses a connection within four seconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private WebApplication? next;

    internal Region Region => region;

    internal Seat Seat => seat;

    /// <exception cref="SettingException">A setting of the region is invalid.</exception>
    internal void Build() =>
        next = Service.Build(
            [.. args, .. region.Settings],
            services =>
            {
                services.AddSingleton<IServer>(seat);
                services.AddSingleton<IHostLifetime, OfCountry>();
                shared(services);
            }
        );

    /// <summary>Serves until the country stops.</summary>
    /// <param name="stopping">The process ends: requests that only wait end too.</param>
    /// <param name="stopped">Every request has been answered.</param>
    internal async Task Run(CancellationToken stopping, CancellationToken stopped)
    {
        var last = "";
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Serve(() => last = "", stopping, stopped);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            // Whatever stops one region must not stop the others.
            catch (Exception fault)
            {
                await seat.StopAsync(CancellationToken.None);
                var reason = fault is DatabaseUnavailableException or PolicyFilesException ? fault.Message : fault.ToString();
                if (reason != last)
                    await errors.WriteLineAsync($"Регион {region.Name} не запущен, служба повторяет попытки. {reason}");
                last = reason;
            }
            await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (next is { } unused)
            await unused.DisposeAsync();
    }

    private async Task Serve(Action started, CancellationToken stopping, CancellationToken stopped)
    {
        if (next is null)
            Build();
        await using var app = next!;
        next = null;
        var told = new StringWriter();
        await Startup.Prepare(app, told);
        await app.StartAsync(stopping);
        started();
        foreach (var line in told.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries))
            await output.WriteLineAsync($"Регион {region.Name}. {line}");
        await output.WriteLineAsync($"Регион {region.Name} работает: {string.Join(", ", region.Hosts)}");
        await using var ending = stopping.Register(app.Lifetime.StopApplication);
        await Cancelled(app.Lifetime.ApplicationStopping);
        if (stopping.IsCancellationRequested)
            await Cancelled(stopped);
        await app.StopAsync(CancellationToken.None);
    }

    private static async Task Cancelled(CancellationToken token) =>
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The country handles the signals of the process.</summary>
    private sealed class OfCountry : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
