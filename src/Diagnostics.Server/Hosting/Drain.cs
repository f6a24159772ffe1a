using System.Globalization;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Connections;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// How the service ends when it is asked to (SIGTERM): for a while it goes on serving, is not ready any more, so that a
/// proxy sends nothing new, and ends each connection with the answer to its request. Only then the server stops
/// listening, answers what it has taken, the background works finish what they are at, and the writer's queue empties.
/// </summary>
/// <remarks>
/// Without it a request that arrives on an idle connection just as the server closes it would be lost without an answer;
/// after it the connections that are left are those on which nobody has sent anything for as long as it lasted. It ends
/// early when no connection is open. What it takes counts against the host's time to stop, 30 seconds.
/// </remarks>
internal sealed class Drain : IHostedLifecycleService
{
    internal const string SettingName = "Diagnostics:DrainSeconds";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    private volatile bool draining;
    private int connections;

    internal bool Draining => draining;

    /// <summary>How long it lasts at most. Nothing unless the process itself serves: whoever hosts the service in a test ends it at once.</summary>
    internal TimeSpan AtMost { get; set; }

    /// <summary>0 to 20 seconds; anything else is the nearest of them, and what is no number is 3.</summary>
    internal static TimeSpan Setting(IConfiguration configuration) =>
        double.TryParse(configuration[SettingName], CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds))
            : TimeSpan.FromSeconds(3);

    /// <summary>Counts connections, which is done once for many requests.</summary>
    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
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
        if (draining) context.Response.Headers.Connection = "close";
        return next(context);
    }

    /// <summary>Before any part of the host stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        draining = true;
        for (var until = Environment.TickCount64 + AtMost.TotalMilliseconds; Environment.TickCount64 < until && Volatile.Read(ref connections) > 0;)
            await Task.Delay(Look, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
