using System.Net;
using System.Net.Sockets;

namespace Diagnostics.Engine.Webhooks;

/// <summary>
/// Decides which addresses are on the public internet. Without this check, anybody who can name an address for the
/// service to call could probe the network in which the service runs. Follows IANA's registries of special-purpose
/// addresses (RFC 6890 and its updates).
/// </summary>
public static class OutsideAddress
{
    private static readonly IPNetwork[] Inner4 = Networks([
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]);

    /// <summary>
    /// The only part of IPv6 that is allocated for global use; no translated, local or multicast address is in it.
    /// </summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>
    /// Ranges of <see cref="Global6"/> that are not public: protocol assignments (including Teredo), documentation,
    /// 6to4.
    /// </summary>
    private static readonly IPNetwork[] Inner6 = Networks(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

    public static bool IsOutside(IPAddress address)
    {
        var known = Plain(address);
        return known.AddressFamily is AddressFamily.InterNetwork
            ? !Inner4.Any(network => network.Contains(known))
            : Global6.Contains(known) && !Inner6.Any(network => network.Contains(known));
    }

    /// <summary>Converts an IPv4 address in IPv6 notation to plain IPv4.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork[] Networks(IEnumerable<string> texts) => texts.Select(IPNetwork.Parse).ToArray();
}
