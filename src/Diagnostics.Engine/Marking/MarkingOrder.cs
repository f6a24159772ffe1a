namespace Diagnostics.Engine.Marking;

/// <summary>
/// The order in which scripts come to an expert: each has an own one, by a recorded seed, so that nobody is recognised
/// by the order of arrival and two experts do not follow each other through the queue.
/// </summary>
public static class MarkingOrder
{
    /// <summary>A prime near 2³¹: multiplication by a seed below it shuffles, and no product leaves 64 bits.</summary>
    public const int Modulus = 2_147_483_629;

    /// <summary>A script's place in the expert's order; what the queue's SQL computes.</summary>
    /// <param name="shuffle">Of the script, below <see cref="Modulus"/>.</param>
    /// <param name="seed">Of the expert, 1 to <see cref="Modulus"/> − 1.</param>
    public static long PlaceOf(long shuffle, int seed) => shuffle * seed % Modulus;
}
