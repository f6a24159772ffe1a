namespace Diagnostics.Psychometrics.Equating;

/// <summary>
/// xoshiro256++ of Blackman &amp; Vigna (2021, ACM TOMS 47, 36), seeded by SplitMix64: it gives the same numbers on
/// every machine and runtime, which System.Random does not promise.
/// </summary>
internal sealed class Xoshiro
{
    private ulong s0, s1, s2, s3;

    public Xoshiro(ulong seed)
    {
        unchecked
        {
            s0 = Split(ref seed);
            s1 = Split(ref seed);
            s2 = Split(ref seed);
            s3 = Split(ref seed);
        }
    }

    /// <summary>In [0, 1), 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal ulong Next()
    {
        unchecked
        {
            var result = ulong.RotateLeft(s0 + s3, 23) + s0;
            var shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = ulong.RotateLeft(s3, 45);
            return result;
        }
    }

    private static ulong Split(ref ulong state)
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
