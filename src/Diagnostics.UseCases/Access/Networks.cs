using System.Net;
using System.Net.Sockets;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// The network that stands for the owner of an address. The owner of one IPv6 address has all 2^64 addresses of its
/// network and may have 65,536 networks, so an address alone identifies nobody.
/// </summary>
internal static class Networks
{
    private const int OfHost = 8;
    private const int OfSite = 6;

    /// <summary>
    /// The network of an address, for which failures are counted. All addresses that one host can choose at will give
    /// the same network: the first 64 bits of an IPv6 address, all of an IPv4 address.
    /// </summary>
    internal static string Of(string address) => Of(address, OfHost);

    /// <summary>
    /// The network that one customer of an internet provider may have: the first 48 bits of an IPv6 address, all of an
    /// IPv4 address.
    /// </summary>
    internal static string SiteOf(string address) => Of(address, OfSite);

    private static string Of(string address, int kept)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return address;
        if (parsed.IsIPv4MappedToIPv6)
            return parsed.MapToIPv4().ToString();
        if (parsed.AddressFamily is not AddressFamily.InterNetworkV6)
            return parsed.ToString();
        var bytes = parsed.GetAddressBytes();
        Array.Clear(bytes, kept, bytes.Length - kept);
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
