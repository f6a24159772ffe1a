using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.HttpOverrides;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// Proxies before the service, which end TLS and tell who asks. Only those that the setting names are believed: anybody can
/// send such headers.
/// </summary>
internal static class Proxies
{
    internal const string SettingName = "Diagnostics:Proxies";

    /// <summary>Nothing is added to the way of a request where the setting names nobody.</summary>
    internal static void UseProxies(this WebApplication app)
    {
        var networks = Networks.Setting(SettingName, app.Configuration[SettingName]);
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            // Not X-Forwarded-Host: a proxy passes the name on in Host. Built from it are the addresses in CASE and xAPI and the
            // one to which an outside provider sends people back.
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
