using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Connections;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// How the service stops on request (SIGTERM). For a while it continues to serve but is no longer ready, so that a
/// proxy sends nothing new, and it closes each connection after the answer to its request. Only then does the server
/// stop listening and answer the requests that it has already accepted; the background work finishes its current step,
/// and the queue of writes is emptied.
/// </summary>
/// <remarks>
/// Without draining, a request that arrives on an idle connection just as the server closes it would be lost without an
/// answer. After draining, only connections that were idle all the time are left. Draining ends early when no
/// connection is open. It uses up part of the 30 seconds that the host has to stop.
/// </remarks>
internal sealed class Drain : IHostedLifecycleService
{
    internal const string SettingName = "Diagnostics:DrainSeconds";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    private volatile bool draining;
    private int connections;

    internal bool Draining => draining;

    /// <summary>
    /// The longest time that draining may take. It is zero unless this process serves people, so a service inside a
    /// test stops without draining.
    /// </summary>
    internal TimeSpan AtMost { get; set; }

    /// <summary>
    /// Reads the longest draining time, from 0 to 20 seconds. A number outside this range is replaced with the nearest
    /// limit.
    /// </summary>
    /// <exception cref="SettingException">The value is not a number.</exception>
    internal static TimeSpan Setting(IConfiguration configuration) =>
        TimeSpan.FromSeconds(Math.Clamp(NumberSetting.Read(SettingName, configuration[SettingName], usual: 3), 0, Longest.TotalSeconds));

    /// <summary>Counts connections and not requests, because one connection carries many requests.</summary>
    internal ConnectionDelegate Count(ConnectionDelegate next) =>
        async connection =>
        {
            Interlocked.Increment(ref connections);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref connections);
            }
        };

    internal Task CloseAfterAnswer(HttpContext context, RequestDelegate next)
    {
        if (draining)
            context.Response.Headers.Connection = "close";
        return next(context);
    }

    /// <summary>Runs before any part of the host stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        draining = true;
        for (
            var until = Environment.TickCount64 + AtMost.TotalMilliseconds;
            Environment.TickCount64 < until && Volatile.Read(ref connections) > 0;

        )
            await Task.Delay(Look, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
