namespace Diagnostics.Engine.Marking;

/// <summary>
/// The order in which scripts come to an expert: shuffle × seed modulo a prime. Each expert has a separate order, from
/// a recorded seed, so that the order of arrival reveals nobody and two experts do not follow each other through the
/// queue.
/// </summary>
public static class MarkingOrder
{
    /// <summary>A prime near 2³¹: multiplication by a smaller seed shuffles, and no product exceeds 64 bits.</summary>
    public const int Modulus = 2_147_483_629;
}
