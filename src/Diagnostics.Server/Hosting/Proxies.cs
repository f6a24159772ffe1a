using System.Net;
using Diagnostics.Server.Http;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

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
        var networks = Read(app.Configuration[SettingName]);
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            // Not X-Forwarded-Host: the one address that is built from the name that was asked for is where an outside provider
            // sends people back to, and it compares that with what it was told beforehand.
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    /// <summary>Addresses and networks, separated by commas: <c>10.0.0.5, 172.16.0.0/12</c>.</summary>
    /// <exception cref="SettingException">One of them is neither.</exception>
    internal static IReadOnlyList<IPNetwork> Read(string? setting) =>
        [.. (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(NetworkOf)];

    private static IPNetwork NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new SettingException(SettingName, $"«{text}» — не адрес и не сеть вида 10.0.0.0/8");
}
