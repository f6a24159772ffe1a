namespace Diagnostics.Engine.Marking;

/// <summary>
/// The order in which scripts come to an expert: the task's shuffle number × the expert's seed, modulo a prime. The
/// seed is recorded and gives each expert a separate order, so that the order of arrival reveals nobody's identity and
/// two experts do not follow each other through the queue.
/// </summary>
public static class MarkingOrder
{
    /// <summary>A prime near 2³¹: multiplication by a smaller seed shuffles, and no product exceeds 64 bits.</summary>
    public const int Modulus = 2_147_483_629;
}
