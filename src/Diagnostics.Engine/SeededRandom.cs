using System.Security.Cryptography;
using System.Text;
using Diagnostics.Psychometrics;

namespace Diagnostics.Engine;

/// <summary>
/// A small generator whose sequence depends on its seed alone, for ever and on every runtime and platform, so that a
/// recorded seed reproduces a draw or a shuffle years later.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>Returns a separate generator for one named purpose under a seed.</summary>
    public static SeededRandom For(long seed, string purpose)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{purpose}"), digest);
        return new(BitConverter.ToUInt64(digest));
    }

    public ulong NextUInt64() => SplitMix64.Next(ref state);

    /// <summary>
    /// A whole number in [0, <paramref name="bound"/>). All numbers are equally likely: rejection avoids the bias of a
    /// remainder.
    /// </summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong drawn;
        do drawn = NextUInt64();
        while (drawn >= limit);
        return (int)(drawn % (ulong)bound);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A random order of 0..count−1 (Fisher–Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}
