using System.Globalization;
using System.Net;
using Diagnostics.Engine.Webhooks;
using Diagnostics.UseCases.Execution;
using NodaTime;

namespace Diagnostics.UseCases.Webhooks;

/// <summary>The settings of webhooks.</summary>
/// <param name="Exceptions">Internal networks that may be called nevertheless.</param>
/// <param name="Timeout">Time limit for a whole attempt.</param>
internal sealed record WebhookPolicy(IReadOnlyList<IPNetwork> Exceptions, Duration Timeout)
{
    /// <summary>Parsed by <see cref="Networks"/>.</summary>
    internal const string ExceptionsSetting = "Diagnostics:WebhookExceptions";

    internal const string TimeoutSetting = "Diagnostics:WebhookTimeoutSeconds";

    private const int UsualTimeout = 15,
        LongestTimeout = 60;

    /// <summary>How long a node may take to settle a delivery; after that another node may take it.</summary>
    internal Duration Lease => Timeout + Timeout + Duration.FromSeconds(5);

    /// <exception cref="SettingException">An entry is not a network, or the time is invalid.</exception>
    internal static WebhookPolicy Setting(string? exceptions, string? timeoutSeconds) =>
        new(
            Networks.Setting(ExceptionsSetting, exceptions),
            Duration.FromSeconds(
                string.IsNullOrWhiteSpace(timeoutSeconds) ? UsualTimeout
                : int.TryParse(timeoutSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 1 and <= LongestTimeout
                    ? seconds
                : throw new SettingException(TimeoutSetting, $"нужно целое число секунд от 1 до {LongestTimeout}")
            )
        );

    internal bool IsException(IPAddress address) => Exceptions.Any(network => network.Contains(OutsideAddress.Plain(address)));

    /// <summary>
    /// Whether the service may call the address. Without encryption it may call only addresses that the administrator
    /// has named.
    /// </summary>
    internal bool Allows(IPAddress address, bool encrypted) => IsException(address) || (encrypted && OutsideAddress.IsOutside(address));
}
