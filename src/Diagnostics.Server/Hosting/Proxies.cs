using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.HttpOverrides;

namespace Diagnostics.Server.Hosting;

/// <summary>
/// Proxies in front of the service, which end TLS and forward the caller's address. Only proxies that the setting names
/// are trusted, because anybody can send headers with a false address.
/// </summary>
internal static class Proxies
{
    internal const string SettingName = "Diagnostics:Proxies";

    /// <summary>Adds nothing to the pipeline when the setting names no proxy.</summary>
    internal static void UseProxies(this WebApplication app)
    {
        var networks = Networks.Setting(SettingName, app.Configuration[SettingName]);
        if (networks.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            // X-Forwarded-Host is not read: a proxy passes the service's name on in the Host header. The name becomes
            // part of the addresses in CASE and xAPI, and of the address to which an outside provider sends people
            // back.
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
