using System.Globalization;
using System.Net;
using Diagnostics.Engine.Webhooks;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>What the administrator of the service says of webhooks.</summary>
/// <param name="Exceptions">Networks of the inner side that may be called all the same.</param>
/// <param name="Timeout">Of one attempt as a whole.</param>
internal sealed record WebhookPolicy(IReadOnlyList<IPNetwork> Exceptions, Duration Timeout)
{
    /// <summary>Networks such as <c>10.1.2.0/24</c>, separated by commas.</summary>
    internal const string ExceptionsSetting = "Diagnostics:WebhookExceptions";

    internal const string TimeoutSetting = "Diagnostics:WebhookTimeoutSeconds";

    private const int UsualTimeout = 15, LongestTimeout = 60;

    /// <summary>A node that has not told of an attempt by then has lost it.</summary>
    internal Duration Lease => Timeout + Timeout + Duration.FromSeconds(5);

    /// <exception cref="FormatException">A word is no network, or the time is none.</exception>
    internal static WebhookPolicy Setting(string? exceptions, string? timeoutSeconds) => new(
        (exceptions ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => IPNetwork.TryParse(text, out var network)
                ? network
                : throw new FormatException($"{ExceptionsSetting}: «{text}» — не сеть вида 10.1.2.0/24."))
            .ToList(),
        Duration.FromSeconds(timeoutSeconds is null ? UsualTimeout
            : int.TryParse(timeoutSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LongestTimeout
                ? seconds
                : throw new FormatException($"{TimeoutSetting}: целое число секунд от 1 до {LongestTimeout}.")));

    internal bool IsException(IPAddress address) => Exceptions.Any(network => network.Contains(OutsideAddress.Plain(address)));

    /// <summary>May the service call it? In the clear only what the administrator has named.</summary>
    internal bool Allows(IPAddress address, bool encrypted) => IsException(address) || (encrypted && OutsideAddress.IsOutside(address));
}
