using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Diagnostics.Server.Hosting;

/// <summary>One request in the hands of the application that answers it.</summary>
internal abstract class Handover
{
    internal abstract Task Process();

    internal abstract void End(Exception? fault);

    internal static Handover To<TContext>(IHttpApplication<TContext> application, IFeatureCollection features)
        where TContext : notnull => new Of<TContext>(application, application.CreateContext(features));

    private sealed class Of<TContext>(IHttpApplication<TContext> application, TContext context) : Handover
        where TContext : notnull
    {
        internal override Task Process() => application.ProcessRequestAsync(context);

        internal override void End(Exception? fault) => application.DisposeContext(context, fault);
    }
}

/// <summary>
/// The server of a region's service: it listens nowhere, and answers the requests that the <see cref="Gate"/> hands
/// over.
/// </summary>
internal sealed class Seat : IServer
{
    private volatile Func<IFeatureCollection, Handover>? answers;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <returns>Null while the service does not run.</returns>
    internal Handover? TryHandOver(IFeatureCollection request) => answers?.Invoke(request);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        answers = request => Handover.To(application, request);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        answers = null;
        return Task.CompletedTask;
    }

    public void Dispose() { }
}

/// <summary>
/// The one server of a country: it listens as <paramref name="server"/> does and hands each request to the region whose
/// host it names. Requests for nobody, and for a region that does not run, are left to the country's own application.
/// </summary>
internal sealed class Gate(IServer server, Func<string, Seat?> seatOf) : IServer
{
    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => server.StartAsync(new Doors<TContext>(application, seatOf), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    private sealed class Doors<TContext>(IHttpApplication<TContext> own, Func<string, Seat?> seatOf) : IHttpApplication<Handover>
        where TContext : notnull
    {
        public Handover CreateContext(IFeatureCollection contextFeatures)
        {
            var host = new HostString(contextFeatures.GetRequiredFeature<IHttpRequestFeature>().Headers.Host.ToString());
            return seatOf(host.Host)?.TryHandOver(contextFeatures) ?? Handover.To(own, contextFeatures);
        }

        public Task ProcessRequestAsync(Handover context) => context.Process();

        public void DisposeContext(Handover context, Exception? exception) => context.End(exception);
    }
}
