using System.Globalization;

namespace Diagnostics.Server.Http;

/// <summary>What a client would like, from the header <c>Prefer</c> (RFC 7240).</summary>
internal static class Preferences
{
    /// <summary>The number of seconds that the client is ready to wait for an answer; 0 when it does not say.</summary>
    internal static int Wait(string? prefer)
    {
        foreach (var preference in prefer?.Split([',', ';'], StringSplitOptions.TrimEntries) ?? [])
            if (
                preference.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value]
                && name.Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(value.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            )
                return seconds;
        return 0;
    }
}
