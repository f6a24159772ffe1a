using NodaTime;

namespace Diagnostics.Engine.Webhooks;

/// <summary>When a message that the receiver did not accept is sent again, and when it is given up.</summary>
public static class DeliveryRules
{
    /// <summary>Time from the first attempt until delivery is given up.</summary>
    public static readonly Duration GivenUpAfter = Duration.FromDays(3);

    /// <summary>
    /// How many failed attempts in a row open the circuit of a webhook, whichever messages they carried.
    /// </summary>
    public const int OpensAfter = 5;

    private static readonly Duration Shortest = Duration.FromSeconds(5);
    private static readonly Duration Longest = Duration.FromHours(6);
    private static readonly Duration LongestOpen = Duration.FromMinutes(5);

    /// <summary>
    /// The pause is as long as the time since the first attempt, plus or minus a fifth, so that a receiver that comes
    /// back does not get all messages at the same time.
    /// </summary>
    /// <param name="began">The first attempt.</param>
    /// <param name="draw">A random number from 0 to 1.</param>
    /// <returns>Null when the message is given up.</returns>
    public static Instant? NextAttempt(Instant began, Instant now, double draw)
    {
        if (now - began >= GivenUpAfter)
            return null;
        var pause = Duration.Max(Shortest, Duration.Min(Longest, now - began));
        return now + (pause * (0.8 + (0.4 * draw)));
    }

    /// <summary>
    /// How many failures to add when messages sent together have all failed. Messages sent together, however many they
    /// are, only just open the circuit, so that its first pause is short. Only a failed attempt to close the circuit
    /// makes the next pause longer.
    /// </summary>
    /// <param name="before">Number of failures in a row before these messages.</param>
    /// <param name="together">Number of messages sent together, at least 1.</param>
    public static int Counted(int before, int together) => Math.Min(together, Math.Max(1, OpensAfter - before));

    /// <summary>
    /// For how long nothing is sent after this many failures in a row. After that time a single message is tried.
    /// </summary>
    /// <returns>Null while the circuit stays closed.</returns>
    public static Duration? Opens(int failures) =>
        failures < OpensAfter ? null : Duration.Min(LongestOpen, Shortest * Math.Pow(2, Math.Min(failures - OpensAfter, 10)));
}
