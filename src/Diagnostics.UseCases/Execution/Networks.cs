using System.Net;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// Networks that an operator lists: addresses and networks separated by commas, as in <c>10.0.0.5, 172.16.0.0/12</c>.
/// </summary>
internal static class Networks
{
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    internal static IReadOnlyList<IPNetwork> Setting(string name, string? value) =>
        [
            .. (value ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text => Of(name, text)),
        ];

    private static IPNetwork Of(string name, string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new SettingException(name, $"«{text}» — не адрес и не сеть вида 10.0.0.0/8");
}
