using System.Net;
using System.Net.Sockets;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Hosting;

/// <summary>The addresses on which the service listens.</summary>
internal static class Addresses
{
    internal const string SettingName = "Urls";
    internal const string Usual = "http://localhost:5080";

    internal static IReadOnlyList<string> Of(IConfiguration configuration) =>
        (configuration[SettingName] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// Tries every address before anything is created: otherwise the first start would make a database and show a
    /// password, and then end.
    /// </summary>
    /// <exception cref="SettingException">An address has the wrong form, or the service cannot listen on
    /// it.</exception>
    internal static void Check(IConfiguration configuration)
    {
        // When Kestrel's own endpoints are set, they replace this setting.
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            return;
        foreach (var url in Of(configuration))
        {
            var address = Read(url);
            if (address.Scheme == "https" && !configuration.GetSection("Kestrel:Certificates:Default").Exists())
                throw new SettingException(SettingName, $"для «{url}» нужен сертификат в Kestrel:Certificates:Default");
            if (!address.IsUnixPipe && !address.IsNamedPipe && address.Port > 0)
                Try(url, address);
        }
    }

    /// <summary>
    /// Returns the exception to throw when the service could not listen on an address although the check had passed.
    /// </summary>
    internal static SettingException Taken(IConfiguration configuration) =>
        new(SettingName, $"адрес «{string.Join("; ", Of(configuration))}» занят другой программой");

    private static BindingAddress Read(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address is { Scheme: "http" or "https", Port: <= IPEndPoint.MaxPort, PathBase: "" })
                return address;
        }
        catch (FormatException)
        {
            // The exception is thrown below.
        }
        throw new SettingException(SettingName, $"«{url}» — не адрес вида {Usual}");
    }

    private static void Try(string url, BindingAddress address)
    {
        // A host name that is neither localhost nor an IP address means every address of the machine, as in Kestrel.
        var at =
            address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(address.Host, out var known) ? known
            : IPAddress.Any;
        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(at, address.Port));
        }
        catch (SocketException fault)
        {
            throw new SettingException(
                SettingName,
                fault.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"порт {address.Port} занят другой программой",
                    SocketError.AddressNotAvailable => $"адреса {address.Host} у этой машины нет",
                    SocketError.AccessDenied => $"порт {address.Port} открывает только администратор машины",
                    _ => $"«{url}» на этой машине не открывается",
                }
            );
        }
    }
}
