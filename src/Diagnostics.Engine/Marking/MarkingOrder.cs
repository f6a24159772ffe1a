namespace Diagnostics.Engine.Marking;

/// <summary>
/// The order in which scripts come to an expert, shuffle × seed modulo a prime: each has an own one, by a recorded seed, so that nobody is recognised
/// by the order of arrival and two experts do not follow each other through the queue.
/// </summary>
public static class MarkingOrder
{
    /// <summary>A prime near 2³¹: multiplication by a seed below it shuffles, and no product leaves 64 bits.</summary>
    public const int Modulus = 2_147_483_629;
}
